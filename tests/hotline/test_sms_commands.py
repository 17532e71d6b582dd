"""`hotline sms`: previews, a test message, lists; and the page that shows the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from hotline.clock import utc_now
from hotline.commands.sms import preview_table, sms
from hotline.settings import Settings
from hotline.texting import the_sender
from hotline.wiring import open_database
from notifications.kinds import KINDS
from storage.migrations import upgrade
from tests.notifications.outboxes import REFERENCE, queue, running
from tests.provinces.packs import bac_lieu

PAGE = Path(__file__).parents[2] / "docs" / "sms.md"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTLINE_DATA", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def outbox(data: Path) -> Engine:
    engine = open_database(Settings(data=data, _env_file=None))  # type: ignore[call-arg]
    upgrade(engine)
    return engine


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sms, arguments)


def test_the_page_shows_the_real_lengths() -> None:
    assert preview_table(bac_lieu()) in PAGE.read_text()


def test_every_text_is_previewed_in_both_forms_and_languages(data: Path) -> None:
    rows: list[dict[str, Any]] = json.loads(run("preview", "--json").stdout)

    assert {(row["key"], row["language"], row["accents"]) for row in rows} == {
        (key, language, accents)
        for key in KINDS
        for language in ("vi", "en")
        for accents in (False, True)
    }
    assert "125 chars 1 part(s)" in run("preview", "--key", "report_received").stdout


def test_what_is_no_mobile_number_or_language_is_refused(data: Path) -> None:
    for arguments in (
        ("send-test", "0291381912"),
        ("send-test", "113"),
        ("send-test", "anonymous"),
    ):
        assert (run(*arguments).exit_code, "mobile number" in run(*arguments).output) == (2, True)
    assert run("preview", "--language", "km").exit_code == 2


@pytest.mark.slow
def test_a_test_message_goes_the_way_of_all_others(data: Path, outbox: Engine) -> None:
    settings = Settings(data=data, _env_file=None)  # type: ignore[call-arg]
    with running(the_sender(outbox, settings, bac_lieu(), "worker-1")):
        result = run("send-test", "0912345678", "--json")

    [row] = json.loads(result.stdout[result.stdout.index("[\n") :])  # the log is there too
    assert (result.exit_code, row["status"], row["to"]) == (0, "sent", "…678")


@pytest.mark.slow
def test_without_a_worker_it_says_so(data: Path, outbox: Engine) -> None:
    result = run("send-test", "0912345678", "--wait", "0.1")

    assert result.exit_code == 1 and "is a worker running?" in result.output


def test_lists_say_why_and_hide_numbers(data: Path, outbox: Engine) -> None:
    queue(outbox, "1", to="+842913819120", now=utc_now())
    queue(outbox, "2", "report_overdue", REFERENCE, now=utc_now())
    settings = Settings(data=data, _env_file=None)  # type: ignore[call-arg]
    sender = the_sender(outbox, settings, bac_lieu(), "worker-1")
    for _ in range(3):
        sender.once()
    sender.close()

    failed = run("list", "--status", "failed").stdout

    assert "not_mobile" in failed and "…120" in failed and "3819120" not in failed
    assert len(json.loads(run("list", "--json").stdout)) == 2
    assert json.loads(run("list", "--doubtful", "--json").stdout) == []
