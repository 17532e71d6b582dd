"""A turn on an Asterisk channel: AGI commands out, a result back. Blocking.

The only file that knows pyst2 (module `asterisk`). Its class is subclassed once: own
constructor over a socket, own line reader, own quoting. Each way in which Asterisk or
pyst2 reports trouble becomes one named error of `ivr.errors` here and nowhere else.
"""

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from asterisk import agi as pyst

from ivr.drivers.agi_lines import GREETING_LINES, PATIENCE, Lines, Nowhere, Out, Patience
from ivr.drivers.listening import Asked, Key, SpeechService, Words, answer_of
from ivr.errors import (
    AgiError,
    ChannelGone,
    CommandFailed,
    PeerConfused,
    ServerLeft,
    SpeechGone,
)

CHANNEL_UP = "6"
# Asterisk reads command lines of at most 2047 bytes.
SOUNDS_BYTES = 1800
# What pyst2 raises over a line that is no reply.
_NOT_A_REPLY = (ValueError, LookupError, OverflowError)
_KEYS = frozenset("0123456789*#")
_UNSAFE = str.maketrans({'"': "'", "\n": " ", "\r": " ", "\\": "/", "\0": " "})


class _Agi(pyst.AGI):  # type: ignore[misc]  # pyst2 has no types
    """pyst2's commands over a socket, usable from any thread."""

    def __init__(self, connection: socket.socket, patience: Patience) -> None:
        # pyst2's own constructor installs a signal handler: a ValueError outside the main thread.
        self.stdin = Lines(connection, patience)
        self.stdout = Out(connection)
        self.stderr = Nowhere()
        self._got_sighup = False
        self.env = self._read_greeting(time.monotonic() + patience.greeting_s)

    def _read_greeting(self, deadline: float) -> dict[str, str]:
        greeting: dict[str, str] = {}
        for line in self._greeting_lines(deadline):
            name, colon, value = line.partition(":")
            if not name.startswith("agi_") or not colon:
                raise PeerConfused("expected an AGI greeting (agi_…: …), found something else")
            greeting[name] = value.strip()
        return greeting

    def _greeting_lines(self, deadline: float) -> Iterator[str]:
        if (lines := self.stdin.whole_greeting(deadline)) is not None:
            yield from lines
            return
        for _ in range(GREETING_LINES):
            if not (line := self.stdin.readline(deadline).strip()):
                return
            yield line
        raise PeerConfused(f"expected at most {GREETING_LINES} lines of greeting, found more")

    def get_result(self, stdin: object = None) -> dict[str, tuple[str, str]]:
        """pyst2's own prints each reply prettily to nowhere, the dearest part of a command."""
        line = self.stdin.readline()
        if not line.startswith("200 "):
            self.stdin.put_back(line)
            refused: dict[str, tuple[str, str]] = super().get_result()
            return refused
        result: dict[str, tuple[str, str]] = {"result": ("", "")}
        for key, value, data in pyst.re_kv.findall(line[4:].strip()):
            result[key] = (value, data)
            if data == "hangup":
                raise pyst.AGIResultHangup("User hungup during execution")
            if key == "result" and value == "-1":
                raise pyst.AGIAppError("Error executing application, or hangup")
        return result

    def _quote(self, text: object) -> str:
        # pyst2 escapes nothing: a quote or line break in a value would start another command.
        return f'"{str(text).translate(_UNSAFE)}"'


