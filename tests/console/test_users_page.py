"""The administrators' page of users."""

import re

import pytest

from accounts.audit import entries
from accounts.models import User
from accounts.roles import Role
from storage.database import reading
from tests.builders import EMAIL
from tests.console.conftest import Browser

NEW = "moi@example.vn"


@pytest.fixture
def administrator(browser: Browser) -> Browser:
    browser.become(Role.ADMINISTRATOR)
    return browser


def user_of(browser: Browser, email: str) -> User:
    with reading(browser.engine) as session:
        return session.query(User).filter_by(email=email).one()


def told_password(page: str) -> str:
    found = re.search(r'class="told">[^<]*<code>([^<]+)</code>', page)
    assert found is not None
    return found[1]


def act(browser: Browser, email: str, action: str) -> int:
    return browser.post(f"/users/{user_of(browser, email).id}/{action}").status_code


def test_a_new_user_signs_in_with_the_password_that_is_shown_once(administrator: Browser) -> None:
    answer = administrator.post(
        "/users", email=f" {NEW.upper()} ", role="agency", agency="so_xay_dung"
    )

    password = told_password(answer.text)
    assert answer.status_code == 201
    assert password not in administrator.get("/users").text
    fresh = administrator.other()
    assert fresh.sign_in(NEW, password).location == "/"
    assert fresh.get("/reports").location == "/account/password"
    made = user_of(administrator, NEW)
    assert (made.role, made.agency, made.must_change) == ("agency", "so_xay_dung", True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "nothing"}, "không đúng"),
        ({"email": EMAIL}, "đã có tài khoản"),
        ({"role": "agency"}, "cần một cơ quan"),
        ({"agency": "so_xay_dung"}, "cần một cơ quan"),
        ({"role": "agency", "agency": "nonsense"}, "cần một cơ quan"),
        ({"role": "emperor"}, "cần một cơ quan"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    administrator: Browser, form: dict[str, str], said: str
) -> None:
    answer = administrator.post("/users", **{"email": NEW, "role": "operator", **form})

    assert answer.status_code == 400 and said in answer.text
    assert form.get("email", NEW) in answer.text


def test_a_password_that_is_reset_ends_sessions_and_the_lock(administrator: Browser) -> None:
    theirs = administrator.other()
    theirs.sign_in()
    for _ in range(5):
        administrator.other().sign_in(EMAIL, "a wrong password")

    page = administrator.post(f"/users/{user_of(administrator, EMAIL).id}/reset-password").text

    assert theirs.get("/reports").status_code == 303
    assert administrator.other().sign_in(EMAIL, told_password(page)).location == "/"


def test_a_disabled_user_is_out_until_enabled_again(administrator: Browser) -> None:
    theirs = administrator.other()
    theirs.sign_in()

    act(administrator, EMAIL, "disable")
    assert theirs.get("/reports").status_code == 303
    assert administrator.other().sign_in().status_code == 401
    act(administrator, EMAIL, "enable")

    assert administrator.other().sign_in().location == "/"
    with reading(administrator.engine) as session:
        actions = {entry.action for entry in entries(session)}
    assert {"user.disabled", "user.enabled", "visit.ended", "sign_in.failed"} <= actions


def test_nobody_disables_themselves_and_an_administrator_is_always_left(
    administrator: Browser,
) -> None:
    with reading(administrator.engine) as session:
        own = session.query(User).filter_by(role="administrator").one().email

    assert act(administrator, own, "disable") == 409
    assert act(administrator, own, "reset-password") == 409
    assert act(administrator, EMAIL, "nonsense") == 404
    assert administrator.post("/users/nobody/disable").status_code == 409
    assert user_of(administrator, own).disabled_at is None
