"""The shift briefing: a page, and the same as PDF."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from apiflask import APIBlueprint
from flask import Response, request

from console.board.asking import read_moment, write_moment
from console.board.paper import write_briefing
from console.board.shown import Shown
from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of
from console.statistics.paper import PDF_TYPE
from console.visit import unshared
from monitoring.briefing import Briefing, briefing
from monitoring.demo import any_demo
from provinces.schema import Province
from reports.actors import Party
from storage.database import reading

# When the centre's shifts begin: eight hours each.
SHIFTS = (time(6), time(14), time(22))
LONGEST = timedelta(days=7)
Shift = tuple[datetime, datetime]


def add_briefing_routes(console: APIBlueprint, pages: Pages) -> None:
    """/board/briefing and /board/briefing.pdf."""
    services = pages.services
    province = services.province

    def made() -> tuple[Briefing, Sequence[str]]:
        now = services.clock()
        shift, problems = read_shift(
            request.args.get("since", ""), request.args.get("until", ""), province, now
        )
        everything = actor_of(signed_in()).party is not Party.AGENCY
        with reading(services.engine) as session:
            return briefing(session, province, *shift, now, everything), problems

    @console.get("/board/briefing")
    def board_briefing() -> Response:
        now = services.clock()
        found, problems = made()
        return pages.show(
            "board/briefing.html",
            briefing=found,
            problems=problems,
            shown=Shown(province, page_language(), found.until),
            since=write_moment(found.since, province),
            until=write_moment(found.until, province),
            usual=[
                (write_moment(since, province), write_moment(until, province), since, until)
                for since, until in recent_shifts(province, now)
            ],
        )

    @console.get("/board/briefing.pdf")
    def board_briefing_pdf() -> Response:
        """The same as the page, on paper."""
        found, _ = made()
        language = page_language()
        with reading(services.engine) as session:
            demo = any_demo(session)
        content = write_briefing(found, Shown(province, language, found.until), demo)
        response = Response(content, content_type=PDF_TYPE)
        name = f"briefing-{write_moment(found.until, province).replace(':', '')}.pdf"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return unshared(response)


def recent_shifts(province: Province, now: datetime, count: int = 4) -> Sequence[Shift]:
    """The shift that goes on, up to now, and those before it."""
    local = now.astimezone(province.timezone)
    begins = sorted(
        moment
        for back in range(3)
        for begin in SHIFTS
        if (
            moment := datetime.combine(
                local.date() - timedelta(days=back), begin, province.timezone
            )
        )
        < now
    )[-count:]
    ends = [*begins[1:], now]
    return [*zip(begins, ends, strict=True)][::-1]


def read_shift(
    since: str, until: str, province: Province, now: datetime
) -> tuple[Shift, Sequence[str]]:
    """The shift that is asked for, and wording keys of what is wrong with it."""
    usual = recent_shifts(province, now)[0]
    if not since and not until:
        return usual, ()
    begin, end = read_moment(since, province), read_moment(until, province)
    if begin is None or end is None or not begin < end <= begin + LONGEST or begin >= now:
        return usual, ("briefing_bad_shift",)
    return (begin, min(end, now)), ()
