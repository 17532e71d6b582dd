"""`hotline doctor`: says what is wrong with this installation, and what mends it."""

import json
from collections.abc import Callable
from dataclasses import asdict

import click

from hotline.doctor import (
    Check,
    NotReady,
    State,
    check,
    check_asterisk,
    check_disk,
    check_port,
    check_python,
    check_secrets,
    run_checks,
)
from hotline.errors import BadSetting
from hotline.settings import Settings, read_settings
from hotline.speech_health import SpeechState, speech_health
from hotline.twilio_health import check_twilio

_SET_UP = "run `make run` once: it does what is missing"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(as_json: bool) -> None:
    """Check everything that calls need; exit code 1 when something keeps them away."""
    try:
        settings = read_settings()
    except BadSetting as error:
        mend = "correct it in the environment or .env"
        checks = [check_python(), Check("settings", State.FAIL, str(error), mend)]
    else:
        checks = run_checks(standard_checks(settings))
    failed = any(one.state is State.FAIL for one in checks)
    if as_json:
        rows = [asdict(one) for one in checks]
        click.echo(json.dumps({"ok": not failed, "checks": rows}, ensure_ascii=False, indent=1))
    else:
        width = max(len(one.name) for one in checks)
        for one in checks:
            click.echo(f"{one.state:4}  {one.name:{width}}  {one.found}")
            if one.mend:
                click.echo(f"{'':4}  {'':{width}}  → {one.mend}")
    if failed:
        raise click.exceptions.Exit(1)


def standard_checks(settings: Settings) -> list[Callable[[], Check]]:
    """What an installation with these settings needs, in the order in which to mend it."""
    data = settings.data
    sip = settings.asterisk != "none"
    return [
        check_python,
        lambda: check_disk(data, "HOTLINE_DATA"),
        lambda: check_disk(settings.cache, "HOTLINE_CACHE"),
        lambda: check_secrets(settings.secrets),
        lambda: _database(settings),
        lambda: _published(settings),
        lambda: check_asterisk(settings.asterisk, settings.cache),
        *(
            [lambda: check_port("sip", "HOTLINE_SIP_BIND", settings.sip_bind, ("udp", "tcp"), data)]
            if sip
            else []
        ),
        *(
            lambda bind=bind: check_port("agi", "HOTLINE_AGI_BINDS", bind, ("tcp",), data)
            for bind in settings.agi_binds
        ),
        *(
            [
                lambda: check_port(
                    "speech", "HOTLINE_SPEECH_BIND", settings.speech_bind, ("tcp",), data
                )
            ]
            if settings.speech != "none"
            else []
        ),
        lambda: _speech_service(settings),
        lambda: check_port("web", "HOTLINE_WEB_BIND", settings.web_bind, ("tcp",), data),
        lambda: _prompts(settings),
        lambda: _voices(settings),
        lambda: _speech_model(settings),
        lambda: check_twilio(settings),
    ]


def _database(settings: Settings) -> Check:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from storage import migrations
    from storage.database import open_engine
    from storage.errors import StorageError

    def probe() -> str:
        url = make_url(settings.database)
        # Looking must not make an empty file.
        file = url.database if url.get_backend_name() == "sqlite" else None
        if file and not settings.database_url and not (settings.data / "hotline.sqlite3").exists():
            raise NotReady(f"none yet at {file}", _SET_UP)
        engine = open_engine(settings.database)
        try:
            current, head = migrations.current(engine), migrations.head()
        finally:
            engine.dispose()
        if current != head:
            raise NotReady(
                f"tables at {current or 'nothing'}, need {head}", "run `hotline migrate`"
            )
        return f"{url.get_backend_name()}, tables at {head}"

    mend = "make sure that HOTLINE_DATABASE_URL is right and its server runs"
    return check("database", probe, mend, SQLAlchemyError, StorageError)


def _published(settings: Settings) -> Check:
    from sqlalchemy.exc import SQLAlchemyError

    from hotline.published_health import MEND, settings_health
    from hotline.wiring import look_at_published
    from provinces.errors import ProvinceError
    from storage.errors import StorageError

    def probe() -> str:
        state, found = settings_health(look_at_published(settings))
        if state != "ready":
            raise NotReady(found, MEND, State.WARN)
        return found

    return check(
        "published settings",
        probe,
        "run `hotline province check`",
        ProvinceError,
        StorageError,
        SQLAlchemyError,
    )


def _prompts(settings: Settings) -> Check:
    from hotline.voices import the_voices
    from hotline.wiring import the_province
    from ivr.errors import MissingPrompts
    from provinces.errors import ProvinceError

    def probe() -> str:
        found = the_voices(settings, the_province(settings))
        try:
            found.check()
        except MissingPrompts as error:
            raise NotReady(_short(str(error)), "run `hotline prompts render`") from error
        total = sum(len(prompts.names) for prompts in found.values())
        return f"{total} sounds ({', '.join(found.languages)}) in {settings.sounds}"

    mend = "run `hotline province check`"
    return check("prompts", probe, mend, MissingPrompts, ProvinceError)


def _voices(settings: Settings) -> Check:
    from hotline.voice_health import voice_health
    from hotline.wiring import the_province
    from provinces.errors import ProvinceError

    def probe() -> str:
        health = voice_health(settings, the_province(settings))
        if health.problems:
            found = f"{health.found}; {'; '.join(health.problems)}"
            mend = "see HOTLINE_VOICES in docs/prompts.md, then run `hotline prompts render`"
            raise NotReady(_short(found, 400), mend, State.WARN)
        return health.found

    return check("prompt voices", probe, "run `hotline province check`", ProvinceError)


def _speech_model(settings: Settings) -> Check:
    from hotline.speech_model import chosen_model, installed_model
    from speech.errors import SpeechError

    def probe() -> str:
        model = installed_model(settings)
        if model is None:
            wanted = chosen_model(settings)
            name = wanted.name if wanted else "a model"
            raise NotReady(
                f"{name} is not here: calls are recorded, words wait",
                "run `hotline models fetch`",
                State.WARN,
            )
        return model.name

    return check("speech model", probe, "choose another HOTLINE_SPEECH_MODEL", SpeechError)


def _speech_service(settings: Settings) -> Check:
    def probe() -> str:
        health = speech_health(settings)
        if health.state is SpeechState.AWAY:
            raise NotReady(health.found, health.mend, State.WARN)
        return health.found

    return check("speech service", probe, "choose another HOTLINE_SPEECH")


def _short(text: str, most: int = 200) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
