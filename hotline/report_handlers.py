"""What a conversation may ask of field reports, carried out by the rules of the province."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.anonymity import become_anonymous, forget_earlier_call
from ivr.models import Call
from ivr.steps import Json
from ivr.treatment import note_objection
from provinces.schema import Province
from reports.additions import Answer, add_to_report, rate_report, reopen_report
from reports.alarms import Watch, raise_alarm
from reports.clock import start_clock
from reports.commands import (
    AddToReport,
    DiscardRecordings,
    FileReport,
    FindReport,
    OpenReport,
    RateReport,
    ReopenReport,
)
from reports.lookup import find_report, open_report
from reports.models import Report
from reports.search import index_report
from reports.service import Reporter, discard_recordings, file_report
from reports.tries import Asker, TryLimits
from understanding.phone_number import mobile_number


def keep_hash_for(province: Province) -> timedelta:
    """How long the keyed hash of an anonymous caller's number is kept."""
    return timedelta(minutes=province.limits.anonymous_hash_minutes)


@dataclass(frozen=True)
class ReportHandlers:
    """Commands of `reports.commands`."""

    province: Province
    watch: Watch

    def file(
        self,
        session: Session,
        call: Call,
        position: int,
        command: FileReport,
        now: datetime,
    ) -> Json:
        """File it; an anonymous caller stays so over a dropped line, an urgent report alerts."""
        continued = session.get(Report, command.continues) if command.continues else None
        if continued is not None and continued.anonymous and not call.anonymous:
            become_anonymous(session, call, keep_hash_for(self.province), now)
        reporter = Reporter(
            call_id=call.id,
            call_position=position,
            language=call.language,
            text_number=mobile_number(call.caller_number),
            caller_hash=call.caller_hash,
            anonymous=call.anonymous,
        )
        filed = file_report(
            session,
            command,
            reporter,
            now,
            set_deadline=lambda new: start_clock(new, self.province, new.requested_at),
        )
        report = session.get_one(Report, filed["report"])
        index_report(session, self.province, report)
        if call.anonymous and report.call_id != call.id:
            forget_earlier_call(session, report.call_id, keep_hash_for(self.province), now)
        if command.urgent:
            raise_alarm(session, self.watch, call.id, None, "key", now, report)
        if call.facts.get("treatment") == "blocked" and call.caller_hash is not None:
            note_objection(session, call.caller_hash, report.id, now)
        return dict(filed)

    def discard_recordings(
        self,
        session: Session,
        call: Call,
        position: int,
        command: DiscardRecordings,
        now: datetime,
    ) -> Json:
        discard_recordings(session, call.id, now, command, position)
        return None

    def find(
        self,
        session: Session,
        call: Call,
        position: int,
        command: FindReport,
        now: datetime,
    ) -> Json:
        return find_report(session, command.reference, _asker(call), self._tries, now)

    def open(
        self,
        session: Session,
        call: Call,
        position: int,
        command: OpenReport,
        now: datetime,
    ) -> Json:
        return open_report(
            session,
            command.report,
            command.pin,
            _asker(call),
            self._tries,
            self.province.timezone,
            now,
        )

    def reopen(
        self,
        session: Session,
        call: Call,
        position: int,
        command: ReopenReport,
        now: datetime,
    ) -> Json:
        reopen_report(session, self.province, command, _answer(call, position), now)
        return None

    def add(
        self,
        session: Session,
        call: Call,
        position: int,
        command: AddToReport,
        now: datetime,
    ) -> Json:
        add_to_report(session, self.province, command, _answer(call, position), now)
        return None

    def rate(
        self,
        session: Session,
        call: Call,
        position: int,
        command: RateReport,
        now: datetime,
    ) -> Json:
        rate_report(session, command, _answer(call, position), now)
        return None

    @property
    def _tries(self) -> TryLimits:
        limits = self.province.limits
        return TryLimits(limits.pin_tries_per_report_day, limits.tries_per_caller_hour)


def _asker(call: Call) -> Asker:
    return Asker(call.id, call.caller_hash)


def _answer(call: Call, position: int) -> Answer:
    return Answer(call.id, position, call.language)
