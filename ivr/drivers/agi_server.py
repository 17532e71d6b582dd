"""FastAGI: one thread per call, each a conversation on one socket.

The server keeps nothing of a call. When it dies, the dialplan comes again to another
one, and the journal brings the caller back to the same question.
"""

import contextlib
import itertools
import secrets
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from ivr.conversation import Conversations, recording_name
from ivr.drivers.agi import Channel
from ivr.drivers.agi_lines import PATIENCE, Patience
from ivr.drivers.call_files import NotReached
from ivr.drivers.handover import orders, outcome_of
from ivr.drivers.listening import SpeechService
from ivr.drivers.recorder import Recorder
from ivr.drivers.turns import Telephone, WordsReady, perform
from ivr.engine import Arrival, Pending
from ivr.errors import AgiError, CallTaken, ChannelGone, NothingSaid, PeerConfused
from ivr.published_prompts import PublishedPrompts, voices_of_call
from ivr.steps import HungUp
from ivr.voices import Voices
from storage.errors import DATABASE_AWAY
from understanding.phone_number import read_phone_number

log = structlog.get_logger()

DRIVER = "agi"
# Above this the caller is handed to the next server, or may leave a recording at once.
# 500 calls at once were held with less than one core (2 MB of stack each).
MAX_CALLS = 500
# So many are told why they are refused; a flood beyond that is closed without a word.
MAX_REFUSALS = 50
REFUSAL = Patience(greeting_s=1.0, command_s=1.0)
# Q.931's presentation indicator, as Asterisk passes it in `agi_callingpres`.
PRESENTATION_MASK = 0x60
RESTRICTED = 0x20
# What the dialplan passes to AGI (asterisk_conf/extensions.conf).
OUTGOING, OUTCOME, CARRIER_CALL_ID = "agi_arg_1", "agi_arg_2", "agi_arg_3"
# Everything by which the channel knows its caller; ${CALLERID(all)} alone leaves the ANI.
CALLER_VARIABLES = ("CALLERID(all)", "CALLERID(ANI-all)", "CALLERID(RDNIS)")


@dataclass(frozen=True)
class Hotline:
    """What the AGI server needs to hold a call.

    `handling_s`: how long a person talks to a caller on average; None where nobody can sign in.
    `can_dial`: the dialplan may connect callers to the province's allow-listed numbers.
    `speech` listens for words, where it can. `published` knows what was recorded of the voices.
    `not_reached` is told of outgoing calls that nobody answered; `has_room` says whether the disk
    can take another recording.
    """

    conversations: Conversations
    voices: Voices
    recorder: Recorder
    words_ready: WordsReady
    handling_s: float | None = None
    can_dial: bool = False
    not_reached: NotReached | None = None
    has_room: Callable[[], bool] = lambda: True
    speech: SpeechService | None = None
    published: PublishedPrompts | None = None


def hold_call(channel: Channel, hotline: Hotline, holder: str) -> None:
    """One call from where it stands to its end, to the queue, or to the loss of its channel.

    Raises:
        AgiError: the connection failed; the dialplan will come again.
        CallTaken: a later visit carries the call; nothing was said to the dialplan.
    """
    at = hotline.conversations.begin(_arrival(channel, holder), hotline.recorder.take)
    telephone = Telephone(
        channel,
        voices_of_call(hotline.published, hotline.voices, at),
        hotline.recorder,
        hotline.words_ready,
        hotline.handling_s,
        hotline.can_dial,
        has_room=hotline.has_room,
    )
    dialplan = _Dialplan(channel)
    outcome = channel.greeting.get(OUTCOME, "")
    while at.turn.wait is not None:
        dialplan.tell(at)
        result = outcome_of(outcome, at) or perform(at.turn, telephone, recording_name(at))
        if result is None:
            dialplan.take_over(at)
            return
        at = hotline.conversations.advance(at, result)
        if isinstance(result, HungUp):
            break
    else:
        dialplan.tell(at)
        perform(at.turn, telephone, recording_name(at))
    # The call's end is stored with its last answer. The last act: until this is set, the
    # dialplan comes again.
    channel.set_variable("HOTLINE_DONE", "1")


