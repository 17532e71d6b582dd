"""FastAGI: one thread per call, each a conversation on one socket.

The server keeps nothing of a call. When it dies, the dialplan comes again to another
one, and the journal brings the caller back to the same question.
"""

import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from ivr.conversation import Conversations, recording_name
from ivr.drivers.agi import PATIENCE, Channel, Patience
from ivr.drivers.recorder import Recorder
from ivr.drivers.turns import Telephone, perform
from ivr.engine import Arrival
from ivr.errors import AgiError, NothingSaid, PeerConfused
from ivr.facts import CallFacts
from ivr.prompts import Prompts
from ivr.steps import HungUp
from understanding.phone_number import PhoneNumber, read_phone_number

log = structlog.get_logger()

DRIVER = "agi"
# Above this the socket is closed at once: the dialplan turns to the next server, or
# apologises. 500 calls at once were held with less than one core (2 MB of stack each).
MAX_CALLS = 500
# Q.931's presentation indicator, as Asterisk passes it in `agi_callingpres`.
PRESENTATION_MASK = 0x60
RESTRICTED = 0x20


@dataclass(frozen=True)
class Hotline:
    """What the AGI server needs to hold a call."""

    conversations: Conversations
    prompts: Prompts
    recorder: Recorder
    facts_for: Callable[[PhoneNumber | None], CallFacts]


def hold_call(channel: Channel, hotline: Hotline) -> None:
    """One call from where it stands to its end, or to the moment its channel is lost.

    Raises:
        AgiError: the connection failed; the dialplan will come again.
    """
    at = hotline.conversations.begin(_arrival(channel, hotline), hotline.recorder.take)
    telephone = Telephone(channel, hotline.prompts, hotline.recorder)
    told_not_to_record = False
    while at.turn.wait is not None:
        if at.recording_declined and not told_not_to_record:
            channel.set_variable("HOTLINE_NO_RECORDING", "1")
            told_not_to_record = True
        result = perform(at.turn, telephone, recording_name(at))
        at = hotline.conversations.advance(at, result)
        if isinstance(result, HungUp):
            break
    else:
        perform(at.turn, telephone, recording_name(at))
    hotline.conversations.end(at.call_id)
    # The last act: until this is set, the dialplan comes again.
    channel.set_variable("HOTLINE_DONE", "1")


def _arrival(channel: Channel, hotline: Hotline) -> Arrival:
    greeting: Mapping[str, str] = channel.greeting
    unique_id = greeting.get("agi_uniqueid", "")
    if not unique_id:
        raise PeerConfused("expected agi_uniqueid in the greeting, found none")
    number = None if _withheld(greeting) else read_phone_number(greeting.get("agi_callerid", ""))
    called = greeting.get("agi_dnid", "")
    if called in ("", "unknown"):
        called = greeting.get("agi_extension", "")
    return Arrival(
        driver=DRIVER,
        driver_call_id=unique_id[:150],
        caller_number=number.e164 if number else None,
        called_number=called[:40],
        facts=hotline.facts_for(number),
        carrier_call_id=(channel.full_variable("${CHANNEL(pjsip,call-id)}") or "")[:200] or None,
    )


def _withheld(greeting: Mapping[str, str]) -> bool:
    """Whether the caller asked not to be named: a trusted trunk passes the number all the same."""
    presentation = greeting.get("agi_callingpres", "")
    return presentation.isdecimal() and int(presentation) & PRESENTATION_MASK == RESTRICTED


class AgiServer(socketserver.ThreadingTCPServer):
    """Listens for Asterisk; garbage, silence and floods on the port cost one thread each."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        hotline: Hotline,
        max_calls: int = MAX_CALLS,
        patience: Patience = PATIENCE,
    ) -> None:
        self.hotline = hotline
        self.max_calls = max_calls
        self.patience = patience
        self._places = threading.BoundedSemaphore(max_calls)
        super().__init__(address, _Request)

    def take_place(self) -> bool:
        return self._places.acquire(blocking=False)

    def leave_place(self) -> None:
        self._places.release()


class _Request(socketserver.BaseRequestHandler):
    server: AgiServer

    def handle(self) -> None:
        if not self.server.take_place():
            log.error("call refused", why="all places are taken", places=self.server.max_calls)
            return
        try:
            hold_call(Channel(self.request, self.server.patience), self.server.hotline)
        except NothingSaid:
            pass  # somebody looked whether the port answers
        except AgiError as error:
            log.warning("connection lost", error=type(error).__name__, why=str(error))
        except Exception as error:  # the thread's last stop: the dialplan comes again
            log.exception("call broke off", error=type(error).__name__)
        finally:
            self.server.leave_place()
