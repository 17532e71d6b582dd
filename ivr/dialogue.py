"""Conversation pieces that flows share; each returns a typed answer.

Everywhere in a call `*` repeats the question (twice: slower from then on), `0` leads to a
person, `8` tells of danger and `#` ends an entry. In an entry of several digits a lone `0`
or `8` has that meaning, since numbers may begin with either; but where an amount is asked for they
are amounts, and the questions before and after it lead elsewhere. Where words are heard, a word
of a question's list is its key; a doubtful one is asked for again, and after two of them in a
call only keys count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ivr.steps import (
    Digits,
    Do,
    Flow,
    Gather,
    Json,
    Manner,
    NoInput,
    Record,
    Recorded,
    Said,
    Say,
    T,
)

REPEAT, PERSON, DANGER = "*", "0", "8"
RECORD_END_KEYS = "#0*8"
# A caller who missed twice is slow, lost or has no keypad; a third round only costs money.
ATTEMPTS = 2
MOST_REPEATS = 4
# Below this a word is doubtful: the caller is asked again.
SURE = 0.7
# A line on which two answers were not understood will not let a third through.
MOST_MISHEARD = 2
MOST_AS_WORDS = 99


class Elsewhere(Exception):
    """The caller wants to leave the question they are at."""


class WantsPerson(Elsewhere):
    """The caller pressed `0`; raised at whichever question they were at."""


class InDanger(Elsewhere):
    """The caller pressed `8`; raised at whichever question they were at."""


@dataclass
class Talk:
    """How the caller is spoken to and heard; changes during the call."""

    language: str
    slow: bool = False
    by_word: bool = False
    misheard: int = 0

    @property
    def manner(self) -> Manner:
        return Manner(self.language, self.slow)


def ask(talk: Talk, question: Gather, before: tuple[Say, ...] = ()) -> Flow[Digits | NoInput]:
    """What the caller keyed in, or said for a key, or that they kept silent.

    Raises:
        WantsPerson, InDanger: they pressed `0` or `8`, and not as an amount.
    """
    repeated = 0
    while True:
        yield from before
        result = yield replace(question, by_word=question.by_word and talk.by_word)
        if isinstance(result, Said):
            if not result.key or result.confidence < SURE:
                yield from _misheard(talk)
                continue
            result = Digits(result.key)
        keys = result.value if isinstance(result, Digits) else ""
        if REPEAT in keys and repeated < MOST_REPEATS:
            repeated += 1
            yield from _slow_down(talk, repeated)
            continue
        if not question.amount:
            _go_elsewhere(keys)
        return result if isinstance(result, Digits) else NoInput()


def menu(
    talk: Talk,
    key: str,
    choices: Mapping[str, T],
    before: tuple[Say, ...] = (),
    attempts: int = ATTEMPTS,
    may_hold: bool = False,
    values: Mapping[str, str] | None = None,
) -> Flow[T | None]:
    """The chosen value, or None when `attempts` brought no listed key.

    `before` is spoken ahead of the question in each round. With `may_hold` the prompt
    offers to hold the line: silence is an answer then, and None comes at once.
    """
    for attempt in range(attempts):
        result = yield from ask(talk, Gather(key, values or {}, by_word=True), before)
        match result:
            case Digits(value) if value in choices:
                return choices[value]
            case Digits():
                missed = "nomatch"
            case _ if may_hold:
                return None
            case _:
                missed = "noinput"
        if attempt + 1 < attempts:
            yield Say(missed)
    return None


def record(talk: Talk, step: Record) -> Flow[Recorded | None]:
    """What the caller said; None where no sound came at all.

    A recording that was ended by `*` is begun anew.

    Raises:
        WantsPerson, InDanger: they pressed `0` or `8`; `heard` what they said before is lost
            to the flow unless it looks at the call's recordings.
    """
    repeated = 0
    while True:
        result = yield step
        if not isinstance(result, Recorded):
            return None
        if result.key == REPEAT and repeated < MOST_REPEATS:
            repeated += 1
            yield from _slow_down(talk, repeated)
            continue
        return result


def do(key: str, command: object) -> Flow[Json]:
    """What the command's handler returned."""
    result = yield Do(key, command)
    value: Json = getattr(result, "value", None)
    return value


def heed(key: str) -> None:
    """Raises: WantsPerson, InDanger: `key`, with which a recording ended, asks for it."""
    _go_elsewhere(key)


def number(amount: int) -> str:
    """An amount as a value to speak: whole words up to 99, and never more than that."""
    return f"@number_{max(0, min(amount, MOST_AS_WORDS))}"


def figure(amount: int) -> str:
    """An amount of any size as a value to speak: words up to 99, above that digits by thousands."""
    return number(amount) if amount <= MOST_AS_WORDS else f"{amount:,}".replace(",", "-")


def grouped(digits: str) -> str:
    """Digits in groups that can be followed by ear: `0912-345-678`."""
    first = 4 if len(digits) % 3 == 1 else 3
    groups = [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))]
    return "-".join(group for group in groups if group)


def _misheard(talk: Talk) -> Flow[None]:
    talk.misheard += 1
    if talk.misheard < MOST_MISHEARD:
        yield Say("unclear")
        return
    talk.by_word = False
    yield Say("keys_only")


def _slow_down(talk: Talk, repeated: int) -> Flow[None]:
    if repeated == 2 and not talk.slow:
        talk.slow = True
        yield talk.manner
        yield Say("slower")


def _go_elsewhere(keys: str) -> None:
    if keys == PERSON:
        raise WantsPerson
    if keys == DANGER:
        raise InDanger
