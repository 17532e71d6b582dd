"""The lines that figures add up: made-up calls are put into their days, and taken out again."""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import CursorResult, Delete, delete, select
from sqlalchemy.orm import Session

from ivr.call_tally import CALL_TALLY, pack, unpack
from ivr.summary_models import CallDay, CallStep, CallSummary
from reports.day_models import ReportCode, ReportDay
from reports.tally import CODED, Codes
from reports.tally import unpack as unpack_reports


def take_out_calls(session: Session, made_up: Sequence[CallSummary]) -> None:
    """Their lines go out of the days: of equal ones the last, so that the others stay in order."""
    codes = _steps(session)
    days: dict[str, list[CallSummary]] = {}
    for each in made_up:
        days.setdefault(each.day, []).append(each)
    for day, rows in days.items():
        kept = session.get(CallDay, day)
        if kept is None:
            continue
        lines = _lines(kept.tallies)
        for line in reversed(_lines(pack(rows, codes).tobytes())):
            if line in lines:
                del lines[len(lines) - 1 - lines[::-1].index(line)]
        if lines:
            kept.tallies = b"".join(lines)
        else:
            session.delete(kept)
    session.flush()


def forget_codes(session: Session, marked: Mapping[str, Sequence[str]]) -> int:
    """Codes that came with what was made up, where nothing else has them by now; how many."""
    gone = 0
    days = unpack(session.scalars(select(CallDay.tallies)).all())
    used = set(np.unique(days["left_at"]).tolist())
    for number in map(int, marked.get("call_steps", ())):
        if number not in used:
            gone += taken_out(session, delete(CallStep).where(CallStep.number == number))
    reports = unpack_reports(session.scalars(select(ReportDay.tallies)).all())
    used = {n for name in CODED for n in np.unique(reports[name]).tolist()}
    for number in map(int, marked.get("report_codes", ())):
        if number not in used:
            gone += taken_out(session, delete(ReportCode).where(ReportCode.number == number))
    return gone


def taken_out(session: Session, statement: Delete) -> int:
    """How many rows it took out."""
    done = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    return done.rowcount


def _steps(session: Session) -> Codes:
    return Codes({row.code: row.number for row in session.scalars(select(CallStep))})


def _lines(packed: bytes) -> list[bytes]:
    size = CALL_TALLY.itemsize
    return [packed[begin : begin + size] for begin in range(0, len(packed), size)]
