"""A real call as a test: its journal and facts with everybody's data replaced, in one file.

What identifies somebody (numbers, references, PINs, ids, names and hashes of recordings) is
replaced, the same by the same, so that the call takes the way that it took. Words are never in a
journal. Format 1 is JSON: `flow`, `version`, `facts` that are not as usual, and `turns` with what
was heard, the step, the command of a `Do`, and the result.
"""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.codec import decode, encode
from ivr.errors import BadEntry, CannotSave
from ivr.facts import CallFacts
from ivr.replay import Replay, replay
from ivr.session import Entry, Turn
from ivr.steps import Do, step_name

FORMAT = 1

_ID = re.compile(r"[0-9a-f]{32}")
_RECORDING = re.compile(r"(?:[0-9a-f]{32})-([0-9a-z]+)")
_REMOTE_ID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
# Four digits are a PIN; with fewer nobody can be rung, found or let in.
_NUMBER = re.compile(r"\+?(?:[0-9*#][- ]?){4,}")
_CODE = re.compile(r"[A-Za-z0-9_:.*#@-]{0,60}")
_KEPT_OF_NUMBER = 3  # by its first digits a flow tells a telephone number from a slip


@dataclass(frozen=True)
class SavedCall:
    """`turns` are what the replay heard and did when it was saved, as plain data."""

    flow: tuple[str, int]
    facts: CallFacts
    journal: tuple[Entry, ...]
    turns: Sequence[Mapping[str, Any]]


def save(flow: tuple[str, int], facts: CallFacts, journal: Sequence[Entry]) -> str:
    """The text of a saved call.

    Raises:
        CannotSave: the call does not replay, or takes another way with replaced data.
    """
    original = replay(flow, facts, journal)
    if original.divergence:
        raise CannotSave(f"the call does not replay: {original.divergence}")
    replaced_facts, replaced = with_stand_ins(facts, journal)
    again = replay(flow, replaced_facts, replaced)
    if again.divergence or _way(again) != _way(original):
        raise CannotSave("with replaced data the call goes another way: the flow looks at them")
    return _written(flow, replaced_facts, turns_of(again))


def _written(flow: tuple[str, int], facts: CallFacts, turns: Sequence[Mapping[str, Any]]) -> str:
    """JSON with a fact and a turn a line, so that a difference shows where it is."""
    usual = json.loads(_compact(dataclasses.asdict(CallFacts())))
    told = json.loads(_compact(dataclasses.asdict(facts)))
    given = {name: value for name, value in told.items() if value != usual[name]}
    facts_lines = (f"{json.dumps(name)}: {_compact(value)}" for name, value in given.items())
    return (
        f'{{"format": {FORMAT}, "flow": {json.dumps(flow[0])}, "version": {flow[1]},\n'
        f'"facts": {{\n{_lines(facts_lines)}\n}},\n'
        f'"turns": [\n{_lines(map(_compact, turns))}\n]}}\n'
    )


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(parts: Iterable[str]) -> str:
    return ",\n".join(parts)


def with_stand_ins(
    facts: CallFacts, journal: Sequence[Entry]
) -> tuple[CallFacts, tuple[Entry, ...]]:
    """The same call without what identifies somebody."""
    stand_in = _StandIns()
    return (
        CallFacts(**stand_in.of(dataclasses.asdict(facts))),
        tuple(Entry(entry.step, decode(stand_in.of(encode(entry.result)))) for entry in journal),
    )


def read(text: str) -> SavedCall:
    """The call that `save` wrote.

    Raises:
        BadEntry: it is no saved call of a format that this release knows.
    """
    try:
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            raise BadEntry(f"expected a saved call of format {FORMAT}, found {stored['format']}")
        turns = stored["turns"]
        journal = tuple(
            Entry(turn["step"], decode(turn["result"])) for turn in turns if "result" in turn
        )
        facts = CallFacts(**stored["facts"])
        return SavedCall((stored["flow"], stored["version"]), facts, journal, turns)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise BadEntry(f"expected a saved call, found {type(error).__name__}: {error}") from error


