"""Speaks texts with espeak-ng: `python -m speech.espeak_process`, one JSON request a line.

A request is {"text", "voice", "speed_wpm", "pitch"}; its answer, one line too, is
{"rate_hz", "pcm"} with 16-bit mono samples in base64, or {"error"}. The program ends with its
input.

espeak-ng is under the GPL and this project is not, so it is loaded here and nowhere else: no
other module imports this one, which is reached over pipes only. A crash of the C library also
ends this process alone.
"""

import base64
import ctypes
import json
import sys
from typing import Any

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000  # espeak would end the process when its data is missing
_UTF8 = 1
_RATE, _PITCH = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Speaker:
    """The loaded library; one at a time in a process, as espeak-ng keeps global state."""

    def __init__(self) -> None:
        # Imported here, so that its absence is an answer on the pipe and not a silent end.
        import espeakng_loader

        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate_hz = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DO_NOT_EXIT))
        if self.rate_hz <= 0:
            raise RuntimeError("espeak-ng cannot read its data")
        self._pcm = bytearray()
        # Kept in a field: ctypes frees a callback that nobody holds, and C would call into it.
        self._callback = _CALLBACK(self._keep)
        self._library.espeak_SetSynthCallback(self._callback)

    def _keep(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * 2)
        return 0

    def speak(self, text: str, voice: str, speed_wpm: int, pitch: int) -> bytes:
        """16-bit mono PCM of the text, at `rate_hz`."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice!r}")
        self._library.espeak_SetParameter(_RATE, speed_wpm, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        self._pcm.clear()
        content = text.encode()
        failed = self._library.espeak_Synth(
            content, ctypes.c_size_t(len(content) + 1), 0, 0, 0, _UTF8, None, None
        )
        if failed or self._library.espeak_Synchronize():
            raise RuntimeError(f"espeak-ng gave error {failed}")
        return bytes(self._pcm)


def main() -> None:
    try:
        speaker = Speaker()
    except (ImportError, OSError, RuntimeError) as error:
        _answer({"error": f"espeak-ng is not usable: {error}"})
        return
    for line in sys.stdin.buffer:
        try:
            request = json.loads(line)
            pcm = speaker.speak(
                request["text"], request["voice"], request["speed_wpm"], request["pitch"]
            )
            answer = {"rate_hz": speaker.rate_hz, "pcm": base64.b64encode(pcm).decode()}
        except (ValueError, KeyError, TypeError, RuntimeError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        _answer(answer)


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
