"""Whether somebody speaks, frame by frame of 32 ms, while the sound comes in.

Silero's detector, of which faster-whisper brings a copy (MIT), run by onnxruntime: 6 ms of
processor for a second of sound. Only this file imports onnxruntime.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from speech.errors import RecogniserUnavailable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FRAME_S = 0.032
SILERO_HZ = 16000
SILERO_FRAME = 512
SILERO_CONTEXT = 64
SILERO_STATE = (1, 1, 128)

Floats = npt.NDArray[np.float32]
# Takes the next frame of one stream (fractions of full scale), gives 0 (no voice) to 1.
Voice = Callable[[Floats], float]


def frame_length(rate_hz: int) -> int:
    """Samples in a frame."""
    return round(FRAME_S * rate_hz)


class VoiceDetector(Protocol):
    """Tells voices from other sounds; shared by streams, each of which has a `Voice`."""

    def voice(self, rate_hz: int) -> Voice:
        """The detector's ear for one stream; it remembers what it heard before.

        Raises:
            RecogniserUnavailable: library or model cannot be loaded.
        """
        ...


class SileroDetector:
    """Silero's detector, loaded at its first use."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._session: InferenceSession | None = None

    def voice(self, rate_hz: int) -> Voice:
        """See `VoiceDetector.voice`; for 8000 and 16000 Hz."""
        return _SileroVoice(self._loaded(), rate_hz)

    def _loaded(self) -> "InferenceSession":
        with self._loading:
            if self._session is None:
                self._session = _load()
            return self._session


class _SileroVoice:
    def __init__(self, session: "InferenceSession", rate_hz: int) -> None:
        self._session = session
        self._widen = _Doubled() if rate_hz < SILERO_HZ else None
        self._context = np.zeros(SILERO_CONTEXT, np.float32)
        self._h = np.zeros(SILERO_STATE, np.float32)
        self._c = np.zeros(SILERO_STATE, np.float32)

    def __call__(self, frame: Floats) -> float:
        wide = frame if self._widen is None else self._widen(frame)
        seen = np.concatenate([self._context, wide])
        self._context = wide[-SILERO_CONTEXT:]
        found, self._h, self._c = self._session.run(
            None, {"input": seen[np.newaxis], "h": self._h, "c": self._c}
        )
        return float(found[0])


class _Doubled:
    """8 kHz to 16 kHz without a seam between frames; 1 ms late.

    A half-band filter: every sample stays, and between two comes what a band-limited sound has
    there.
    """

    def __init__(self, reach: int = 8) -> None:
        at = np.arange(-reach, reach) + 0.5
        self._between = (np.sinc(at) * np.hanning(2 * reach + 2)[1:-1]).astype(np.float32)
        self._between /= self._between.sum()
        self._reach = reach
        self._before = np.zeros(2 * reach - 1, np.float32)

    def __call__(self, frame: Floats) -> Floats:
        heard = np.concatenate([self._before, frame])
        self._before = heard[len(heard) - len(self._before) :]
        doubled = np.empty(2 * len(frame), np.float32)
        doubled[0::2] = heard[self._reach - 1 :][: len(frame)]
        doubled[1::2] = np.convolve(heard, self._between, mode="valid")
        return doubled


def _load() -> "InferenceSession":
    try:
        # Imported late: 0.4 s, and only the speech service listens.
        import onnxruntime
        from faster_whisper.utils import get_assets_path
    except ImportError as error:
        raise RecogniserUnavailable(f"the voice detector is not usable: {error}") from error
    options = onnxruntime.SessionOptions()
    # One frame is too little work to share.
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    found = sorted(Path(get_assets_path()).glob("silero_vad*.onnx"))
    if not found:
        raise RecogniserUnavailable("expected a silero_vad model with faster-whisper, found none")
    try:
        return onnxruntime.InferenceSession(
            str(found[-1]), sess_options=options, providers=["CPUExecutionProvider"]
        )
    # Its exceptions have no common root of their own but RuntimeError and Exception.
    except Exception as error:
        raise RecogniserUnavailable(
            f"the voice detector cannot be loaded: {type(error).__name__}"
        ) from error
