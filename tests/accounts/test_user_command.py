import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from accounts.roles import Role
from accounts.tokens import find_token
from accounts.users import sign_in
from hotline.clock import utc_now
from hotline.commands.user import user
from hotline.settings import Settings
from hotline.wiring import database
from storage.database import Base, reading


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    settings = Settings()
    with database(settings) as engine:
        Base.metadata.create_all(engine)
    return settings


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(user, arguments, input=typed)


def test_an_added_user_signs_in_with_the_password_that_was_shown(settings: Settings) -> None:
    told = json.loads(run("add", "Chi@Example.vn", "--role", "administrator", "--json").output)

    with database(settings) as engine, reading(engine) as session:
        found = sign_in(session, told["email"], told["password"], utc_now())
    assert found is not None and found.role == Role.ADMINISTRATOR


def test_a_password_that_was_asked_for_is_not_shown(settings: Settings) -> None:
    password = "a right password"

    done = run("add", "chi@example.vn", "--ask", typed=f"{password}\n{password}\n")

    assert done.exit_code == 0 and password not in done.output
    with database(settings) as engine, reading(engine) as session:
        assert sign_in(session, "chi@example.vn", password, utc_now()) is not None


def test_a_token_that_was_shown_is_known(settings: Settings) -> None:
    run("add", "chi@example.vn")

    told = json.loads(run("token", "chi@example.vn", "--name", "tests", "--json").output)

    with database(settings) as engine, reading(engine) as session:
        found = find_token(session, told["token"], utc_now())
    assert found is not None and found.name == "tests"
    assert told["expires_at"].endswith("Z")


def test_a_token_is_made_with_the_scopes_that_its_user_may_have(settings: Settings) -> None:
    run("add", "chi@example.vn")

    made = run("token", "chi@example.vn", "--scope", "reports.read", "--scope", "reports.file",
               "--json")  # fmt: skip
    refused = run("token", "chi@example.vn", "--scope", "export")
    unknown = run("token", "chi@example.vn", "--scope", "everything")

    assert json.loads(made.output)["scopes"] == ["reports.read", "reports.file"]
    assert (refused.exit_code, unknown.exit_code) == (1, 2)
    assert "expected scopes of the role operator" in refused.output


def test_an_officer_is_added_with_their_agency_and_nobody_else_with_one(
    settings: Settings,
) -> None:
    add = ("add", "chi@example.vn", "--role")

    assert run(*add, "agency").exit_code == 1
    assert run(*add, "operator", "--agency", "so_xay_dung").exit_code == 1
    unknown = run(*add, "agency", "--agency", "so_gtvt")  # merged with another in 2025
    assert unknown.exit_code == 2 and "expected an agency of today" in unknown.output
    told = json.loads(run(*add, "agency", "--agency", "ubnd_xa@2025:31942", "--json").output)
    assert told["agency"] == "ubnd_xa@2025:31942"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "chi"), 1, "expected an e-mail address"),
        (("add", "taken@example.vn"), 1, "has an account"),
        (("add", "chi@example.vn", "--role", "king"), 2, "king"),
        (("token", "nobody@example.vn"), 1, "nobody who may sign in"),
        (("token", "taken@example.vn", "--name", "x" * 81), 2, "found 81"),
        (("token", "taken@example.vn", "--days", "0"), 2, "0"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_no_traceback(
    settings: Settings, arguments: tuple[str, ...], code: int, said: str
) -> None:
    run("add", "taken@example.vn")

    done = run(*arguments)

    assert done.exit_code == code and said in done.output
    assert "Traceback" not in done.output


def test_a_database_without_tables_is_told_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "empty"))

    done = run("add", "chi@example.vn")

    assert done.exit_code == 1 and "hotline migrate" in done.output
