import re
from datetime import timedelta

import pytest
from passlib.totp import TOTP
from sqlalchemy import select
from werkzeug.http import parse_cookie
from werkzeug.test import TestResponse

from accounts.audit import entries
from accounts.models import User
from accounts.sign_in_tries import MOST_WRONG, WITHIN
from accounts.users import find_user
from console.visit import COOKIE
from storage.database import reading, transaction
from tests.builders import EMAIL, NOON, PASSWORD
from tests.console.conftest import Browser

NEW = "another right password"


def audited(browser: Browser) -> list[str]:
    with reading(browser.engine) as session:
        return [entry.action for entry in reversed(entries(session))]


def test_the_reports_are_behind_the_sign_in(browser: Browser) -> None:
    answer = browser.get("/reports?q=ngap")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/reports?q%3Dngap")


def test_after_signing_in_one_is_where_one_wanted_to_go(browser: Browser) -> None:
    mark = browser.mark("/sign-in?next=/reports?q%3Dngap")
    form = {"email": EMAIL, "password": PASSWORD, "mark": mark, "next": "/reports?q=ngap"}

    assert browser.client.post("/sign-in", data=form).location == "/reports?q=ngap"


@pytest.mark.parametrize("there", ["https://elsewhere.example/", "//elsewhere.example/", "\\\\x"])
def test_signing_in_leads_to_no_other_site(browser: Browser, there: str) -> None:
    form = {"email": EMAIL, "password": PASSWORD, "mark": browser.mark(), "next": there}

    assert "elsewhere" not in (browser.client.post("/sign-in", data=form).location or "")


def test_a_password_leads_to_the_reports_until_signing_out(browser: Browser) -> None:
    assert browser.sign_in().location == "/"
    page = browser.get("/reports")
    assert page.status_code == 200 and EMAIL in page.text

    answer = browser.post("/sign-out")

    assert answer.location == "/sign-in"
    assert browser.get("/reports").status_code == 303
    assert audited(browser) == ["visit.began", "visit.ended"]


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
    assert browser.get("/reports").status_code == 303
    assert audited(browser) == ["sign_in.failed"]


@pytest.mark.parametrize("mark", [None, "", "forged", "\u00e9"])
def test_a_form_without_the_mark_of_its_page_does_nothing(
    browser: Browser, mark: str | None
) -> None:
    browser.get("/sign-in")
    form = {"email": EMAIL, "password": PASSWORD} | ({} if mark is None else {"mark": mark})

    answer = browser.client.post("/sign-in", data=form)

    assert answer.status_code == 400
    assert browser.get("/reports").status_code == 303


def test_another_site_cannot_sign_somebody_out(browser: Browser) -> None:
    browser.sign_in()

    assert browser.client.post("/sign-out").status_code == 400
    assert browser.get("/reports").status_code == 200


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

    assert browser.get("/reports").status_code == 303


def test_a_visit_ends_after_twelve_hours(browser: Browser) -> None:
    browser.sign_in()

    browser.now = NOON + timedelta(hours=11, minutes=59)
    assert browser.get("/reports").status_code == 200
    browser.now = NOON + timedelta(hours=12)
    assert browser.get("/reports").status_code == 303


def test_a_disabled_user_is_out_at_once(browser: Browser) -> None:
    browser.sign_in()
    with transaction(browser.engine) as session:
        find_user(session, EMAIL, NOON).disabled_at = NOON

    assert browser.get("/reports").status_code == 303
    assert browser.sign_in().status_code == 401


@pytest.mark.parametrize("email", [EMAIL, "anh@example.vn"])
def test_after_too_many_wrong_tries_an_address_waits_whoever_has_it(
    browser: Browser, email: str
) -> None:
    for _ in range(MOST_WRONG):
        assert "không đúng" in browser.sign_in(email, "a wrong password").text

    locked = browser.sign_in(email, PASSWORD)

    assert locked.status_code == 401 and "đợi 15 phút" in locked.text
    browser.now += WITHIN
    assert browser.sign_in().location == "/"


def test_a_password_can_be_changed_and_other_browsers_are_out(browser: Browser) -> None:
    browser.sign_in()
    other = browser.other()
    other.sign_in()

    refused = change(browser, PASSWORD, "short")
    changed = change(browser, PASSWORD, NEW)

    assert refused.status_code == 400 and "12 đến 200" in refused.text
    assert changed.location == "/account"
    assert browser.get("/reports").status_code == 200
    assert other.get("/reports").status_code == 303
    assert browser.other().sign_in(EMAIL, NEW).location == "/"
    assert "password.changed" in audited(browser)


