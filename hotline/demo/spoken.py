"""The few calls that are held in full: a conversation with its journal, as any caller has it."""

import random
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from hotline.demo.marks import SOURCE, STAFF, nobodys_number
from hotline.demo.plan import MadeUp
from ivr.drivers.simulator import Noted, Simulator
from ivr.errors import BadAnswer
from ivr.steps import Done
from provinces.schema import Province
from reports.change import Change
from reports.changes import change_report
from reports.models import Recording, Report, Transcript, TranscriptStatus

# A report, of the first kind there is; then, once it was said: the place was said already, ring
# this number, right. Staff who listen tell what it is really about.
_TO_STATEMENT, _TO_THE_END = ("1", "1", "1"), ("2", "1", "1")
_HUNG_UP = ("hangup",)
_ASKS = ("2", "2", "presses reference", "presses pin", "hangup")


class Spoken:
    """Holds the calls of `chosen` reports in `simulator`'s database."""

    def __init__(
        self,
        simulator: Simulator,
        province: Province,
        chosen: Collection[MadeUp],
        chance: random.Random,
    ) -> None:
        self._simulator = simulator
        self._province = province
        self._chosen = {id(each) for each in chosen}
        self._chance = chance
        self.held = 0
        simulator.shows_effects = False

    @property
    def database(self) -> Engine:
        return self._simulator.database

    def wants(self, made_up: MadeUp) -> bool:
        return id(made_up) in self._chosen

    def hold(self, made_up: MadeUp) -> str | None:
        """The report that the caller filed; None where the pack's menus are others."""
        simulator = self._simulator
        simulator.clock.now = made_up.at - timedelta(minutes=2)
        self.held += 1
        simulator.begin(nobodys_number(self.held * 7919), self._province.hotline_number)
        then = _ASKS if self._chance.random() < 0.3 else _HUNG_UP
        try:
            for answer in (*_TO_STATEMENT, f'"{made_up.words}"', *_TO_THE_END, *then):
                if simulator.answer(answer).expects is None:
                    break
        except BadAnswer:
            simulator.answer("hangup")
        for entry in simulator.journal:
            match entry:
                case Noted(step="Do:file_report", result=Done({"report": str(report_id)})):
                    return report_id
        return None

    def settle(self, session: Session, report_id: str, made_up: MadeUp) -> None:
        """What staff make of it who have listened: what it is about, where, in which words."""
        report = session.get_one(Report, report_id)
        told = Change(
            category=made_up.category,
            place=made_up.place,
            latitude=made_up.latitude,
            longitude=made_up.longitude,
            urgent=made_up.urgent,
        )
        change_report(session, self._province, report_id, told, STAFF, made_up.at)
        report.source = SOURCE
        named = select(Recording.name).where(Recording.report_id == report_id)
        session.execute(
            update(Transcript)
            .where(Transcript.recording_name.in_(named))
            .values(
                status=TranscriptStatus.DONE,
                text=made_up.words,
                confidence=0.8,
                segments=[],
                engine=SOURCE,
                finished_at=made_up.at,
            )
        )
