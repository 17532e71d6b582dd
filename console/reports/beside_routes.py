"""Two reports side by side: are they of the same matter?"""

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.orm import Session

from console import choices
from console.pages import Pages, page_language, signed_in
from console.reports.access import actor_of, found_report
from console.reports.rows import names_of_report
from console.reports.view import View, files_of, heard_of, why_alike
from reports.duplicates import duplicate_candidates
from reports.models import Report
from reports.reference import spoken_reference
from storage.database import reading


def add_beside_routes(console: APIBlueprint, pages: Pages) -> None:
    """/reports/<reference>/beside/<other>."""
    services = pages.services
    province = services.province

    @console.get("/reports/<reference>/beside/<other>")
    def beside(reference: str, other: str) -> Response:
        user, now, language = signed_in(), services.clock(), page_language()
        actor = actor_of(user)
        view = View(province, user, language)

        def side(session: Session, report: Report) -> dict[str, Any]:
            return {
                "report": report,
                "spoken": spoken_reference(report.reference),
                **names_of_report(province, report, language, now),
                "heard": heard_of(session, report, view),
                "files": files_of(session, report),
            }

        with reading(services.engine) as session:
            one, two = (found_report(session, each, actor) for each in (reference, other))
            alike = duplicate_candidates(session, province, one)
            why = next((why_alike(each, view) for each in alike if each.report.id == two.id), [])
            sides = [side(session, each) for each in (one, two)]
        return pages.show(
            "beside.html",
            sides=sides,
            why=why,
            with_words=view.with_words,
            may_join=choices.may_join(one, actor) and one.id != two.id,
        )
