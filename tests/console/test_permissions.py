"""Every route as every role and as nobody: no holes."""

import re

import pytest

from accounts.permissions import PERMISSIONS, Permission
from accounts.roles import Role
from console.permissions import ROUTES, Open, is_ours, needed
from tests.console.conftest import Browser

AGENCY = "so_xay_dung"


def routes(browser: Browser) -> list[tuple[str, str, Permission | Open]]:
    """Method, path and what it needs, of each route that is served."""
    return [
        (method, re.sub("<[^>]+>", "482173908", rule.rule), needed(rule.endpoint))
        for rule in browser.app.url_map.iter_rules()
        if is_ours(rule.endpoint) and rule.endpoint != "security.logout"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_exactly_where_the_table_says(browser: Browser, role: Role) -> None:
    browser.become(role, AGENCY if role is Role.AGENCY else None)
    mark = browser.mark("/account")

    for method, path, wanted in routes(browser):
        answer = browser.client.open(path, method=method, data={"mark": mark}, buffered=True)

        if wanted is Open.SHUT:
            assert answer.status_code == 404, (method, path)
            continue
        allowed = isinstance(wanted, Open) or wanted in PERMISSIONS[role]
        assert (answer.status_code != 403) == allowed, (method, path, answer.status_code)
        assert not (answer.location or "").startswith("/sign-in?"), (method, path)
        assert answer.status_code < 500, (method, path)


def test_nobody_gets_further_than_the_door(browser: Browser) -> None:
    mark = browser.mark()

    for method, path, wanted in routes(browser):
        answer = browser.client.open(path, method=method, data={"mark": mark}, buffered=True)

        if wanted is Open.PUBLIC:
            assert answer.status_code in (200, 302, 303, 401, 404), (method, path)
        elif wanted is Open.SHUT:
            assert answer.status_code == 404, (method, path)
        else:
            assert answer.status_code == 303, (method, path, answer.status_code)
            assert (answer.location or "").startswith("/sign-in"), (method, path)


def test_a_form_without_its_mark_is_refused_everywhere(browser: Browser) -> None:
    browser.become(Role.ADMINISTRATOR)

    for method, path, wanted in routes(browser):
        if method != "GET" and wanted is not Open.SHUT:
            answer = browser.client.open(path, method=method, data={"mark": "forged"})
            assert answer.status_code == 400, (method, path)


def test_the_table_names_no_route_that_is_not_there(browser: Browser) -> None:
    served = {rule.endpoint for rule in browser.app.url_map.iter_rules() if is_ours(rule.endpoint)}

    assert set(ROUTES) == served


def test_the_header_leads_only_where_one_may_go(browser: Browser) -> None:
    browser.become(Role.AUDITOR)

    page = browser.get("/account").text

    assert 'href="/audit"' in page
    assert 'href="/reports"' not in page and 'href="/users"' not in page
    assert browser.get("/").location == "/board"
