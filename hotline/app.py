"""The web application: API, console, health and metrics, put together from the settings.

It must start quickly and stay small: neither the job engine nor a recogniser is imported.
"""

import importlib.metadata
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from apiflask import APIFlask
from flask import Response, request, url_for

from api.addresses import client_address
from api.blueprint import register_api
from api.health import Check, Report, database_check, disk_check, port_check, register_health
from api.limits import Allowance, Limits
from api.metrics import register_metrics
from api.open311.blueprint import register_open311
from api.openapi import SPEC_PATH
from api.problems import install_problems
from api.sensorthings.blueprint import register_sensorthings
from api.services import ApiServices
from citizens.blueprint import register_citizens
from citizens.pages import problem_page as citizens_problem_page
from citizens.paths import language_of
from citizens.services import CitizensServices
from console.blueprint import problem_page, register_console
from console.map.tiles import Tiles
from console.prompts.desk import PromptDesk
from console.services import ConsoleServices
from console.simulator import Simulated, SimulatedCall
from console.visit import install_visits, visitor
from hotline.clock import utc_now
from hotline.live_health import the_live_services
from hotline.pack_checks import check_province
from hotline.phones import the_phones
from hotline.published_health import settings_health
from hotline.settings import Settings
from hotline.speech_health import speech_health
from hotline.speech_model import installed_model
from hotline.texting import serve_twilio_sms, sms_health
from hotline.understood import (
    FindPlaces,
    danger_of,
    places_of,
    proposals_of,
    understanding_of,
)
from hotline.voices import live_voices
from hotline.weights import own_file
from hotline.wiring import follow_province, open_database
from ivr.errors import MissingPrompts
from ivr.voices import Voices
from monitoring.telling import Duty
from notifications.destinations import Destinations
from provinces.schema import Province
from reports.alarms import Watch
from reports.proposals import Propose
from reports.web_filing import Alert
from speech.errors import ModelError
from storage.crypto import read_or_make_key
from storage.jobs import warm_up

