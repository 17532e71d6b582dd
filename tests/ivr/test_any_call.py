"""Callers, hangups, crashes and repeated answers in any order, on the real engine and database."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import Engine, func, select

from hotline.calls import command_handlers
from ivr.conversation import Conversations, recording_name
from ivr.drivers.agi_server import DRIVER
from ivr.engine import Arrival, Pending
from ivr.models import Call, JournalEntry
from ivr.steps import Digits, HungUp, NoInput, Record, Recorded, Result
from notifications.models import Message
from reports.models import Recording, Report, Transcript
from reports.reference import parse_reference
from storage import migrations
from storage.database import open_engine, reading
from tests.ivr.golden import FACTS

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
_TEMPLATE = Path(tempfile.mkdtemp(prefix="any-call-")) / "template.sqlite3"


def _fresh_database() -> Engine:
    if not _TEMPLATE.exists():
        made = open_engine(f"sqlite:///{_TEMPLATE}")
        migrations.upgrade(made)
        with made.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        made.dispose()
    copy = Path(tempfile.mkdtemp(dir=_TEMPLATE.parent)) / "call.sqlite3"
    shutil.copy(_TEMPLATE, copy)
    return open_engine(f"sqlite:///{copy}")


class AnyCall(RuleBasedStateMachine):
    """One call, held by a server that may die between any two answers."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.database = _fresh_database()
        self.spoken: set[str] = set()
        self.hung_up = False

    @initialize()
    def the_phone_rings(self) -> None:
        self.conversations = Conversations(self.database, command_handlers(), lambda: self.now)
        self.at = self._arrive()

    def _arrive(self) -> Pending:
        arrival = Arrival(DRIVER, "1795375177.0", "+84912345678", "19009120", FACTS)
        return self.conversations.begin(arrival)

    def _answer(self, result: Result, at: Pending | None = None) -> None:
        self.now += timedelta(seconds=5)
        self.at = self.conversations.advance(at or self.at, result)
        for say in self.at.turn.says:
            if "reference" in say.values:
                self.spoken.add(say.values["reference"])

    def _recorded(self, silent: bool) -> Recorded:
        name = recording_name(self.at)
        return Recorded(name, 6.0, 96_044, "0" * 64, silent)

    @property
    def _going_on(self) -> bool:
        return self.at.turn.wait is not None

    @precondition(lambda self: self._going_on)
    @rule(data=st.data())
    def caller_answers(self, data: Any) -> None:
        if isinstance(self.at.turn.wait, Record):
            answers = [self._recorded(False), self._recorded(True), NoInput()]
        else:
            answers = [NoInput(), *(Digits(key) for key in "012359*#")]
        self._answer(data.draw(st.sampled_from(answers)))

    @precondition(lambda self: self._going_on)
    @rule()
    def caller_hangs_up(self) -> None:
        self._answer(HungUp())
        self.hung_up = True

    @rule(result=st.sampled_from([Digits("1"), Digits("3"), NoInput(), HungUp()]))
    def an_old_answer_comes_again(self, result: Result) -> None:
        old = Pending(self.at.call_id, self.at.turn, self.at.position - 1, False)
        before = self.at

        self._answer(result, at=old)

        assert self.at == before

    @rule()
    def the_server_dies_and_another_takes_over(self) -> None:
        before = self.at

        self.conversations = Conversations(self.database, command_handlers(), lambda: self.now)
        self.at = self._arrive()

        assert self.at == before

    @invariant()
    def one_call_and_an_unbroken_journal(self) -> None:
        with reading(self.database) as session:
            assert session.scalar(select(func.count()).select_from(Call)) == 1
            positions = session.scalars(
                select(JournalEntry.position).order_by(JournalEntry.position)
            ).all()
        assert list(positions) == list(range(len(positions)))

    @invariant()
    def one_report_at_most_with_all_that_belongs_to_it(self) -> None:
        with reading(self.database) as session:
            reports = session.scalars(select(Report)).all()
            messages = session.scalars(select(Message)).all()
            attached = session.scalars(
                select(Recording.name).where(Recording.report_id.is_not(None))
            ).all()
            transcripts = session.scalars(select(Transcript.recording_name)).all()
            queued = session.connection().exec_driver_sql(
                "SELECT workflow_uuid FROM workflow_status"
            )
            jobs = {row[0] for row in queued}
        assert len(reports) <= 1
        assert len(messages) == len(reports)
        assert sorted(transcripts) == sorted(attached)
        expected = {f"transcribe:{name}" for name in attached}
        expected |= {f"send_message:{message.id}" for message in messages}
        assert {job for job in jobs if not job.startswith("erase_recordings:")} == expected
        assert self.spoken <= {parsed_spoken(report.reference) for report in reports}

    @invariant()
    def words_that_were_heard_are_filed_or_taken_back_when_the_call_is_over(self) -> None:
        if self._going_on:
            return
        with reading(self.database) as session:
            audible = session.scalars(select(Recording).where(Recording.silent.is_(False))).all()
            filed = session.scalar(select(func.count()).select_from(Report))
        if any(recording.discarded_at is None for recording in audible):
            assert filed == 1

    def teardown(self) -> None:
        self.database.dispose()


def parsed_spoken(reference: str) -> str:
    """The spoken form of a stored reference, which must be a valid one."""
    assert parse_reference(reference) == reference
    return "-".join(reference[i : i + 3] for i in range(0, 9, 3))


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(
    max_examples=25,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
