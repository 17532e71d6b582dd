"""A turn in words: what the caller hears, for people who read instead of listening."""

from collections.abc import Mapping
from string import Formatter

from ivr.session import Turn
from ivr.steps import Dial, Enqueue, Gather, Hear, LookAtQueue, Record, Wait

Wording = Mapping[str, Mapping[str, str]]
"""Language to (prompt key to text)."""


Prompt = tuple[str, Mapping[str, str], str]
"""A prompt's key, its values, and the language in which it is said."""


def spoken(turn: Turn, wording: Wording) -> list[str]:
    """The sentences of `turn`, in order; a key that has no wording stands in brackets."""
    return [_sentence(key, values, wording.get(tag, {})) for key, values, tag in said(turn)]


def said(turn: Turn) -> list[Prompt]:
    """The prompts of `turn`, in order, that of its question last."""
    language = turn.manner.language
    prompts: list[Prompt] = [(say.key, say.values, say.language or language) for say in turn.says]
    if isinstance(turn.wait, Gather | Record):
        prompts.append((turn.wait.key, turn.wait.values, language))
    return prompts


def happening(wait: Wait | None) -> str | None:
    """What the caller meets at `wait` besides words; None where it is only listening for keys."""
    match wait:
        case Record():
            return "(beep)"
        case Hear():
            return "(the words are being found)"
        case LookAtQueue():
            return "(the queue is looked at)"
        case Enqueue(wait_s=wait_s, leave_keys=keys):
            leaving = f", {' or '.join(keys)} leaves it" if keys else ""
            return f"(waits for a person, at most {wait_s} s{leaving})"
        case Dial(number=number, limit_s=limit_s):
            return f"(is connected to {number}, at most {limit_s} s)"
        case _:
            return None


def _sentence(key: str, values: Mapping[str, str], texts: Mapping[str, str]) -> str:
    text = texts.get(key)
    if text is None:
        return " ".join([f"[{key}]", *(f"{name}={value}" for name, value in values.items())])
    parts = []
    for words, slot, _, _ in Formatter().parse(text):
        parts.append(words)
        if slot is not None:
            value = values.get(slot, f"[{slot}]")
            parts.append(_sentence(value[1:], {}, texts) if value.startswith("@") else value)
    return "".join(parts)
