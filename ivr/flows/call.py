"""One call as its flow knows it: the facts, how it is spoken, and what the caller has given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ivr.dialogue import Talk
from ivr.facts import CallFacts
from reports.commands import THE_CALLER
from understanding.phone_number import mobile_number


class Part(StrEnum):
    """The parts of an incoming call. Each part is a flow that tells which comes next."""

    OPENING = "opening"
    MAIN_MENU = "main_menu"
    REPORT = "report"
    FOLLOW_UP = "follow_up"
    INFORMATION = "information"
    PERSON = "person"
    INSTEAD_OF_PERSON = "instead_of_person"
    MESSAGE = "message"
    CALLBACK = "callback"
    DANGER = "danger"
    BLOCKED = "blocked"
    END = "end"


@dataclass
class Draft:
    """A report in the making. A question is asked only while its answer is missing, so a draft
    that was broken off, by danger or by a lost line, goes on where it stood."""

    category: str | None = None
    kind_asked: bool = False
    recording: str | None = None
    heard: bool = False
    anew: bool = False  # the caller wants to say it again; until they have, the first words count
    place: str | None = None
    place_recording: str | None = None
    place_asked: bool = False
    contact: str | None = None  # as `reports.commands.FileReport.contact`
    urgent: bool = False
    continues: str | None = None

    @property
    def wants_words(self) -> bool:
        """Whether the statement is still to be made, or to be made anew."""
        return self.anew or not self.heard

    @property
    def worth_filing(self) -> bool:
        return self.heard or self.category is not None or self.urgent

    @property
    def reachable_at(self) -> str:
        return self.contact or THE_CALLER


@dataclass(frozen=True)
class Filed:
    """A report of this call, as `FileReport` answers: what the caller has to write down."""

    report: str
    reference: str
    pin: str
    texted: bool = False  # an SMS with both codes is on its way

    @classmethod
    def from_answer(cls, answer: Any, texted: bool) -> "Filed":
        return cls(answer["report"], answer["reference"], answer["pin"], texted)


@dataclass
class Call:
    """What the parts of one call share."""

    facts: CallFacts
    talk: Talk
    recorded: bool = True  # until the caller declines
    anonymous: bool = False
    draft: Draft = field(default_factory=Draft)
    filed: Filed | None = None
    looked_up: str | None = None  # the report that the caller asked about
    waited_s: int = 0  # in the queue for a person
    broken_off: Part = Part.MAIN_MENU  # where danger or a person broke in

    @property
    def restricted(self) -> bool:
        """Whether this number calls so often that it is let in for a message only."""
        return self.facts.treatment in ("record_only", "blocked")

    @property
    def will_be_texted(self) -> bool:
        """Whether the number that the caller named can receive an SMS."""
        contact = self.draft.reachable_at
        if contact == THE_CALLER:
            return self.facts.can_text and not self.anonymous
        return mobile_number(contact) is not None


def begin_call(facts: CallFacts) -> Call:
    return Call(facts, Talk(facts.language, by_word=facts.hears_words), facts.recorded)


def draft_from(stored: Mapping[str, Any]) -> Draft:
    """The draft that an earlier call of the same number left; fields unknown here are dropped."""
    known = {name: stored[name] for name in Draft.__dataclass_fields__ if name in stored}
    return Draft(**known)
