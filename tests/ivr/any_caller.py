"""A caller who may do anything, a hotline that may die at any moment, and what must hold then."""

import atexit
import contextlib
import dataclasses
import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, Table, func, select
from sqlalchemy.orm import Session

from hotline.call_facts import prepare_calls
from hotline.handlers import command_handlers
from hotline.settings import Settings
from ivr.conversation import Conversations, recording_name
from ivr.dialogue import REPEAT
from ivr.engine import Arrival, Handlers, Pending, Prepare, Setting
from ivr.errors import CallTaken
from ivr.flow_check.answers import answers, repeats, silence
from ivr.flow_check.limits import MOST_SILENT_TURNS
from ivr.flow_check.states import Alike
from ivr.models import Call, CallStatus, JournalEntry
from ivr.outgoing import rules_for
from ivr.session import MOST_ANSWERS
from ivr.steps import (
    DialEnded,
    Digits,
    Gather,
    Hear,
    Heard,
    HungUp,
    QueueEnded,
    Record,
    Recorded,
    Result,
    Said,
)
from monitoring.asked_moments import last_whole
from monitoring.models import Observation
from monitoring.respondents import add_respondent, respondents
from monitoring.round_calls import due_questions, round_rules
from monitoring.round_models import QuestionState
from monitoring.round_views import question_views, round_views
from monitoring.rounds import open_round
from notifications.models import Message
from provinces.loader import find_province, load_province
from provinces.schema import Province
from reports.callbacks import Promise, due_callbacks, promise
from reports.models import Callback, CallbackKind, Recording, Report, Transcript, TranscriptStatus
from storage import migrations
from storage.database import Base, open_engine, reading, transaction

AFTERNOON = datetime(2026, 11, 23, 8, tzinfo=UTC)  # 15:00 of a working Monday
NIGHT = datetime(2026, 11, 22, 18, tzinfo=UTC)
MOBILE, LANDLINE = "+84912345678", "+842913823456"
ASKED = "2025:31840"
SPOKEN_PLACES = ("ở phường Bạc Liêu", "xã Châu Thới ấp ba", "ngoài đường lớn")
UNUSUAL: tuple[dict[str, Any], ...] = (
    {},
    {"treatment": "blocked"},
    {"treatment": "record_only"},
    {"treatment": "warned"},
    {"busy": True},
    {"can_connect": True},
    {"languages": ["vi"]},
    {"hears_words": True},
)
# Four digits that stand in the database for something else: years and the clock.
_NOT_PINS = re.compile(r"20\d\d|19\d\d|0000")
# In memory where that can be: a thousand calls need no disk to be flushed a thousand times.
_MEMORY = Path("/dev/shm")
_FOLDER = Path(tempfile.mkdtemp(prefix="any-call-", dir=_MEMORY if _MEMORY.is_dir() else None))
_TEMPLATE = _FOLDER / "template.sqlite3"
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)


@cache
def _province() -> Province:
    return load_province(find_province("bac_lieu"))


