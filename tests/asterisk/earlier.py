"""What happened before a call: reports, surveys and blocks, brought about by the real services."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from ivr.outgoing import rules_for
from ivr.treatment import Level, block_caller
from monitoring.asked_moments import last_whole
from monitoring.respondents import add_respondent, respondents
from monitoring.round_calls import due_questions, round_rules
from monitoring.rounds import open_round
from reports.callbacks import Promise, due_callbacks, promise
from reports.commands import FileReport
from reports.models import CallbackKind, Report, ReportStatus
from storage.crypto import current_box
from storage.database import transaction
from tests.asterisk.live_calls import Arranged, Line, Plan
from tests.asterisk.live_hotline import Before, LiveHotline
from tests.builders import a_call
from understanding.phone_number import read_phone_number

SOMEBODY_ELSE = "+84913000001"


def a_filed_report(live: LiveHotline, number: str, status: str) -> tuple[str, Arranged]:
    """A report of `number`, filed by the real handler: its id, and its codes to be keyed in."""
    now = live.clock()
    with transaction(live.database) as session:
        call = a_call(
            caller_number=number, caller_hash=current_box().keyed_hash(number), flow="incoming"
        )
        session.add(call)
        session.flush()
        filed = live.handlers[FileReport](session, call, 0, FileReport("DI01", None), now)
        assert isinstance(filed, dict)
        report = session.get_one(Report, filed["report"])
        report.status = status
        report.closed_at = now if status == ReportStatus.CLOSED else None
    keys = {"482173905": filed["reference"].replace("-", ""), "4711": filed["pin"]}
    return filed["report"], Arranged(keys)


def report(live: LiveHotline, line: Line) -> Arranged:
    return a_filed_report(live, SOMEBODY_ELSE, ReportStatus.IN_PROGRESS)[1]


def solved_report(live: LiveHotline, line: Line) -> Arranged:
    return a_filed_report(live, SOMEBODY_ELSE, ReportStatus.RESOLVED)[1]


def own_report(live: LiveHotline, line: Line) -> Arranged:
    return a_filed_report(live, e164(line), ReportStatus.ASSIGNED)[1]


def survey(live: LiveHotline, line: Line) -> Arranged:
    report_id, codes = a_filed_report(live, e164(line), ReportStatus.CLOSED)
    now, kind = live.clock(), CallbackKind.SURVEY
    with transaction(live.database) as session:
        promise(session, Promise(kind, e164(line), "vi", report_id=report_id), now)
        orders = due_callbacks(session, kind, rules_for(live.province, kind), 10, now)
    (outgoing,) = [order.outgoing for order in orders if order.number == e164(line)]
    return replace(codes, outgoing=outgoing)


def asked_figure(live: LiveHotline, line: Line) -> Arranged:
    """Each line is of another commune, and is asked about another week."""
    now, province = live.clock(), live.province
    units = [f"{u.edition}:{u.code}" for area in province.areas for u in area.units]
    dengue = province.indicator("health.dengue")
    with transaction(live.database) as session:
        earlier = len(respondents(session))
        week = last_whole(dengue.period, now, province.timezone) - earlier * timedelta(weeks=1)
        add_respondent(session, province, "Chị Hai", units[earlier], e164(line), "vi", now)
        open_round(session, province, dengue, week, "cli", now, units[earlier : earlier + 1])
        orders = due_questions(session, round_rules(province), 10, now)
    (outgoing,) = [order.outgoing for order in orders if order.number == e164(line)]
    return Arranged(outgoing=outgoing)


def dropped_line(live: LiveHotline, line: Line) -> Arranged:
    earlier = live.hold(Plan("report/hangs_up_at_place", number=line.number))
    assert not earlier.failure, earlier.failure
    return Arranged()


def many_calls(live: LiveHotline, line: Line) -> Arranged:
    with transaction(live.database) as session:
        for _ in range(live.province.limits.warn_calls_hour - 1):
            session.add(
                a_call(
                    caller_hash=current_box().keyed_hash(e164(line)),
                    flow="incoming",
                    started_at=live.clock(),
                )
            )
    return Arranged()


def block(level: Level) -> Before:
    def blocked(live: LiveHotline, line: Line) -> Arranged:
        now, caller_hash = live.clock(), current_box().keyed_hash(e164(line))
        until = now.replace(hour=now.hour + 1)
        with transaction(live.database) as session:
            block_caller(session, caller_hash, level, "a test", "somebody", until, now)
        return Arranged()

    return blocked


BEFORE: Mapping[str, Before] = {
    "report": report,
    "solved report": solved_report,
    "own report": own_report,
    "survey": survey,
    "round": asked_figure,
    "dropped line": dropped_line,
    "many calls": many_calls,
    "record-only block": block("record_only"),
    "block": block("blocked"),
}


def e164(line: Line) -> str:
    number = read_phone_number(line.number)
    assert number is not None
    return number.e164
