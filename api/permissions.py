"""Which permission each route of the API asks for: one table, and a route that is not in it
does not start. A test walks through all routes as all roles.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from flask import Flask

from accounts.permissions import Permission
from api.errors import UnlistedRoute

P = Permission


class Open(StrEnum):
    """Routes that ask for no permission."""

    PUBLIC = "public"  # to everybody
    SIGNED_IN = "signed_in"  # to whoever shows a valid token, for what is their own or no secret


BLUEPRINT = "api."

# By the name of the view, `api.<name>`.
ROUTES: Mapping[str, Permission | Open] = {
    "create_token": Open.PUBLIC,
    "list_tokens": Open.SIGNED_IN,
    "revoke_token": Open.SIGNED_IN,
    "who_am_i": Open.SIGNED_IN,
    # What the province is: it stands on its website too.
    "list_agencies": Open.SIGNED_IN,
    "list_receivers": Open.SIGNED_IN,
    "list_places": Open.SIGNED_IN,
    "list_categories": Open.SIGNED_IN,
    "list_reasons": Open.SIGNED_IN,
    "list_reports": P.REPORTS_READ,
    "report": P.REPORTS_READ,
    "list_updates": P.REPORTS_READ,
    "list_attachments": P.REPORTS_READ,
    "attachment": P.REPORTS_READ,
    "file_report": P.REPORTS_FILE,
    # Officers and who only works on reports, or `INSTEAD`: what exactly each may, `api.changing`
    # and `reports.lifecycle` say.
    "change_report": P.REPORTS_WORK,
    "add_update": P.REPORTS_WORK,
    "add_attachment": P.REPORTS_WORK,
    "assign_report": P.REPORTS_CHANGE,
    "mark_duplicate": P.REPORTS_CHANGE,
    "list_duplicates": P.REPORTS_CHANGE,
    "list_messages": P.REPORTS_READ,
    "write_message": P.REPORTS_WORK,
    "list_incoming_messages": P.REPORTS_CHANGE,
    "settle_incoming_message": P.REPORTS_CHANGE,
    "contact": P.NUMBERS_SEE,
    "report_recording": P.RECORDINGS_LISTEN,
    "recording": P.RECORDINGS_LISTEN,
    "transcript": P.WORDS_READ,
    "correct_transcript": P.WORDS_CORRECT,
    "list_calls": P.CALLS_READ,
    "call": P.CALLS_READ,
    "export_csv": P.EXPORT,
    "export_xlsx": P.EXPORT,
    "statistics": P.STATISTICS,
    "import_observations": P.OBSERVATIONS_WRITE,
    "list_modules": P.MONITORING_SEE,
    "module": P.MONITORING_SEE,
    "list_indicators": P.MONITORING_SEE,
    "indicator": P.MONITORING_SEE,
    "series": P.MONITORING_SEE,
    "shift_briefing": P.MONITORING_SEE,
    "report_counts": P.MONITORING_SEE,  # but agencies, which see their own reports
    "list_observations": P.MONITORING_SEE,
    "add_observations": P.OBSERVATIONS_WRITE,
    "list_alerts": P.MONITORING_SEE,
    "alert": P.MONITORING_SEE,
    "acknowledge_alert": P.ALERTS_HANDLE,
    "comment_alert": P.ALERTS_HANDLE,
    "escalate_alert": P.ALERTS_HANDLE,
    "close_alert": P.ALERTS_HANDLE,
    "mute_alert": P.ALERTS_MUTE,
    "list_mutes": P.MONITORING_SEE,
    "create_mute": P.ALERTS_MUTE,
    "end_of_mute": P.ALERTS_MUTE,
    "list_entities": P.MONITORING_SEE,
    "cap_feed": P.MONITORING_SEE,
    "cap_document": P.MONITORING_SEE,
    "list_webhooks": P.WEBHOOKS_MANAGE,
    "create_webhook": P.WEBHOOKS_MANAGE,
    "webhook": P.WEBHOOKS_MANAGE,
    "change_webhook": P.WEBHOOKS_MANAGE,
    "remove_webhook": P.WEBHOOKS_MANAGE,
    "list_deliveries": P.WEBHOOKS_MANAGE,
    "replay_delivery": P.WEBHOOKS_MANAGE,
    "replay_deliveries": P.WEBHOOKS_MANAGE,
}
# Routes that another permission opens just as well.
INSTEAD: Mapping[str, Permission] = {"change_report": P.REPORTS_CHANGE}


def opens(permissions: Collection[Permission], endpoint: str) -> bool:
    """Whether somebody with these permissions may go that route of the API.

    Raises:
        UnlistedRoute: the table does not have it.
    """
    wanted = needed(endpoint)
    if isinstance(wanted, Open) or wanted in permissions:
        return True
    return INSTEAD.get(endpoint.removeprefix(BLUEPRINT)) in permissions


def needed(endpoint: str) -> Permission | Open:
    """What that route of the API asks for.

    Raises:
        UnlistedRoute: the table does not have it.
    """
    name = endpoint.removeprefix(BLUEPRINT)
    try:
        return ROUTES[name]
    except KeyError:
        raise UnlistedRoute(f"expected route {name!r} in api.permissions.ROUTES") from None


def check_routes(app: Flask) -> None:
    """Refuse to serve a route of the API that no line of the table is about."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(BLUEPRINT):
            needed(rule.endpoint)
