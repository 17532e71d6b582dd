"""Who changes several reports at once waits without keeping any: nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from reports.actors import Actor, Party
from reports.alarms import Watch
from reports.errors import UnknownReport
from reports.following import followed
from reports.locked import locked, locked_together
from reports.merging import merge
from reports.models import Report, Update
from reports.web_filing import Alert
from reports.written_additions import Written, add_in_writing, reopen_in_writing
from storage.database import open_engine, reading, transaction
from tests.builders import NOON, a_report
from tests.databases.waiting import until_somebody_waits
from tests.provinces.packs import bac_lieu

STAFF = Actor("anna", Party.STAFF)
CALM = Alert(lambda words: None, Watch())
WORDS = Written("a" * 32, "Ở cạnh trạm bơm")


@pytest.fixture
def kept(database: Engine) -> Engine:
    """`a` is a duplicate of `b`, `z` one of `y`, and `c` is by itself."""
    with transaction(database) as session:
        for name in ("b", "c"):
            session.add(a_report(id=name, status="assigned"))
        session.add(a_report(id="y", status="resolved", resolved_at=NOON))
        session.flush()
        session.add(a_report(id="a", status="duplicate", original_id="b"))
        session.add(a_report(id="z", status="duplicate", original_id="y"))
    return database


def merge_into_c(engine: Engine) -> None:
    with transaction(engine) as session:
        merge(session, bac_lieu(), "b", "c", STAFF, NOON)


def reopen_z(engine: Engine) -> None:
    with transaction(engine) as session:
        reopen_in_writing(session, bac_lieu(), "z", WORDS, CALM, NOON)


@pytest.mark.parametrize(
    ("change", "first", "second"), [(merge_into_c, "a", "b"), (reopen_z, "y", "z")]
)
def test_two_that_change_the_same_reports_come_one_after_the_other(
    kept: Engine, change: Callable[[Engine], None], first: str, second: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction(kept) as session:
            locked(session, first)
            other = pool.submit(change, kept)
            until_somebody_waits(kept)
            locked(session, second)
        other.result()

    with reading(kept) as session:
        found = {report.id: report for report in session.scalars(select(Report))}
    if change is merge_into_c:
        assert (found["a"].original_id, found["b"].original_id) == ("c", "c")
    else:
        assert (found["y"].status, found["z"].status) == ("reopened", "duplicate")


def test_what_was_joined_while_others_waited_is_locked_with_them(kept: Engine) -> None:
    seen: list[set[str]] = [{"c"}, {"b", "c"}, {"b", "c"}]

    with transaction(kept) as session:
        together = locked_together(session, lambda: seen.pop(0))
        assert (set(together), seen) == ({"b", "c"}, [])
        with pytest.raises(UnknownReport):
            locked_together(session, lambda: ("b", "none"))


def test_a_reporter_reads_while_staff_are_at_work_on_the_original(kept: Engine) -> None:
    with transaction(kept) as session:
        locked(session, "y")
        with reading(kept) as looking:
            whole = followed(looking, bac_lieu(), "z", NOON)

    assert whole.may_reopen


@pytest.mark.postgres
def test_what_is_added_to_a_duplicate_waits_for_nobody_at_the_original(postgres_url: str) -> None:
    engine = open_engine(postgres_url, wait_s=2.0)
    with transaction(engine) as session:
        session.add(a_report(id="b", status="assigned"))
        session.flush()
        session.add(a_report(id="z", status="duplicate", original_id="b"))

    with transaction(engine) as session:
        locked(session, "b")
        with transaction(engine) as other:
            add_in_writing(other, bac_lieu(), "z", WORDS, CALM, NOON)

    with reading(engine) as session:
        assert set(session.scalars(select(Update.report_id))) == {"b", "z"}
    engine.dispose()
