import socket
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text

from api.health import database_check, disk_check, port_check
from ivr.models import AgiServerRow, CallStatus
from notifications.kinds import Lane
from storage.database import open_engine
from tests.api.conftest import Api
from tests.builders import a_call, a_message, a_recording, a_report, a_transcript


def test_the_process_says_that_it_lives_whatever_else_is_broken(api: Api) -> None:
    api.checks["database"] = lambda: "away"

    answer = api.client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"alive": True})


def test_ready_means_that_every_check_is(api: Api) -> None:
    api.checks |= {"database": lambda: None, "disk": lambda: None}

    answer = api.client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json["ready"] is True
    assert answer.json["checks"]["disk"] == {"ready": True, "why": None}


def test_not_ready_says_which_part_and_why(api: Api) -> None:
    api.checks |= {"database": lambda: None, "disk": lambda: "expected 500 MB free, found 3 MB"}

    answer = api.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["checks"] == {
        "database": {"ready": True, "why": None},
        "disk": {"ready": False, "why": "expected 500 MB free, found 3 MB"},
    }


def test_a_check_that_breaks_is_a_part_that_is_not_ready(api: Api) -> None:
    def breaks() -> str | None:
        raise RuntimeError("0912345678")

    api.checks["odd"] = breaks

    answer = api.client.get("/readyz")

    assert answer.status_code == 503 and "0912345678" not in answer.text


@pytest.mark.parametrize("state", ["ready", "off", "away"])
def test_what_calls_go_on_without_is_told_and_keeps_nobody_from_answering(
    api: Api, state: str
) -> None:
    api.checks["disk"] = lambda: None
    api.optional["speech service"] = lambda: (state, "callers press keys")

    answer = api.client.get("/readyz")

    assert (answer.status_code, answer.json["ready"]) == (200, True)
    assert answer.json["optional"] == {
        "speech service": {"state": state, "found": "callers press keys"}
    }


def test_an_optional_part_whose_report_breaks_is_away(api: Api) -> None:
    def breaks() -> tuple[str, str]:
        raise RuntimeError("0912345678")

    api.optional["speech service"] = breaks

    answer = api.client.get("/readyz")

    assert answer.status_code == 200 and "0912345678" not in answer.text
    assert answer.json["optional"]["speech service"]["state"] == "away"


def test_a_database_is_ready_at_the_newest_migration_only(engine: Engine) -> None:
    check = database_check(engine, lambda: "0002")
    assert "hotline migrate" in (check() or "")

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    assert check() == "expected migration 0002, found 0001: hotline migrate"

    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    assert check() is None


def test_a_database_that_is_away_is_not_ready(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'missing' / 'db.sqlite3'}")

    assert "OperationalError" in (database_check(engine, lambda: "0001")() or "")


def test_a_disk_is_ready_while_it_has_room(tmp_path: Path) -> None:
    assert disk_check(tmp_path, min_free_bytes=1)() is None
    assert "expected 1000000000000 MB free" in (disk_check(tmp_path, 10**18)() or "")
    assert "cannot be looked at" in (disk_check(tmp_path / "missing")() or "")


def test_a_port_is_ready_while_something_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert port_check(address)() is None

    assert "nothing answers" in (port_check(address)() or "")


def samples(api: Api) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(api.client.get("/metrics").text)
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_business_figures_are_counted_at_each_scrape_with_zeros(api: Api) -> None:
    assert samples(api)["hotline_calls", "failed"] == 0

    report = a_report([a_recording(a_transcript(status="failed"))])
    api.add(a_call(), a_call(status=CallStatus.FAILED), report, a_message(report))

    told = samples(api)
    assert told["hotline_database_up", ""] == 1
    assert told["hotline_calls", "completed"] == 1
    assert told["hotline_calls", "failed"] == 1
    assert told["hotline_reports", "new"] == 1
    assert told["hotline_transcripts", "failed"] == 1
    assert told["hotline_transcripts", "done"] == 0
    assert told["hotline_messages", "sent"] == 1


def test_a_call_whose_server_is_silent_is_told_as_an_orphan(api: Api) -> None:
    held = {"held_at": api.now - timedelta(minutes=1), "ended_at": None}
    going_on = CallStatus.IN_PROGRESS
    api.add(
        a_call(status=going_on, driver="agi", holder="alive-1", **held),
        a_call(status=going_on, driver="agi", holder="dead-1", **held),
        AgiServerRow(name="alive", beat_at=api.now),
        AgiServerRow(name="dead", beat_at=api.now - timedelta(minutes=1)),
    )

    assert samples(api)["hotline_calls_orphaned", ""] == 1


def test_an_alarm_that_reaches_nobody_is_told_to_who_watches(api: Api) -> None:
    assert samples(api)["hotline_sms_failing", ""] == 0

    late = api.now - timedelta(minutes=2)
    report = a_report()
    api.add(report, a_message(report, status="queued", lane=Lane.ALARM, queued_at=late))

    told = samples(api)
    # Of the provider nothing is known: only what it says makes it failing.
    assert (told["hotline_sms_failing", ""], told["hotline_sms_alarms_unheard", ""]) == (0, 1)


def test_requests_are_counted_by_route_so_that_paths_make_no_new_series(api: Api) -> None:
    for number in range(3):
        api.get(f"/reports/{number}")
        api.client.open(f"/nothing/{number}", method=f"ODD{number}")

    told = samples(api)
    assert told["hotline_http_requests_total", "GET,/api/v1/reports/<reference:reference>,404"] == 3
    assert told["hotline_http_requests_total", "other,unmatched,404"] == 3


def test_figures_are_still_told_when_the_database_is_away(api: Api) -> None:
    with api.engine.begin() as connection:
        connection.execute(text("DROP TABLE messages"))

    told = samples(api)

    assert told["hotline_database_up", ""] == 0
    assert ("hotline_calls", "completed") not in told
