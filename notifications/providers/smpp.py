"""SMS by SMPP 3.4, as Vietnamese gateways and carriers take them.

SMPP knows neither idempotency keys nor a way to ask for a message whose id is unknown. So a message
is handed over with as few others as the window says, and what was under way when a sender died is
sent again: as many duplicates for each death as the window is wide, one by default.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic, sleep

import structlog

from notifications.errors import BadProvider, OutcomeUnknown, Refused, SendingFailed, TryLater
from notifications.providers.provider import Outgoing, Search
from notifications.providers.smpp_link import (
    AnswerLost,
    Delivered,
    NotBound,
    SmppLink,
    SmscAccount,
)
from notifications.providers.smpp_parts import Fragment, Long, Pdu, pdus, read_fragment
from notifications.providers.smpp_receipts import is_receipt, read_receipt
from notifications.receipts import Receipt

log = structlog.get_logger()

NAME = "smpp"
BOUND_WITHIN_S = 5.0
# Once a part was taken, the rest is not given up lightly: half an SMS is none.
REST_WITHIN_S = 30.0
REST_PAUSE_S = 1.0
JOINED_WITHIN_S = 120.0
OK = 0x00
# Command statuses of SMPP 3.4, 5.1.3.
_THROTTLED = frozenset({0x14, 0x58})  # the queue is full; too much at once
_OF_THE_MESSAGE = frozenset({0x01, 0x0B, 0x50, 0x51, 0x65, 0x66})  # length, destination, for good
# This message alone may be what cannot be taken now; all else is the SMSC's own trouble, or that of
# the account: everything waits for it, and staff are told.
_PERHAPS_THE_MESSAGE = frozenset({0x45})  # submit_sm failed


@dataclass(frozen=True)
class IncomingSms:
    """An SMS that somebody sent to us, its parts joined."""

    sender: str = field(repr=False)
    text: str = field(repr=False)


class SmppProvider:
    name = NAME
    settle_s: float | None = None

    def __init__(
        self,
        account: SmscAccount,
        sender: str,
        on_receipt: Callable[[Receipt], None],
        on_incoming: Callable[[IncomingSms], None],
        long: Long = "udh",
        bound_within_s: float = BOUND_WITHIN_S,
    ) -> None:
        if not sender:
            raise BadProvider("expected HOTLINE_SMS_SENDER: a number, a short code or a name")
        self._sender = sender
        self._long: Long = long
        self._bound_within_s = bound_within_s
        self._on_receipt = on_receipt
        self._on_incoming = on_incoming
        self._joining = Joining()
        self.at_once = account.window
        self._link = SmppLink(account, self._delivered)

    def send(self, message: Outgoing) -> tuple[str, ...]:
        if not self._link.wait_bound(self._bound_within_s):
            raise TryLater("not_bound")
        ids: list[str] = []
        reference = int(message.id[-4:], 16)  # the same when it is sent again
        for pdu in pdus(message.parts, reference, self._long):
            ids.append(self._part(message, pdu, len(ids)))
        return tuple(ids)

    def find(self, search: Search) -> tuple[str, ...] | None:
        raise NotImplementedError("an SMSC cannot be asked: settle_s is None")

    def close(self) -> None:
        self._link.close()

    def _part(self, message: Outgoing, pdu: Pdu, number: int) -> str:
        begun = number > 0
        deadline_s = monotonic() + REST_WITHIN_S
        while True:
            try:
                answer = self._link.submit(self._sender, message.to_number, pdu)
            except NotBound as error:
                raise (OutcomeUnknown("half_sent") if begun else TryLater("not_bound")) from error
            except AnswerLost as error:
                raise OutcomeUnknown("answer_lost") from error
            if answer.status == OK:  # some SMSCs give no id: then no receipt finds it
                return answer.message_id or f"{message.id}-{number}"
            failure = _named(answer.status)
            if not begun or isinstance(failure, Refused):
                raise failure
            if monotonic() >= deadline_s:
                raise OutcomeUnknown("half_sent")
            sleep(REST_PAUSE_S)

    def _delivered(self, delivered: Delivered) -> None:
        if is_receipt(delivered.esm_class):
            receipt = read_receipt(
                NAME, delivered.content, delivered.receipted_id, delivered.message_state
            )
            if receipt is None:
                log.warning("receipt that says nothing", length=len(delivered.content))
            else:
                self._on_receipt(receipt)
            return
        fragment = read_fragment(
            delivered.content, delivered.data_coding, delivered.esm_class, delivered.sar
        )
        for whole in self._joining.add(delivered.sender, fragment):
            self._on_incoming(whole)


class Joining:
    """Parts of incoming SMS until all are there; what waits too long for the rest goes without.

    Whoever writes next, to whomever, has what is overdue handed on.
    """

    def __init__(self, clock_s: Callable[[], float] = monotonic) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, int, int], dict[int, str]] = {}
        self._since_s: dict[tuple[str, int, int], float] = {}

    def add(self, sender: str, fragment: Fragment) -> list[IncomingSms]:
        """What is complete now, or waited for the rest in vain, whoever sent it."""
        if fragment.total <= 1:
            return [IncomingSms(sender, fragment.text), *self._overdue()]
        key = (sender, fragment.reference, fragment.total)
        with self._lock:
            parts = self._waiting.setdefault(key, {})
            self._since_s.setdefault(key, self._clock_s())
            parts[fragment.number] = fragment.text
            done = [self._take(key)] if len(parts) == fragment.total else []
        return done + self._overdue()

    def _overdue(self) -> list[IncomingSms]:
        latest_s = self._clock_s() - JOINED_WITHIN_S
        with self._lock:
            return [self._take(key) for key, s in list(self._since_s.items()) if s < latest_s]

    def _take(self, key: tuple[str, int, int]) -> IncomingSms:
        del self._since_s[key]
        parts = self._waiting.pop(key)
        return IncomingSms(key[0], "".join(parts[number] for number in sorted(parts)))


def _named(status: int) -> SendingFailed:
    code = f"0x{status:02x}"
    if status in _THROTTLED:
        return TryLater(code, after_s=1.0)
    if status in _OF_THE_MESSAGE:
        return Refused(code)
    return TryLater(code, everybody=status not in _PERHAPS_THE_MESSAGE)
