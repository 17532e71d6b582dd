"""The feed of alerts and their documents, as a program fetches them."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from accounts.roles import Role
from monitoring.cap import ATOM
from tests.api.conftest import Api
from tests.builders import NOON
from tests.monitoring.alarms import an_alert

ENTRY_LINK = f"{{{ATOM}}}entry/{{{ATOM}}}link"


def test_a_program_finds_each_alert_through_the_feed(api: Api) -> None:
    alert = an_alert(api.engine)

    feed = api.get("/alerts.cap")
    (link,) = ET.fromstring(feed.data).findall(ENTRY_LINK)
    document = api.get((link.get("href") or "").partition("/api/v1")[2])

    assert feed.content_type == "application/atom+xml; charset=utf-8"
    assert document.content_type == "application/cap+xml; charset=utf-8"
    assert f"<identifier>{alert.id}-".encode() in document.data


def test_what_has_not_changed_is_not_sent_again(api: Api) -> None:
    an_alert(api.engine)
    first = api.get("/alerts.cap")
    api.now += timedelta(minutes=5)

    again = api.get("/alerts.cap", If_None_Match=first.headers["ETag"])
    an_alert(api.engine, NOON + timedelta(minutes=5), subject="KM01")
    changed = api.get("/alerts.cap", If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data, changed.status_code) == (304, b"", 200)


def test_a_document_that_nobody_sent_is_not_found(api: Api) -> None:
    assert api.get(f"/alerts.cap/{'0' * 32}-1").status_code == 404


def test_a_token_needs_the_scope_for_monitoring(api: Api) -> None:
    api.enter(Role.OPERATOR, scopes=["reports.read"])

    assert api.get("/alerts.cap").status_code == 403
