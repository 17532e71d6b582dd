"""Carrying out a script on a line: waits by ear, speaks, presses, and notes what happened."""

from collections.abc import Callable, Iterable
from typing import Protocol

from hotline.caller.errors import LineDropped, NotHeard
from hotline.caller.hearing import Hearing
from hotline.caller.script import (
    Action,
    Answer,
    HangUp,
    KeepSilent,
    Press,
    PressAtOnce,
    Speak,
    WaitForPrompt,
)
from hotline.caller.story import Event, What
from speech.sound import Samples, Sound

# The hotline's own pauses between two turns are far shorter; its menus ask again after seven.
SPEECHLESS_S = 4.0
# Asterisk cuts off the last 200 ms before the key that ends a recording, lest its tone be heard;
# a person takes longer than that to find the key.
REACH_FOR_KEY_S = 0.3


class Line(Protocol):
    """One answered call, as the script's performer needs it."""

    hearing: Hearing

    @property
    def now_s(self) -> float:
        """Seconds since the call was dialled."""

    async def until(self, condition: Callable[[float], bool]) -> None:
        """Returns when the condition holds; it is asked 50 times a second, with `now_s`.

        Raises:
            LineDropped: the far end hung up first.
        """

    async def speak(self, samples: Samples) -> None:
        """Returns when the 8 kHz sound has been sent; raises LineDropped as `until` does."""

    async def press(self, digits: str) -> None:
        """Returns when the digits have been sent; raises LineDropped as `until` does."""

    async def hang_up(self) -> None:
        """Ends the call; no error if it has ended already."""


async def perform(
    script: Iterable[Action], line: Line, note: Callable[[Event], None], patience_s: float
) -> None:
    """Carries out the actions, then listens until the hotline hangs up or has nothing to say.

    `patience_s`: how long the line may be quiet while a prompt or beep is awaited.

    Raises:
        LineDropped: the hotline hung up before the script's end.
        NotHeard: an awaited prompt or beep did not come.
    """
    performer = _Performer(line, note, patience_s)
    for action in script:
        if isinstance(action, HangUp):
            await performer.leave()
            return
        await performer.act(action)
    await performer.hear_out()


class _Performer:
    def __init__(self, line: Line, note: Callable[[Event], None], patience_s: float) -> None:
        self._line = line
        self._note = note
        self._patience_s = patience_s
        self._doing = "the first prompt"

    async def act(self, action: Action) -> None:
        self._doing = _in_words(action)
        try:
            match action:
                case Press(digits):
                    await self._hear_prompt()
                    await self._press(digits)
                case PressAtOnce(digits):
                    await self._pass(REACH_FOR_KEY_S)
                    await self._press(digits)
                case Speak(sound, label):
                    await self._hear_beep()
                    await self._speak(sound, label)
                case Answer(sound, label, at_once):
                    if not at_once:
                        await self._hear_prompt()
                    await self._speak(sound, label)
                case KeepSilent(length_s):
                    self._tell(self._line.now_s, What.SILENT, {"length_s": length_s})
                    await self._pass(length_s)
                case WaitForPrompt():
                    await self._hear_prompt()
                    self._attend()
                case HangUp():
                    await self.leave()
        except LineDropped as error:
            at_s = self._line.now_s
            raise LineDropped(
                f"the hotline hung up after {at_s:.1f} s, before the script's end: {self._doing}"
            ) from error

    async def leave(self) -> None:
        self._tell(self._line.now_s, What.HUNG_UP, {"by": "caller"})
        await self._line.hang_up()

    async def hear_out(self) -> None:
        """The hotline has the last word; it usually hangs up itself."""
        hearing = self._line.hearing
        self._doing = "the hotline's last words"

        def has_spoken(now_s: float) -> bool:
            return hearing.has_sounded() and hearing.quiet_s(now_s) >= SPEECHLESS_S

        try:
            await self._wait(has_spoken, "a prompt")
        except LineDropped:
            self._tell(self._line.now_s, What.HUNG_UP, {"by": "hotline"})
        else:
            await self.leave()

    async def _hear_prompt(self) -> None:
        await self._wait(self._line.hearing.prompt_is_over, "a prompt")

    async def _hear_beep(self) -> None:
        await self._wait(lambda now_s: self._line.hearing.beep_is_over(), "a beep")

    async def _wait(self, heard: Callable[[float], bool], what: str) -> None:
        hearing = self._line.hearing
        await self._line.until(
            lambda now_s: heard(now_s) or hearing.quiet_s(now_s) >= self._patience_s
        )
        if not heard(self._line.now_s):
            raise NotHeard(
                f"expected {what} ({self._doing}), found a line that was quiet for "
                f"{self._patience_s:g} s, {self._line.now_s:.1f} s after dialling"
            )

    async def _pass(self, length_s: float) -> None:
        until_s = self._line.now_s + length_s
        await self._line.until(lambda now_s: now_s >= until_s)

    async def _speak(self, sound: Sound, label: str) -> None:
        began_s = self._attend()
        await self._line.speak(sound.samples)
        lasted_s = round(sound.length_s, 2)
        self._tell(began_s, What.SAID, {"sound": label, "length_s": lasted_s})

    async def _press(self, digits: str) -> None:
        began_s = self._attend()
        self._tell(began_s, What.PRESSED, {"digits": digits})
        await self._line.press(digits)

    def _attend(self) -> float:
        now_s = self._line.now_s
        self._line.hearing.attend(now_s)
        return now_s

    def _tell(self, at_s: float, what: What, details: dict[str, str | float]) -> None:
        self._note(Event(at_s, what, details))


def _in_words(action: Action) -> str:
    match action:
        case Press(digits) | PressAtOnce(digits):
            return f"--keys {digits}"
        case Speak(_, label):
            return f"speaking {label}"
        case Answer(_, label):
            return f"answering {label}"
        case KeepSilent(length_s):
            return f"--silence {length_s:g}"
        case WaitForPrompt():
            return "--wait-prompt"
        case HangUp():
            return "--hangup"
