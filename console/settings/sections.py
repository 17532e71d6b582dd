"""What of a pack may be changed here, section by section: one table of fields.

A place is written as steps through a file, `*` standing for the entry's name. The same table tells
the forms what to ask, the review how to name what changed, and a problem where it belongs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.settings import kinds as k
from console.settings.kinds import Kind
from notifications.kinds import KINDS
from provinces.changes import Steps
from provinces.retention import Kind as Kept
from provinces.schema import Priority

ENTRY = "*"
NEW = "-"  # what a new entry is called in addresses; no code can be this

_PRIORITIES = {each.value: f"set_priority_{each}" for each in Priority}
_LEVELS = {
    name: f"set_level_{name}" for name in ("province", "district", "commune", "company", "national")
}


@dataclass(frozen=True)
class Field:
    """One value. `label` is its wording; `language` is whose text it is; `key`: it names the entry
    and is asked for a new one only."""

    file: str
    where: Steps
    kind: Kind
    label: str
    language: str | None = None
    key: bool = False

    @property
    def name(self) -> str:
        """Its name in the form."""
        return ".".join((*self.file.removesuffix(".toml").split("/"), *self.where))

    def at(self, entry: str) -> Steps:
        """Where it stands in that entry."""
        return tuple(entry if step == ENTRY else step for step in self.where)


@dataclass(frozen=True)
class Section:
    """One page: fields of its own or, where there is a `table`, of each entry of a list.

    `columns` are labels of what the list of entries shows. `grows`: entries may be added, and those
    taken out that nobody else can have named yet; `shrinks`: any.
    """

    key: str
    fields: Sequence[Field]
    file: str | None = None
    table: Steps = ()
    grows: bool = False
    shrinks: bool = False
    columns: Sequence[str] = field(default=())


def sections(languages: Sequence[str], handling: Mapping[str, Any]) -> Mapping[str, Section]:
    """All sections of a pack in those languages; `handling` are the values of handling.toml."""

    def names(file: str, *before: str, kind: Kind = k.TEXT, of: str = "name") -> list[Field]:
        label = "set_reason_text" if of == "reason" else f"set_{of}"
        return [Field(file, (*before, of, each), kind, label, each) for each in languages]

    def one(file: str, *where: str, kind: Kind, key: bool = False) -> Field:
        step = where[-1]
        return Field(file, where, kind, f"set_{step}", key=key)

    hours, agencies, categories = "hours.toml", "agencies.toml", "categories.toml"
    handled, limits, sms = "handling.toml", "limits.toml", "sms.toml"
    found = [
        Section(
            "hours",
            [
                Field(hours, ("weekly",), k.WEEK, "set_weekly"),
                Field(hours, ("operators", "weekly"), k.WEEK, "set_operators_weekly"),
                one(hours, "operators", "on_holidays", kind=k.CHECK),
                one(hours, "make_up", kind=k.CHECK),
            ],
        ),
        Section(
            "holidays",
            [
                one(hours, "holiday", ENTRY, "code", kind=k.CODE, key=True),
                *names(hours, "holiday", ENTRY),
                one(hours, "holiday", ENTRY, "on", kind=k.RULE),
                one(hours, "holiday", ENTRY, "before", kind=k.optional(k.number())),
                one(hours, "holiday", ENTRY, "days", kind=k.optional(k.number(1))),
                one(hours, "holiday", ENTRY, "since", kind=k.optional(k.number(1900))),
            ],
            hours,
            ("holiday",),
            grows=True,
            shrinks=True,
            columns=("set_name", "set_on", "set_days"),
        ),
        Section(
            "exchanges",
            [
                one(hours, "exchange", ENTRY, "off", kind=k.DAY, key=True),
                one(hours, "exchange", ENTRY, "worked", kind=k.DAY),
            ],
            hours,
            ("exchange",),
            grows=True,
            shrinks=True,
            columns=("set_off", "set_worked"),
        ),
        Section(
            "agencies",
            [
                one(agencies, "agency", ENTRY, "code", kind=k.CODE, key=True),
                *names(agencies, "agency", ENTRY),
                one(agencies, "agency", ENTRY, "level", kind=k.choice(_LEVELS)),
                one(agencies, "agency", ENTRY, "from", kind=k.optional(k.DAY)),
                one(agencies, "agency", ENTRY, "until", kind=k.optional(k.DAY)),
                one(agencies, "agency", ENTRY, "number", kind=k.optional(k.DIGITS)),
                *names(agencies, "agency", ENTRY, kind=k.optional(k.TEXT), of="address"),
            ],
            agencies,
            ("agency",),
            grows=True,
            columns=("set_name", "set_number", "set_until"),
        ),
        Section(
            "categories",
            [
                *names(categories, "category", ENTRY),
                one(categories, "category", ENTRY, "priority", kind=k.choice(_PRIORITIES)),
                one(categories, "category", ENTRY, "deadline", kind=k.DEADLINE),
                one(categories, "category", ENTRY, "agencies", kind=k.PERIODS),
                one(categories, "category", ENTRY, "numbers", kind=k.optional(k.LIST)),
                one(categories, "category", ENTRY, "keywords", kind=k.LIST),
                one(categories, "category", ENTRY, "basis", kind=k.TEXT),
            ],
            categories,
            ("category",),
            columns=("set_name", "set_priority", "set_deadline", "set_agencies"),
        ),
        Section(
            "handling",
            [
                one(handled, "remind_at", kind=k.number(1)),
                one(handled, "close_resolved_after_days", kind=k.number(1)),
                one(handled, "close_waiting_after_days", kind=k.number(1)),
                one(handled, "reopen_within_days", kind=k.number(1)),
                *(
                    Field(handled, (table, code, "name", each), k.TEXT, f"set_{table}", each)
                    for table in ("rejected", "handed_back")
                    for code in handling.get(table, {})
                    for each in languages
                ),
            ],
        ),
        Section(
            "texts",
            [
                Field(f"sms/{each}.toml", (ENTRY,), k.LONG_TEXT, "set_text", each)
                for each in languages
            ],
            f"sms/{languages[0]}.toml",
            (),
            columns=("set_text",),
        ),
        Section(
            "sms",
            [
                one(sms, "quiet_from", kind=k.TIME),
                one(sms, "quiet_until", kind=k.TIME),
                one(sms, "person_hour", kind=k.number(1)),
                one(sms, "person_day", kind=k.number(1)),
                one(sms, "part_price", kind=k.AMOUNT),
                *(
                    one(sms, "words", each, kind=k.LIST)
                    for each in ("opt_out", "opt_in", "status", "add")
                ),
            ],
        ),
        Section(
            "numbers",
            [
                one("numbers.toml", "number", ENTRY, "number", kind=k.DIGITS, key=True),
                *names("numbers.toml", "number", ENTRY),
                one("numbers.toml", "number", ENTRY, "free", kind=k.CHECK),
            ],
            "numbers.toml",
            ("number",),
            grows=True,
            shrinks=True,
            columns=("set_name", "set_free"),
        ),
        Section(
            "retention",
            [
                each
                for kept in Kept
                for each in (
                    Field("retention.toml", (kept, "days"), k.number(1), f"set_kept_{kept}"),
                    *names("retention.toml", kept, of="reason"),
                )
            ],
        ),
        Section("limits", [one(limits, name, kind=kind) for name, kind in LIMITS.items()]),
    ]
    return {section.key: section for section in found}


LIMITS: Mapping[str, Kind] = {
    "pin_tries_per_report_day": k.number(1),
    "tries_per_caller_hour": k.number(1),
    "resume_minutes": k.number(1),
    "anonymous_hash_minutes": k.number(1),
    "warn_calls_hour": k.number(1),
    "record_only_calls_hour": k.number(1),
    "blocked_calls_hour": k.number(1),
    "block_minutes": k.number(1),
    "express_calls": k.number(1),
    "queue_minutes": k.number(1),
    "music_minutes": k.number(1),
    "emergency_minutes_day": k.number(),
    "emergency_call_minutes": k.number(1),
    "callback_from": k.TIME,
    "callback_until": k.TIME,
    "callback_tries": k.number(1),
    "callback_gap_minutes": k.number(1),
    "survey_from": k.TIME,
    "survey_until": k.TIME,
    "survey_after_hours": k.number(),
    "survey_within_days": k.number(1),
    "survey_tries": k.number(1),
    "survey_gap_minutes": k.number(1),
    "round_from": k.TIME,
    "round_until": k.TIME,
    "round_tries": k.number(1),
    "round_gap_minutes": k.number(1),
    "round_within_hours": k.number(1),
}


def text_kind_of(key: str) -> str | None:
    """The kind of SMS that a text belongs to; of a sentence that is added to one, that one."""
    if key in KINDS:
        return key
    return next(
        (kind for kind, one in KINDS.items() if key in {f"{kind}_{name}" for name in one.extras}),
        None,
    )
