"""Golden transcripts by telephone: through a real Asterisk they give the bare session's journal."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from hotline.telephony.installation import Installation
from ivr.answers import write_answer
from ivr.call_script import write_command
from ivr.flows.registry import find_flow
from ivr.models import Call
from ivr.session import CallSession
from ivr.steps import Digits, Gather, HungUp, Json, Manner, Result, step_name
from ivr.stored_calls import StoredCall, stored_call
from reports.models import Report
from storage.database import reading
from tests.asterisk.caller_sounds import NOISE
from tests.asterisk.earlier import BEFORE
from tests.asterisk.live_calls import Line, Plan, agrees, told_by
from tests.asterisk.live_hotline import LiveHotline, call_of, live_hotline
from tests.ivr.golden import Held, comparable, hold, usual_facts

# One fixture holds all the calls: a crowded machine takes its time.
pytestmark = [pytest.mark.asterisk, pytest.mark.slow, pytest.mark.timeout(300)]

ONE_NUMBER = "0914000001"
# More at once and two processors are busy enough to be late.
AT_ONCE = 24

PLANS = (
    Plan("report/sends_a_report"),
    Plan("report/place_understood", words="ở phường Giá Rai"),
    Plan("report/place_by_key"),
    Plan("report/anonymous", looks=True),
    Plan("report/another_number"),
    Plan("report/number_withheld"),
    Plan("report/fixed_line", number="02913822111"),
    Plan("report/wrong_keys"),
    Plan("report/knows_the_menu"),
    Plan("report/cancels"),
    Plan("report/starts_the_statement_over"),
    Plan("report/presses_nothing"),
    Plan("report/says_and_presses_nothing"),
    Plan("report/hangs_up_at_category", spoken=True),
    Plan("report/hangs_up_at_statement", spoken=True),
    Plan("report/hangs_up_at_place", spoken=True),
    Plan("report/hangs_up_while_words_are_found"),
    Plan("report/place_was_said_already", number=ONE_NUMBER, name="one number, first call"),
    Plan("report/place_was_said_already", number=ONE_NUMBER, name="one number, second call"),
    Plan("unrecorded/reports_by_keys", looks=True),
    Plan("opening/talks_over_prompts", talks=True),
    Plan("opening/repeats_and_slows_down"),
    Plan("opening/line_dropped", before="dropped line"),
    Plan("opening/one_open_report", before="own report"),
    Plan("opening/english"),
    Plan("information/complaint", spoken=True),
    Plan("follow_up/in_progress", spoken=True, before="report"),
    Plan("follow_up/not_solved", before="solved report"),
    Plan("follow_up/adds_something", before="report"),
    Plan("follow_up/hangs_up_at_pin", before="report", spoken=True),
    Plan("follow_up/wrong_pin", before="report"),
    Plan("danger/connected", spoken=True, situation="can_connect"),
    Plan("danger/in_the_statement"),
    Plan("danger/pressed_by_mistake"),
    Plan("danger/hangs_up_at_once", spoken=True),
    Plan("person/closed", situation="closed"),
    Plan("person/holiday", situation="holiday"),
    Plan("nuisance/warned", before="many calls"),
    Plan("nuisance/record_only", before="record-only block"),
    Plan("nuisance/blocked", before="block"),
    Plan("nuisance/blocked_objects", before="block"),
    Plan("nuisance/flood", situation="flood"),
    Plan("outgoing/survey_content", before="survey"),
    Plan("outgoing/survey_unhappy", before="survey"),
    Plan("rounds/answers", before="round"),
    Plan("rounds/hangs_up_unconfirmed", spoken=True, before="round"),
)


@dataclass(frozen=True)
class InQueue:
    """A plan in which the queue is looked at: who is there must be so."""

    plan: Plan
    operators: int
    waiting: int = 0


# There is one queue, so these are held one after the other.
QUEUE = (
    InQueue(Plan("person/nobody_signed_in"), operators=0),
    InQueue(Plan("person/in_mid_report"), operators=1),
    InQueue(Plan("person/hangs_up_in_queue"), operators=1, waiting=4),
    InQueue(Plan("person/answers"), operators=2),
    InQueue(Plan("person/leaves_a_message"), operators=2, waiting=6),
    InQueue(Plan("person/is_rung_back"), operators=2, waiting=6),
    InQueue(Plan("by_word/wants_a_person", "hears_words"), operators=1),
)
# Which keys count is decided by what they meet, so its journal cannot be known beforehand.
ALL_KEYS = Plan("report/all_keys_at_once")
# Whoever answers in words; a few at a time, since words must not come before Asterisk listens.
BY_WORD = (
    Plan("by_word/reports", "hears_words", words="ở phường Giá Rai"),
    Plan("by_word/silence", "hears_words"),
    Plan("by_word/not_on_the_list", "hears_words"),
    Plan("by_word/unclear_twice", "hears_words"),
    Plan("by_word/unclear_once", "hears_words"),
    Plan("by_word/repeats", "hears_words"),
    Plan("by_word/key_and_word", "hears_words", spoken=True),
    Plan("by_word/key_while_speaking", "hears_words", spoken=True),
    Plan("by_word/danger", "hears_words", spoken=True),
)
NOISE_ONLY = Plan("by_word/noise", "hears_words")
AT_ONCE_BY_WORD = 5
HELD = (*PLANS, *BY_WORD, *(each.plan for each in QUEUE))


@pytest.fixture(scope="module")
def live(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHotline]:
    with live_hotline(installation, tmp_path_factory.mktemp("live"), BEFORE) as hotline:
        yield hotline


@pytest.fixture(scope="module")
def lines(live: LiveHotline) -> Mapping[str, Line]:
    """All calls, held at once but for those in the queue."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        queued = pool.submit(_hold_in_queue, live, QUEUE)
        held = list(pool.map(live.hold, (*PLANS, ALL_KEYS)))
        held += queued.result()
    with ThreadPoolExecutor(AT_ONCE_BY_WORD) as pool:
        held += pool.map(live.hold, (*((NOISE_ONLY,) if NOISE.exists() else ()), *BY_WORD))
    return {str(line.plan): line for line in held}


