"""Which permission each route of the console asks for: one table, and a route that is not in it
does not start. A test walks through all routes as all roles.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from flask import Flask

from accounts.permissions import Permission
from console.errors import UnlistedRoute

P = Permission


class Open(StrEnum):
    """Routes that ask for no permission."""

    PUBLIC = "public"  # to everybody
    SIGNED_IN = "signed_in"  # to whoever is signed in, for what is their own or no secret
    SHUT = "shut"  # to nobody: the library serves it, and we do not use it


BLUEPRINTS = ("console", "security")

# By the name of the view.
ROUTES: Mapping[str, Permission | Open] = {
    "console.static": Open.PUBLIC,
    "console.keys": Open.PUBLIC,
    "security.login": Open.PUBLIC,
    "security.two_factor_token_validation": Open.PUBLIC,
    "security.mf_recovery": Open.PUBLIC,
    "security.logout": Open.SIGNED_IN,
    "security.verify": Open.SIGNED_IN,
    "security.change_password": Open.SIGNED_IN,
    "security.two_factor_setup": Open.SIGNED_IN,
    "security.two_factor_setup_validate": Open.SIGNED_IN,
    "security.mf_recovery_codes": Open.SIGNED_IN,
    "security.tf_select": Open.SHUT,
    "security.two_factor_rescue": Open.SHUT,
    "security.static": Open.SHUT,
    "console.start": Open.SIGNED_IN,
    "console.account": Open.SIGNED_IN,
    "console.end_session": Open.SIGNED_IN,  # of others: `users.manage`
    "console.simulator": P.REPORTS_READ,
    "console.simulator_form": P.REPORTS_READ,
    "console.reports": P.REPORTS_READ,
    "console.save_filters": P.REPORTS_READ,
    "console.forget_filters": P.REPORTS_READ,
    "console.places": P.REPORTS_READ,
    "console.map": P.REPORTS_READ,
    "console.map_data": P.REPORTS_READ,
    "console.map_count": P.REPORTS_READ,
    "console.map_units": P.MONITORING_SEE,  # the board draws them, too; they are no secret
    "console.statistics": P.STATISTICS,
    "console.statistics_pdf": P.STATISTICS,
    "console.statistics_xlsx": P.STATISTICS,
    "console.calls": P.CALLS_READ,
    "console.call": P.CALLS_READ,
    "console.report": P.REPORTS_READ,
    "console.report_sheet": P.REPORTS_READ,
    "console.attachment": P.REPORTS_READ,
    # Officers and whoever only works on reports; what exactly each may, `reports.lifecycle` says.
    "console.change": P.REPORTS_WORK,
    "console.undo": P.REPORTS_WORK,
    "console.bulk": P.REPORTS_WORK,
    "console.bulk_undo": P.REPORTS_WORK,
    "console.new_report": P.REPORTS_FILE,
    "console.file_report": P.REPORTS_FILE,
    "console.look_for_report": P.REPORTS_FILE,
    "console.categories": P.REPORTS_FILE,
    "console.beside": P.REPORTS_READ,
    "console.peaks": P.RECORDINGS_LISTEN,
    "console.add_file": P.REPORTS_WORK,
    "console.export_reports": P.EXPORT,
    "console.presences": P.REPORTS_READ,
    "console.presence": P.REPORTS_READ,
    "console.now": P.CALLS_READ,
    "console.now_events": P.CALLS_READ,
    "console.wall": P.CALLS_READ,
    "console.wall_events": P.CALLS_READ,
    "console.hang_on_wall": P.CALLS_READ,
    "console.add_update": P.REPORTS_WORK,
    "console.write_sms": P.REPORTS_WORK,
    "console.correct_words": P.WORDS_CORRECT,
    "console.contact": P.NUMBERS_SEE,
    "console.prompts": P.PROMPTS_LISTEN,
    "console.prompt": P.PROMPTS_LISTEN,
    "console.prompt_take": P.PROMPTS_LISTEN,
    "console.prompt_editions": P.PROMPTS_LISTEN,
    "console.spoken_prompts": P.PROMPTS_LISTEN,
    "console.add_take": P.PROMPTS_PUBLISH,
    "console.change_take": P.PROMPTS_PUBLISH,
    "console.publish_prompts": P.PROMPTS_PUBLISH,
    "console.withdraw_prompt": P.PROMPTS_PUBLISH,
    "console.restore_prompts": P.PROMPTS_PUBLISH,
    "console.phone": P.CALLS_TAKE,
    "console.phone_now": P.CALLS_TAKE,
    "console.phone_line": P.CALLS_TAKE,
    "console.phone_duty": P.CALLS_TAKE,
    "console.phone_telephone": P.CALLS_TAKE,
    "console.phone_hang_up": P.CALLS_TAKE,
    "console.phone_hand_on": P.CALLS_TAKE,
    "console.phone_note": P.REPORTS_WORK,
    "console.phone_number": P.NUMBERS_SEE,
    "console.phone_listen": P.CALLS_SUPERVISE,
    "console.phone_take_over": P.CALLS_SUPERVISE,
    "console.ring_reporter": P.CALLS_TAKE,
    "console.figures": P.OBSERVATIONS_WRITE,
    "console.look_at_figures": P.OBSERVATIONS_WRITE,
    "console.keep_figures": P.OBSERVATIONS_WRITE,
    "console.discard_figures": P.OBSERVATIONS_WRITE,
    "console.rounds": P.MONITORING_SEE,  # without who was asked
    "console.round": P.MONITORING_SEE,
    "console.open_round": P.OBSERVATIONS_WRITE,
    "console.close_round": P.OBSERVATIONS_WRITE,
    "console.respondents": P.OBSERVATIONS_WRITE,  # people, with the end of their numbers
    "console.add_respondent": P.OBSERVATIONS_WRITE,
    "console.remove_respondent": P.OBSERVATIONS_WRITE,
    "console.users": P.USERS_MANAGE,
    "console.add_user": P.USERS_MANAGE,
    "console.change_user": P.USERS_MANAGE,
    "console.settings": P.SETTINGS_READ,
    "console.settings_section": P.SETTINGS_READ,
    "console.settings_entry": P.SETTINGS_READ,
    "console.settings_history": P.SETTINGS_READ,
    "console.settings_version": P.SETTINGS_READ,
    "console.save_section": P.SETTINGS_MANAGE,
    "console.save_entry": P.SETTINGS_MANAGE,
    "console.remove_entry": P.SETTINGS_MANAGE,
    "console.preview_text": P.SETTINGS_MANAGE,
    "console.review_settings": P.SETTINGS_MANAGE,
    "console.publish_settings": P.SETTINGS_MANAGE,
    "console.discard_settings": P.SETTINGS_MANAGE,
    "console.bring_together": P.SETTINGS_MANAGE,
    "console.restore_settings": P.SETTINGS_MANAGE,
    "console.board_page": P.MONITORING_SEE,
    "console.board_module": P.MONITORING_SEE,
    "console.board_indicator": P.MONITORING_SEE,
    "console.board_wall": P.MONITORING_SEE,
    "console.board_briefing": P.MONITORING_SEE,
    "console.board_briefing_pdf": P.MONITORING_SEE,
    "console.alert_list": P.MONITORING_SEE,
    "console.alert": P.MONITORING_SEE,
    "console.change_alert": P.ALERTS_HANDLE,
    "console.mute_alert": P.ALERTS_MUTE,
    "console.unmute": P.ALERTS_MUTE,
    "console.audit": P.AUDIT_READ,
    "console.verify_audit": P.AUDIT_READ,
}

# What the header leads to, for whoever may go there.
NAVIGATION: Mapping[str, str] = {
    "console.reports": "nav_reports",
    "console.now": "nav_now",
    "console.board_page": "nav_board",
    "console.alert_list": "nav_alerts",
    "console.map": "nav_map",
    "console.prompts": "prompts",
    "console.phone": "nav_phone",
    "console.statistics": "nav_statistics",
    "console.figures": "figures",
    "console.simulator": "simulator",
    "console.settings": "settings",
    "console.users": "nav_users",
    "console.audit": "nav_audit",
}


def needed(endpoint: str) -> Permission | Open:
    """What that route asks for.

    Raises:
        UnlistedRoute: the table does not have it.
    """
    try:
        return ROUTES[endpoint]
    except KeyError:
        raise UnlistedRoute(f"expected route {endpoint!r} in console.permissions.ROUTES") from None


def opens(permissions: Collection[Permission], endpoint: str) -> bool:
    """Whether somebody who is signed in, with these permissions, may go there."""
    wanted = needed(endpoint)
    return wanted in (Open.PUBLIC, Open.SIGNED_IN) or wanted in permissions


def is_ours(endpoint: str) -> bool:
    """Whether the console serves it."""
    return endpoint.partition(".")[0] in BLUEPRINTS


def check_routes(app: Flask) -> None:
    """Refuse to serve a route of the console that no line of the table is about.

    Raises:
        UnlistedRoute: there is one.
    """
    for rule in app.url_map.iter_rules():
        if is_ours(rule.endpoint):
            needed(rule.endpoint)
