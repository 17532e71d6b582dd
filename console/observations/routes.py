"""Bringing in figures: choose a file, look at what is wrong, keep the rest."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import BinaryIO, cast

import structlog
from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from console.observations.uploads import MOST_UPLOAD_BYTES, Uploads
from console.pages import Pages, note, page_language, signed_in
from monitoring.csv_in import Imported, bring_in, look_through
from monitoring.csv_rows import Figure
from monitoring.errors import UnreadableCsv
from monitoring.sources import source_name
from monitoring.subjects import unit_name
from provinces.modules import SYSTEM, IndicatorLevel
from provinces.schema import Province

log = structlog.get_logger()

_EXAMPLES = 3
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Line:
    """A good line, in words."""

    number: int
    at: datetime
    indicator: str
    unit: str
    value: str
    source: str


def add_observation_routes(console: APIBlueprint, pages: Pages) -> None:
    """/observations, for whoever writes them."""
    services = pages.services
    province = services.province

    def uploads() -> Uploads:
        if services.uploads is None:
            raise NotFound  # this console was put together without a place for files
        return Uploads(services.uploads)

    def form(status: int = HTTPStatus.OK, problem: UnreadableCsv | None = None) -> Response:
        return pages.show(
            "observations/upload.html",
            status,
            problem=None
            if problem is None
            else {"key": problem.reason, "expected": problem.expected, "found": problem.found},
            most_megabytes=MOST_UPLOAD_BYTES // 1_000_000,
            examples=_examples(province, services.clock()),
        )

    def show(found: Imported, name: str, upload: str | None) -> Response:
        language = page_language()
        return pages.show(
            "observations/found.html",
            found=found,
            name=name,
            upload=upload,
            done=upload is None,
            lines=[_line(province, each, language) for each in found.shown],
        )

    @console.get("/observations")
    def figures() -> Response:
        uploads()
        return form()

    @console.post("/observations")
    def look_at_figures() -> Response:
        """A preview: nothing is stored but the file itself, until it is kept or a day is over."""
        user, sent = signed_in().id, request.files.get("file")
        if sent is None or not sent.filename:
            return form(HTTPStatus.UNPROCESSABLE_ENTITY, UnreadableCsv("none", "", ""))
        folder = uploads()
        try:
            found = look_through(cast(BinaryIO, sent.stream), province, services.clock())
            sent.stream.seek(0)
            upload = folder.keep(user, cast(BinaryIO, sent.stream))
        except UnreadableCsv as error:
            return form(HTTPStatus.UNPROCESSABLE_ENTITY, error)
        except OSError as error:
            log.error("figures not written", why=type(error).__name__)
            return form(HTTPStatus.INSUFFICIENT_STORAGE, UnreadableCsv("space", "", ""))
        return show(found, sent.filename[-_LONGEST_NAME:], upload)

    @console.post("/observations/keep")
    def keep_figures() -> Response:
        user = signed_in().id
        name = request.form.get("name", "")[-_LONGEST_NAME:]
        try:
            with uploads().take(user, request.form.get("upload", "")) as file:
                found = bring_in(services.engine, province, file, services.clock, user)
        except FileNotFoundError:
            return form(HTTPStatus.CONFLICT, UnreadableCsv("gone", "", ""))
        except UnreadableCsv as error:  # the pack was changed since the preview
            return form(HTTPStatus.UNPROCESSABLE_ENTITY, error)
        return show(found, name, None)

    @console.post("/observations/discard")
    def discard_figures() -> AnyResponse:
        with suppress(FileNotFoundError):  # then it is gone, as was asked for
            uploads().drop(signed_in().id, request.form.get("upload", ""))
        note("figures_discarded")
        return redirect(url_for("console.figures"), HTTPStatus.SEE_OTHER)


def _line(province: Province, figure: Figure, language: str) -> Line:
    unit = None if figure.unit is None else f"{figure.unit.edition}:{figure.unit.code}"
    measure = figure.measure or figure.indicator.measure.symbol
    value = f"{figure.value:.15g}"
    return Line(
        figure.line,
        figure.at,
        figure.indicator.names[language],
        unit_name(province, unit, language),
        f"{value.replace('.', ',') if language == 'vi' else value} {measure}".strip(),
        source_name(province, figure.source, language),
    )


def _examples(province: Province, now: datetime) -> Sequence[str]:
    """Lines that would be taken as they are."""
    day = now.astimezone(province.timezone).strftime("%d/%m/%Y 00:00")
    told = [
        each
        for module in province.modules
        for each in module.indicators
        if each.source != SYSTEM and each.level is IndicatorLevel.UNIT
    ]
    unit = next(
        (unit for unit in province.units.values() if unit.key.edition == province.current_edition
         and unit.parent is not None), None,
    )  # fmt: skip
    name = unit.full_name if unit is not None else ""
    return [f"{day};{each.code};{name};{each.lowest:g};;{each.source}" for each in told[:_EXAMPLES]]