def _hold_in_queue(live: LiveHotline, queue: Sequence[InQueue]) -> list[Line]:
    held = []
    for each in queue:
        live.operators.sign_in(each.operators)
        with live.others_waiting(each.waiting):
            held.append(live.hold(each.plan))
    return held


without_noise = pytest.mark.skipif(not NOISE.exists(), reason="the recorded noises are not here")


@pytest.mark.parametrize("plan", [*HELD, pytest.param(NOISE_ONLY, marks=without_noise)], ids=str)
def test_by_telephone_a_call_has_the_journal_of_its_transcript(
    plan: Plan, live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    line = lines[str(plan)]
    assert not line.failure, line.failure
    call = journaled(live, line)

    province = live.province
    written = hold(line.script, usual_facts(province), province.wording, province.spoken)
    bare = bare_session(live, line, call)

    assert steps(call) == [entry.step for entry in written.journal]
    assert comparable(call.journal) == comparable(bare.journal)
    assert done(line) == [text for text in bare.text.splitlines() if text.startswith("does")]


def bare_session(live: LiveHotline, line: Line, call: StoredCall) -> Held:
    """The same answers and the same words of the handlers, without any carrier.

    How many seconds things took is taken from the telephone, once it is plausible.
    """
    results: dict[int, Result] = {
        position: entry.result
        for position, entry in enumerate(call.journal)
        if not entry.step.startswith("Do:")
    }
    told = []
    for wait, text, result in told_by(line, results):
        assert agrees(text, wait, result), f"{text!r} became {result} at {step_name(wait)}"
        by_key = isinstance(wait, Gather) or isinstance(result, HungUp)
        told.append(text if by_key else write_answer(result, step_name(wait)))
    gives: dict[str, list[Json]] = {}
    for _, (command, value) in sorted(line.commands.items()):
        gives.setdefault(type(command).__name__, []).append(value)
    script = replace(line.script, told=tuple(told), unusual={}, gives=gives)
    return hold(script, call.facts(), live.province.wording, live.province.spoken)


def journaled(live: LiveHotline, line: Line) -> StoredCall:
    with reading(live.database) as session:
        return stored_call(session, line.call_id)


def steps(call: StoredCall) -> list[str]:
    return [entry.step for entry in call.journal]


def done(line: Line) -> list[str]:
    """The commands of the call as a transcript tells them."""
    return [
        f"does     {write_command(command, value)}".replace(line.call_id, "call")
        for _, (command, value) in sorted(line.commands.items())
    ]


def reports_of(live: LiveHotline, line: Line) -> list[Report]:
    with reading(live.database) as session:
        return list(session.scalars(select(Report).where(Report.call_id == line.call_id)))


def test_of_a_caller_who_declines_recording_no_sound_is_kept(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    line = lines["unrecorded/reports_by_keys"]

    (filed,) = reports_of(live, line)

    assert "HOTLINE_NO_RECORDING=1" in line.seen
    assert call_of(live, line).recording_declined
    assert list(live.recordings.glob(f"{line.call_id}*")) == []
    assert list(live.asterisk.telephony.last_resort.iterdir()) == []
    assert filed.category == "DI01"


def test_the_sound_of_a_recorded_call_lies_on_disk(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    line = lines["report/sends_a_report"]

    names = {path.name for path in live.recordings.glob(f"{line.call_id}*.wav")}

    assert names == {f"{line.call_id}-3.wav", f"{line.call_id}-4.wav"}


def test_an_anonymous_callers_number_is_neither_in_the_database_nor_on_the_channel(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    line, other = lines["report/anonymous"], lines["unrecorded/reports_by_keys"]

    (filed,) = reports_of(live, line)
    call = call_of(live, line)

    assert call.caller_number is None and call.anonymous
    assert filed.anonymous
    assert line.seen and line.number not in line.seen
    assert other.number in other.seen, "this is where a number would be"


def test_a_withheld_number_is_not_stored_though_the_trunk_tells_it(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    call = call_of(live, lines["report/number_withheld"])

    assert call.caller_number is None
    assert call.caller_hash is None


def test_two_calls_from_one_number_at_once_file_a_report_each(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    both = [lines["one number, first call"], lines["one number, second call"]]
    calls = [call_of(live, line) for line in both]

    filed = [report for line in both for report in reports_of(live, line)]

    assert calls[0].started_at < (calls[1].ended_at or calls[1].started_at)
    assert calls[1].started_at < (calls[0].ended_at or calls[0].started_at)
    assert len({report.reference for report in filed}) == 2
    assert len({report.caller_hash for report in filed}) == 1


def test_the_second_call_after_a_dropped_line_completes_the_first_ones_report(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    line = lines["opening/line_dropped"]
    dropped = call_of(live, line).facts["dropped"]

    with reading(live.database) as session:
        continued = session.get_one(Report, dropped["continues"])
        calls = session.scalars(
            select(Call.id).where(Call.caller_hash == continued.caller_hash)
        ).all()
        filed = session.scalars(select(Report).where(Report.call_id.in_(calls))).all()

    assert [report.id for report in filed] == [continued.id]
    assert not continued.partial
    assert continued.call_id != line.call_id


def test_all_keys_at_once_end_in_a_report_whatever_they_meet(
    live: LiveHotline, lines: Mapping[str, Line]
) -> None:
    line = lines[str(ALL_KEYS)]

    call = journaled(live, line)
    (filed,) = reports_of(live, line)

    assert call.status == "completed"
    assert filed.partial
    assert [entry.result for entry in call.journal[:3]] == [Digits("1"), Digits("2"), Digits("3")]
    flow, facts = find_flow(*call.flow), call.facts()
    replayed = CallSession(lambda: flow(facts), Manner(facts.language), call.journal)
    assert replayed.turn.wait is None


def test_the_emergency_number_was_rung_once(live: LiveHotline, lines: Mapping[str, Line]) -> None:
    assert lines["danger/connected"].over.is_set()
    assert live.carrier.numbers == ["115"]


def test_asterisk_had_nothing_to_complain_of(live: LiveHotline, lines: Mapping[str, Line]) -> None:
    assert lines
    log = live.asterisk.log.read_text()

    assert "ERROR" not in log and "WARNING" not in log
