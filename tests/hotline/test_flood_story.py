"""One flood, three callers: joined, assigned, answered with a photo, told once each, reopened."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from hotline.call_facts import prepare_calls
from hotline.handlers import command_handlers
from hotline.settings import Settings
from ivr.drivers.recorder import Recorder
from ivr.drivers.simulator import SimulatedClock, Simulator
from ivr.outgoing import place_calls, plan_surveys
from notifications.models import Message
from reports.actors import Actor, Party
from reports.attachments import attach_file, keep_file
from reports.change import Change
from reports.changes import change_report
from reports.due import expected_at, worked_between
from reports.merging import merge
from reports.models import Attachment, CallbackKind, Report, ReportStatus, Update
from reports.reminders import close_silent, escalate, remind
from storage.database import reading, transaction
from tests.provinces.packs import bac_lieu

S = ReportStatus
FRIDAY = datetime(
    2026, 11, 20, 16, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")
)  # an hour before closing
CALLERS = ("+84912000001", "+84912000002", "+84912000003")
WARD = "ubnd_xa@2025:31825"
STAFF, OFFICER = Actor("u1", Party.STAFF), Actor("u2", Party.AGENCY, WARD)
REPORTS_A_FLOOD = (
    "presses 1",
    *("presses 3", "presses 2"),  # rubbish, pollution, flooding: flooded by rain
    "speaks 6 s and presses #",
    *("presses 1", "presses 1", "presses 1"),  # the place by key: phường Bạc Liêu
    *("presses 1", "presses 1"),  # this number; send it
    "hangs up",
)
FINDS_IT_UNSOLVED = (
    *("presses 1", "presses 1"),  # not at all solved; open it again
    "presses the PIN",
    "presses 2",  # not solved
    "speaks 4 s and presses #",
)


def a_photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "brown").save(file, "JPEG")
    return file.getvalue()


def statuses(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Report.status).order_by(Report.requested_at)))


def told(engine: Engine, *keys: str) -> list[tuple[str, str | None]]:
    with reading(engine) as session:
        found = session.scalars(select(Message).where(Message.text_key.in_(keys)))
        return sorted((each.text_key, each.to_number) for each in found)


@pytest.mark.slow
def test_three_callers_report_one_flood(database: Engine, tmp_path: Path) -> None:
    province = bac_lieu()
    settings = Settings(data=tmp_path, _env_file=None)  # type: ignore[call-arg]
    clock = SimulatedClock(FRIDAY)
    (tmp_path / "recordings").mkdir()
    phone = Simulator(
        database=database,
        handlers=command_handlers(settings, province),
        prepare=prepare_calls(settings, province),
        recorder=Recorder(tmp_path / "recordings"),
        wording=province.wording,
        clock=clock,
        shows_effects=False,
    )

    # Friday, an hour before the offices close: three people ring.
    pins = []
    for number in CALLERS:
        phone.begin(number)
        for answer in REPORTS_A_FLOOD:
            phone.answer(answer)
        pins.append(phone.codes["pin"])
    with reading(database) as session:
        first, second, third = session.scalars(select(Report).order_by(Report.requested_at))
    assert {r.category for r in (first, second, third)} == {"NG01"}
    due = first.expected_at
    assert due is not None and due == expected_at(province, "NG01", first.requested_at)
    assert worked_between(province, first.requested_at, due) > timedelta(hours=1)

    # Staff see one matter and hand it to the ward; the ward goes there and shows what it did.
    with transaction(database) as session:
        for duplicate in (second, third):
            merge(session, province, duplicate.id, first.id, STAFF, clock())
        assigned = Change(status=S.ASSIGNED, agency=WARD)
        change_report(session, province, first.id, assigned, STAFF, clock())
    assert statuses(database) == ["assigned", "duplicate", "duplicate"]
    clock.now += timedelta(days=2)  # Sunday: nothing has come nearer
    remind(database, clock())
    escalate(database, province, (), clock())
    with reading(database) as session:
        assert session.get_one(Report, first.id).reminded_at is None
    photo = keep_file(settings.attachments, a_photo())
    with transaction(database) as session:
        begun = Change(status=S.IN_PROGRESS)
        change_report(session, province, first.id, begun, OFFICER, clock())
        solved = Change(status=S.RESOLVED, text="Đã bơm cạn nước và khơi cống.")
        update = change_report(session, province, first.id, solved, OFFICER, clock())
        assert update is not None
        report = session.get_one(Report, first.id)
        attach_file(session, report, photo, OFFICER.id, clock(), update_id=update.id)

    # All three learn of it, once each, under the reference that they know.
    assert told(database, "report_resolved", "duplicate_resolved") == [
        ("duplicate_resolved", CALLERS[1]),
        ("duplicate_resolved", CALLERS[2]),
        ("report_resolved", CALLERS[0]),
    ]
    with reading(database) as session:
        assert session.scalars(select(Attachment)).one().media_type == "image/jpeg"

    # A week of silence closes it; the survey rings the first caller, who is not content.
    clock.now += timedelta(days=province.handling.close_resolved_after_days, hours=1)
    assert close_silent(database, province, clock()) == 1
    clock.now = clock().replace(hour=10) + timedelta(days=2)
    rung: list[tuple[str, str]] = []
    plan_surveys(database, province, clock())
    place_calls(
        database,
        province,
        CallbackKind.SURVEY,
        1,
        lambda outgoing, number: rung.append((outgoing, number)),
        clock(),
    )
    ((outgoing, number),) = rung
    assert number == CALLERS[0]
    phone.begin(number, outgoing=outgoing)
    for answer in FINDS_IT_UNSOLVED:
        phone.answer(answer.replace("the PIN", pins[0]))

    assert statuses(database) == ["reopened", "duplicate", "duplicate"]
    with reading(database) as session:
        reopened = session.get_one(Report, first.id)
        kinds = list(session.scalars(select(Update.kind).where(Update.report_id == first.id)))
    assert reopened.clock_since is not None
    assert reopened.expected_at == expected_at(province, "NG01", reopened.clock_since)
    assert {"rating", "reopened", "merged"} <= set(kinds)
    assert [number for _, number in told(database, "report_reopened", "duplicate_reopened")] == [
        CALLERS[1],
        CALLERS[2],
        CALLERS[0],
    ]
