"""The sounds of every language and pace: where they lie, which there are, and making them."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hotline.settings import Settings
from ivr.prompts import Prompts
from ivr.voices import Voices
from provinces.schema import Province
from speech.voices import Voice, find_voice, slower

SLOW = "-slow"  # after the language, in the names of folders


@dataclass(frozen=True)
class VoiceSounds:
    """One language at one pace: its prompts, and what their sounds are made of.

    `studios` are folders of recordings, the first that has a sound is taken: who asked for
    slower words hears a recording at its own pace where no slower one was made.
    """

    slow: bool
    prompts: Prompts
    studios: tuple[Path, ...]
    voice: Voice | None


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
    wording, voice = province.wording[language], find_voice(language)
    phrases = province.spoken.get(language, {})
    studio = province.folder / "sounds" / language
    slow_studio = province.folder / "sounds" / f"{language}{SLOW}"
    folder, slow_folder = settings.sounds / language, settings.sounds / f"{language}{SLOW}"
    return (
        VoiceSounds(False, Prompts(wording, language, folder, phrases), (studio,), voice),
        VoiceSounds(
            True,
            Prompts(wording, language, slow_folder, phrases),
            (slow_studio, studio),
            slower(voice) if voice else None,
        ),
    )


def the_voices(settings: Settings, province: Province) -> Voices:
    """What calls are spoken in."""
    return Voices(
        {
            (sounds.prompts.language, sounds.slow): sounds.prompts
            for sounds in voice_sounds(settings, province)
        }
    )


def render(all_sounds: Iterable[VoiceSounds]) -> Mapping[str, tuple[str, ...]]:
    """Makes what is missing or changed: the names made, by folder.

    Raises:
        SpeechError: a text could not be spoken, or a recording cannot be read.
        MissingPrompts: a language without a voice is not recorded whole.
    """
    from ivr.prompt_sounds import render_missing

    def made(sounds: VoiceSounds) -> tuple[str, tuple[str, ...]]:
        names = render_missing(sounds.prompts, sounds.studios, sounds.voice)
        return sounds.prompts.folder.name, names

    # Each has a process that speaks; two of them and this one keep two processors busy.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(pool.map(made, all_sounds))


def _can_be_heard(province: Province, language: str) -> bool:
    if find_voice(language) is not None:
        return True
    from ivr.prompt_sounds import unrecorded

    studio = province.folder / "sounds" / language
    return not unrecorded(Prompts(province.wording[language], language, studio), (studio,))
