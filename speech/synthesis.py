"""Text to telephone sound, by espeak-ng in a process of its own."""

import base64
import contextlib
import json
import selectors
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

import numpy as np

from speech.errors import SynthesisFailed
from speech.level import is_silent, normalised, trimmed
from speech.sound import TELEPHONE_HZ, Sound, resampled
from speech.voices import Voice

ANSWER_LIMIT_S = 60.0


class Synthesiser:
    """Speaks any number of texts with one espeak-ng process; use it with `with`."""

    def __init__(self, answer_limit_s: float = ANSWER_LIMIT_S) -> None:
        self._answer_limit_s = answer_limit_s
        # Started in the folder that holds this package, where -m surely finds it.
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.espeak_process"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )

    def __enter__(self) -> "Synthesiser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process; speaking after this is an error."""
        pipes = (self._process.stdin, self._process.stdout)
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def speak(self, text: str, voice: Voice) -> Sound:
        """The spoken text: 8 kHz, even level, 100 ms of silence at both ends.

        Raises:
            SynthesisFailed: no such voice, nothing to hear, or espeak-ng is not usable.
        """
        request = {
            "text": text,
            "voice": voice.name,
            "speed_wpm": voice.speed_wpm,
            "pitch": voice.pitch,
        }
        answer = self._ask(json.dumps(request).encode() + b"\n")
        if "error" in answer:
            raise SynthesisFailed(f"{answer['error']} (asked with {asdict(voice)})")
        pcm = base64.b64decode(str(answer["pcm"]))
        spoken = Sound(np.frombuffer(pcm, dtype="<i2").astype(np.int16), int(answer["rate_hz"]))
        spoken = resampled(spoken, TELEPHONE_HZ)
        if is_silent(spoken):
            raise SynthesisFailed(f"espeak-ng made no sound of {text!r}")
        return trimmed(normalised(spoken))

    def _ask(self, request: bytes) -> dict[str, str | int]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        if stdin.closed:
            raise SynthesisFailed("the espeak-ng process was closed")
        # When it could not start, it has left its reason on the other pipe before it ended.
        with contextlib.suppress(BrokenPipeError):
            stdin.write(request)
        answer = bytearray()
        limit = time.monotonic() + self._answer_limit_s
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                if not selector.select(max(0.0, limit - time.monotonic())):
                    self._process.kill()
                    raise SynthesisFailed(f"no answer within {self._answer_limit_s:g} s")
                piece = stdout.read(1 << 20)
                if not piece:
                    raise SynthesisFailed("the espeak-ng process has ended")
                answer += piece
        decoded: dict[str, str | int] = json.loads(answer)
        return decoded