class _Dialplan:
    """What the dialplan has to know of a call, for the case that it goes on without us."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._no_recording = False
        self._anonymous = False
        self._language = channel.greeting.get("agi_language", "")

    def tell(self, at: Pending) -> None:
        if at.recording_declined and not self._no_recording:
            self._channel.set_variable("HOTLINE_NO_RECORDING", "1")
            self._no_recording = True
        if at.anonymous and not self._anonymous:
            for name in CALLER_VARIABLES:
                self._channel.set_variable(name, "")
            self._anonymous = True
        if (language := at.turn.manner.language) != self._language:
            self._channel.set_variable("CHANNEL(language)", language)
            self._language = language

    def take_over(self, at: Pending) -> None:
        """Have the dialplan carry out the wait; whoever answers it next is told the outcome."""
        for name, value in orders(at).items():
            self._channel.set_variable(name, value)


def _arrival(channel: Channel, holder: str) -> Arrival:
    greeting: Mapping[str, str] = channel.greeting
    unique_id = greeting.get("agi_uniqueid", "")
    if not unique_id:
        raise PeerConfused("expected agi_uniqueid in the greeting, found none")
    number = None if withheld(greeting) else read_phone_number(greeting.get("agi_callerid", ""))
    called = greeting.get("agi_dnid", "")
    if called in ("", "unknown"):
        called = greeting.get("agi_extension", "")
    return Arrival(
        driver=DRIVER,
        driver_call_id=unique_id[:150],
        caller_number=number.e164 if number else None,
        called_number=called[:40],
        holder=holder,
        carrier_call_id=greeting.get(CARRIER_CALL_ID, "")[:200] or None,
        outgoing=greeting.get(OUTGOING) or None,
    )


def withheld(greeting: Mapping[str, str]) -> bool:
    """Whether the caller asked not to be named: a trusted trunk passes the number all the same."""
    presentation = greeting.get("agi_callingpres", "")
    return presentation.isdecimal() and int(presentation) & PRESENTATION_MASK == RESTRICTED


class AgiServer(socketserver.ThreadingTCPServer):
    """Listens for Asterisk; garbage, silence and floods on the port cost one thread each.

    `name` is new for each process: a call that a server of another name holds is not ours.
    """

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
        self.name = secrets.token_hex(6)
        self.hotline = hotline
        self.max_calls = max_calls
        self.patience = patience
        self._visits = itertools.count(1)
        self._places = threading.BoundedSemaphore(max_calls)
        self._refusals = threading.BoundedSemaphore(MAX_REFUSALS)
        super().__init__(address, _Request)

    def next_visit(self) -> str:
        """`<server>-<number>`: who holds the call from now on."""
        return f"{self.name}-{next(self._visits)}"

    def take_place(self) -> bool:
        return self._places.acquire(blocking=False)

    def leave_place(self) -> None:
        self._places.release()

    def take_refusal(self) -> bool:
        return self._refusals.acquire(blocking=False)

    def leave_refusal(self) -> None:
        self._refusals.release()


class _Request(socketserver.BaseRequestHandler):
    server: AgiServer

    def handle(self) -> None:
        if not self.server.take_place():
            log.error("call refused", why="all places are taken", places=self.server.max_calls)
            self._refuse()
            return
        try:
            self._hold()
        except NothingSaid:
            pass  # somebody looked whether the port answers
        except CallTaken as taken:
            log.warning("call taken by another server", why=str(taken))
        except AgiError as error:
            log.warning("connection lost", error=type(error).__name__, why=str(error))
        except Exception as error:  # the thread's last stop: the dialplan comes again
            log.exception("call broke off", error=type(error).__name__)
        finally:
            self.server.leave_place()

    def _hold(self) -> None:
        hotline = self.server.hotline
        channel = Channel(self.request, self.server.patience, hotline.speech)
        try:
            hold_call(channel, hotline, self.server.next_visit())
        except DATABASE_AWAY as error:
            # No other server could go on either: the caller may leave a recording at once.
            log.error("database away", error=type(error).__name__)
            with contextlib.suppress(ChannelGone):
                channel.set_variable("HOTLINE_LAST_RESORT", "1")

    def _refuse(self) -> None:
        """Tell the dialplan that we are full, so that it does not come again and again."""
        if not self.server.take_refusal():
            return
        try:
            Channel(self.request, REFUSAL).set_variable("HOTLINE_FULL", "1")
        except AgiError:
            pass  # it is refused all the same
        finally:
            self.server.leave_refusal()
