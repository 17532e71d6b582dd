from datetime import timedelta

import pytest
from werkzeug.http import parse_cookie

from accounts.users import find_user
from console.visit import COOKIE
from storage.database import transaction
from tests.builders import EMAIL, NOON, PASSWORD
from tests.console.conftest import Browser


def test_the_reports_are_behind_the_sign_in(browser: Browser) -> None:
    answer = browser.get()

    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_password_leads_to_the_reports_until_signing_out(browser: Browser) -> None:
    assert browser.sign_in().location == "/"
    page = browser.get()
    assert page.status_code == 200 and EMAIL in page.text

    answer = browser.client.post("/sign-out", data={"mark": browser.mark("/")})

    assert answer.location == "/sign-in"
    assert browser.get().status_code == 303


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "a wrong password"), ("anh@example.vn", PASSWORD), ("", "")]
)
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    browser: Browser, email: str, password: str
) -> None:
    answer = browser.sign_in(email, password)

    assert answer.status_code == 401
    assert "Thư điện tử hoặc mật khẩu không đúng." in answer.text
    assert not email or email not in answer.text
    assert browser.get().status_code == 303


@pytest.mark.parametrize("mark", [None, "", "forged", "\u00e9"])
def test_a_form_without_the_mark_of_its_page_does_nothing(
    browser: Browser, mark: str | None
) -> None:
    browser.get("/sign-in")
    form = {"email": EMAIL, "password": PASSWORD} | ({} if mark is None else {"mark": mark})

    answer = browser.client.post("/sign-in", data=form)

    assert answer.status_code == 400
    assert browser.get().status_code == 303


def test_another_site_cannot_sign_somebody_out(browser: Browser) -> None:
    browser.sign_in()

    assert browser.client.post("/sign-out").status_code == 400
    assert browser.get().status_code == 200


def test_a_mark_from_before_signing_in_is_worth_nothing_afterwards(browser: Browser) -> None:
    early = browser.mark()
    browser.sign_in()

    assert browser.client.post("/sign-out", data={"mark": early}).status_code == 400


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(browser: Browser) -> None:
    plain = browser.sign_in().headers["Set-Cookie"]
    secure = browser.client.get("/sign-in", base_url="https://hotline.example/").headers[
        "Set-Cookie"
    ]

    assert plain.startswith(COOKIE) and "HttpOnly" in plain and "SameSite=Lax" in plain
    assert "Secure" in secure and "Secure" not in plain


def test_a_changed_cookie_is_nobody(browser: Browser) -> None:
    value = parse_cookie(browser.sign_in().headers["Set-Cookie"])[COOKIE] or ""
    browser.client.set_cookie(COOKIE, "x" + value)

    assert browser.get().status_code == 303


def test_a_visit_ends_after_twelve_hours(browser: Browser) -> None:
    browser.sign_in()

    browser.now = NOON + timedelta(hours=11, minutes=59)
    assert browser.get().status_code == 200
    browser.now = NOON + timedelta(hours=12)
    assert browser.get().status_code == 303


def test_a_disabled_user_is_out_at_once(browser: Browser) -> None:
    browser.sign_in()
    with transaction(browser.engine) as session:
        find_user(session, EMAIL, NOON).disabled_at = NOON

    assert browser.get().status_code == 303
