"""Text to telephone sound by the operator's Piper, in a process of its own.

Piper is under the GPL, and its voices under many licences: it is nothing of ours. We start the
program that the operator names and talk to it as its command line is documented, by both the
Python package `piper-tts` and the older standalone program: texts on standard input, a line
each; a WAV file for each in the folder `-d`; and the file's name in a line of output once it is
whole. The model is loaded once for many texts.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from speech.errors import BrokenSound, SynthesisFailed
from speech.level import is_silent, normalised, trimmed
from speech.piper_voice import config_path, read_voice
from speech.sound import TELEPHONE_HZ, Sound, read_wav, resampled
from speech.voices import AnyVoice, PiperProgram, PiperVoice

GRACE_S = 2.0
MOST_OUTPUT_BYTES = 1_000_000
MOST_SHOWN = 160


class Piper:
    """Speaks any number of texts, one process for each voice; use it with `with`."""

    def __init__(self, program: PiperProgram) -> None:
        self._program = program
        self._running: _Running | None = None

    def __enter__(self) -> "Piper":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self, grace_s: float = GRACE_S) -> None:
        """Ends the process, by force after `grace_s`; speaking again starts another."""
        if self._running is not None:
            self._running.close(grace_s)
            self._running = None

    def speak(self, text: str, voice: AnyVoice) -> Sound:
        """The spoken text: 8 kHz, even level, 100 ms of silence at both ends.

        Raises:
            BadVoice: the voice's files are not a voice.
            SynthesisFailed: no Piper, or it ended, was silent, or took longer than its limit.
        """
        if not isinstance(voice, PiperVoice):
            raise SynthesisFailed(f"expected a voice of Piper's, found {voice}")
        if self._running is None or self._running.voice != voice:
            self.close()
            self._running = _Running(self._program, voice)
        try:
            spoken = resampled(self._running.speak(text), TELEPHONE_HZ)
        except SynthesisFailed:
            self.close(grace_s=0.0)
            raise
        if is_silent(spoken):
            raise SynthesisFailed(f"Piper made no sound of {text!r}")
        return trimmed(normalised(spoken))


class _Running:
    """One process of Piper's with its voice, and the folder it writes to."""

    def __init__(self, program: PiperProgram, voice: PiperVoice) -> None:
        self.voice = voice
        self._limit_s = program.limit_s
        scale = read_voice(voice).length_scale / voice.pace
        try:
            if program.folder is not None:
                program.folder.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix="piper-", dir=program.folder)
        except OSError as error:
            raise SynthesisFailed(f"nowhere to write speech to: {error}") from error
        files = ("-m", str(voice.model), "-c", str(config_path(voice.model)))
        try:
            # In a session of its own, so that what a wrapper script started ends with it.
            self._process = subprocess.Popen(
                [*program.command, *files, "-d", self._folder.name, "--length_scale", f"{scale:g}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                env=os.environ | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self._folder.cleanup()
            command = program.command[0] if program.command else ""
            why = getattr(error, "strerror", None) or str(error)
            raise SynthesisFailed(f"Piper cannot be started ({command}): {why}") from error

    def close(self, grace_s: float) -> None:
        pipes = (self._process.stdin, self._process.stdout)
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=grace_s)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._folder.cleanup()

    def speak(self, text: str) -> Sound:
        stdin = self._process.stdin
        assert stdin is not None
        # A line is a text: what is worded over several would come back as several sounds.
        line = " ".join(text.split())
        # When it could not start, it has left its reason on the other pipe before it ended.
        with contextlib.suppress(BrokenPipeError):
            stdin.write(f"{line}\n".encode())
        path = self._written()
        try:
            return read_wav(path)
        except BrokenSound as error:
            raise SynthesisFailed(f"Piper wrote no sound: {error}") from error
        finally:
            path.unlink(missing_ok=True)

    def _written(self) -> Path:
        """The file that Piper says it has written."""
        stdout = self._process.stdout
        assert stdout is not None
        said, last = b"", b""
        limit = time.monotonic() + self._limit_s
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while selector.select(max(0.0, limit - time.monotonic())):
                read = stdout.read(1 << 16)
                if not read:
                    raise SynthesisFailed(self._ended(said or last))
                said += read
                *lines, rest = said.split(b"\n")
                for line in lines:
                    last = line or last
                    if (path := self._named(line)) is not None:
                        return path
                said = rest[-MOST_OUTPUT_BYTES:]
                if time.monotonic() >= limit:
                    break
        raise SynthesisFailed(f"Piper wrote nothing within {self._limit_s:g} s")

    def _named(self, line: bytes) -> Path | None:
        """A WAV file of our folder of which the line tells."""
        words = line.decode(errors="replace").split()
        path = Path(self._folder.name) / Path(words[-1]).name if words else None
        return path if path is not None and path.suffix == ".wav" and path.is_file() else None

    def _ended(self, last: bytes) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=GRACE_S)
        words = " ".join(last.decode(errors="replace").split())[:MOST_SHOWN]
        return f"Piper ended with exit code {self._process.returncode}: {words or 'said nothing'}"
