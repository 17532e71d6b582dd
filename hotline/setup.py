"""Everything that has to be there before the first call, step by step; what is done is skipped.

Each step looks before it works, so that a second run costs a second.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from hotline.clock import utc_now
from hotline.download_bar import DownloadBar
from hotline.errors import SetupFailed
from hotline.private_files import write_private
from hotline.settings import Settings
from hotline.speech_model import chosen_model, installed_model, why_chosen
from hotline.telephony.fetch import provide_asterisk
from hotline.telephony.wanted import NONE
from hotline.wiring import LANGUAGE, database, the_province

NEEDED_BYTES = 1_500_000_000
CALLER_TOKEN = "caller.token"
FIRST_SIGN_IN = "first_sign_in"
CALLER_TOKEN_DAYS = 3650

Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One thing to set up. `work` does what is missing and tells in a line what is there now.

    A step that is not `needed` may fail without stopping the calls.
    """

    name: str
    work: Callable[[Settings, Say], str]
    needed: bool = True


def steps(settings: Settings) -> tuple[Step, ...]:
    """What this installation needs, in order."""
    asterisk = () if settings.asterisk == NONE else (Step("Asterisk", _asterisk),)
    return (
        Step("disk", _disk),
        Step("database", _database),
        Step("administrator", _administrator),
        *asterisk,
        Step("speech model", _model, needed=False),
        Step("prompts", _prompts),
    )


def _disk(settings: Settings, say: Say) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    settings.cache.mkdir(parents=True, exist_ok=True)
    free = min(shutil.disk_usage(folder).free for folder in (settings.data, settings.cache))
    # What is cached already needs no room again; the least that recordings need, always.
    needed = NEEDED_BYTES if not any(settings.cache.iterdir()) else NEEDED_BYTES // 3
    if free < needed:
        raise SetupFailed(
            f"expected {needed // 10**6} MB of free disk for {settings.data} and "
            f"{settings.cache}, found {free // 10**6} MB: free some, or set HOTLINE_DATA and "
            "HOTLINE_CACHE to a larger disk"
        )
    return f"{free // 10**9} GB free"


def _database(settings: Settings, say: Say) -> str:
    from storage import migrations

    with database(settings) as engine:
        if migrations.current(engine) != migrations.head():
            say("creating tables")
            migrations.upgrade(engine)
        return f"{engine.dialect.name}, tables at {migrations.head()}"


def _administrator(settings: Settings, say: Say) -> str:
    """The first person who can sign in, and the token with which `hotline call` reads reports."""
    from datetime import timedelta

    from sqlalchemy import select

    from accounts.models import User
    from accounts.tokens import issue_token
    from accounts.users import first_administrator
    from storage.database import reading, transaction

    token_file = settings.secrets / CALLER_TOKEN
    with database(settings) as engine, reading(engine) as session:
        known = session.scalar(select(User.id).limit(1)) is not None
    if known and token_file.exists():
        return "there is one"
    with database(settings) as engine, transaction(engine) as session:
        now = utc_now()
        made = first_administrator(session, now)
        user = session.scalars(select(User).order_by(User.created_at).limit(1)).one()
        lifetime = timedelta(days=CALLER_TOKEN_DAYS)
        token = issue_token(session, user, "hotline call", lifetime, now)
        write_private(token_file, f"{token.secret}\n")
        if made:
            write_private(settings.secrets / FIRST_SIGN_IN, f"{made.email} {made.password}\n")
    return "made" if made else "there is one; new token for `hotline call`"


def _asterisk(settings: Settings, say: Say) -> str:
    installation = provide_asterisk(settings.asterisk, settings.cache, say)
    return f"Asterisk {installation.version}"


def _model(settings: Settings, say: Say) -> str:
    from speech.catalogue import best_to_fetch
    from speech.errors import SpeechError
    from speech.fetching import fetch

    if installed_model(settings) is None:
        wanted = chosen_model(settings) or best_to_fetch(LANGUAGE)
        try:
            say("fetching " + wanted.name)
            with DownloadBar() as bar:
                fetch(wanted, settings.cache, settings.models, bar)
        except SpeechError as error:
            raise SetupFailed(
                f"{error}; calls are answered and recorded all the same, and the words follow "
                "once `hotline models fetch` succeeds"
            ) from error
    return explain_model(settings)


def explain_model(settings: Settings) -> str:
    """Which model listens, and why this one."""
    model = chosen_model(settings)
    if model is None:
        return "none: recordings wait for one"
    errors = "never measured by us"
    if model.measured is not None:
        errors = f"{model.measured.word_error_rate:.0%} of words wrong in our measurement"
    return f"{model.name} ({why_chosen(settings)}; {errors}: read its words as a draft)"


def _prompts(settings: Settings, say: Say) -> str:
    from hotline.published import lay_recordings
    from hotline.voices import render, the_voices
    from speech.errors import SpeechError

    province = the_province(settings)
    try:
        with database(settings) as engine:
            all_sounds = lay_recordings(settings, engine, province)
        rendered = render(all_sounds)
    except SpeechError as error:
        raise SetupFailed(f"the prompts could not be spoken: {error}") from error
    voices = the_voices(settings, province)
    voices.check()
    made = sum(len(names) for names in rendered.values())
    total = sum(len(prompts.names) for prompts in voices.values())
    spoken = ", ".join(voices.languages)
    return f"{total} sounds ({spoken}) in {settings.sounds}" + (f", {made} new" if made else "")
