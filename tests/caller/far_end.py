"""A hotline and its line in virtual time: prompts, beeps, and what the caller did to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from hotline.caller.errors import LineDropped
from hotline.caller.hearing import FRAME_S, Hearing
from speech.sound import Samples
from tests.caller.sounds import beep, joined, packets, voice

LONGEST_S = 600.0


@dataclass(frozen=True)
class Turn:
    """A prompt, perhaps a beep, then a wait for a key of at most `wait_s` seconds."""

    prompt_s: float = 2.0
    beeps: bool = False
    wait_s: float = 100.0


class FakeLine:
    """Plays its turns, each ended by a key or by its wait; then hangs up. Keeps what it got."""

    def __init__(self, *turns: Turn, stays: bool = False) -> None:
        self.hearing = Hearing()
        self.now_s = 0.0
        self.over = False
        self.left = False
        self.pressed: list[tuple[float, str]] = []
        self.spoken: list[tuple[float, Samples]] = []
        self.beep_ended_at_s: list[float] = []
        self._stays = stays
        self._far_end = self._play(turns)

    async def until(self, condition: Callable[[float], bool]) -> None:
        while not condition(self.now_s):
            if self.over:
                raise LineDropped("the hotline hung up")
            assert self.now_s < LONGEST_S, "the caller waits for ever"
            self._tick()

    async def speak(self, samples: Samples) -> None:
        self.spoken.append((self.now_s, samples))
        end_s = self.now_s + len(samples) / 8000
        await self.until(lambda now_s: now_s >= end_s)

    async def press(self, digits: str) -> None:
        if self.over:
            raise LineDropped("the hotline hung up")
        self.pressed.append((self.now_s, digits))

    async def hang_up(self) -> None:
        self.left = self.left or not self.over
        self.over = True

    def _tick(self) -> None:
        self.now_s += FRAME_S
        packet = next(self._far_end, None)
        self.hearing.listen(np.empty(0, np.int16) if packet is None else packet, self.now_s)

    def _play(self, turns: tuple[Turn, ...]) -> Iterator[Samples | None]:
        for turn in turns:
            yield None
            yield from packets(joined(voice(turn.prompt_s))) if turn.prompt_s else []
            if turn.beeps:
                yield from packets(joined(beep()))
                self.beep_ended_at_s.append(self.now_s)
            keys = len(self.pressed)
            for _ in range(round(turn.wait_s / FRAME_S)):
                if len(self.pressed) > keys:
                    break
                yield None
        while self._stays:
            yield None
        self.over = True