@cache
def _handlers(emergency_dial: bool) -> Handlers:
    return command_handlers(Settings(emergency_dial=emergency_dial), _province())


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
    """Calls of one number, one after another, held by servers that die between any two answers."""

    def __init__(self) -> None:
        super().__init__()
        self.now = AFTERNOON
        self.database = _fresh_database()
        self.told: dict[str, str] = {}  # reference to PIN, as they were spoken
        self.begun_anew: set[str] = set()
        self.visits = self.calls = 0
        self.outgoing: str | None = None
        self.last: Result | None = None

    @initialize(
        number=st.sampled_from([MOBILE, MOBILE, LANDLINE, None]),
        unusual=st.sampled_from([{}, *UNUSUAL]),
        begins_at=st.sampled_from([AFTERNOON, AFTERNOON, NIGHT]),
    )
    def the_phone_rings(
        self, number: str | None, unusual: dict[str, Any], begins_at: datetime
    ) -> None:
        self.now, self.number, self.unusual = begins_at, number, unusual
        self.at = self._arrive()

    def _prepare(self) -> Prepare:
        prepare = prepare_calls(Settings(), _province())

        def unusually(session: Session, arrival: Arrival, now: datetime) -> Setting:
            setting = prepare(session, arrival, now)
            return Setting(setting.flow, dataclasses.replace(setting.facts, **self.unusual))

        return unusually

    def _arrive(self) -> Pending:
        """Another server, with nothing in its memory, is told of the call."""
        self.visits += 1
        handlers = _handlers(bool(self.unusual.get("can_connect")))
        self.conversations = Conversations(
            self.database, handlers, self._prepare(), lambda: self.now
        )
        arrival = Arrival(
            "agi",
            f"1795375177.{self.calls}",
            self.number,
            "19009120",
            holder=f"server-{self.visits}",
            outgoing=self.outgoing,
        )
        return self._heard(self.conversations.begin(arrival))

    def _heard(self, at: Pending) -> Pending:
        said = {say.key: say.values for say in at.turn.says}
        reference = next((v["reference"] for v in said.values() if "reference" in v), None)
        if reference is not None and "pin" in said:
            self.told[reference.replace("-", "")] = said["pin"]["pin"]
        return at

    def _answer(self, result: Result) -> None:
        self.now += timedelta(seconds=5)
        if isinstance(result, Recorded):
            result = dataclasses.replace(result, name=recording_name(self.at))
            if result.key == REPEAT:
                self.begun_anew.add(result.name)
        if isinstance(self.at.turn.wait, Hear) and isinstance(result, Heard):
            self._words_are_found(self.at.turn.wait.recording)
        self.last = result
        self.at = self._heard(self.conversations.advance(self.at, result))
        if self.at.turn.wait is None:
            self.conversations.end(self.at.call_id)

    def _words_are_found(self, recording: str) -> None:
        with transaction(self.database) as session:
            transcript = session.get_one(Transcript, recording)
            transcript.status = TranscriptStatus.DONE
            transcript.text = SPOKEN_PLACES[len(recording) * self.at.position % 3]

    @property
    def _going_on(self) -> bool:
        return self.at.turn.wait is not None

    @precondition(lambda self: self._going_on)
    @rule(data=st.data())
    def caller_answers(self, data: Any) -> None:
        wait = self.at.turn.wait
        assert wait is not None
        found = list(answers(wait, Alike(frozenset(), frozenset(), frozenset())))
        if (star := repeats(wait)) is not None:
            found.append(star)
        if isinstance(wait, Gather) and wait.by_word:
            keys = [result.value for result in found if isinstance(result, Digits)]
            found += [Said(key, "một", sure) for key in keys for sure in (0.4, 0.9)]
        if isinstance(wait, Gather) and wait.max_digits == 9:
            found += [Digits(reference) for reference in self.told] * 3
        if isinstance(wait, Gather) and wait.max_digits == 4:
            found += [Digits(pin) for pin in self.told.values()] * 3
        self._answer(data.draw(st.sampled_from(found)))

    @precondition(lambda self: self._going_on)
    @rule(times=st.integers(1, 3))
    def caller_does_what_is_asked(self, times: int) -> None:
        """Presses 1, speaks: so that many calls come far."""
        for _ in range(times):
            match self.at.turn.wait:
                case Gather(max_digits=1):
                    self._answer(Digits("1"))
                case Gather(amount=True):
                    self._answer(Digits("8"))
                case Record() as wait:
                    spoken = [
                        a
                        for a in answers(wait, Alike(frozenset(), frozenset(), frozenset()))
                        if isinstance(a, Recorded) and not a.silent and not a.key
                    ]
                    self._answer(spoken[0])
                case None:
                    return
                case wait:
                    self._answer(silence(wait))

    @precondition(lambda self: self._going_on)
    @rule()
    def caller_hangs_up(self) -> None:
        self._answer(HungUp())

    @rule(result=st.sampled_from([Digits("1"), Digits("3"), HungUp()]), back=st.integers(1, 3))
    def an_old_answer_comes_again(self, result: Result, back: int) -> None:
        if self.at.position < back:
            return
        old = dataclasses.replace(self.at, position=self.at.position - back, live=None)

        assert self.conversations.advance(old, result) == self.at

    @rule(result=st.sampled_from([Digits("1"), HungUp()]))
    def the_server_dies_and_another_takes_over(self, result: Result) -> None:
        before, dead = self.at, self.conversations

        self.at = self._arrive()

        assert dataclasses.replace(self.at, holder=before.holder) == before
        if self._going_on:
            with contextlib.suppress(CallTaken):  # it was not quite dead: it has lost the call
                dead.advance(before, result)
                raise AssertionError("two servers in one call")

    @precondition(lambda self: not self._going_on)
    @rule(unusual=st.sampled_from(UNUSUAL), after=st.sampled_from([1, 20, 90]))
    def the_same_number_calls_again(self, unusual: dict[str, Any], after: int) -> None:
        self.now += timedelta(minutes=after)
        self.unusual, self.outgoing, self.last = unusual, None, None
        self.calls += 1
        self.at = self._arrive()

    @precondition(lambda self: not self._going_on)
    @rule(kind=st.sampled_from(list(CallbackKind)))
    def we_ring(self, kind: CallbackKind) -> None:
        """A promised callback, or the question whether it is solved."""
        rules = rules_for(_province(), kind)
        with transaction(self.database) as session:
            report = session.scalars(select(Report).where(Report.anonymous.is_(False))).first()
            if kind == CallbackKind.SURVEY and report is not None:
                owed = Promise(kind, self.number or MOBILE, "vi", report_id=report.id)
                promise(session, owed, self.now)
            orders = due_callbacks(session, kind, rules, 1, self.now)
        if not orders:
            return
        self.calls += 1
        self.outgoing, self.unusual, self.last = orders[0].outgoing, {}, None
        self.at = self._arrive()

    @precondition(lambda self: not self._going_on)
    @rule(days=st.integers(1, 3))
    def we_ask_for_a_figure(self, days: int) -> None:
        """A round's question, of another day each time."""
        province = _province()
        with transaction(self.database) as session:
            if not respondents(session):
                add_respondent(session, province, "Chị Hai", ASKED, MOBILE, "vi", self.now)
            fires = province.indicator("security.fires")
            day = last_whole(fires.period, self.now, province.timezone) - timedelta(days=days)
            if not round_views(session, only_open=True):
                open_round(session, province, fires, day, "cli", self.now)
            orders = due_questions(session, round_rules(province), 1, self.now)
        if not orders:
            return
        self.calls += 1
        self.outgoing, self.unusual, self.last = orders[0].outgoing, {}, None
        self.at = self._arrive()

    @invariant()
    def only_figures_that_were_agreed_to_are_kept(self) -> None:
        with reading(self.database) as session:
            answered = [
                question.value
                for made in round_views(session)
                for question in question_views(session, made.id)
                if question.state == QuestionState.ANSWERED
            ]
            kept = session.scalars(select(Observation.value)).all()
        assert set(kept) <= set(answered) <= {0.0, 8.0}

    @invariant()
    def a_call_goes_on_as_it_began_and_its_journal_is_unbroken(self) -> None:
        with reading(self.database) as session:
            calls = session.scalars(select(Call)).all()
            rows = session.execute(
                select(
                    JournalEntry.call_id, func.count(), func.max(JournalEntry.position)
                ).group_by(JournalEntry.call_id)
            ).all()
        assert len(calls) == self.calls + 1
        assert not [call for call in calls if call.status == CallStatus.FAILED]
        assert all(last + 1 == count <= 2 * MOST_ANSWERS for _, count, last in rows)

    @invariant()
    def whoever_is_led_out_was_heard_or_hears_a_goodbye(self) -> None:
        if self._going_on or isinstance(self.last, HungUp):
            return
        talked = isinstance(self.last, QueueEnded | DialEnded) and self.last.outcome == "answered"
        assert talked or self.at.turn.says[-1].key == "goodbye"

    @invariant()
    def nobody_who_declined_is_recorded(self) -> None:
        assert not (self.at.recording_declined and isinstance(self.at.turn.wait, Record))

    @invariant()
    def an_answer_files_one_report_and_a_report_sends_one_sms(self) -> None:
        with reading(self.database) as session:
            filings = session.scalar(
                select(func.count())
                .select_from(JournalEntry)
                .where(JournalEntry.step.in_(["Do:file_report", "Do:file_partial"]))
            )
            reports = session.scalars(select(Report)).all()
            messages = session.scalars(select(Message)).all()
        assert len(reports) <= (filings or 0)
        sent = [message.report_id for message in messages]
        assert len(sent) == len(set(sent))
        nameless = {report.id for report in reports if report.anonymous}
        assert not [m for m in messages if m.report_id in nameless and m.to_number is not None]

    @invariant()
    def the_anonymous_leave_no_number(self) -> None:
        with reading(self.database) as session:
            nameless = {c.id for c in session.scalars(select(Call).where(Call.anonymous))}
            calls = session.scalars(select(Call.caller_number).where(Call.anonymous)).all()
            reports = session.scalars(
                select(Report.contact_number).where(Report.call_id.in_(nameless))
            ).all()
            rung = session.scalars(
                select(Callback.number).where(Callback.call_id.in_(nameless))
            ).all()
        assert not any(calls) and not any(reports) and not any(rung)

    @invariant()
    def words_that_were_heard_are_filed_or_taken_back_when_the_call_is_over(self) -> None:
        if self._going_on:
            return
        with reading(self.database) as session:
            audible = session.scalars(
                select(Recording).where(
                    Recording.call_id == self.at.call_id, Recording.silent.is_(False)
                )
            ).all()
        kept = [r.position for r in audible if r.report_id is not None or r.discarded_at]
        free = (r for r in audible if r.report_id is None and not r.discarded_at)
        lost = [r.position for r in free if r.name not in self.begun_anew]
        # Who says it anew has taken back what they said before.
        assert not lost or (kept and max(lost) < max(kept)), f"lost {lost}, kept {kept}"

    def teardown(self) -> None:
        try:
            if hasattr(self, "at"):
                self._falls_silent()
                self._nothing_lies_open()
        finally:
            self.database.dispose()
            shutil.rmtree(Path(str(self.database.url.database)).parent, ignore_errors=True)

    def _falls_silent(self) -> None:
        """However far the call came, silence ends it soon."""
        turns = 0
        while (wait := self.at.turn.wait) is not None:
            turns += isinstance(wait, Gather | Record)
            assert turns <= MOST_SILENT_TURNS
            self._answer(silence(wait))
        self.whoever_is_led_out_was_heard_or_hears_a_goodbye()
        self.words_that_were_heard_are_filed_or_taken_back_when_the_call_is_over()

    def _nothing_lies_open(self) -> None:
        """No PIN and no number can be read by who has the database without the key."""
        pins = {pin for pin in self.told.values() if not _NOT_PINS.fullmatch(pin)}
        secret = [rf"(?<![0-9A-Za-z]){pin}(?![0-9A-Za-z])" for pin in pins]
        secret += ["912345678", "2913823456"]
        pattern = re.compile("|".join(secret))
        with self.database.connect() as connection:
            for table in Base.metadata.sorted_tables:
                for row in connection.exec_driver_sql(_texts_of(table)):
                    for value in row:
                        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                        assert not pattern.search(text), f"{table.name} holds {text}"


def _texts_of(table: Table) -> str:
    """Everything but moments, which look like digits."""
    names = [column.name for column in table.columns if not column.name.endswith("_at")]
    return f"SELECT {', '.join(names)} FROM {table.name}"
