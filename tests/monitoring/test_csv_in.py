"""Figures from CSV files: as people write them, with everything that is wrong told by line."""

import io
import json
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from monitoring import csv_in
from monitoring.csv_in import MOST_FAULTS, Imported, bring_in, look_through
from monitoring.csv_lines import MOST_LINE_BYTES
from monitoring.csv_values import read_moment, read_number
from monitoring.errors import UnreadableCsv
from monitoring.models import Datastream, Observation
from monitoring.pieces import in_pieces
from monitoring.unit_names import UnitNames
from storage.database import reading
from tests.builders import NOON
from tests.provinces.packs import bac_lieu

HEADER = "phenomenon_time,indicator,unit,value,measure,source\n"
GOOD = "2026-11-20T00:00:00+07:00,security.cases,2025:31825,3,,cong_an_tinh\n"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def looked(text: str | bytes) -> Imported:
    content = text.encode() if isinstance(text, str) else text
    return look_through(io.BytesIO(content), bac_lieu(), NOON)


def brought(engine: Engine, text: str) -> Imported:
    return bring_in(engine, bac_lieu(), io.BytesIO(text.encode()), lambda: NOON, "u1")


def told(found: Imported) -> list[tuple[int, str | None, str]]:
    return [(fault.line, fault.column, fault.reason) for fault in found.faults]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + GOOD,
        "\ufeff" + HEADER + GOOD,
        HEADER.replace("\n", "\r\n") + GOOD.replace("\n", "\r\n\r\n,,,,,\r\n"),
        "\n" + HEADER + '"2026-11-19T17:00Z","security.cases","2025:31825","3","vụ",""',
        "Thời điểm;Chỉ số;Xã, phường;Giá trị\n20/11/2026 0:00;security.cases;Phường Bạc Liêu;3\n",
        "value;indicator;unit;phenomenon_time\n3,0;Security.Cases;31825;20/11/2026",
        "time\tindicator\tunit\tvalue\n2026-11-20\tsecurity.cases\tphuong bac lieu\t3.0\n",
    ],
)
def test_a_line_is_understood_however_it_is_written(text: str) -> None:
    found = looked(text)

    assert (found.lines, found.new, told(found)) == (1, 1, [])
    (figure,) = found.shown
    assert figure.at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert (figure.indicator.code, figure.unit, figure.value) == (
        "security.cases", ("2025", "31825"), 3.0,
    )  # fmt: skip
    assert figure.source == "cong_an_tinh"


def test_every_faulty_line_is_told_with_its_number_and_the_others_are_good() -> None:
    lines = [
        "2026-11-20T00:00:00,security.cases,2025:31825,3,,cong_an_tinh",
        "31/02/2026 00:00,security.cases,2025:31825,3,,cong_an_tinh",
        "20/11/2099 00:00,security.cases,2025:31825,3,,cong_an_tinh",
        "20/11/2026,security.unknown,2025:31825,3,,cong_an_tinh",
        "20/11/2026,security.cases,Xã Không Có,3,,cong_an_tinh",
        "20/11/2026,security.cases,Phường 1,3,,cong_an_tinh",
        "20/11/2026,health.beds_free,2025:31825,50,,so_y_te",
        "20/11/2026,security.cases,,3,,cong_an_tinh",
        "20/11/2026,security.cases,bac_lieu,3,,cong_an_tinh",
        "20/11/2026,hotline.calls_in,,3,,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,ba,,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,nan,,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,-3,,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,1e12,,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,3,km/h,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,3,táo,cong_an_tinh",
        "20/11/2026,security.cases,2025:31825,3,,system",
        "20/11/2026,security.cases,2025:31825",
        '20/11/2026,security.cases,2025:31825,3,,"cong_an_tinh',
        "x" * (MOST_LINE_BYTES * 3),
    ]
    found = looked((HEADER + "\n".join(lines) + "\n").encode() + b"\xff\n" + GOOD.encode())

    assert told(found) == [
        (2, "phenomenon_time", "moment"),
        (3, "phenomenon_time", "moment"),
        (4, "phenomenon_time", "future"),
        (5, "indicator", "indicator"),
        (6, "unit", "unit"),
        (7, "unit", "units"),
        (8, "unit", "level"),
        (9, "unit", "empty"),
        (11, "source", "counted_here"),
        (12, "value", "number"),
        (13, "value", "number"),
        (14, "value", "too_low"),
        (15, "value", "too_high"),
        (16, "measure", "unlike_unit"),
        (17, "measure", "unknown_unit"),
        (18, "source", "source"),
        (19, None, "cells"),
        (20, None, "quotes"),
        (21, None, "long"),
        (22, None, "encoding"),
    ]
    assert (found.lines, found.new) == (22, 2)
    assert "pre2025:31825, pre2025:31942" in found.faults[5].expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (HEADER.encode("utf-16"), "encoding"),
        ("thời điểm,giá trị\n".encode("cp1258", "replace"), "encoding"),
        (b"\xe1\xbb\n", "encoding"),
        (b"phenomenon_time,indicator\n", "missing"),
        (b"phenomenon_time,indicator,value,colour\n", "column"),
        (b"phenomenon_time,indicator,value,value\n", "column"),
        (b'"phenomenon_time,indicator,value\n', "quotes"),
        (b"x" * 10_000, "long"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableCsv) as refused:
        looked(content)

    assert refused.value.reason == reason


