"""The sounds of every language and pace: where they lie, which there are, and making them."""

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from hotline.settings import Settings
from ivr.errors import MissingPrompts
from ivr.prompts import Prompts
from ivr.voices import LiveVoices, Voices
from provinces.schema import Province
from speech.errors import SynthesisFailed
from speech.voices import AnyVoice, PiperProgram, PiperVoice, Voice, find_voice, slower, voice_label

if TYPE_CHECKING:
    from speech.sound import Sound

log = structlog.get_logger()

SLOW = "-slow"  # after the language, in the names of folders
UNITS = "units"

# Two who make the same sounds at once would write the same files, and forget what the other made.
_rendering = threading.Lock()


@dataclass(frozen=True)
class VoiceSounds:
    """One language at one pace: its prompts, and what their sounds are made of.

    `studios` are folders of recordings, the first that has a sound is taken: who asked for
    slower words hears a recording at its own pace where no slower one was made. `units` are
    folders of recorded units, likewise. `spare` speaks when `voice`, one of Piper's, cannot.
    """

    slow: bool
    prompts: Prompts
    studios: tuple[Path, ...]
    units: tuple[Path, ...]
    voice: AnyVoice | None
    spare: Voice | None
    piper: PiperProgram


def voice_sounds(settings: Settings, province: Province) -> tuple[VoiceSounds, ...]:
    """What there is to make for the languages that can be spoken, the first one first."""
    return tuple(
        sounds
        for language in spoken_languages(province)
        for sounds in of_language(settings, province, language)
    )


def spoken_languages(province: Province) -> tuple[str, ...]:
    """Languages with a wording that a voice speaks, or that was recorded whole.

    The province's first language comes first.
    """
    order = [*province.languages, *province.wording]
    worded = [language for language in dict.fromkeys(order) if language in province.wording]
    return tuple(language for language in worded if _can_be_heard(province, language))


def of_language(
    settings: Settings, province: Province, language: str
) -> tuple[VoiceSounds, VoiceSounds]:
    """A worded language at the ordinary pace and slower."""
    own = find_voice(language)
    file = settings.voice_files.get(language)
    piper = PiperProgram(settings.voice_command, settings.voice_limit_s, settings.run / "voices")

    def at_pace(slow: bool) -> VoiceSounds:
        voice, spare = PiperVoice(file, language) if file else own, own if file else None
        folders = (f"{language}{SLOW}", language) if slow else (language,)
        return VoiceSounds(
            slow=slow,
            prompts=Prompts(
                province.wording[language],
                language,
                settings.sounds / folders[0],
                province.spoken.get(language, {}),
            ),
            studios=tuple(
                place / folder
                for folder in folders
                for place in (settings.prompts_played_alone, province.folder / "sounds")
            ),
            units=tuple(
                place / folder / UNITS
                for folder in folders
                for place in (settings.recorded_units, province.folder / "sounds")
            ),
            voice=slower(voice) if slow and voice else voice,
            spare=slower(spare) if slow and spare else spare,
            piper=piper,
        )

    return at_pace(False), at_pace(True)


def the_voices(settings: Settings, province: Province) -> Voices:
    """What calls are spoken in."""
    return Voices(
        {
            (sounds.prompts.language, sounds.slow): sounds.prompts
            for sounds in voice_sounds(settings, province)
        }
    )


def live_voices(settings: Settings, province: Province) -> Voices:
    """The same, following what is published of the province while the process runs."""
    lock = threading.Lock()
    known: tuple[object, Voices] | None = None

    def find() -> Voices:
        nonlocal known
        wording = province.wording
        with lock:
            if known is None:
                known = wording, the_voices(settings, province)
            elif known[0] is not wording:
                try:
                    known = wording, the_voices(settings, province)
                except MissingPrompts as error:
                    log.error("words not taken", why=str(error))
                    known = wording, known[1]  # what held goes on holding
            return known[1]

    find()  # what cannot be worded is better known now than in a call
    return LiveVoices(find)


def render(all_sounds: Iterable[VoiceSounds]) -> Mapping[str, tuple[str, ...]]:
    """Makes what is missing or changed: the names made, by folder. One at a time in a process.

    Raises:
        SpeechError: a text could not be spoken, or a recording cannot be read.
        MissingPrompts: a language without a voice is not recorded whole.
    """
    from ivr.prompt_sounds import render_missing
    from speech.piper import Piper
    from speech.synthesis import Synthesiser

    def made(sounds: VoiceSounds) -> tuple[str, tuple[str, ...]]:
        own = isinstance(sounds.voice, PiperVoice)
        names = render_missing(
            sounds.prompts,
            sounds.studios,
            sounds.voice,
            partial(Piper, sounds.piper) if own else Synthesiser,
            units=sounds.units,
            spare=sounds.spare,
        )
        return sounds.prompts.folder.name, names

    # Each has a process that speaks; two of them and this one keep two processors busy.
    with _rendering, ThreadPoolExecutor(max_workers=2) as pool:
        return dict(pool.map(made, all_sounds))


def speak(text: str, sounds: VoiceSounds) -> tuple["Sound", str]:
    """One text in the voice that would speak it as a prompt, and that voice's label.

    Raises:
        SynthesisFailed: it could not be spoken, by the spare voice neither.
    """
    from speech.piper import Piper
    from speech.spare_voice import with_spare
    from speech.synthesis import Synthesiser

    if sounds.voice is None:
        raise SynthesisFailed(f"no voice speaks {sounds.prompts.language!r}")

    def work(voice: AnyVoice) -> "tuple[Sound, str]":
        if isinstance(voice, PiperVoice):
            with Piper(sounds.piper) as piper:
                return piper.speak(text, voice), voice_label(voice)
        with Synthesiser() as synthesiser:
            return synthesiser.speak(text, voice), voice_label(voice)

    voices = (sounds.voice, sounds.spare) if sounds.spare else (sounds.voice,)
    return with_spare(voices, sounds.prompts.language, work)


def _can_be_heard(province: Province, language: str) -> bool:
    if find_voice(language) is not None:
        return True
    from ivr.prompt_sounds import unrecorded

    studio = province.folder / "sounds" / language
    prompts = Prompts(province.wording[language], language, studio)
    return not unrecorded(prompts, (studio,), (studio / UNITS,))
