"""A call that was written down beforehand: what is unusual about it, and what happens in it.

The language is told in docs/transcripts.md; what a line means where the call stands is for
`ivr.answers`.
"""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivr.errors import BadAnswer
from ivr.facts import CallFacts
from ivr.flows.registry import FLOWS, INCOMING
from ivr.steps import Json

_TOLD = frozenset({"caller", "queue", "agent", "words", "no", "dial", "recording"})
_HEADER = frozenset({"facts", "flow", "gives"})
# What the test writes into a transcript; never read back.
_WRITTEN = frozenset({"hotline", "does", "speaks", "ends", ""})
_WITHHELD = {"can_text": False, "number_known": False}


@dataclass(frozen=True)
class CallScript:
    """`head` is kept as it is written; `told` are the answers in order.

    `unusual` are fields of `CallFacts`; `gives` what handlers of commands return.
    """

    head: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    flow: tuple[str, int] = INCOMING
    names_flow: bool = False
    unusual: Mapping[str, Any] = field(default_factory=dict)
    gives: Mapping[str, Sequence[Json]] = field(default_factory=dict)

    def facts(self, usual: CallFacts) -> CallFacts:
        """`usual` with what is unusual about this call."""
        return dataclasses.replace(usual, **self.unusual)


def read_transcript(text: str) -> CallScript:
    """The script of a transcript: a title, a header, and what happens.

    Raises:
        BadAnswer: a line belongs into no transcript, or names an unknown fact or flow.
    """
    lines = text.splitlines() or [""]
    head, told, flow = [lines[0]], [], INCOMING
    unusual: dict[str, Any] = dict(_WITHHELD) if "number withheld" in lines[0] else {}
    gives: dict[str, list[Json]] = {}
    for line in lines[1:]:
        first, rest = (*line.split(maxsplit=1), "", "")[:2]
        if first in _TOLD:
            told.append(f"{first:<8} {' '.join(rest.split())}".rstrip())
            continue
        if first not in _HEADER:
            if first not in _WRITTEN and not first.startswith("("):
                raise BadAnswer(f"expected a line of a transcript, found {line!r}")
            continue
        head.append(line)
        match first:
            case "facts":
                unusual |= read_facts(rest)
            case "flow":
                flow = newest(rest.strip())
            case _:
                name, value = (*rest.split(maxsplit=1), "none")[:2]
                gives.setdefault(name, []).append(_given(value))
    names_flow = any(line.split()[:1] == ["flow"] for line in head[1:])
    return CallScript(tuple(head), tuple(told), flow, names_flow, unusual, gives)


def read_answers(text: str) -> CallScript:
    """A transcript, or bare answers, one a line: a transcript has lines that begin with `caller`.

    Raises:
        BadAnswer: as `read_transcript`.
    """
    lines = text.splitlines()
    if any(line.split()[:1] == ["caller"] for line in lines[1:]):
        return read_transcript(text)
    return CallScript(told=tuple(lines))


def read_facts(text: str) -> dict[str, Any]:
    """`open_now=no, treatment=blocked` as fields of `CallFacts`.

    Raises:
        BadAnswer: there is no such field, or no value.
    """
    known = {part.name for part in dataclasses.fields(CallFacts)}
    found = _fields(text)
    if unknown := sorted(found.keys() - known):
        raise BadAnswer(f"expected facts ({', '.join(sorted(known))}), found {unknown[0]}")
    return found


def newest(name: str) -> tuple[str, int]:
    """The newest version of a flow.

    Raises:
        BadAnswer: no such flow is registered.
    """
    versions = [flow for flow in FLOWS if flow[0] == name]
    if not versions:
        known = ", ".join(sorted({known for known, _ in FLOWS}))
        raise BadAnswer(f"expected a flow ({known}), found {name!r}")
    return max(versions)


def plain(value: Json) -> str:
    """A value as a script writes it."""
    match value:
        case None:
            return "none"
        case True | False:
            return "yes" if value else "no"
        case str():
            return value
        case dict():
            return ", ".join(f"{key}={plain(part)}" for key, part in value.items())
        case _:
            return json.dumps(value, ensure_ascii=False)


def write_command(command: object, value: Json = None) -> str:
    """`FileReport category=GT01 → reference=482-173-905`: fields that are as usual rest."""
    told = {
        part.name: getattr(command, part.name)
        for part in dataclasses.fields(command)  # type: ignore[arg-type]
        if getattr(command, part.name) != part.default
    }
    gave = "" if value is None else f" → {plain(value)}"
    return f"{type(command).__name__} {plain(told)}".rstrip() + gave


def _given(text: str) -> Json:
    """JSON, one plain word, or `key=value, key=value`."""
    return _fields(text) if re.match(r"\w+=", text) else _value(text)


def _fields(text: str) -> dict[str, Any]:
    return {name: _value(value) for name, value in _pairs(text)}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    # A comma inside brackets belongs to the value: `due=[24, 11], status=new`.
    for part in re.split(r",\s*(?=\w+=)", text.strip()):
        name, sign, value = part.partition("=")
        if not sign:
            raise BadAnswer(f"expected name=value, found {part!r}")
        yield name.strip(), value.strip()


def _value(text: str) -> Any:
    match text:
        case "yes":
            return True
        case "no":
            return False
        case "none":
            return None
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
