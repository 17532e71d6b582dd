"""Delivery receipts as SMSCs write them: in parameters of their own, or in a line of text.

The text is that of SMPP 3.4's appendix B, `id:… stat:DELIVRD err:000 …`; it is a custom
and no rule, so every field may be missing or written another way.
"""

import re
from collections.abc import Mapping

from notifications.models import PartState
from notifications.receipts import Receipt

# message_state of SMPP 3.4, 5.2.28.
_STATES: Mapping[int, tuple[PartState, str]] = {
    1: (PartState.ACCEPTED, "ENROUTE"),
    2: (PartState.DELIVERED, "DELIVRD"),
    3: (PartState.FAILED, "EXPIRED"),
    4: (PartState.FAILED, "DELETED"),
    5: (PartState.FAILED, "UNDELIV"),
    6: (PartState.ACCEPTED, "ACCEPTD"),
    7: (PartState.FAILED, "UNKNOWN"),
    8: (PartState.FAILED, "REJECTD"),
}
_BY_NAME = {name: state for state, name in _STATES.values()}
_FIELD = re.compile(r"\b(id|stat|err):\s*([^\s:]+)", re.IGNORECASE)
_RECEIPT, _KINDS = 0x04, 0x3C
_NAME_LENGTH = 7


def is_receipt(esm_class: int) -> bool:
    """Whether a deliver_sm tells of a message of ours, rather than being one of somebody's."""
    return esm_class & _KINDS == _RECEIPT


def read_receipt(
    provider: str, text: bytes, message_id: str | None, message_state: int | None
) -> Receipt | None:
    """What the receipt says; the parameters go before the text. None: no id, or no known state."""
    found = {name.lower(): value for name, value in _FIELD.findall(text.decode("latin-1"))}
    provider_id = message_id or found.get("id")
    known = _STATES.get(message_state) if message_state is not None else None
    name = known[1] if known else found.get("stat", "").upper()[:_NAME_LENGTH]
    state = _BY_NAME.get(name)
    if not provider_id or state is None:
        return None
    error = found.get("err")
    reason = f"{name} {error}" if error and error.strip("0") else name
    return Receipt(
        provider, provider_id[:80], state, reason[:60] if state is PartState.FAILED else None
    )