def test_faults_are_all_counted_though_only_the_first_are_kept() -> None:
    found = looked(HEADER + "x,,,,,\n" * (MOST_FAULTS + 50))

    assert (found.fault_count, len(found.faults)) == (MOST_FAULTS + 50, MOST_FAULTS)


def test_what_is_sent_again_is_no_news_and_what_differs_is_a_correction(database: Engine) -> None:
    other = GOOD.replace("2026-11-20", "2026-11-21")
    whole = "2026-11-20,health.beds_free,,0.4,ratio,so_y_te\n"

    first = brought(database, HEADER + GOOD + other + whole + GOOD)
    again = brought(database, HEADER + GOOD.replace(",3,", ",4,") + other + "x,,,,,\n")

    assert (first.new, first.repeated, first.corrected) == (3, 1, 0)
    assert (again.new, again.repeated, again.corrected, again.fault_count) == (0, 1, 1, 1)
    with reading(database) as session:
        rows = session.execute(
            select(Datastream.indicator, Datastream.unit_key, Observation.value)
            .join(Observation, Observation.datastream == Datastream.id)
            .order_by(Observation.value)
        ).all()
        noted = session.scalars(select(AuditEntry.action)).all()
    assert [tuple(row) for row in rows] == [
        ("security.cases", "2025:31825", 3.0),
        ("security.cases", "2025:31825", 4.0),
        ("health.beds_free", None, 40.0),
    ]
    assert noted == ["observations.imported"] * 2


class Broken(io.BytesIO):
    """A connection that breaks off after what it holds."""

    def readline(self, size: int | None = -1) -> bytes:
        return super().readline(size) or self._lost()

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size) or self._lost()

    read1 = read

    def _lost(self) -> bytes:
        raise ConnectionResetError


def test_a_file_that_breaks_off_is_noted_with_what_was_stored(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_in, "BATCH", 1)

    with pytest.raises(ConnectionResetError):
        bring_in(sqlite, bac_lieu(), Broken((HEADER + GOOD).encode()), lambda: NOON, "u1")

    with reading(sqlite) as session:
        (noted,) = session.scalars(select(AuditEntry))
        assert (noted.action, json.loads(noted.details)["new"]) == ("observations.imported", 1)


def test_others_write_between_the_pieces_of_a_batch(sqlite: Engine) -> None:
    longest: list[float] = []

    def work(session: Session, some: Sequence[int]) -> int:
        time.sleep(0.002 * len(some))
        longest.append(len(some))
        return len(some)

    begun = time.monotonic()
    assert sum(found for _, found in in_pieces(sqlite, range(75), work)) == 75

    # 50 take 100 ms, so fewer are done then; and as long as one took nobody holds the others up.
    assert longest[0] == 50 and max(longest[1:]) <= 25
    assert time.monotonic() - begun >= 0.28


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("12", False, 12), ("12.5", False, 12.5), ("-1e3", False, -1000), ("1,5", False, 1.5),
        ("1,234", False, None), ("1.234", False, 1.234), ("1,234.5", False, None),
        ("12,5", True, 12.5), ("1.234,5", True, 1234.5), ("1.234", True, None),
        ("12.5", True, 12.5), ("0.125", True, 0.125), ("1.23,4", True, None), ("1234", True, 1234),
        ("1,2,3", True, None), ("", False, None), ("٣", False, None), ("inf", False, None),
        ("1_000", False, None), ("0x1", True, None), (",5", True, None),
    ],
)  # fmt: skip
def test_a_number_is_read_where_it_is_clear(text: str, comma: bool, number: float | None) -> None:
    assert read_number(text, comma) == number


def test_an_hour_that_clocks_skip_or_show_twice_is_no_moment() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    assert read_moment("29/03/2026 02:30", berlin) is None
    assert read_moment("25/10/2026 02:30", berlin) is None
    assert read_moment("25/10/2026 03:30", berlin) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    assert read_moment("23/11/2026 07:05", ZONE) == datetime(2026, 11, 23, 0, 5, tzinfo=UTC)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_fail_otherwise(content: bytes) -> None:
    found = looked(HEADER.encode() + content)

    assert found.lines == found.new + found.fault_count


@pytest.mark.parametrize(
    ("text", "year", "keys"),
    [
        ("Phước Long", 2026, ["2025:31867"]),
        ("xã Phước Long", 2024, ["pre2025:31876"]),
        ("31825", 2026, ["2025:31825"]),
        ("31825", 2024, ["pre2025:31825"]),
        ("Hộ Phòng", 2026, ["pre2025:31945"]),
        ("Hoà Bình", 2026, ["2025:31891"]),
        ("Bạc Liêu", 2026, ["2025:31825", None]),
        ("tỉnh Bạc Liêu", 2026, [None]),
        ("", 2026, [None]),
        ("Cà Mau", 2026, []),
    ],
)
def test_a_name_means_what_it_meant_on_the_day_of_the_figure(
    text: str, year: int, keys: list[str | None]
) -> None:
    found = UnitNames(bac_lieu()).find(text, date(year, 11, 1))

    assert [key and f"{key.edition}:{key.code}" for key in found] == keys
