"""Officers are rung for figures: once each, in hours, until their unit has answered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from monitoring.errors import BadRespondent, BadRound, UnknownRespondent, UnknownRound
from monitoring.models import Datastream, Observation
from monitoring.respondents import (
    add_respondent,
    find_respondent,
    forget_respondent,
    respondents,
)
from monitoring.round_calls import (
    Kept,
    due_questions,
    keep_answer,
    leave_questions,
    nobody_answered,
    picked_up,
    round_rules,
)
from monitoring.round_models import QuestionState, Respondent, Round, RoundQuestion
from monitoring.round_views import QuestionView, question_views, round_views
from monitoring.rounds import Opened, ask_next, close_round, find_round, open_round
from monitoring.sources import ROUND
from provinces.loader import find_province, load_province
from provinces.retention import Kind
from provinces.schema import Province
from storage.database import reading, transaction

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)  # 10:00 in Việt Nam
SUNDAY = datetime(2026, 11, 21, 17, tzinfo=UTC)  # 22 November begins there
FIRES = "security.fires"


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    return sqlite


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province(find_province("bac_lieu"))


@pytest.fixture(scope="module")
def units(province: Province) -> Sequence[str]:
    """Three communes of today."""
    every = [unit for area in province.areas for unit in area.units]
    return [f"{unit.edition}:{unit.code}" for unit in every[:3]]


def officer(
    engine: Engine,
    province: Province,
    unit: str | None,
    number: str = "0912000001",
    name: str = "Chị Hai",
    now: datetime = MONDAY,
) -> str:
    with transaction(engine) as session:
        return add_respondent(session, province, name, unit, number, "vi", now).id


def opened(
    engine: Engine, province: Province, units: Sequence[str] = (), now: datetime = MONDAY
) -> Opened:
    with transaction(engine) as session:
        indicator = province.indicator(FIRES)
        return open_round(session, province, indicator, SUNDAY, "cli", now, units)


def rung(engine: Engine, province: Province, now: datetime = MONDAY, at_once: int = 5) -> list[str]:
    with transaction(engine) as session:
        rules = round_rules(province)
        return [order.outgoing for order in due_questions(session, rules, at_once, now)]


def answer(
    engine: Engine, province: Province, outgoing: str, figure: int = 4, now: datetime = MONDAY
) -> Kept:
    with transaction(engine) as session:
        return keep_answer(session, province, outgoing, "answered", figure, "call1", now)


def questions(engine: Engine, round_id: str) -> Sequence[QuestionView]:
    with reading(engine) as session:
        return question_views(session, round_id)


def observed(engine: Engine) -> list[tuple[str, str | None, str, datetime, datetime, float]]:
    with reading(engine) as session:
        rows = session.execute(
            select(
                Datastream.indicator,
                Datastream.unit_key,
                Datastream.source,
                Observation.phenomenon_at,
                Observation.known_at,
                Observation.value,
            ).join(Datastream, Datastream.id == Observation.datastream)
        ).all()
    return [tuple(row) for row in rows]  # type: ignore[misc]


def test_an_answer_is_an_observation_of_the_moment_asked_about(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    made = opened(engine, province, units)

    [outgoing] = rung(engine, province)
    with transaction(engine) as session:
        asking = picked_up(session, outgoing, MONDAY)
    answer(engine, province, outgoing, 4)

    assert asking is not None and (asking.indicator, asking.unit_key) == (FIRES, units[0])
    assert observed(engine) == [(FIRES, units[0], ROUND, SUNDAY, MONDAY, 4.0)]
    [question] = questions(engine, made.round_id)
    assert (question.state, question.value, question.call_id) == ("answered", 4.0, "call1")
    assert made.unasked == tuple(sorted(units[1:]))


def test_the_round_closes_with_the_last_answer(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    officer(engine, province, units[1], "0912000002")
    opened(engine, province)

    for outgoing in rung(engine, province):
        with reading(engine) as session:
            assert round_views(session, only_open=True)
        answer(engine, province, outgoing)

    with reading(engine) as session:
        assert round_views(session, only_open=True) == []
        [view] = round_views(session)
    assert (view.answered, view.asked, view.closed_at) == (2, 2, MONDAY)


def test_nobody_is_rung_twice_or_outside_the_hours(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    opened(engine, province)

    night = MONDAY.replace(hour=15)

    assert rung(engine, province, night) == []
    assert len(rung(engine, province)) == 1
    assert rung(engine, province) == []


def test_one_number_that_answers_for_two_units_is_rung_once_at_a_time(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    for unit in units[:2]:
        officer(engine, province, unit)
    opened(engine, province)

    [first] = rung(engine, province)
    answer(engine, province, first)
    [second] = rung(engine, province)

    assert first.rpartition("-")[0] != second.rpartition("-")[0]


def test_no_more_calls_at_once_than_there_are_lines(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    for index, unit in enumerate(units):
        officer(engine, province, unit, f"091200000{index}")
    opened(engine, province)

    assert [len(rung(engine, province, at_once=2)) for _ in range(2)] == [2, 0]


def test_who_is_not_reached_is_tried_again_until_the_tries_are_used_up(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    made = opened(engine, province)
    rules, now, tried = round_rules(province), MONDAY, 0

    while outgoings := rung(engine, province, now):
        [outgoing] = outgoings
        with transaction(engine) as session:
            for _ in range(2):  # the telephone side may tell twice
                nobody_answered(session, outgoing, rules, now)
        tried += 1
        assert rung(engine, province, now) == []
        now += rules.gap

    assert tried == rules.tries
    [question] = questions(engine, made.round_id)
    assert (question.state, question.tries) == ("unreached", rules.tries)
    with reading(engine) as session:
        assert session.get_one(Round, made.round_id).closed_at is not None


def test_a_unit_with_a_second_respondent_is_asked_further(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    later = MONDAY + timedelta(minutes=1)
    second = officer(engine, province, units[0], "0912000002", "Anh Ba", later)
    made = opened(engine, province, now=later)

    [outgoing] = rung(engine, province, later)
    with transaction(engine) as session:
        again = keep_answer(session, province, outgoing, "none", None, "call1", later)
    [next_one] = rung(engine, province, later)
    answer(engine, province, next_one)

    assert not again.again
    states = {each.respondent_id: each.state for each in questions(engine, made.round_id)}
    assert states[second] == "answered" and sorted(states.values()) == ["answered", "refused"]


def test_who_has_no_time_is_rung_again(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    opened(engine, province)
    [outgoing] = rung(engine, province)

    with transaction(engine) as session:
        again = keep_answer(session, province, outgoing, "later", None, "call1", MONDAY)

    assert again.again
    later = MONDAY + round_rules(province).gap
    assert rung(engine, province, later) == [outgoing.removesuffix("-1") + "-2"]


def test_a_late_answer_counts_at_the_moment_asked_about(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    """After the deadline, after the try was taken for lost, and after the round."""
    officer(engine, province, units[0])
    made = opened(engine, province)
    [outgoing] = rung(engine, province)
    late = MONDAY + timedelta(days=4)
    assert rung(engine, province, late) == []  # notices both
    with reading(engine) as session:
        assert session.get_one(Round, made.round_id).closed_at == late

    later = late + timedelta(minutes=1)
    answer(engine, province, outgoing, 7, later)

    assert observed(engine) == [(FIRES, units[0], ROUND, SUNDAY, later, 7.0)]
    assert questions(engine, made.round_id)[0].state == "answered"


def test_a_closed_round_rings_nobody_and_asks_nothing_more(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    for index, unit in enumerate(units):
        officer(engine, province, unit, f"091200000{index}")
    made = opened(engine, province)
    [ringing] = rung(engine, province, at_once=1)

    with transaction(engine) as session:
        close_round(session, made.round_id, MONDAY)

    assert rung(engine, province) == []
    with transaction(engine) as session:
        assert picked_up(session, ringing, MONDAY) is None
    states = [each.state for each in questions(engine, made.round_id)]
    assert states == ["unreached"] * 3


def test_a_call_that_was_lost_is_made_again(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    opened(engine, province)
    [first] = rung(engine, province)

    noticed = MONDAY + timedelta(minutes=4)
    rung(engine, province, noticed)

    again_at = noticed + round_rules(province).gap
    assert rung(engine, province, again_at) == [first.removesuffix("-1") + "-2"]
    with transaction(engine) as session:
        nobody_answered(session, first, round_rules(province), again_at)  # old news
        assert picked_up(session, "round-nothing-1", MONDAY) is None


def test_what_a_province_no_longer_takes_for_plausible_is_not_kept(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    made = opened(engine, province)
    [outgoing] = rung(engine, province)

    answer(engine, province, outgoing, 5_000_000)

    assert questions(engine, made.round_id)[0].state == "failed" and observed(engine) == []


def test_who_is_removed_is_rung_no_more_and_leaves_no_number(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    respondent_id = officer(engine, province, units[0])
    made = opened(engine, province)

    with transaction(engine) as session:
        found = find_respondent(session, respondent_id[:8])
        forget_respondent(found)
        leave_questions(session, found, MONDAY)

    assert rung(engine, province) == []
    with reading(engine) as session:
        assert respondents(session) == []
        left = session.get_one(Respondent, respondent_id)
        assert (left.number, left.number_hash) == ("", "")
    assert questions(engine, made.round_id)[0].state == QuestionState.FAILED


def test_a_number_is_nowhere_readable(
    engine: Engine, province: Province, units: Sequence[str], capfd: pytest.CaptureFixture[str]
) -> None:
    officer(engine, province, units[0])
    opened(engine, province)
    rung(engine, province)

    with engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM respondents").all())
    assert "912000001" not in rows + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"number": "113"}, "ordinary number"),
        ({"number": "+14155550100"}, "ordinary number"),
        ({"name": "  "}, "expected a name"),
        ({"name": "Chị\x00 Hai"}, "cannot be seen"),
        ({"unit": "2025:1"}, "expected a unit of today"),
        ({"unit": "pre2025:31813"}, "expected a unit of today"),
    ],
)
def test_a_respondent_who_cannot_be_asked_is_refused(
    engine: Engine, province: Province, given: dict[str, str], says: str
) -> None:
    number = given.get("number", "0912000001")

    with pytest.raises(BadRespondent, match=says) as raised:
        officer(engine, province, given.get("unit"), number, name=given.get("name", "Chị Hai"))

    assert number not in str(raised.value)


def test_the_same_number_answers_for_a_unit_once(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])

    with pytest.raises(BadRespondent, match="already"):
        officer(engine, province, units[0], "+84 912 000 001")


def test_a_round_that_makes_no_sense_is_refused(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    with pytest.raises(BadRound, match="nobody"):
        opened(engine, province)
    officer(engine, province, units[0])
    with pytest.raises(BadRound, match="units of today"):
        opened(engine, province, ["2025:1"])
    opened(engine, province)
    with pytest.raises(BadRound, match="not being asked"):
        opened(engine, province)
    silent = next(each for each in province.indicators.values() if each.question is None)
    with transaction(engine) as session:
        with pytest.raises(BadRound, match="with a question"):
            open_round(session, province, silent, SUNDAY, "cli", MONDAY)
        with pytest.raises(BadRound, match="future"):
            tomorrow = MONDAY + timedelta(days=1)
            open_round(session, province, province.indicator(FIRES), tomorrow, "cli", MONDAY)
        with pytest.raises(UnknownRound):
            find_round(session, "zz")
        with pytest.raises(UnknownRespondent):
            find_respondent(session, "zz")


def test_while_a_round_is_open_another_commune_can_be_asked_the_same(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    for index, unit in enumerate(units):
        officer(engine, province, unit, f"091200000{index}")
    opened(engine, province, units[:1])
    [outgoing] = rung(engine, province)

    second = opened(engine, province, units[1:2])
    with pytest.raises(BadRound, match="not being asked"):
        opened(engine, province, units[:2])
    answer(engine, province, outgoing)
    whole = opened(engine, province)

    assert second.asked == 1
    assert whole.asked == 1 and set(whole.known) == set(units[:2])
    assert opened(engine, province, units[:1]).asked == 1  # named: asked once more
    with pytest.raises(BadRound, match="not being asked"):
        opened(engine, province, units[:1])


@pytest.mark.parametrize("hours_ago", [24 * 200, 24 * 365 * 27])
def test_nobody_is_rung_for_what_is_not_kept(
    engine: Engine, province: Province, units: Sequence[str], hours_ago: int
) -> None:
    officer(engine, province, units[0])
    jams, at = province.indicator("traffic.jams"), MONDAY - timedelta(hours=hours_ago)
    kept = province.retention[Kind.OBSERVATIONS].days
    at = min(at, MONDAY - timedelta(days=kept + 40))

    with transaction(engine) as session, pytest.raises(BadRound, match="can be kept"):
        open_round(session, province, jams, at, "cli", MONDAY)


@pytest.mark.parametrize(("figure", "asked_on"), [(5_000_000, 1), (4, 0)])
def test_who_told_what_is_not_kept_is_told_so(
    engine: Engine, province: Province, units: Sequence[str], figure: int, asked_on: int
) -> None:
    """The next officer is asked where the figure was wrong, and not where it came too late."""
    later = MONDAY + timedelta(minutes=1)
    officer(engine, province, units[0])
    officer(engine, province, units[0], "0912000002", now=later)
    jams, hour = province.indicator("traffic.jams"), MONDAY - timedelta(hours=1)
    kept_for = timedelta(days=province.retention[Kind.OBSERVATIONS].days + 40)
    with transaction(engine) as session:
        due_at = MONDAY + 2 * kept_for
        open_round(session, province, jams, hour, "cli", later, due_at=due_at)
    [outgoing] = rung(engine, province, later)

    told_at = later if asked_on else MONDAY + kept_for
    kept = answer(engine, province, outgoing, figure, told_at)

    assert not kept.noted
    assert observed(engine) == []
    assert len(rung(engine, province, told_at)) == asked_on


def test_who_hangs_up_after_another_has_answered_is_not_rung_again(
    engine: Engine, province: Province, units: Sequence[str]
) -> None:
    officer(engine, province, units[0])
    later = MONDAY + timedelta(minutes=1)
    officer(engine, province, units[0], "0912000002", now=later)
    officer(engine, province, units[0], "0912000003", now=later)
    officer(engine, province, units[1], "0912000004")  # the round goes on
    made = opened(engine, province, units[:2], later)
    first, _ = sorted(rung(engine, province, later), key=lambda each: _unit(engine, each) or "")
    with transaction(engine) as session:
        question = session.get_one(RoundQuestion, first.split("-")[1])
        rules = round_rules(province)
        question.state = QuestionState.UNREACHED  # taken for lost, and the next one was asked
        assert ask_next(session, session.get_one(Round, made.round_id), units[0], later)
    [second] = [each for each in rung(engine, province, later) if each != first]
    answer(engine, province, first, now=later)

    with transaction(engine) as session:
        nobody_answered(session, second, rules, later)

    states = [q.state for q in questions(engine, made.round_id) if q.unit_key == units[0]]
    assert sorted(states) == ["answered", "unreached"]


def _unit(engine: Engine, outgoing: str) -> str | None:
    with reading(engine) as session:
        return session.get_one(RoundQuestion, outgoing.split("-")[1]).unit_key
