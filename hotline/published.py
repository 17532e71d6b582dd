"""What was recorded in the console and published: put together for calls, pages and set-up."""

from sqlalchemy import Engine

from hotline.settings import Settings
from hotline.voices import VoiceSounds, render, voice_sounds
from ivr.published_prompts import PLAYED_ALONE, PublishedPrompts, lay_played_alone
from provinces.schema import Province
from storage.database import reading

LAY_EVERY_S = 60.0


def published_prompts(settings: Settings, engine: Engine) -> PublishedPrompts:
    """What calls hear of it."""
    return PublishedPrompts(engine, settings.prompt_takes)


def lay_published(settings: Settings, engine: Engine, province: Province) -> int:
    """Bring the sounds that Asterisk plays by itself to what is published; for how many voices
    they were made anew. What failed, or was broken off, is made the next time.

    Raises:
        SpeechError: a text could not be spoken, or a recording cannot be read.
        MissingPrompts: a language without a voice is not recorded whole.
    """
    from ivr.prompt_sounds import follows_studio  # numpy, which a call does without

    # First all are laid: what is heard at the ordinary pace may be heard at the slower one.
    behind = [
        sounds
        for sounds in lay_recordings(settings, engine, province)
        if sounds.prompts.folder.is_dir()  # before set-up, which makes all of them
        and not follows_studio(sounds.prompts, sounds.studios, PLAYED_ALONE)
    ]
    if behind:
        render(behind)
    return len(behind)


def lay_recordings(
    settings: Settings, engine: Engine, province: Province
) -> tuple[VoiceSounds, ...]:
    """Bring the recordings of what Asterisk plays by itself to what is published; all the sounds
    that there are to make, of them and of the rest."""
    every = voice_sounds(settings, province)
    with reading(engine) as session:
        for sounds in every:
            folder = settings.prompts_played_alone / sounds.prompts.folder.name
            lay_played_alone(session, sounds.prompts, sounds.slow, settings.prompt_takes, folder)
    return every
