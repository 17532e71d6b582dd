"""The audit log's page."""

import pytest
from sqlalchemy import text

from accounts.audit import record
from accounts.roles import Role
from storage.database import transaction
from tests.builders import NOON
from tests.console.conftest import Browser


@pytest.fixture
def auditor(browser: Browser) -> Browser:
    with transaction(browser.engine) as session:
        for number in range(150):
            record(session, f"user{number % 2}", "report.changed", "report", f"r{number}", NOON)
    browser.become(Role.AUDITOR)
    return browser


def test_entries_are_listed_newest_first_and_page_by_page(auditor: Browser) -> None:
    page = auditor.get("/audit").text

    assert "<code>visit.began</code>" in page and "r149" in page and "report r40<" not in page
    assert "report r40<" in auditor.get("/audit?before=52").text


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("actor=user1", "r149", "r148"),
        ("type=report&id=r77", "r77", "r78"),
        ("type=nothing", "Không có mục nào", "r149"),
        ("before=nonsense", "r149", "nonsense<"),
    ],
)
def test_a_filter_shows_what_was_asked_for(
    auditor: Browser, query: str, there: str, not_there: str
) -> None:
    page = auditor.get(f"/audit?{query}").text

    assert there in page and not_there not in page


def test_the_chain_is_verified_and_a_change_is_found(auditor: Browser) -> None:
    assert "Nguyên vẹn: 151 mục" in auditor.post("/audit/verify").text

    with transaction(auditor.engine) as session:  # as somebody with the file in hand could
        session.execute(text("UPDATE audit_entries SET actor = 'nobody' WHERE number = 7"))

    assert "HỎNG ở mục số 7" in auditor.post("/audit/verify").text
