"""The list of prompts, a prompt's page, and how it all sounds."""

from collections.abc import Sequence
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, request, send_file
from werkzeug.exceptions import NotFound

from accounts.users import emails_of
from console.errors import BadForm
from console.pages import Pages
from console.prompts.desk import PromptDesk, Voice, find_voice, read_said, spoken_url, voices_of
from console.prompts.limits import MOST_UPLOAD_BYTES
from console.prompts.view import State, chosen, drafts_of, neighbours, read_asked
from console.services import ConsoleServices
from ivr.errors import MissingPrompts, UnknownTake
from ivr.prompt_audio import joined_wav
from ivr.prompt_editions import current_edition, editions
from ivr.prompt_groups import Group
from ivr.prompt_models import PromptTake
from ivr.prompt_overview import ever_published, overview
from ivr.prompt_takes import Spot, find_take, newest_takes, sound_path, still_right, takes_of
from ivr.published_prompts import with_takes
from ivr.take_sound import LONGEST_S
from ivr.voices import Voices
from speech.errors import BrokenSound
from storage.database import reading

MOST_EDITIONS = 50
SOUND = "audio/wav"


def add_prompt_routes(console: APIBlueprint, pages: Pages) -> None:
    """/prompts, for whoever listens."""
    services = pages.services

    @console.get("/prompts")
    def prompts() -> Response:
        return show_list(pages, request.args.get("voice", ""))

    @console.get("/prompts/spoken.wav")
    def spoken_prompts() -> Response:
        """Sentences of a turn, or one sound, as a call would hear them that begins now."""
        try:
            sounds = _sounds(services)
            return _sound(joined_wav(sounds))
        except (BadForm, MissingPrompts, BrokenSound) as error:
            raise NotFound from error

    @console.get("/prompts/takes/<take_id>.wav")
    def prompt_take(take_id: str) -> Response:
        desk = desk_of(services)
        try:
            with reading(services.engine) as session:
                take = find_take(session, take_id)
            return _sound(joined_wav([str(sound_path(desk.takes, take.id).with_suffix(""))]))
        except (UnknownTake, BrokenSound) as error:
            raise NotFound from error

    @console.get("/prompts/<voice>/sounds/<name>")
    def prompt(voice: str, name: str) -> Response:
        return show_prompt(pages, found_voice(services, voice), name)

    @console.get("/prompts/<voice>/editions")
    def prompt_editions(voice: str) -> Response:
        found = found_voice(services, voice)
        with reading(services.engine) as session:
            rows = editions(session, found.language, MOST_EDITIONS)
            names = emails_of(session, (row.by for row, _ in rows))
        return pages.show("prompts/editions.html", voice=found, rows=rows, names=names)


def show_list(pages: Pages, name: str, status: int = HTTPStatus.OK, problem: str = "") -> Response:
    """The list of the voice `name`, else of the first one, as the address asks for it."""
    services = pages.services
    desk = desk_of(services)
    made = desk.voices()
    voice = find_voice(made, name) or next(iter(voices_of(made)), None)
    if voice is None:
        raise NotFound
    asked = read_asked(request.args)
    with reading(services.engine) as session:
        found = overview(session, voice.prompts, voice.slow, desk.takes)
    return pages.show(
        "prompts/list.html",
        status,
        voice=voice,
        voices=voices_of(made),
        asked=asked,
        found=found,
        rows=chosen(found, asked),
        drafts=drafts_of(found),
        states=list(State),
        groups=list(Group),
        spoken_url=spoken_url,
        problem=problem,
    )


def show_prompt(
    pages: Pages, voice: Voice, name: str, status: int = HTTPStatus.OK, problem: str = ""
) -> Response:
    """One prompt with all its recordings."""
    services = pages.services
    desk = desk_of(services)
    with reading(services.engine) as session:
        found = overview(session, voice.prompts, voice.slow, desk.takes)
        row = found.row(name)
        if row is None:
            raise NotFound
        takes = takes_of(session, Spot(voice.language, voice.slow, name))
        names = emails_of(session, (take.by for take in takes))
        published = ever_published(session, voice.language)
    return pages.show(
        "prompts/prompt.html",
        status,
        voice=voice,
        row=row,
        whole=services.province.wording.get(voice.language, {}).get(row.piece.key)
        if row.piece.name != row.piece.key
        else None,
        takes=takes,
        names=names,
        published=published,
        in_edition={take.id for take in found.edition.takes},
        right={take.id for take in takes if still_right(take, row.piece)},
        edition=found.edition,
        near=neighbours(found, name),
        spoken_url=spoken_url,
        longest_s=round(LONGEST_S),
        most_bytes=MOST_UPLOAD_BYTES,
        problem=problem,
    )


def desk_of(services: ConsoleServices) -> PromptDesk:
    """Raises: NotFound: this console was put together without prompts."""
    if services.prompts is None:
        raise NotFound
    return services.prompts


def found_voice(services: ConsoleServices, name: str) -> Voice:
    """Raises: NotFound: nothing is spoken in a voice of that name."""
    voice = find_voice(desk_of(services).voices(), name)
    if voice is None:
        raise NotFound
    return voice


def _sounds(services: ConsoleServices) -> Sequence[str]:
    """The files that the address asks for."""
    desk = desk_of(services)
    slow, drafts = "slow" in request.args, "drafts" in request.args
    voices = _heard(services, desk, drafts)
    if "sound" in request.args:
        language, _, name = request.args["sound"].partition("|")
        prompts = voices[language, slow]
        if name not in prompts:
            raise BadForm("prompt_bad_address")
        return [prompts.sound(name)]
    return [
        sound
        for key, values, language in read_said(request.args.getlist("say"))
        for sound in voices[language, slow].sounds(key, values)
    ]


def _heard(services: ConsoleServices, desk: PromptDesk, drafts: bool) -> Voices:
    """What is heard now, or what would be if all drafts were published."""
    made = desk.voices()
    with reading(services.engine) as session:
        takes = [
            take for language in made.languages for take in current_edition(session, language).takes
        ]
        if drafts:
            for language in made.languages:
                known = ever_published(session, language)
                takes += [
                    take
                    for spot, take in newest_takes(session, language).items()
                    if take.id not in known and _publishable(made, spot, take)
                ]
    return with_takes(made, desk.takes, takes)


def _publishable(made: Voices, spot: Spot, take: PromptTake) -> bool:
    """Whether it would be heard: one for other words must not hide what is heard now."""
    if (spot.language, spot.slow) not in made:
        return False
    pieces = made[spot.language, spot.slow].pieces
    return any(still_right(take, piece) for piece in pieces if piece.name == spot.name)


def _sound(content: object) -> Response:
    # Which recording is heard under an address changes with every publication.
    response = send_file(content, mimetype=SOUND, conditional=True, max_age=0)  # type: ignore[arg-type]
    response.headers["Cache-Control"] = "private, no-cache"
    return response
