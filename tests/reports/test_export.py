"""Reports as a table: each once, in order, whatever comes in meanwhile; nobody's number in it."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from reports import export
from reports.errors import ExportBusy
from reports.export import COLUMNS, Cell, columns, exported
from reports.models import Contact
from reports.search import index_report
from reports.search_filters import Filters
from reports.search_words import read_query
from reports.table_files import make_xlsx
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


def test_one_workbook_is_made_at_a_time_in_a_folder_of_its_own_that_is_cleared(
    tmp_path: Path,
) -> None:
    folder, zone = tmp_path / "exports", bac_lieu().timezone
    refused: list[str] = []

    def rows() -> Iterator[list[Cell]]:
        with pytest.raises(ExportBusy) as error:
            make_xlsx(folder, ["a"], iter([]), zone, NOON)
        refused.append(str(error.value))
        yield ["ngập"]

    folder.mkdir()
    old = folder / "left"
    old.write_text("words")
    os.utime(old, (0, 0))
    with make_xlsx(folder, ["a"], rows(), zone, NOON) as file:
        assert file.read(2) == b"PK"

    assert len(refused) == 1 and list(folder.glob("*")) == []
    assert folder.stat().st_mode & 0o777 == 0o700
    make_xlsx(folder, ["a"], iter([]), zone, NOON).close()
