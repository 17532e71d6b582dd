"""The list of alerts, and one alert with why it is there."""

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import NotFound

from console.alerts.asking import STATES, read_asked_alerts
from console.alerts.change_routes import add_alert_change_routes
from console.alerts.view import AT_ONCE, show_alert
from console.board.shown import Shown
from console.pages import Pages, page_language
from monitoring.alert_kinds import Level
from monitoring.alert_lists import alerts
from monitoring.errors import UnknownAlert
from storage.database import reading


def add_alert_routes(console: APIBlueprint, pages: Pages) -> None:
    """/alerts and /alerts/<id>."""
    services = pages.services
    province = services.province

    @console.get("/alerts")
    def alert_list() -> Response:
        now = services.clock()
        asked = read_asked_alerts(request.args, province)
        with reading(services.engine) as session:
            found = alerts(session, asked.wanted, now, AT_ONCE + 1, asked.before)
        rows = found[:AT_ONCE]
        return pages.show(
            "alerts/alerts.html",
            rows=rows,
            asked=asked,
            before=rows[-1].number if len(found) > len(rows) else None,
            shown=Shown(province, page_language(), now),
            states=STATES,
            levels=list(Level),
        )

    @console.get("/alerts/<alert_id>")
    def alert(alert_id: str) -> Response:
        try:
            return show_alert(pages, alert_id)
        except UnknownAlert:
            raise NotFound from None

    add_alert_change_routes(console, pages)
