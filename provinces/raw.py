"""The shape of a pack's TOML files as they are written; meaning is checked by the readers."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from provinces.located import Document, Report
from provinces.modules import Aggregate, Direction, IndicatorLevel, Period
from provinces.schema import Names, Priority

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+$")]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,12}$")]


class Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Box(Raw):
    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


class RawEdition(Raw):
    key: Code
    province_code: Code
    from_on: date | None = Field(default=None, alias="from")
    until: date | None = None


class ProvinceFile(Raw):
    key: Code
    name: Mapping[str, Text]
    hotline_number: Digits
    caller_pays: bool
    timezone: Text
    area_codes: list[Annotated[str, StringConstraints(pattern=r"^0[0-9]{1,3}$")]] = Field(
        min_length=1
    )
    jurisdiction: Text
    languages: list[Code] = Field(min_length=1)
    box: Box
    edition: list[RawEdition] = Field(min_length=1)


class RawNamed(Raw):
    code: Code
    name: Mapping[str, Text]


class RawAgency(RawNamed):
    level: Literal["province", "district", "commune", "company", "national"]
    from_on: date | None = Field(default=None, alias="from")
    until: date | None = None
    number: Digits | None = None
    address: Mapping[str, Text] | None = None


class AgenciesFile(Raw):
    agency: list[RawAgency] = Field(min_length=1)


class RawPeriod(Raw):
    from_on: date | None = Field(default=None, alias="from")
    codes: list[Code] = Field(min_length=1)


class RawCategory(RawNamed):
    group: Code
    module: Code | None = None  # of versions published before modules had files: not read
    keywords: list[Text]
    agencies: list[RawPeriod] = Field(min_length=1)
    numbers: list[Digits] = []
    priority: Annotated[Priority, Field(strict=False)]
    deadline: Text
    basis: Text


class CategoriesFile(Raw):
    unclear: Code | None = None
    module: list[RawNamed] = []  # likewise
    group: list[RawNamed] = Field(min_length=1)
    category: list[RawCategory] = Field(min_length=1)


class RawSubChoice(Raw):
    key: Text
    category: Code | None = None
    name: Mapping[str, Text]


class RawChoice(Raw):
    key: Text
    group: Code | None = None
    category: Code | None = None
    name: Mapping[str, Text]
    sub: list[RawSubChoice] = []


class MenuFile(Raw):
    choice: list[RawChoice] = Field(min_length=1)


class RawNumber(Raw):
    number: Digits
    name: Mapping[str, Text]
    free: bool


class NumbersFile(Raw):
    number: list[RawNumber] = []


class RawArea(Raw):
    key: Text
    name: Mapping[str, Text]
    units: list[Digits] = Field(min_length=1)


class AreasFile(Raw):
    area: list[RawArea] = Field(min_length=1)


class RawDanger(Raw):
    key: Text
    code: Literal["police", "fire", "medical", "rescue", "child"]
    number: Digits
    name: Mapping[str, Text]


class DangerFile(Raw):
    danger: list[RawDanger] = Field(min_length=1)


class RawCues(Raw):
    code: Code
    strong: list[Text] = Field(min_length=1)
    weak: list[Text] = []


class CuesFile(Raw):
    category: list[RawCues] = Field(min_length=1)


class RawExample(Raw):
    said: Text
    category: Code


class RawDangerExample(Raw):
    said: Text
    danger: Code | None
    counts: float = Field(default=1.0, gt=0, le=1)


class RawTopic(Raw):
    key: Text
    wording: Code
    name: Mapping[str, Text]


class InfoFile(Raw):
    topic: list[RawTopic] = Field(min_length=1)
    diverted: Mapping[str, Code] = {}


Count = Annotated[int, Field(ge=1, le=1000)]
Minutes = Annotated[int, Field(ge=1, le=1440)]


class LimitsFile(Raw):
    pin_tries_per_report_day: Count
    tries_per_caller_hour: Count
    resume_minutes: Minutes
    anonymous_hash_minutes: Minutes
    warn_calls_hour: Count
    record_only_calls_hour: Count
    blocked_calls_hour: Count
    block_minutes: Minutes
    express_calls: Annotated[int, Field(ge=1, le=100_000)]
    queue_minutes: Minutes
    music_minutes: Minutes
    emergency_minutes_day: Annotated[int, Field(ge=0, le=10_000)]
    emergency_call_minutes: Minutes
    callback_from: time
    callback_until: time
    callback_tries: Count
    callback_gap_minutes: Minutes
    survey_from: time
    survey_until: time
    survey_after_hours: Annotated[int, Field(ge=0, le=240)]
    survey_within_days: Annotated[int, Field(ge=1, le=60)]
    survey_tries: Count
    survey_gap_minutes: Minutes
    # With values: limits that were published before there were rounds go on holding.
    round_from: time = time(7, 30)
    round_until: time = time(17)
    round_tries: Count = 4
    round_gap_minutes: Minutes = 45
    round_within_hours: Annotated[int, Field(ge=1, le=240)] = 48


Words = Annotated[list[Text], Field(min_length=1)]


class SmsWords(Raw):
    opt_out: Words
    opt_in: Words
    status: Words
    add: Words


class SmsFile(Raw):
    quiet_from: time
    quiet_until: time
    person_hour: Count
    person_day: Count
    part_price: Annotated[float, Field(ge=0, le=1_000_000, strict=False)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    words: SmsWords


class RawReason(Raw):
    name: Mapping[str, Text]


class HandlingFile(Raw):
    remind_at: Annotated[int, Field(ge=1, le=99)]
    close_resolved_after_days: Annotated[int, Field(ge=1, le=365)]
    close_waiting_after_days: Annotated[int, Field(ge=1, le=365)]
    reopen_within_days: Annotated[int, Field(ge=1, le=3650)]
    rejected: Mapping[Code, RawReason] = Field(min_length=1)
    handed_back: Mapping[Code, RawReason] = Field(min_length=1)


class RawThreshold(Raw):
    watch: float | None = None
    alert: float | None = None
    release: float | None = None
    worse: Literal["higher", "lower"] | None = None
    quiet_h: Annotated[int, Field(ge=0, le=744)]


class RawIndicator(RawNamed):
    unit: Code
    period: Annotated[Period, Field(strict=False)]
    direction: Annotated[Direction, Field(strict=False)]
    source: Code
    level: Annotated[IndicatorLevel, Field(strict=False)]
    aggregate: Annotated[Aggregate, Field(strict=False)]
    target: float | None = None
    lowest: float
    highest: float
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    headline: bool = False
    from_system: Code | None = None
    threshold: list[RawThreshold] = []
    question: Mapping[str, Text] | None = None


class ModuleFile(Raw):
    name: Mapping[str, Text]
    order: Annotated[int, Field(ge=1, le=99)]
    report_categories: list[Code] = []
    other_categories: bool = False
    indicator: list[RawIndicator] = Field(min_length=1)


class RawKept(Raw):
    days: Annotated[int, Field(ge=1, le=36500)]
    reason: Mapping[str, Text]


class RetentionFile(Raw):
    recordings: RawKept
    words: RawKept
    numbers: RawKept
    journals: RawKept
    messages: RawKept
    attachments: RawKept
    audit: RawKept
    logs: RawKept
    backups: RawKept
    # Packs and published versions of before there was monitoring do not say it.
    observations: RawKept | None = None


class RawWeekly(Raw):
    days: list[Text] = Field(min_length=1)
    open: list[Text] = Field(min_length=1)


class RawHoliday(RawNamed):
    on: Text
    before: int = Field(default=0, ge=0, le=15)
    days: int = Field(default=1, ge=1, le=15)
    since: int | None = None


class RawOperators(Raw):
    on_holidays: bool
    basis: Text
    weekly: list[RawWeekly] = Field(min_length=1)


class RawExchange(Raw):
    off: date
    worked: date


class HoursFile(Raw):
    make_up: bool
    weekly: list[RawWeekly] = Field(min_length=1)
    operators: RawOperators
    holiday: list[RawHoliday] = []
    exchange: list[RawExchange] = []


FileShape = TypeVar("FileShape", bound=Raw)


def shaped(report: Report, document: Document | None, shape: type[FileShape]) -> FileShape | None:
    """The document as `shape`; None after each thing out of shape was added to `report`."""
    if document is None:
        return None
    try:
        return shape.model_validate(document.values)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            where = ".".join(str(part) for part in wrong["loc"] if isinstance(part, str))
            message = f"{where}: {wrong['msg']}"
            if wrong["type"] not in ("missing", "extra_forbidden"):
                message += f", found {wrong['input']!r}"
            report.add(document.file, document.line(*wrong["loc"]), message)
        report.unreadable.add(document.file)
        return None


def check_names(
    report: Report,
    document: Document,
    location: tuple[str | int, ...],
    given: Names,
    languages: tuple[str, ...],
    key: str = "name",
) -> None:
    """Adds a problem for each language of the pack that a name lacks or does not know."""
    what = f"{location[0]}: {key}" if location else key
    for language in languages:
        if language not in given:
            line = document.line(*location, key)
            report.add(document.file, line, f'{what} has no "{language}"')
    for language in given:
        if language not in languages:
            line = document.line(*location, key, language)
            message = f'{what} in "{language}", which is not among the languages'
            report.add(document.file, line, message)
