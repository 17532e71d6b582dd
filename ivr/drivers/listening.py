"""Asking the speech service to listen to a caller, from the thread that holds the call.

The service is asked before Asterisk is: Asterisk waits without end for a recogniser that takes its
connection and keeps silent, a thread of ours does not. The connection stays open while the caller
is listened to; when this process dies the service sees it, and ends the wait.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from ivr.errors import SpeechGone

log = structlog.get_logger()

SUBPROTOCOL = Subprotocol("hotline.listening")  # speech.service_asked says what is said
# A service that lives answers in milliseconds; a caller hears nothing meanwhile.
PATIENCE_S = 0.4
# So long nobody asks one again that did not answer: not every question of a call shall wait.
LEFT_ALONE_S = 3.0
SCORES = 1000  # Asterisk's scores are whole numbers
CLOSING_S = 0.1
EXTRA_MS = 4000
MAX_ANSWER_BYTES = 4096
PIECE_BYTES = 32_000


@dataclass(frozen=True)
class Key:
    """A key that was pressed."""

    value: str


@dataclass(frozen=True)
class Words:
    """One of the phrases, as `speech.phrases.checked` writes it; confidence 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Asked:
    """How to listen: for which phrases, and for how long.

    `timeout_ms` counts from the end of the question; who is speaking then has `extra_ms` more.
    `pause_ms` of silence end the words. `meanings` may say what each phrase stands for: doubt
    between two of the same meaning is none.
    """

    phrases: Sequence[str]
    language: str
    timeout_ms: int
    pause_ms: int
    meanings: Sequence[str] = ()
    extra_ms: int = EXTRA_MS


@dataclass(frozen=True)
class ServiceState:
    """Engine and model ("" while none is loaded), callers listened to, places left."""

    engine: str
    used: int
    free: int


@dataclass(frozen=True)
class Quiet:
    """No word of the list was said; `spoke`: but something was."""

    spoke: bool


class _NoAnswer(SpeechGone):
    """It is not worth asking again at once."""