def turns_of(replayed: Replay) -> list[dict[str, Any]]:
    """What a replay heard, was asked, did and answered; the last turn has no result."""
    turns = []
    for answered in replayed.answered:
        turn = _turn(answered.turn)
        if answered.command is not None:
            name = type(answered.command).__name__
            turn["command"] = {"name": name, **_fields(answered.command)}
        turn["result"] = encode(answered.entry.result)
        turns.append(turn)
    if replayed.standing is not None:
        turns.append(_turn(replayed.standing))
    return turns


def difference(saved: SavedCall) -> str | None:
    """Where today's code no longer holds the saved call as it was held; None where it does."""
    replayed = replay(saved.flow, saved.facts, saved.journal)
    if replayed.divergence:
        return replayed.divergence
    now = json.loads(json.dumps(turns_of(replayed)))
    for position, (was, is_now) in enumerate(zip(saved.turns, now, strict=True)):
        if was != is_now:
            changed = [key for key in {**was, **is_now} if was.get(key) != is_now.get(key)]
            key = sorted(changed)[0]
            return f"position {position}: {key} was {was.get(key)}, is {is_now.get(key)}"
    return None


def _turn(turn: Turn) -> dict[str, Any]:
    told: dict[str, Any] = {
        "heard": [{"key": say.key, **_fields(say)} for say in turn.says],
        "step": step_name(turn.wait),
    }
    if turn.wait is not None and not isinstance(turn.wait, Do):
        told["wait"] = _fields(turn.wait)
    told["manner"] = _fields(turn.manner)
    return told


def _fields(data: Any) -> dict[str, Any]:
    """The fields of a step or command that are not as usual."""
    found = {}
    for part in dataclasses.fields(data):
        value = getattr(data, part.name)
        value = dict(value) if isinstance(value, Mapping) else value
        if part.name != "key" and value != part.default and value != {}:
            found[part.name] = value
    return found


def _way(replayed: Replay) -> list[object]:
    return [
        (turn["step"], [said["key"] for said in turn["heard"]], turn["manner"])
        for turn in turns_of(replayed)
    ]


class _StandIns:
    """The same stand-in for the same datum, wherever it appears."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._numbers: dict[str, str] = {}

    def of(self, value: Any) -> Any:
        """`value`, plain data of any depth, with every identifying text replaced."""
        match value:
            case str():
                return self._text(value)
            case Mapping():
                return {key: self.of(part) for key, part in value.items()}
            case list() | tuple():
                return [self.of(part) for part in value]
            case _:
                return value

    def _text(self, text: str) -> str:
        if _HASH.fullmatch(text):
            return "0" * len(text)
        if found := _RECORDING.fullmatch(text):
            return f"{self._id(text.partition('-')[0])}-{found[1]}"
        if _REMOTE_ID.fullmatch(text):
            return text[:2] + self._id(text[2:])
        if _ID.fullmatch(text):
            return self._id(text)
        if _NUMBER.fullmatch(text):
            return self._number(text)
        # A contract keeps words out of journals; what slipped in stays out of the file.
        return text if _CODE.fullmatch(text) else "replaced"

    def _id(self, text: str) -> str:
        return self._ids.setdefault(text, f"{len(self._ids) + 1:032x}")

    def _number(self, text: str) -> str:
        """Digits in the same groups; a reference keyed in is the same as one spoken."""
        digits = "".join(sign for sign in text if sign.isdigit())
        if digits not in self._numbers:
            kept = digits[:_KEPT_OF_NUMBER] if len(digits) > 2 * _KEPT_OF_NUMBER else ""
            left = len(digits) - len(kept)
            count = str(len(self._numbers) + 1).zfill(left)[-left:] if left else ""
            self._numbers[digits] = kept + count
        replaced = iter(self._numbers[digits])
        return "".join(next(replaced) if sign.isdigit() else sign for sign in text)
