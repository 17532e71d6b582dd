"""How reports were served, and how right the recogniser was: counted by hand, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from reports.corrections import correct
from reports.days import pack_days
from reports.models import Update, UpdateKind
from reports.search_filters import Filters
from reports.search_list import find_reports
from reports.service_figures import (
    AgencyFigures,
    ModelAccuracy,
    Satisfaction,
    accuracy,
    agency_figures,
    satisfaction,
)
from reports.word_checks import check_earlier_words, unchecked_words, wrong_words
from reports.word_models import WordCheck
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report, a_transcript

HOUR = timedelta(hours=1)
ROADS, HEALTH = "so_xay_dung", "so_y_te"


def keep(database: Engine) -> None:
    due = NOON + 4 * HOUR
    reports = [
        a_report(id="a", agency=ROADS, status="closed", resolved_at=due, expected_at=due),
        a_report(id="b", agency=ROADS, status="closed", resolved_at=due + HOUR, expected_at=due),
        a_report(id="c", agency=HEALTH, status="resolved", resolved_at=NOON + HOUR),
        a_report(id="d", status="new", expected_at=NOON - HOUR, requested_at=NOON - 30 * HOUR),
    ]
    with transaction(database) as session:
        session.add_all(reports)
        session.flush()
        for report, score in (("a", 1), ("b", 3), ("a", 4)):
            session.add(
                Update(
                    report_id=report, kind=UpdateKind.RATING, at=NOON, author="caller", score=score
                )
            )
            session.flush()


@pytest.mark.parametrize("packed", [True, False])
def test_agencies_are_told_with_their_deadlines(database: Engine, packed: bool) -> None:
    keep(database)
    if packed:
        pack_days(database)

    with reading(database) as session:
        found = agency_figures(session, Filters(), NOON)
        today = agency_figures(session, Filters(received_from=NOON - HOUR, agencies=(ROADS,)), NOON)

    assert list(found) == [
        AgencyFigures(ROADS, 2, 1, 1, 0, 4 * 3600.0),
        AgencyFigures(HEALTH, 1, 0, 0, 0, 3600.0),
        AgencyFigures(None, 1, 0, 0, 1, None),
    ]
    assert list(today) == [found[0]]


def test_the_last_rating_of_each_report_counts(database: Engine) -> None:
    keep(database)

    with reading(database) as session:
        found = satisfaction(session, Filters(), NOON)
        none = satisfaction(session, Filters(agencies=(HEALTH,)), NOON)

    assert found == Satisfaction({3: 1, 4: 1}, 3.5) and found.rated == 2
    assert none == Satisfaction({}, None) and none.rated == 0


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(deadline="kept"), "a"),
        (Filters(deadline="missed"), "b"),
        (Filters(deadline="answered"), "abc"),
        (Filters(scores=(1,)), ""),
        (Filters(scores=(3, 4)), "ab"),
        (Filters(checked=True), "c"),
        (Filters(checked=False), "abd"),
    ],
)
def test_lists_know_what_figures_count(database: Engine, filters: Filters, ids: str) -> None:
    keep(database)
    with transaction(database) as session:
        for name, report in (("r1", "c"), ("r2", None)):
            session.add(
                WordCheck(recording_name=name, report_id=report, checked_at=NOON, words=1, wrong=0)
            )

    with reading(database) as session:
        found = find_reports(session, filters, NOON, 10)

    assert "".join(sorted(each.id for each in found)) == ids


def test_what_staff_make_of_the_words_tells_how_right_they_were(database: Engine) -> None:
    """One is corrected twice, one found right, one was never read, one failed."""
    heard = [
        a_recording(a_transcript(text="đường ngập nước ở phong tan", model="m"), name="one"),
        a_recording(a_transcript(text="cầu hỏng", model="m"), name="two"),
        a_recording(a_transcript(text="chó thả rông", model="m"), name="three"),
        a_recording(a_transcript(text=None, status="failed", model="m"), name="four"),
    ]
    with transaction(database) as session:
        session.add(a_report(heard, id="a"))
    steps = (
        ("one", "đường ngập nước ở phong tan", "đường ngập nước ở Phong Tân nhé"),
        ("one", "đường ngập nước ở Phong Tân nhé", "Đường ngập nước ở Phong Tân."),
        ("two", "cầu hỏng", "cầu hỏng"),
        ("four", "", "tôi xin hỏi"),
    )
    for name, before, after in steps:
        with transaction(database) as session:
            correct(session, name, before, after, "lan", NOON)

    with reading(database) as session:
        assert list(accuracy(session, Filters(), NOON)) == [ModelAccuracy("m", 2, 8, 1)]
    with transaction(database) as session:
        session.query(WordCheck).delete()
    names = unchecked_words(database)
    assert check_earlier_words(database, [*names, "gone"], NOON) == 2
    assert check_earlier_words(database, names, NOON) == len(unchecked_words(database)) == 0
    with reading(database) as session:
        assert list(accuracy(session, Filters(), NOON)) == [ModelAccuracy("m", 2, 8, 1)]


@pytest.mark.parametrize(
    ("draft", "right", "wrong"),
    [
        ("", "", 0),
        ("", "một hai", 2),
        ("một hai", "", 2),
        ("một hai ba", "Một, hai ba!", 0),
        ("một hai ba", "một ba", 1),
        ("một hai ba bốn", "một bốn ba hai", 2),
        ("a b c d e", "a x c e e", 2),
    ],
)
def test_wrong_words_are_the_fewest_changes(draft: str, right: str, wrong: int) -> None:
    assert wrong_words(draft.split(), right.split()) == wrong
