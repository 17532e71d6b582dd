"""The words of reports that staff gave another category."""

import pytest
from sqlalchemy import Engine

from reports.actors import CITIZEN, Actor, Party
from reports.change import Change
from reports.changes import change_report
from reports.chosen_categories import chosen_categories
from reports.corrections import correct
from storage.database import reading, transaction
from tests.builders import NOON, a_recording, a_report, a_transcript
from tests.provinces.packs import bac_lieu

STAFF = Actor("u1", Party.STAFF)


@pytest.fixture
def kept(database: Engine) -> Engine:
    """A typed report and a spoken one."""
    with transaction(database) as session:
        session.add(a_report(id="r1", category="GT01", description="đèn đường tắt"))
        session.add(a_report(id="r2", category=None))
        session.add(a_recording(a_transcript(text="rát thúi"), name="c2-1", report_id="r2"))
    return database


def change(engine: Engine, report: str, actor: Actor = STAFF, **what: str) -> None:
    with transaction(engine) as session:
        change_report(session, bac_lieu(), report, Change(**what), actor, NOON)  # type: ignore[arg-type]


def chosen(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        return list(chosen_categories(session))


def test_the_last_choice_counts_once(kept: Engine) -> None:
    change(kept, "r1", category="MT01")
    change(kept, "r1", category="DT01")

    assert chosen(kept) == [("đèn đường tắt", "DT01")]


def test_spoken_words_are_taken_as_they_were_corrected(kept: Engine) -> None:
    with transaction(kept) as session:
        correct(session, "c2-1", "rát thúi", "rác thúi", "u1", NOON)
    change(kept, "r2", category="MT01")

    assert chosen(kept) == [("rác thúi", "MT01")]


def test_other_changes_choose_nothing(kept: Engine) -> None:
    change(kept, "r1", officer="u9")
    change(kept, "r1", CITIZEN, text="cảm ơn")

    assert chosen(kept) == []


def test_a_report_without_words_teaches_nothing(kept: Engine) -> None:
    with transaction(kept) as session:
        session.add(a_report(id="r3", category="GT01"))
    change(kept, "r3", category="DT01")

    assert chosen(kept) == []
