"""Wrong tries count where they came from, whatever the browser calls itself."""

from sqlalchemy import Engine

from reports.tries import SHARED_BY, Asker, TryLimits, asker_locked, note_try, report_locked
from storage.database import transaction
from tests.builders import NOON, a_report

LIMITS = TryLimits(per_report_day=50, per_caller_hour=2)


def test_wrong_pins_count_at_the_address_they_come_from(database: Engine) -> None:
    with transaction(database) as session:
        reports = [a_report(reference=f"48217390{n}") for n in range(SHARED_BY * 2)]
        session.add_all(reports)
        session.flush()
        for number, report in enumerate(reports):
            who = Asker("web", f"browser {number}", "address")
            assert asker_locked(session, who, LIMITS, NOON) is None
            note_try(session, who, report.id, False, NOON)
            note_try(session, who, report.id, True, NOON)

        somebody = Asker("web", "another browser", "address")
        elsewhere = Asker("web", "another browser", "another address")
        assert asker_locked(session, somebody, LIMITS, NOON) is not None
        assert asker_locked(session, elsewhere, LIMITS, NOON) is None
        # Of the report it was one try.
        once = TryLimits(per_report_day=2, per_caller_hour=2)
        assert report_locked(session, reports[0].id, once, NOON) is None
