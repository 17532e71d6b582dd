"""SMS by SMPP 3.4, as Vietnamese gateways and carriers take them.

SMPP knows neither idempotency keys nor a way to ask for a message whose id is unknown. So a message
is handed over with as few others as the window says, and what was under way when a sender died is
sent again: as many duplicates for each death as the window is wide, one by default.
"""

from time import monotonic, sleep
from typing import Protocol

from notifications.errors import BadProvider, OutcomeUnknown, Refused, SendingFailed, TryLater
from notifications.providers.provider import Outgoing, Search
from notifications.providers.smpp_link import (
    AnswerLost,
    NotBound,
    SmppLink,
    SmscAccount,
)
from notifications.providers.smpp_parts import Delivered, Long, Pdu, pdus

NAME = "smpp"
BOUND_WITHIN_S = 5.0
# Once a part was taken, the rest is not given up lightly: half an SMS is none.
REST_WITHIN_S = 30.0
REST_PAUSE_S = 1.0
OK = 0x00
# Command statuses of SMPP 3.4, 5.1.3.
_THROTTLED = frozenset({0x14, 0x58})  # the queue is full; too much at once
_OF_THE_MESSAGE = frozenset({0x01, 0x0B, 0x50, 0x51, 0x65, 0x66})  # length, destination, for good
# This message alone may be what cannot be taken now; all else is the SMSC's own trouble, or that of
# the account: everything waits for it, and staff are told.
_PERHAPS_THE_MESSAGE = frozenset({0x45})  # submit_sm failed


class Taker(Protocol):
    """What an SMSC hands over goes here, in the thread of the connection."""

    def take(self, delivered: Delivered) -> None:
        """Keep it: it never comes again."""

    def close(self) -> None:
        """Nothing comes any more."""


class SmppProvider:
    name = NAME
    settle_s: float | None = None

    def __init__(
        self,
        account: SmscAccount,
        sender: str,
        arrivals: Taker,
        long: Long = "udh",
        bound_within_s: float = BOUND_WITHIN_S,
    ) -> None:
        if not sender:
            raise BadProvider("expected HOTLINE_SMS_SENDER: a number, a short code or a name")
        self._sender = sender
        self._long: Long = long
        self._bound_within_s = bound_within_s
        self._arrivals = arrivals
        self.at_once = account.window
        self._link = SmppLink(account, arrivals.take)

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
        self._arrivals.close()

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


def _named(status: int) -> SendingFailed:
    code = f"0x{status:02x}"
    if status in _THROTTLED:
        return TryLater(code, after_s=1.0)
    if status in _OF_THE_MESSAGE:
        return Refused(code)
    return TryLater(code, everybody=status not in _PERHAPS_THE_MESSAGE)
