"""A row is written whether it is there already or not."""

from datetime import timedelta

from sqlalchemy import Engine, select

from reports.desk_models import SeenReport
from storage.database import reading, transaction
from storage.upserts import put
from tests.builders import NOON, a_report, a_user


def test_what_was_put_twice_is_there_once_as_it_was_put_last(database: Engine) -> None:
    with transaction(database) as session:
        session.add_all([a_user(id="u1"), a_report(id="r1")])
        for version in (1, 2):
            seen_at = NOON + timedelta(minutes=version)
            key = {"user_id": "u1", "report_id": "r1"}
            put(session, SeenReport, key, {"version": version, "seen_at": seen_at})

    with reading(database) as session:
        row = session.scalars(select(SeenReport)).one()
    assert (row.version, row.seen_at) == (2, NOON + timedelta(minutes=2))
