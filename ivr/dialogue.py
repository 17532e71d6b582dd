"""Conversation pieces that flows share; each returns a typed answer."""

from collections.abc import Mapping

from ivr.steps import Digits, Do, Done, Flow, Gather, Say, T

# A caller who missed twice is slow, lost or has no keypad; a third round only costs money.
ATTEMPTS = 2


def menu(
    key: str,
    choices: Mapping[str, T],
    before: tuple[Say, ...] = (),
    attempts: int = ATTEMPTS,
    may_hold: bool = False,
) -> Flow[T | None]:
    """The chosen value, or None when `attempts` brought no listed key.

    `before` is spoken ahead of the question in each round. With `may_hold` the prompt
    offers to hold the line: silence is an answer then, and None comes at once.
    """
    for attempt in range(attempts):
        yield from before
        result = yield Gather(key)
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


def do(key: str, command: object) -> Flow[str | None]:
    """What the command's handler returned."""
    result = yield Do(key, command)
    return result.value if isinstance(result, Done) else None
