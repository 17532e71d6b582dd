"""The word in a short recording at the provider: fetched, heard by our own recogniser, deleted.

A caller waits meanwhile, and so does the provider for our answer: what cannot be had in time is
`SpeechGone`, whatever was in the way.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass, field

import structlog

from ivr.drivers.listening import Asked, Quiet, SpeechService, Words
from ivr.errors import ProviderAway, SoundGone, SpeechGone
from ivr.short_recordings import ShortRecordings
from speech.errors import BrokenSound
from speech.sound import TELEPHONE_HZ, Sound, resampled, wav_sound
from storage.errors import DATABASE_AWAY

log = structlog.get_logger()

FETCH_S = 4.0
WHOLE_S = 7.0  # one more for the journal and the way
LOOK_AGAIN_S = 0.25
# As many threads of a web server may wait for words at once; it has others to answer.
AT_ONCE = 8
STATE_COUNTS_S = 2.0


@dataclass(frozen=True)
class Limits:
    """How long fetching may take, and everything together."""

    fetch_s: float = FETCH_S
    whole_s: float = WHOLE_S


@dataclass
class ShortWords:
    """What one web server shares; safe for all its threads."""

    recordings: ShortRecordings
    speech: SpeechService
    limits: Limits = Limits()
    monotonic: Callable[[], float] = time.monotonic
    _places: threading.Semaphore = field(init=False, repr=False)
    _fetching: ThreadPoolExecutor = field(init=False, repr=False)
    _deleting: ThreadPoolExecutor = field(init=False, repr=False)
    _state: tuple[float, bool] = field(init=False, repr=False, default=(float("-inf"), False))

    def __post_init__(self) -> None:
        self._places = threading.Semaphore(AT_ONCE)
        self._fetching = ThreadPoolExecutor(AT_ONCE, "fetch-words")
        self._deleting = ThreadPoolExecutor(2, "delete-words")

    def listens(self) -> bool:
        """Whether anybody would hear a word now; asked anew every other second."""
        at, listens = self._state
        if self.monotonic() >= at + STATE_COUNTS_S:
            try:
                state = self.speech.state()
                listens = bool(state.engine) and state.free > 0
            except SpeechGone:
                listens = False
            self._state = (self.monotonic(), listens)
        return listens

    def note(self, remote_id: str) -> None:
        """It will be deleted, whatever happens to this server."""
        self.recordings.note(remote_id)

    def forget(self, remote_id: str) -> None:
        """Have it deleted now, while the call goes on."""
        self._deleting.submit(self._forget, remote_id)

    def heard(self, remote_id: str, asked: Asked) -> Words | Quiet:
        """The word of `asked` that was said.

        Raises:
            SpeechGone: it could not be had in time.
        """
        until = self.monotonic() + self.limits.whole_s
        if not self._places.acquire(blocking=False):
            raise SpeechGone("as many callers are waited for as may be", asked=True)
        try:
            pcm = self._pcm(remote_id)
            return self.speech.hear(asked, pcm, until - self.monotonic())
        finally:
            self._places.release()

    def _pcm(self, remote_id: str) -> bytes:
        until = self.monotonic() + self.limits.fetch_s
        fetching = self._fetching.submit(self._fetched, remote_id, until)
        try:
            sound = wav_sound(fetching.result(self.limits.fetch_s), remote_id)
        except (NotInTime, ProviderAway, SoundGone, BrokenSound) as error:
            fetching.cancel()
            why = f"short recording not fetched ({type(error).__name__})"
            log.warning("nobody listens for words", why=why)
            raise SpeechGone(why, asked=True) from error
        return _as_pcm(sound)

    def _fetched(self, remote_id: str, until: float) -> bytes:
        while True:
            try:
                return self.recordings.remote.sound(remote_id)
            except SoundGone:  # it is made ready within a moment
                if self.monotonic() >= until:
                    raise
                time.sleep(LOOK_AGAIN_S)

    def _forget(self, remote_id: str) -> None:
        try:
            self.recordings.forget(remote_id)
        except (ProviderAway, *DATABASE_AWAY) as error:  # the worker tries again
            log.warning("short recording not deleted", why=type(error).__name__)


def _as_pcm(sound: Sound) -> bytes:
    return resampled(sound, TELEPHONE_HZ).samples.astype("<i2").tobytes()
