"""Reports as a table: each once, in order, whatever comes in meanwhile; nobody's number in it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from reports import export
from reports.export import COLUMNS, columns, exported
from reports.models import Contact
from reports.search import index_report
from reports.search_filters import Filters
from reports.search_words import read_query
from storage.database import transaction
from tests.builders import CALLER_NUMBER, NOON, a_report
from tests.provinces.packs import bac_lieu


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 3)
    monkeypatch.setattr(export, "FOUND_AT_ONCE", 2)


def keep(database: Engine, count: int) -> None:
    with transaction(database) as session:
        for number in range(count):
            report = a_report(
                reference=f"{number:09d}",
                category="GT01",
                requested_at=NOON + timedelta(minutes=number // 2),
                description="ngập" if number % 3 else "khô",
                contact=Contact.OTHER,
                contact_number=CALLER_NUMBER,
            )
            session.add(report)
            session.flush()
            index_report(session, bac_lieu(), report)


@pytest.mark.parametrize(("words", "count"), [(None, 10), ("ngap", 6), ("khong", 0)])
def test_every_report_is_a_row_once_the_newest_first(
    database: Engine, short_pieces: None, words: str | None, count: int
) -> None:
    keep(database, 10)
    shown = columns(bac_lieu(), lambda unit: None, words=True)
    asked = Filters(words=read_query(words) if words else None)

    rows: list[dict[str, Any]] = []
    for row in exported(database, asked, shown, NOON):
        if len(rows) == 1:
            with transaction(database) as session:
                session.add(a_report(requested_at=NOON + timedelta(days=1)))
        rows.append(dict(zip(COLUMNS, row, strict=True)))

    assert len({row["reference"] for row in rows}) == len(rows) == count
    moments = [row["requested_at"] for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert all(row["category_name"] == bac_lieu().categories["GT01"].names["vi"] for row in rows)
    assert CALLER_NUMBER[-6:] not in str(rows)


def test_what_people_wrote_is_there_only_for_who_may_read_words() -> None:
    without = {column.name for column in columns(bac_lieu(), lambda unit: None, words=False)}

    assert set(COLUMNS) - without == {"address", "description"}
