"""The list of calls that have ended, and one call with what happened in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from console.pages import Pages, page_language
from console.reports.journal import talk_of
from console.statistics.calls import CONTAINED_NAME, outcomes_asked
from console.statistics.sheet import Unit
from console.statistics.shown import shown
from console.wording.steps import step_said
from ivr.call_lists import CallFilters, Place, find_calls
from ivr.models import CallSummary
from ivr.stages import Stage
from ivr.stored_calls import call_by_id, is_call_id
from ivr.summary_models import Outcome
from reports.models import Report
from storage.database import reading

AT_ONCE = 50
FIELDS = (
    "since",
    "until",
    "hour",
    "outcome",
    "stage",
    "left",
    "left_at",
    "queued",
    "answered",
    "waited_s",
)
STAGES = tuple(stage for stage in Stage if stage is not Stage.OUTGOING)
_LONGEST = 100


@dataclass(frozen=True)
class AskedCalls:
    """A list as it is asked for. `typed` is what the form shows."""

    filters: CallFilters
    after: Place | None
    typed: Mapping[str, str]

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self.typed.items() if value})


def read_asked_calls(given: Mapping[str, str]) -> AskedCalls:
    """What is asked for; what cannot be read asks for nothing."""
    typed = {name: given.get(name, "").replace("\x00", "").strip()[:_LONGEST] for name in FIELDS}
    filters = CallFilters(
        first=_day(typed["since"]),
        last=_day(typed["until"]),
        hour=_number(typed["hour"]),
        outcomes=outcomes_asked(typed["outcome"]),
        stage=_stage(typed["stage"]),
        left_stage=_stage(typed["left"]),
        left_at=typed["left_at"] or None,
        queued=True if typed["queued"] else None,
        answered={"yes": True, "no": False}.get(typed["answered"]),
        waited_s=_number(typed["waited_s"]),
    )
    return AskedCalls(filters, _place(given.get("after", "")), typed)


def add_call_routes(console: APIBlueprint, pages: Pages) -> None:
    """/calls and /calls/<id>. Nobody's number is on either."""
    services = pages.services

    @console.get("/calls")
    def calls() -> Response:
        language = page_language()
        asked = read_asked_calls(request.args)
        with reading(services.engine) as session:
            found = find_calls(session, asked.filters, AT_ONCE + 1, asked.after)
        rows = found[:AT_ONCE]
        return pages.show(
            "statistics/calls.html",
            rows=rows,
            asked=asked,
            next_page=_written(rows[-1]) if len(found) > AT_ONCE else None,
            outcomes=[*Outcome, CONTAINED_NAME],
            stages=STAGES,
            step_said=lambda step: step_said(step, language),
            seconds=lambda value: shown(value, Unit.SECONDS, language),
        )

    @console.get("/calls/<call_id>")
    def call(call_id: str) -> Response:
        language = page_language()
        with reading(services.engine) as session:
            found = call_by_id(session, call_id)
            if found is None:
                raise NotFound
            summary = session.get(CallSummary, found.id)
            talk = talk_of(session, found, language)
            references = session.scalars(
                select(Report.reference)
                .where(Report.call_id == found.id)
                .order_by(Report.requested_at, Report.id)
            ).all()
        return pages.show(
            "statistics/call.html",
            summary=summary,
            talk=talk,
            references=references,
            seconds=lambda value: shown(value, Unit.SECONDS, language),
        )


def _written(row: CallSummary) -> str:
    return f"{row.started_at.isoformat()}_{row.call_id}"


def _place(text: str) -> Place | None:
    """Where a page goes on; None for the first one, and for what nobody wrote."""
    moment, _, call_id = text.partition("_")
    try:
        found = datetime.fromisoformat(moment.replace(" ", "+"))
    except ValueError:
        return None
    if found.tzinfo is None or not is_call_id(call_id):
        return None
    return Place(found, call_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _stage(text: str) -> Stage | None:
    return Stage(text) if text in set(Stage) else None
