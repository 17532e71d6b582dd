"""Who else is at a report: pages say that they are open, and ask for others."""

import re

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of, known_report
from console.reports.rows import told_of
from console.visit import unshared
from reports.actors import Party
from reports.presence import Beat, adds, colleagues, note_left, note_presence
from storage.database import reading, transaction

_PAGE = re.compile(r"[0-9a-f]{1,32}", re.ASCII)
_DOING = {"looking": False, "editing": True}


def add_presence_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/presence and /reports/<reference>/presence; both answer names by reference."""
    services = pages.services

    @console.get("/reports/presence")
    def presences() -> Response:
        """Who is where, for the list."""
        user = signed_in()
        actor = actor_of(user)
        agency = actor.agency if actor.party is Party.AGENCY else None
        with reading(services.engine) as session:
            found = colleagues(session, user.id, services.clock(), agency=agency)
        language = page_language()
        return unshared(jsonify({key: told_of(there, language) for key, there in found.items()}))

    @console.post("/reports/<reference>/presence")
    def presence(reference: str) -> Response:
        """The asker has it open, or (`doing=left`) no more."""
        user, now = signed_in(), services.clock()
        doing = request.form.get("doing", "looking")
        page = request.form.get("page", "")
        page = page if _PAGE.fullmatch(page) else ""
        with reading(services.engine) as session:
            report_id, version = known_report(session, reference, actor_of(user))
            found = colleagues(session, user.id, now, [report_id])
            beat = Beat(user.id, report_id, page, _DOING.get(doing, False))
            news = adds(session, beat, now)
        if doing not in _DOING:
            with transaction(services.engine) as session:
                note_left(session, beat)
        elif news:
            with transaction(services.engine) as session:
                note_presence(session, beat, now)
        there = told_of(next(iter(found.values()), ()), page_language())
        return unshared(jsonify({"there": there, "version": version}))
