"""Who speaks the prompts, and whether it is who was asked to."""

import shutil
from collections import Counter
from dataclasses import dataclass

from hotline.settings import Settings
from hotline.voices import VoiceSounds, of_language, spoken_languages
from provinces.schema import Province
from speech.errors import SpeechError
from speech.piper_voice import read_voice
from speech.voices import PiperVoice, voice_label

RECORDED = "recorded"


@dataclass(frozen=True)
class VoiceHealth:
    """Who speaks each language, as one line; what is wrong with it, empty where nothing is."""

    found: str
    problems: tuple[str, ...]


def voice_health(settings: Settings, province: Province) -> VoiceHealth:
    """Looks at the sounds that were made and the voices that are set; speaks nothing."""
    told, problems = [], []
    for language in spoken_languages(province):
        ordinary = of_language(settings, province, language)[False]
        told.append(f"{language}: {_speakers(ordinary)}")
        problems += _problems(ordinary)
    unknown = sorted(settings.voice_files.keys() - province.wording.keys())
    problems += [f"HOTLINE_VOICES: nothing is worded in {language!r}" for language in unknown]
    return VoiceHealth("; ".join(told), tuple(problems))


def _speakers(sounds: VoiceSounds) -> str:
    """By how much of it they speak: `recorded 120, Piper vi_VN-vais1000-medium 314`."""
    from ivr.prompt_sounds import read_manifest

    made = read_manifest(sounds.prompts.folder).values()
    counts = Counter(
        RECORDED if sound.source in ("studio", "units") else sound.voice or "espeak-ng"
        for sound in made
        if sound.source != "tone"
    )
    return ", ".join(f"{who} {count}" for who, count in counts.most_common()) or "no sounds yet"


def _problems(sounds: VoiceSounds) -> list[str]:
    from ivr.prompt_sounds import read_manifest

    voice = sounds.voice
    if not isinstance(voice, PiperVoice):
        return []
    problems = []
    try:
        read_voice(voice)
    except SpeechError as error:
        problems.append(str(error))
    program = sounds.piper.command[0]
    if shutil.which(program) is None:
        problems.append(f"HOTLINE_VOICE_PROGRAM: there is no program {program}")
    spoken = {made.voice for made in read_manifest(sounds.prompts.folder).values()}
    if not problems and sounds.spare and voice_label(sounds.spare) in spoken:
        problems.append(f"{voice_label(voice)} has not spoken what {voice_label(sounds.spare)} did")
    return problems