class SpeechService:
    """The speech service at HOST:PORT, as all threads of one server see it."""

    def __init__(
        self,
        address: str,
        patience_s: float = PATIENCE_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address = address
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._alone_until = 0.0

    @contextlib.contextmanager
    def listening(self, asked: Asked) -> Iterator[str]:
        """The token under which Asterisk's sound is listened to, meanwhile.

        Raises:
            SpeechGone: it does not answer, did not a moment ago, or has no place.
        """
        with contextlib.ExitStack() as stack:
            with self._unless_left_alone():
                token = _token(self._ask(stack, _as_text(asked))[1])
            yield token

    def hear(self, asked: Asked, pcm: bytes, limit_s: float) -> Words | Quiet:
        """What was said in a short recording: 8 kHz mono 16-bit, whole. `asked.timeout_ms` counts
        for nothing: nobody has to be waited for.

        Raises:
            SpeechGone: it does not answer, or not within `limit_s`, or has no place.
        """
        until = self._monotonic() + limit_s
        with contextlib.ExitStack() as stack:
            with self._unless_left_alone():
                connection, answer = self._ask(stack, _as_whole(asked, len(pcm)))
                _be_ready(answer)
            try:
                for at in range(0, len(pcm), PIECE_BYTES):
                    connection.send(pcm[at : at + PIECE_BYTES])
                return _heard(connection.recv(max(0.0, until - self._monotonic())))
            except (OSError, WebSocketException) as error:
                why = f"the recogniser is gone ({type(error).__name__})"
                raise SpeechGone(why, asked=True) from error

    def state(self) -> ServiceState:
        """How the service is.

        Raises:
            SpeechGone: it does not answer.
        """
        with contextlib.ExitStack() as stack:
            match _json(self._ask(stack, json.dumps({"ask": "state"}))[1]):
                case {"engine": str(engine), "used": int(used), "free": int(free)}:
                    return ServiceState(engine, used, free)
        raise _NoAnswer("what answers is no speech service")

    @contextlib.contextmanager
    def _unless_left_alone(self) -> Iterator[None]:
        with self._lock:
            if self._monotonic() < self._alone_until:
                raise SpeechGone("the speech service did not answer a moment ago")
        try:
            yield
        except _NoAnswer as error:
            with self._lock:
                self._alone_until = self._monotonic() + LEFT_ALONE_S
            log.warning("nobody listens for words", why=str(error))
            raise

    def _ask(
        self, stack: contextlib.ExitStack, question: str
    ) -> tuple[ClientConnection, str | bytes]:
        """The answer, on a connection that stays open as long as `stack` does."""
        try:
            connection = stack.enter_context(
                connect(
                    f"ws://{self.address}/",
                    subprotocols=[SUBPROTOCOL],
                    open_timeout=self._patience_s,
                    close_timeout=CLOSING_S,
                    ping_interval=None,
                    compression=None,
                    max_size=MAX_ANSWER_BYTES,
                    user_agent_header=None,
                    proxy=None,
                )
            )
            connection.send(question)
            return connection, connection.recv(self._patience_s)
        except (OSError, WebSocketException) as error:  # a TimeoutError is an OSError
            why = f"the speech service does not answer: {type(error).__name__}"
            raise _NoAnswer(why) from error


def answer_of(heard: str) -> Key | Words | None:
    """What the dialplan heard: `<what>:<score>:<text>` (asterisk_conf/extensions.conf).

    Raises:
        SpeechGone: nobody could listen, or not to the end.
    """
    told, _, rest = heard.partition(":")
    score, _, text = rest.partition(":")
    match told:
        case "dtmf":
            return Key(text) if text and text in "0123456789*#" else None
        case "heard" if score.isdecimal():
            return Words(text, int(score) / SCORES)
        case "nothing":
            return None
        case "none":
            raise SpeechGone("Asterisk did not reach the speech service")
        case _:
            raise SpeechGone(f"the recogniser is gone ({told})", asked=True)


def _as_whole(asked: Asked, sound_bytes: int) -> str:
    return json.dumps(
        {
            "ask": "hear",
            "language": asked.language,
            "phrases": list(asked.phrases),
            "meanings": list(asked.meanings),
            "pause_ms": asked.pause_ms,
            "sound_bytes": sound_bytes,
        },
        ensure_ascii=False,
    )


def _be_ready(answer: str | bytes) -> None:
    match _json(answer):
        case {"ready": True}:
            return
        case {"refused": str(why)}:
            raise SpeechGone(why)
        case _:
            raise _NoAnswer("what answers is no speech service")


def _heard(answer: str | bytes) -> Words | Quiet:
    match _json(answer):
        case {"heard": "", "spoke": bool(spoke)}:
            return Quiet(spoke)
        case {"heard": str(text), "confidence": float(confidence) | int(confidence)}:
            return Words(text, float(confidence))
        case {"lost": str(why)}:
            raise SpeechGone(f"the recogniser is gone ({why})", asked=True)
        case _:
            raise SpeechGone("what answers is no speech service", asked=True)


def _as_text(asked: Asked) -> str:
    return json.dumps(
        {
            "ask": "listen",
            "language": asked.language,
            "phrases": list(asked.phrases),
            "meanings": list(asked.meanings),
            "pause_ms": asked.pause_ms,
            "timeout_ms": asked.timeout_ms,
            "extra_ms": asked.extra_ms,
        },
        ensure_ascii=False,
    )


def _token(answer: str | bytes) -> str:
    match _json(answer):
        case {"token": str(token)} if token.isalnum():
            return token
        case {"refused": str(why)}:
            raise SpeechGone(why)
        case _:
            raise _NoAnswer("what answers is no speech service")


def _json(answer: str | bytes) -> object:
    try:
        value: object = json.loads(answer)
    except ValueError:
        return None
    return value
