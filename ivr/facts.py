"""What a flow knows of its call from the start. Stored with it: a replay knows the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Treatment = Literal["normal", "warned", "record_only", "blocked"]


@dataclass(frozen=True)
class CallFacts:
    """Plain JSON data, so that it comes back from the database as it was.

    Attributes:
        language: the language tag in which the call begins.
        languages: those that this hotline can speak, the first of the province first.
        menu: a key of the phone's menu to a category or group code of the province.
        submenu: a key of `menu` to (key to category code); absent where it has no second level.
        areas: a key to the units (`edition:code`) that can be keyed in there, in spoken order.
        dangers: a key of the danger menu to (danger, the number to dial for it).
        information: a key of the information menu to the wording that answers it.
        diverted: category code to the wording that tells where such a matter belongs.
        can_text: the caller's number is one that an SMS can reach.
        recorded: the caller has not declined recording before this flow began.
        number_known: the caller's number came with the call.
        open_now: the call-centre's staff are on duty at this hour.
        closed_why: the wording that tells why not ("closed_hours", "closed_holiday").
        treatment: how a number that calls too often is met.
        busy: so many calls are in progress that everybody gets the short conversation.
        dropped: the unfinished report that this number's last call left, as `Draft` fields.
        open_reports: reports of this number that are still open: {"report", "status"}.
        can_connect: the hotline may dial emergency numbers for the caller.
        hears_words: short answers can be said instead of keyed in.
        purpose: of an outgoing call: {"kind": "callback", "survey" or "round", ...}.
    """

    language: str = "vi"
    languages: Sequence[str] = ("vi",)
    menu: Mapping[str, str] = field(default_factory=dict)
    submenu: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    areas: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dangers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    information: Mapping[str, str] = field(default_factory=dict)
    diverted: Mapping[str, str] = field(default_factory=dict)
    can_text: bool = False
    number_known: bool = False
    recorded: bool = True
    open_now: bool = True
    closed_why: str | None = None
    treatment: Treatment = "normal"
    busy: bool = False
    dropped: Mapping[str, Any] | None = None
    open_reports: Sequence[Mapping[str, Any]] = ()
    can_connect: bool = False
    hears_words: bool = False
    purpose: Mapping[str, Any] | None = None
