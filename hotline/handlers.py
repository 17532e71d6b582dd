"""Which service carries out which command of a conversation, by the rules of the province."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.report_handlers import ReportHandlers, keep_hash_for
from hotline.settings import Settings
from hotline.understood import FindPlaces, places_of
from ivr import commands as call_commands
from ivr.anonymity import become_anonymous
from ivr.connections import reserve_connection
from ivr.engine import Handler, Handlers
from ivr.models import Call
from ivr.outgoing import rules_for
from ivr.steps import Json
from monitoring import commands as round_commands
from monitoring.round_calls import keep_answer
from provinces.schema import Province
from reports import commands as report_commands
from reports.alarms import Watch, raise_alarm, withdraw_alarm
from reports.callbacks import Promise, promise, settle_callback
from reports.commands import THE_CALLER
from reports.models import CallbackKind
from reports.recordings import ask_for_words, recording_of
from reports.transcription import words_of


def command_handlers(settings: Settings, province: Province) -> Handlers:
    """Every command that flows may ask for; a province's rules bound what is done."""
    reports = ReportHandlers(province, Watch(settings.alert_numbers))
    calls = CallHandlers(
        province, Watch(settings.alert_numbers), places_of(province), settings.emergency_dial
    )
    found: Mapping[type[object], Handler] = {
        report_commands.FileReport: reports.file,
        report_commands.DiscardRecordings: reports.discard_recordings,
        report_commands.FindReport: reports.find,
        report_commands.OpenReport: reports.open,
        report_commands.ReopenReport: reports.reopen,
        report_commands.AddToReport: reports.add,
        report_commands.RateReport: reports.rate,
        call_commands.DeclineRecording: calls.decline_recording,
        call_commands.BecomeAnonymous: calls.become_anonymous,
        call_commands.SetLanguage: calls.set_language,
        call_commands.AskForWords: calls.ask_for_words,
        call_commands.ProposePlace: calls.propose_place,
        call_commands.RaiseAlarm: calls.raise_alarm,
        call_commands.WithdrawAlarm: calls.withdraw_alarm,
        call_commands.ReserveConnection: calls.reserve_connection,
        call_commands.PromiseCallback: calls.promise_callback,
        call_commands.KeepCallback: calls.keep_callback,
        round_commands.KeepAnswer: calls.keep_answer,
    }
    return found


@dataclass(frozen=True)
class CallHandlers:
    """Commands of `ivr.commands`. `connects`: the hotline may dial emergency numbers."""

    province: Province
    watch: Watch
    find_places: FindPlaces
    connects: bool

    def decline_recording(
        self, session: Session, call: Call, position: int, command: object, now: datetime
    ) -> Json:
        call.recording_declined = True
        return None

    def become_anonymous(
        self, session: Session, call: Call, position: int, command: object, now: datetime
    ) -> Json:
        become_anonymous(session, call, keep_hash_for(self.province), now)
        return None

    def set_language(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.SetLanguage,
        now: datetime,
    ) -> Json:
        call.language = command.language
        return None

    def ask_for_words(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.AskForWords,
        now: datetime,
    ) -> Json:
        recording = recording_of(session, command.recording, call.id)
        ask_for_words(session, recording, call.language, now, at_once=True)
        return None

    def propose_place(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.ProposePlace,
        now: datetime,
    ) -> Json:
        words = words_of(session, command.recording)
        if not words:
            return []
        proposals: list[Any] = [
            {"unit": place.unit, "old": place.old} for place in self.find_places(words)
        ]
        return proposals

    def raise_alarm(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.RaiseAlarm,
        now: datetime,
    ) -> Json:
        raise_alarm(session, self.watch, call.id, command.danger, "key", now)
        return None

    def withdraw_alarm(
        self, session: Session, call: Call, position: int, command: object, now: datetime
    ) -> Json:
        withdraw_alarm(session, call.id, now)
        return None

    def reserve_connection(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.ReserveConnection,
        now: datetime,
    ) -> Json:
        allowed = {danger.number for danger in self.province.dangers}
        if not self.connects or command.number not in allowed:
            return 0
        day = now.astimezone(self.province.timezone).date()
        limits = self.province.limits
        return reserve_connection(session, call.id, position, command.number, limits, day, now)

    def promise_callback(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.PromiseCallback,
        now: datetime,
    ) -> Json:
        number = call.caller_number if command.number == THE_CALLER else command.number
        owed = Promise(
            kind=CallbackKind.CALLBACK,
            number=number or "",
            language=call.language,
            waited_s=command.waited_s,
            report_id=command.report,
            call_id=call.id,
            call_position=position,
        )
        return {"ahead": promise(session, owed, now)}

    def keep_callback(
        self,
        session: Session,
        call: Call,
        position: int,
        command: call_commands.KeepCallback,
        now: datetime,
    ) -> Json:
        rules = rules_for(self.province, CallbackKind.CALLBACK)
        settle_callback(session, command.callback, command.reached, rules, now)
        return None

    def keep_answer(
        self,
        session: Session,
        call: Call,
        position: int,
        command: round_commands.KeepAnswer,
        now: datetime,
    ) -> Json:
        kept = keep_answer(
            session,
            self.province,
            command.outgoing,
            command.outcome,
            command.figure,
            call.id,
            now,
        )
        return {"again": kept.again, "noted": kept.noted}