DISTRIBUTION = "hotline-19009120"
VISIT_KEY = "visits.key"
MAX_BODY_BYTES = 1_000_000

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def create_app(settings: Settings) -> APIFlask:
    """The application, ready to be served; it opens no connection before the first request.

    Raises:
        ProvinceError: the configured province cannot be loaded.
        StorageError: the database URL or a key is unusable.
    """
    engine = open_database(settings)
    published = follow_province(settings, engine)
    province = published.province
    app = APIFlask(
        __name__,
        title=f"Hotline {province.hotline_number}",
        version=importlib.metadata.version(DISTRIBUTION),
        spec_path=SPEC_PATH,
        docs_path=None,  # its pages would fetch scripts from another site
        static_folder=None,  # type: ignore[arg-type]  # the console has its own
    )
    app.extensions["database"] = engine
    app.extensions["published"] = published  # started by the process that serves
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.autoescape = True
    install_visits(app, read_or_make_key(settings.secrets / VISIT_KEY).decode())

    alert = Alert(danger_of(province), Watch(settings.alert_numbers))
    console = ConsoleServices(
        engine=engine,
        clock=utc_now,
        province=province,
        attachments=settings.attachments,
        recording_url=lambda name: url_for("api.recording", name=name),
        simulate=lambda call: _simulate(settings, call),
        alert=alert,
        propose=lambda words: propose()(words),
        find_places=lambda words: places()(words),
        recordings=settings.recordings,
        before_writing=lambda: warm_up(settings.database),
        published=published,
        check_pack=check_province,
        boundaries=settings.boundaries,
        uploads=settings.uploads,
        tiles=Tiles(settings.tiles_url, settings.tiles_credit) if settings.tiles_url else None,
        phones=the_phones(settings),
        live=the_live_services(settings, engine),
        prompts=PromptDesk(lambda: voices().now, settings.prompt_takes),
        duty=Duty(settings.alert_numbers),
    )
    allowance = Allowance(
        storage=settings.limits_storage,
        citizen_browser=f"{settings.citizens_browser_hour}/hour",
        citizen_address=f"{settings.citizens_address_hour}/hour",
    )
    api = ApiServices(
        engine=engine,
        recordings=settings.recordings,
        clock=utc_now,
        category_names=lambda code: category_names(province, code),
        unit_name=lambda unit: unit_name(province, unit),
        province=province,
        attachments=settings.attachments,
        alert=alert,
        console_user=lambda: visitor(engine, utc_now()),
        before_writing=console.before_writing,
        allowance=allowance,
        destinations=Destinations(settings.webhook_networks),
        trusted_proxies=settings.trusted_proxies,
        boundaries=settings.boundaries,
        duty=console.duty,
    )

    # Read by the first who types: most pages do without.
    @cache
    def propose() -> Propose:
        return proposals_of(province, understanding_of(province, own_file(settings)))

    @cache
    def places() -> FindPlaces:
        return places_of(province)

    @cache
    def voices() -> Voices:
        return live_voices(settings, province)

    citizens = CitizensServices(
        engine=engine,
        clock=utc_now,
        province=province,
        attachments=settings.attachments,
        alert=alert,
        propose=lambda words: propose()(words),
        find_places=lambda words: places()(words),
        count=Limits(allowance).put_off,
        address=lambda: client_address(settings.trusted_proxies),
        before_writing=api.before_writing,
    )

    def page(status: int, name: str | None) -> Response:
        if settings.citizens and (language := language_of(request.path)):
            return citizens_problem_page(citizens, status, language, name)
        return problem_page(console, status, name)

    install_problems(app, page)
    register_metrics(app, engine, utc_now)
    checks = _checks(settings, voices, database_check(engine, _head))
    optional: Mapping[str, Report] = {
        "speech service": lambda: _speech_service(settings),
        "sms": lambda: sms_health(engine, settings.spool, utc_now()),
        "settings": lambda: settings_health(published),
    }
    register_health(app, checks, optional)
    register_api(app, api)
    register_open311(app, api)
    register_sensorthings(app, api)
    register_console(app, console)
    if settings.citizens:
        register_citizens(app, citizens)
    if settings.twilio_calls:
        from hotline.twilio_calls import serve_twilio  # brings the whole conversation

        serve_twilio(app, settings, province)
        serve_twilio_sms(app, engine, settings)
    return app


def _simulate(settings: Settings, call: SimulatedCall) -> Simulated:
    from hotline.rehearsal import simulate  # it brings the job engine, which no other page needs

    return simulate(settings, call)


def category_names(province: Province, code: str) -> Mapping[str, str]:
    """The names of a category or, as the phone's menu may choose one, of a group."""
    found = province.categories.get(code) or province.groups.get(code)
    return found.names if found else _NO_NAMES


def unit_name(province: Province, unit: str) -> str | None:
    """The full name of a unit, `edition:code`; None where the province no longer has it."""
    found = province.unit(unit)
    return found.full_name if found else None


def _checks(
    settings: Settings, voices: Callable[[], Voices], database: Check
) -> Mapping[str, Check]:
    agi = {f"agi {bind}": port_check(bind) for bind in settings.agi_binds}
    return {
        "database": database,
        "disk": disk_check(settings.data),
        "prompts": lambda: _prompts(voices),
        "speech model": lambda: _speech_model(settings),
        **agi,
    }


def _speech_service(settings: Settings) -> tuple[str, str]:
    health = speech_health(settings)
    return health.state, health.found


@cache
def _head() -> str:
    from storage import migrations  # Alembic takes half a second that starting need not wait for

    return migrations.head()


def _prompts(voices: Callable[[], Voices]) -> str | None:
    try:
        voices().check()
    except MissingPrompts:
        return "prompts have no sound, so calls are not answered: hotline prompts render"
    return None


def _speech_model(settings: Settings) -> str | None:
    try:
        found = installed_model(settings)
    except ModelError as error:
        return str(error)
    return None if found else "no speech model is here, recordings wait: hotline models fetch"
