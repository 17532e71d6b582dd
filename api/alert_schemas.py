"""What is asked and told of alerts and mutes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from api.fields import Body, Instant, Unit, whole
from api.monitoring_fields import Asking, ModuleCode, MonitoringWords, SubjectCode
from api.schemas import Moment

Rule = Literal["threshold", "burst", "cluster", "scan"]
Level = Literal["watch", "alert"]
AlertState = Literal["open", "acknowledged", "closed"]
Hours = Annotated[
    int,
    Field(ge=1, le=90 * 24, description="how long, at most 90 days", examples=[24]),
    BeforeValidator(whole),
]


class AlertQuery(Asking):
    """Each thing given has to hold."""

    state: Literal["open", "acknowledged", "closed", "current"] | None = Field(
        default=None, description="`current`: open or acknowledged"
    )
    module: ModuleCode | None = None
    rule: Rule | None = None
    level: Level | None = None
    subject: SubjectCode | None = None
    unit: Unit | None = Field(default=None, description="about that unit, alone or with others")
    since: Instant | None = Field(default=None, description="changed or seen then or later")
    until: Instant | None = Field(default=None, description="opened before that moment")
    limit: int = Field(default=50, ge=1, le=100)
    before: int | None = Field(
        default=None, ge=1, le=2**31 - 1, description="a next_before of an earlier page"
    )


class Alert(BaseModel):
    """Something that somebody should look at."""

    id: str = Field(examples=["5f0c" * 8])
    number: int = Field(description="what people call it by", examples=[17])
    version: int
    module: str = Field(examples=["health"])
    rule: Rule
    subject: str = Field(description="an indicator, a category or a module", examples=["YT01"])
    subject_name: str = Field(description="in Vietnamese")
    unit: str | None = Field(description="null: the whole province, or the units of `units`")
    units: list[str] = Field(description="that it is about, edition and code")
    level: Level
    state: AlertState
    headline: str = Field(description="in Vietnamese")
    headline_en: str
    reason: str = Field(description="why it is there, in Vietnamese")
    reason_en: str
    why: dict[str, Any] = Field(
        description="the numbers; docs/monitoring.md, Alerts, lists them by rule",
        examples=[{"count": 4, "expected": 0.3, "p": 0.002}],
    )
    first_at: Moment = Field(description="when what it tells of was first so")
    last_at: Moment
    opened_at: Moment
    changed_at: Moment
    closed_at: Moment | None
    owner: str | None = Field(description="the user who acknowledged it")
    muted: bool = Field(description="nobody is told of it")
    demo: bool = Field(description="of made-up data")


class AlertList(BaseModel):
    alerts: list[Alert] = Field(description="newest first")
    next_before: int | None = Field(description="`before` of the next page; null on the last")


class AlertEvent(BaseModel):
    id: int
    at: Moment
    actor: str = Field(description="a user's id, or `system`")
    kind: Literal[
        "opened",
        "raised",
        "lowered",
        "seen_again",
        "acknowledged",
        "commented",
        "escalated",
        "closed",
        "told",
        "muted",
    ]
    level: Level | None = Field(description="which it had afterwards")
    words: str | None


class ReportBehind(BaseModel):
    reference: str
    status: str
    category: str | None
    place: str | None
    requested_at: Moment


class AlertDetail(Alert):
    events: list[AlertEvent] = Field(description="in order")
    reports: list[ReportBehind] = Field(description="that raised it, as far as you may see them")
    reports_hidden: int = Field(description="so many others raised it")


class AlertNote(Body):
    """What a member of staff writes."""

    words: MonitoringWords


class AlertClosing(Body):
    words: MonitoringWords | None = None


class AlertMuting(Body):
    """For a while nobody is told of alerts of its rule and subject, where it is."""

    reason: MonitoringWords
    hours: Hours


class NewMute(Body):
    """At least one of rule, subject and unit; what is left out, or null, is any."""

    rule: Rule | None = Field(default=None, examples=["burst"])
    subject: SubjectCode | None = None
    unit: Unit | None = Field(default=None, examples=["2025:31972"])
    reason: MonitoringWords
    hours: Hours


class Mute(BaseModel):
    """Nobody is told of such alerts; null: of any rule, subject or unit."""

    id: int
    rule: Rule | None
    subject: str | None
    unit: str | None
    units: list[str] | None = Field(
        description="of alerts about any of these; none: about the whole province alone"
    )
    reason: str
    by: str
    from_at: Moment
    until_at: Moment
    ended_at: Moment | None = Field(description="by hand, before `until_at`")


class MuteList(BaseModel):
    mutes: list[Mute] = Field(description="that hold now")
