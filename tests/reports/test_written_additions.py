"""What is written over the web lands with its report once, however often and at once it comes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from reports.alarms import Watch
from reports.errors import BadChange, BadScore, NotAllowed, UnknownReport
from reports.models import Report, ReportStatus, Update
from reports.search_models import ReportSearch
from reports.web_filing import MOST_WORDS, Alert
from reports.written_additions import (
    Written,
    add_in_writing,
    rate_in_writing,
    reopen_in_writing,
)
from storage.database import reading, transaction
from tests.builders import NOON, a_report
from tests.provinces.packs import bac_lieu

CALM = Alert(lambda words: None, Watch())
WORDS = Written("a" * 32, "Ở cạnh trạm bơm")


@pytest.fixture
def kept(database: Engine) -> Engine:
    """A database with one report that was answered at noon."""
    with transaction(database) as session:
        session.add(a_report(id="r1", status=ReportStatus.RESOLVED, resolved_at=NOON))
        session.add(a_report(id="r2"))
    return database


def add(engine: Engine, written: Written, report_id: str = "r1") -> int:
    with transaction(engine) as session:
        return add_in_writing(session, bac_lieu(), report_id, written, CALM, NOON).id


def test_words_come_once_although_they_are_sent_by_two_at_once(kept: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: add(kept, WORDS), range(8)))

    with reading(kept) as session:
        [update] = session.scalars(select(Update)).all()
    assert ids == {update.id}
    assert (update.kind, update.text, update.author) == ("addition", WORDS.text, "caller")


def test_an_id_is_of_one_report_alone(kept: Engine) -> None:
    assert add(kept, WORDS, "r1") != add(kept, WORDS, "r2")


def test_the_report_is_found_by_what_was_added(kept: Engine) -> None:
    add(kept, WORDS)

    with reading(kept) as session:
        row = session.scalars(select(ReportSearch)).one()
        kept_words = " ".join(row.words)  # PostgreSQL's with their positions
    assert "tram" in kept_words and "bom" in kept_words


@pytest.mark.parametrize(
    ("written", "field"),
    [
        (replace(WORDS, text="  "), "text"),
        (replace(WORDS, text="x" * (MOST_WORDS + 1)), "text"),
    ],
)
def test_nothing_and_too_much_are_refused(kept: Engine, written: Written, field: str) -> None:
    with pytest.raises(BadChange) as refused:
        add(kept, written)

    assert refused.value.field == field


def test_other_words_under_the_same_id_are_not_lost_unseen(kept: Engine) -> None:
    add(kept, WORDS)

    with pytest.raises(BadChange) as refused:
        add(kept, replace(WORDS, text="Không phải chỗ đó"))

    assert refused.value.field == "client_id"


def test_an_unknown_report_takes_nothing(kept: Engine) -> None:
    with pytest.raises(UnknownReport):
        add(kept, WORDS, "r9")


def test_it_is_reopened_once_and_may_be_without_words(kept: Engine) -> None:
    for _ in range(2):
        with transaction(kept) as session:
            reopen_in_writing(session, bac_lieu(), "r1", Written("b" * 32), CALM, NOON)

    with reading(kept) as session:
        assert session.get_one(Report, "r1").version == 2
        assert len(session.scalars(select(Update)).all()) == 1


@pytest.mark.slow
def test_an_answer_is_rated_once_and_nothing_else_is(kept: Engine) -> None:
    def rate(report_id: str, score: int, client_id: str) -> None:
        with transaction(kept) as session:
            rate_in_writing(session, report_id, score, Written(client_id), NOON)

    rate("r1", 4, "c" * 32)
    rate("r1", 4, "c" * 32)

    for report_id, error in (("r1", NotAllowed), ("r2", NotAllowed), ("r9", UnknownReport)):
        with pytest.raises(error):
            rate(report_id, 1, "d" * 32)
    with pytest.raises(BadScore):
        rate("r1", 6, "e" * 32)
    with reading(kept) as session:
        assert session.scalars(select(Update.score)).all() == [4]
