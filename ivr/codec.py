"""Results to and from JSON, as the journal stores them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ivr.errors import BadEntry
from ivr.steps import (
    DialEnded,
    Digits,
    Done,
    Heard,
    HungUp,
    NoInput,
    QueueEnded,
    QueueSeen,
    Recorded,
    Result,
    Said,
)

_TYPES: Mapping[str, type[Result]] = {
    "digits": Digits,
    "said": Said,
    "recorded": Recorded,
    "no_input": NoInput,
    "heard": Heard,
    "queue_seen": QueueSeen,
    "queue_ended": QueueEnded,
    "dial_ended": DialEnded,
    "done": Done,
    "hung_up": HungUp,
}
_NAMES = {type_: name for name, type_ in _TYPES.items()}


def encode(result: Result) -> dict[str, Any]:
    """`{"type": "digits", "value": "2"}`."""
    fields = asdict(result)
    if isinstance(result, Recorded) and not result.remote_id:
        del fields["remote_id"]  # most recordings never lay elsewhere
    if isinstance(result, QueueEnded) and not result.talked_s:
        del fields["talked_s"]
    return {"type": _NAMES[type(result)], **fields}


def decode(stored: Mapping[str, Any]) -> Result:
    """The result that `encode` wrote.

    Raises:
        BadEntry: it names no known result or lacks a field.
    """
    if not isinstance(stored, Mapping):
        raise BadEntry(f"expected a result's fields, found {type(stored).__name__}")
    fields = dict(stored)
    name = str(fields.pop("type", "nothing"))
    if name not in _TYPES:
        raise BadEntry(f"expected one of {', '.join(_TYPES)}, found {name}")
    try:
        return _TYPES[name](**fields)
    except TypeError as error:
        raise BadEntry(f"{name} does not have the fields {', '.join(fields) or 'none'}") from error
