"""Recording prompts, publishing them, and going back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import BinaryIO, cast

import structlog
from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from console.pages import Pages, by_script, note, signed_in
from console.prompts.desk import Voice
from console.prompts.routes import desk_of, found_voice, show_list, show_prompt
from ivr.errors import BadTake, StaleEdition, UnknownEdition, UnknownTake
from ivr.prompt_editions import Edition, publish, restore, withdraw
from ivr.prompt_takes import Spot, discard_take, keep_for_new_words, keep_take
from ivr.take_sound import take_sound
from speech.errors import BrokenSound
from storage.database import transaction

log = structlog.get_logger()

LONGEST_WORDS = 2000


def add_prompt_change_routes(console: APIBlueprint, pages: Pages) -> None:
    """Below /prompts, for whoever publishes."""
    services = pages.services

    def unwritten(spoken: Voice, name: str, error: Exception) -> Response:
        log.error("recorded prompt not written", prompt=name, why=str(error))
        status = HTTPStatus.INSUFFICIENT_STORAGE
        return show_prompt(pages, spoken, name, status, "take_unwritten")

    @console.post("/prompts/<voice>/sounds/<name>/takes")
    def add_take(voice: str, name: str) -> AnyResponse:
        """A recording, made in the page or sent as a file."""
        spoken = found_voice(services, voice)
        piece = next((each for each in spoken.prompts.pieces if each.name == name), None)
        if piece is None:
            raise NotFound
        sent = request.files.get("sound")
        # What was on the page when it was read: meanwhile the words may be others.
        words = request.form.get("words", "").strip()[:LONGEST_WORDS] or piece.text
        try:
            if sent is None:
                raise BadTake("empty")
            sound = take_sound(cast(BinaryIO, sent.stream), words, spoken.language)
        except BadTake as error:
            problem = f"take_fault_{error.fault}"
            return show_prompt(pages, spoken, name, HTTPStatus.UNPROCESSABLE_ENTITY, problem)
        spot = Spot(spoken.language, spoken.slow, name)
        folder, by, now = desk_of(services).takes, signed_in().id, services.clock()
        try:
            keep_take(services.engine, folder, spot, words, sound, by, now)
        except (BrokenSound, OSError) as error:
            return unwritten(spoken, name, error)
        note("take_kept")
        there = url_for("console.prompt", voice=voice, name=name)
        if by_script():
            return Response("", HTTPStatus.CREATED, {"Location": there})
        return redirect(there, HTTPStatus.SEE_OTHER)

    @console.post("/prompts/takes/<take_id>/<action>")
    def change_take(take_id: str, action: str) -> AnyResponse:
        """Throw a recording away, or say that it is still right for the words of today."""
        if action not in ("discard", "confirm"):
            raise NotFound
        folder, by, now = desk_of(services).takes, signed_in().id, services.clock()
        voice, name = request.form.get("voice", ""), request.form.get("name", "")
        spoken = found_voice(services, voice)
        try:
            if action == "discard":
                discard_take(services.engine, folder, take_id, by, now)
            else:
                words = request.form.get("words", "").strip()[:LONGEST_WORDS]
                keep_for_new_words(services.engine, folder, take_id, words, by, now)
        except (UnknownTake, FileNotFoundError):
            return show_prompt(pages, spoken, name, HTTPStatus.CONFLICT, "take_unknown")
        except OSError as error:
            return unwritten(spoken, name, error)
        note("take_discarded" if action == "discard" else "take_confirmed")
        return redirect(url_for("console.prompt", voice=voice, name=name), HTTPStatus.SEE_OTHER)

    def changed(voice: str, change: Callable[[Session, str, int], Edition]) -> AnyResponse:
        """A new edition by `change` from (session, language, the edition that was seen)."""
        spoken = found_voice(services, voice)
        try:
            seen = int(request.form.get("seen", ""))
            with transaction(services.engine) as session:
                made = change(session, spoken.language, seen)
        except ValueError:
            return show_list(pages, voice, HTTPStatus.BAD_REQUEST, "prompt_bad_address")
        except StaleEdition:
            return show_list(pages, voice, HTTPStatus.CONFLICT, "edition_stale")
        except UnknownTake:
            return show_list(pages, voice, HTTPStatus.CONFLICT, "take_unknown")
        except UnknownEdition:
            return show_list(pages, voice, HTTPStatus.CONFLICT, "edition_unknown")
        note("edition_published", number=made.number, count=len(made.takes))
        name = request.form.get("name", "")
        there = (
            url_for("console.prompt", voice=voice, name=name)
            if name
            else url_for("console.prompts", voice=voice)
        )
        return redirect(there, HTTPStatus.SEE_OTHER)

    @console.post("/prompts/<voice>/publish", endpoint="publish_prompts")
    def publish_takes(voice: str) -> AnyResponse:
        takes = request.form.getlist("take[]")
        return changed(
            voice,
            lambda session, language, seen: publish(
                session, language, takes, seen, signed_in().id, services.clock
            ),
        )

    @console.post("/prompts/<voice>/withdraw", endpoint="withdraw_prompt")
    def withdraw_take(voice: str) -> AnyResponse:
        spoken = found_voice(services, voice)
        spot = Spot(spoken.language, spoken.slow, request.form.get("name", ""))
        return changed(
            voice,
            lambda session, language, seen: withdraw(
                session, spot, seen, signed_in().id, services.clock
            ),
        )

    @console.post("/prompts/<voice>/restore", endpoint="restore_prompts")
    def restore_edition(voice: str) -> AnyResponse:
        number = request.form.get("number", "")
        return changed(
            voice,
            lambda session, language, seen: restore(
                session,
                language,
                int(number) if number.isdecimal() and len(number) < 10 else -1,
                seen,
                signed_in().id,
                services.clock,
            ),
        )
