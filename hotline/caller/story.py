"""What happened on a call, in order: the caller's own events merged with the call's journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hotline.caller.hearing import Span


class What(StrEnum):
    """Kinds of events; the caller's own first, then what the hotline's journal adds."""

    DIALLED = "dialled"
    ANSWERED = "answered"
    HEARD = "heard"
    BEEP = "beep"
    PRESSED = "pressed"
    SAID = "said"
    SILENT = "silent"
    HUNG_UP = "hung_up"
    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True)
class Event:
    """One thing that happened, in seconds since dialling."""

    at_s: float
    what: What
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"at_s": round(self.at_s, 2), "what": str(self.what), **self.details}


def heard(prompts: Iterable[Span], beeps: Iterable[Span]) -> list[Event]:
    """What the ear made out, as events."""
    made = [_span(What.HEARD, span) for span in prompts]
    return made + [_span(What.BEEP, span) for span in beeps]


def asked(journal: Sequence[Mapping[str, Any]], answered_s: float) -> list[Event]:
    """The journal of a call as events: what was asked, and what the hotline took for the answer.

    An entry is written when its answer is there; it was asked when the one before was written.
    Its `after_s` counts from the call's beginning, which is when the caller heard it answered.
    """
    made: list[Event] = []
    since_s = 0.0
    for entry in journal:
        step = str(entry.get("step", ""))
        answer_s = float(entry.get("after_s", since_s))
        at_s = answered_s + since_s
        details = {"step": step, "result": entry.get("result")}
        if step.startswith("Do:"):
            made.append(Event(answered_s + answer_s, What.DONE, details))
        else:
            made.append(Event(at_s, What.ASKED, details))
        since_s = answer_s
    return made


def timeline(*parts: Iterable[Event]) -> list[Event]:
    """All events in order of time; what happened at the same moment stays in the given order."""
    return sorted((event for part in parts for event in part), key=lambda event: event.at_s)


def in_words(event: Event) -> str:
    """One line for a reader at a terminal."""
    details = dict(event.details)
    match event.what:
        case What.HEARD | What.BEEP:
            said = f"{details['length_s']:g} s"
        case What.ASKED | What.DONE:
            said = f"{details['step']} → {_result(details['result'])}"
        case What.SAID:
            said = f"{details['sound']} ({details['length_s']:g} s)"
        case _:
            said = " ".join(str(value) for value in details.values())
    return f"{event.at_s:7.2f} s  {event.what.replace('_', ' '):<9} {said}".rstrip()


def _span(what: What, span: Span) -> Event:
    return Event(span.from_s, what, {"length_s": round(span.until_s - span.from_s, 2)})


def _result(result: object) -> str:
    if not isinstance(result, Mapping):
        return "nothing yet"
    said = [str(result.get("type", "")).replace("_", " ")]
    if result.get("value") is not None:
        value = result["value"]
        plain = value.get("reference", "") if isinstance(value, dict) else str(value)
        said.extend([plain] if plain else [])
    if result.get("length_s") is not None:
        said.append(f"{result['length_s']:g} s")
    if result.get("silent"):
        said.append("silent")
    return " ".join(said)