class Channel:
    """The few things that we ask of a live channel. Times in milliseconds, as AGI counts.

    Raises, from every method:
        ChannelGone: the caller has hung up.
        ServerLeft: the connection ended while the call may go on.
        CommandFailed: Asterisk refused or failed the command.
    """

    def __init__(
        self,
        connection: socket.socket,
        patience: Patience = PATIENCE,
        speech: SpeechService | None = None,
    ) -> None:
        """`speech`: who listens for words; nobody does without it.

        Raises: PeerConfused, ServerLeft, NothingSaid: no AGI greeting came, or not in time.
        """
        self._agi = _Agi(connection, patience)
        self._speech = speech

    @property
    def greeting(self) -> Mapping[str, str]:
        """Asterisk's `agi_…` variables of the call."""
        return self._agi.env

    def play(self, sound: str, escape_digits: str = "") -> str:
        """Play a sound (a path without its extension); the key that cut it short, or ''."""
        quoted = self._agi._quote(sound)
        return _key(self._do(self._agi.stream_file, quoted, escape_digits))

    def wait_for_digit(self, timeout_ms: int) -> str:
        """The key that was pressed within the time, or ''."""
        return _key(self._do(self._agi.wait_for_digit, timeout_ms))

    def record(self, path: str, max_length_ms: int, silence_s: int, escape_digits: str) -> str:
        """Record to `<path>.wav` until a key, silence or the limit; the key that ended it, or ''.

        There is no beep. A hangup ends a recording too: the next command tells of it, the sound
        is there.
        """
        try:
            ended_by = self._agi.record_file(
                path, "wav", escape_digits, max_length_ms, 0, "", silence_s
            )
            return _key(ended_by)
        except (pyst.AGIResultHangup, pyst.AGIAppError):
            return ""
        except pyst.AGIError as error:
            # pyst2 fails to name some endings (silence, hangup) although the sound exists.
            if type(error) is not pyst.AGIError:
                raise self._named(error) from error
            return ""
        except _NOT_A_REPLY as error:
            raise self._named(error) from error

    def listen(self, sounds: Sequence[str], asked: Asked) -> Key | Words | None:
        """Play sounds and wait for a key or for one of the phrases; either cuts the sounds short.

        A key at any time wins. None: silence, noise, or words that are none of the phrases.

        Raises:
            SpeechGone: nobody can listen; no key is lost by it, but the sounds may have been
                played already (`asked`).
        """
        if self._speech is None:
            raise SpeechGone("no speech service is set")
        while len("&".join(sounds).encode()) > SOUNDS_BYTES:
            if key := self.play(sounds[0], "".join(sorted(_KEYS))):
                return Key(key)
            sounds = sounds[1:]
        with self._speech.listening(asked) as token:
            self.set_variable("HOTLINE_SOUNDS", "&".join(sounds))
            self.set_variable("HOTLINE_HEARD", "")
            try:
                # All in one command: between two, Asterisk throws keys away.
                self._do(self._agi.execute, "GOSUB", "hotline-listen", "s", "1", token)
            except CommandFailed as error:
                raise SpeechGone("Asterisk cannot listen") from error
            heard = self.full_variable("${HOTLINE_HEARD}")
        if heard:
            return answer_of(heard)
        # The dialplan did not come to its end: a hangup, or a module that is not there.
        if isinstance(why := self._named(pyst.AGIError("GOSUB")), CommandFailed):
            raise SpeechGone("Asterisk cannot listen")
        raise why

    def set_variable(self, name: str, value: str) -> None:
        self._do(self._agi.set_variable, name, value)

    def full_variable(self, expression: str) -> str | None:
        """What Asterisk makes of `${…}`; None where it is empty or unknown."""
        value = self._do(self._agi.get_full_variable, expression)
        return str(value) or None

    def _do(self, command: Any, *arguments: object) -> Any:
        if self._agi.stdin.hung_up and command != self._agi.set_variable:
            raise ChannelGone("Asterisk sent HANGUP")
        try:
            return command(*arguments)
        except AgiError:
            raise
        except (pyst.AGIException, *_NOT_A_REPLY) as error:
            raise self._named(error) from error

    def _named(self, error: Exception) -> AgiError:
        """pyst2's name for trouble is often the wrong one: ask the channel how it is."""
        if isinstance(error, pyst.AGIHangup):
            return ChannelGone(type(error).__name__)
        try:
            status = self._agi.execute("CHANNEL STATUS")["result"][0]
        except ServerLeft as lost:
            return lost  # the caller may still be there
        except (AgiError, pyst.AGIException, *_NOT_A_REPLY):
            return ChannelGone("the channel does not answer any more")
        if status != CHANNEL_UP or self._agi.stdin.hung_up:
            return ChannelGone(f"channel state {status}")
        return CommandFailed(f"{type(error).__name__} on a live channel")


def _key(value: object) -> str:
    text = str(value or "")
    return text if text in _KEYS else ""
