"""Parts of a hotline that a test watches or sets: where calls stand, the hour, the prompts."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import numpy as np

from hotline.call_facts import prepare_calls
from hotline.settings import Settings
from hotline.telephony.wanted import NONE
from ivr.conversation import Conversations, FindRecording
from ivr.engine import Arrival, Pending, Prepare
from ivr.prompt_sounds import render_missing
from ivr.prompts import Prompts
from ivr.steps import Result
from ivr.voices import Voices
from provinces.schema import Province
from speech.sound import TELEPHONE_HZ, Sound, write_wav
from speech.voices import find_voice
from tests.asterisk.live_calls import Line, Situation

# A working day in the morning: staff are on duty, whenever the test runs.
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)
HOLIDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SHORT_S = 0.04


class MorningClock:
    """Real time, but from `MORNING` on."""

    def __init__(self) -> None:
        self._began = monotonic()

    def __call__(self) -> datetime:
        return MORNING + timedelta(seconds=monotonic() - self._began)


@dataclass(frozen=True)
class WatchedConversations(Conversations):
    """Conversations that tell where each call stands once that is committed."""

    stands: Callable[[str | None, Pending], None]

    def begin(self, arrival: Arrival, find_recording: FindRecording = lambda name: None) -> Pending:
        at = super().begin(arrival, find_recording)
        self.stands(arrival.driver_call_id, at)
        return at

    def advance(self, at: Pending, result: Result) -> Pending:
        reached = super().advance(at, result)
        self.stands(None, reached)
        return reached


class _CuedPrompts(Prompts):
    """Tells which prompt is spoken next."""

    def __init__(
        self, province: Province, language: str, folder: Path, speaks: Callable[[str], None]
    ) -> None:
        phrases = province.spoken.get(language, {})
        super().__init__(province.wording[language], language, folder, phrases)
        self._speaks = speaks

    def sounds(self, key: str, values: Mapping[str, str]) -> tuple[str, ...]:
        found = super().sounds(key, values)
        self._speaks(key)
        return found


class CuedVoices(Voices):
    """Short sounds for most calls, real prompts for those that want them; both give cues.

    A call is told by its thread, which is named by `speaks_for` when it takes the call.
    """

    def __init__(self, short: Voices, spoken: Prompts, province: Province) -> None:
        self._thread = threading.local()
        cued = {
            (language, slow): _CuedPrompts(province, language, prompts.folder, self._cue)
            for (language, slow), prompts in short.items()
        }
        super().__init__(cued)
        self._spoken = _CuedPrompts(province, "vi", spoken.folder, self._cue)

    def speaks_for(self, line: Line) -> None:
        self._thread.line = line

    def __getitem__(self, voice: tuple[str, bool]) -> Prompts:
        line = self._line()
        if line is not None and line.plan.spoken and voice == ("vi", False):
            return self._spoken
        return super().__getitem__(voice)

    def _cue(self, key: str) -> None:
        if (line := self._line()) is not None:
            line.cues.put(key)

    def _line(self) -> Line | None:
        line: Line | None = getattr(self._thread, "line", None)
        return line


def prepares(settings: Settings, province: Province) -> Mapping[Situation, Prepare]:
    """How a call is prepared by the hour, by the settings and by how much there is to do."""
    by_key = settings.model_copy(update={"speech": NONE})
    alone = by_key.model_copy(update={"emergency_dial": False})
    crowded = replace(province, limits=replace(province.limits, express_calls=0))
    usual = prepare_calls(alone, province)
    return {
        "usual": usual,
        "can_connect": prepare_calls(by_key, province),
        "hears_words": prepare_calls(
            settings.model_copy(update={"emergency_dial": False}), province
        ),
        "flood": prepare_calls(alone, crowded),
        "closed": lambda session, arrival, now: usual(session, arrival, EVENING),
        "holiday": lambda session, arrival, now: usual(session, arrival, HOLIDAY),
    }


def lay_short_sounds(voices: Voices) -> None:
    silence = Sound(np.zeros(round(SHORT_S * TELEPHONE_HZ), np.int16), TELEPHONE_HZ)
    for prompts in voices.values():
        prompts.folder.mkdir(parents=True, exist_ok=True)
        sample = prompts.folder / f"{prompts.names[0]}.wav"
        write_wav(sample, silence)
        for name in prompts.names[1:]:
            (prompts.folder / f"{name}.wav").write_bytes(sample.read_bytes())


def spoken_prompts(settings: Settings, province: Province) -> Prompts:
    """Vietnamese prompts as callers hear them."""
    prompts = Prompts(province.wording["vi"], "vi", settings.data / "spoken" / "vi")
    render_missing(prompts, (), find_voice("vi"))
    return prompts