def test_a_password_that_somebody_else_made_is_changed_first(browser: Browser) -> None:
    with transaction(browser.engine) as session:
        session.scalars(select(User)).one().must_change = True
    browser.sign_in()

    assert browser.get("/reports").location == "/account/password"
    assert change(browser, PASSWORD, NEW).location == "/account"
    assert browser.get("/reports").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(browser: Browser) -> None:
    browser.sign_in()
    codes = set_up(browser)
    fresh = browser.other()

    answer = fresh.sign_in()

    assert (answer.location or "").startswith("/sign-in/code")
    assert fresh.get("/reports").status_code == 303
    wrong = send_code(fresh, "000000")
    assert wrong.status_code == 401 and "không đúng" in wrong.text
    assert send_code(fresh, codes.generate(time=later()).token).location == "/"
    assert fresh.get("/reports").status_code == 200


def test_a_code_is_good_for_once(browser: Browser) -> None:
    browser.sign_in()
    codes = set_up(browser)
    token = codes.generate(time=later()).token
    first, second = browser.other(), browser.other()
    first.sign_in()
    second.sign_in()

    assert send_code(first, token).location == "/"
    assert send_code(second, token).status_code == 401


def test_wrong_codes_lock_too(browser: Browser) -> None:
    browser.sign_in()
    codes = set_up(browser)
    fresh = browser.other()
    fresh.sign_in()

    for _ in range(MOST_WRONG):
        send_code(fresh, "000000")

    assert "đợi 15 phút" in send_code(fresh, codes.generate(time=later()).token).text


def test_a_recovery_code_stands_in_for_the_telephone_once(browser: Browser) -> None:
    browser.sign_in()
    set_up(browser)
    page = browser.post("/account/recovery-codes", generate_new_codes="1").text
    code = page.split("<li><code>")[1].split("</code>")[0]
    first, second = browser.other(), browser.other()

    first.sign_in()
    answer = first.post("/sign-in/recovery", "/sign-in/recovery", code=code)
    second.sign_in()
    again = second.post("/sign-in/recovery", "/sign-in/recovery", code=code)

    assert answer.location == "/" and first.get("/reports").status_code == 200
    assert again.status_code == 401 and second.get("/reports").status_code == 303


def test_a_second_factor_can_be_taken_away_again(browser: Browser) -> None:
    browser.sign_in()
    set_up(browser)

    browser.post("/account/second-factor", setup="disable")

    assert browser.other().sign_in().location == "/"
    assert audited(browser)[-2:] == ["second_factor.removed", "visit.began"]


def test_sessions_are_listed_and_ended_each_by_its_owner(browser: Browser) -> None:
    browser.sign_in()
    other = browser.other()
    other.sign_in()
    page = browser.get("/account").text
    here, there = sorted(ends_of(page), key=lambda path: path not in page.split("Phiên này")[1])
    assert page.count("Phiên này") == 1

    browser.post(there)

    assert other.get("/reports").status_code == 303
    assert browser.get("/reports").status_code == 200
    assert browser.post(here).status_code == 303
    assert browser.get("/reports").status_code == 303


def test_nobody_ends_the_sessions_of_others_but_an_administrator(browser: Browser) -> None:
    browser.sign_in()
    (path,) = ends_of(browser.get("/account").text)
    colleague, administrator = browser.other(), browser.other()
    colleague.become("operator")
    administrator.become("administrator")

    colleague.post(path)
    assert browser.get("/reports").status_code == 200
    assert EMAIL in administrator.get("/account").text
    administrator.post(path)
    assert browser.get("/reports").status_code == 303


def ends_of(page: str) -> list[str]:
    """Where the page's buttons that end a session lead."""
    return [path for path in re.findall(r'action="([^"]+)"', page) if path.endswith("/end")]


def change(browser: Browser, old: str, new: str) -> TestResponse:
    form = {"password": old, "new_password": new, "new_password_confirm": new}
    return browser.post("/account/password", "/account/password", **form)


def set_up(browser: Browser) -> TOTP:
    """Turn the second factor on; what the telephone then has."""
    page = browser.post("/account/second-factor", "/account/second-factor", setup="authenticator")
    key = page.text.split("<code>")[1].split("</code>")[0]
    codes: TOTP = TOTP(key=key.replace("-", ""))
    action = page.text.split('action="/account/second-factor/')[1].split('"')[0]
    done = browser.post(f"/account/second-factor/{action}", code=codes.generate().token)
    assert done.location == "/account"
    return codes


def send_code(browser: Browser, code: str | None) -> TestResponse:
    return browser.post("/sign-in/code", "/sign-in/code", code=code or "")


def later() -> float:
    """The next code's time: the present one was used to set it up."""
    import time

    return time.time() + 30
