"""`hotline sms`: previews, a test message, lists; and the page that shows the same."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from hotline.clock import utc_now
from hotline.commands.sms import preview_table, sms
from hotline.purge import purge
from hotline.settings import Settings
from hotline.tasks import tasks
from hotline.texting import sms_health, the_sender
from hotline.wiring import open_database
from notifications.arrival_files import keep, new_name
from notifications.inbox_models import IncomingMessage
from notifications.kinds import KINDS
from notifications.models import Message, MessageStatus
from notifications.providers.smpp_parts import Delivered
from provinces.retention import Kind
from storage.database import reading, transaction
from storage.migrations import upgrade
from tests.builders import NOON
from tests.notifications.outboxes import REFERENCE, queue, running, states, until
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


def test_the_operator_is_told_when_an_alarm_goes_nowhere(outbox: Engine, data: Path) -> None:
    assert sms_health(outbox, data / "spool", NOON) == ("ready", "SMS go out")
    queue(outbox, "alarm", "alarm", {"danger": "fire"}, now=NOON)

    state, found = sms_health(outbox, data / "spool", NOON + timedelta(minutes=2))

    assert state == "away"
    assert "1 about danger wait since 2026-11-22T05:00:00Z: is a worker running?" in found
    assert "1 wait in all" in found and "provider" not in found


def test_an_alarm_that_was_refused_is_no_outage(outbox: Engine, data: Path) -> None:
    message = queue(outbox, "alarm", "alarm", {"danger": "fire"}, now=NOON)
    with transaction(outbox) as session:
        session.get_one(Message, message).status = MessageStatus.FAILED

    state, found = sms_health(outbox, data / "spool", NOON + timedelta(minutes=2))

    assert state == "ready" and "1 about danger of the last hour did not arrive" in found
    assert "worker" not in found and "provider" not in found


def test_the_operator_is_told_of_sms_that_cannot_be_read(outbox: Engine, data: Path) -> None:
    (data / "spool" / "sms").mkdir(parents=True)
    (data / "spool" / "sms" / "1.bad").write_text("")

    (data / "spool" / "sms" / f"{new_name(NOON)}.sms").write_text("")

    _, at_once = sms_health(outbox, data / "spool", NOON)
    _, later = sms_health(outbox, data / "spool", NOON + timedelta(minutes=2))

    assert "1 that came over SMPP cannot be read" in at_once and "not stored" not in at_once
    assert "1 that came over SMPP are not stored yet" in later


def test_what_an_earlier_provider_left_in_files_is_stored(outbox: Engine, data: Path) -> None:
    folder = data / "spool" / "sms"
    folder.mkdir(parents=True)
    said = Delivered("84912000002", b"xin chao", 0, 0, None, None, None)
    keep(folder, new_name(NOON), said)
    settings = Settings(data=data, _env_file=None)  # type: ignore[call-arg]

    [task] = [t for t in tasks(outbox, settings, bac_lieu()) if t.name == "sms left in files"]
    task.do()

    with reading(outbox) as session:
        [row] = session.scalars(select(IncomingMessage)).all()
    assert (row.text, row.received_at) == ("xin chao", NOON) and not any(folder.iterdir())


def test_what_cannot_be_read_goes_when_its_time_is_over(outbox: Engine, data: Path) -> None:
    folder = data / "spool" / "sms"
    folder.mkdir(parents=True)
    settings = Settings(data=data, _env_file=None)  # type: ignore[call-arg]
    kept = bac_lieu().retention[Kind.NUMBERS].days
    old = folder / f"{new_name(NOON - timedelta(days=kept + 1))}.bad"
    young = folder / f"{new_name(NOON - timedelta(days=kept - 1))}.bad"
    for path in (old, young):
        path.write_text("")

    purge(outbox, settings, bac_lieu(), NOON)

    assert list(folder.iterdir()) == [young]


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
    with running(sender):
        until(lambda: not {"queued", "sending"} & set(states(outbox)))

    failed = run("list", "--status", "failed").stdout

    assert "not_mobile" in failed and "…120" in failed and "3819120" not in failed
    assert len(json.loads(run("list", "--json").stdout)) == 2
    assert json.loads(run("list", "--doubtful", "--json").stdout) == []
