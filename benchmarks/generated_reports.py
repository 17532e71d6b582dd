"""Made-up reports in bulk, skewed as real ones are. Every one says that it is generated.

Few categories and few communes have most reports; nearly all are closed; they lie in clusters
around the communes' middles and come by day rather than by night. The same seed gives the same.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, text
from stdnum import damm

from provinces.schema import LOWEST_KINDS, Category, Province, Unit
from reports.models import Recording, Report, ReportSearch, ReportStatus, Transcript, Update
from reports.reference import spoken_reference
from reports.routing import receivers
from reports.search_words import Words, words_kept

MARK = "generated"  # a word of each description: nobody shall take one for a person's
SEED = 19_009_120
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
YEARS = 5
STORIES = 20_000
AT_ONCE = 5_000
OFFICERS = tuple(f"officer{number:03d}" for number in range(60))
# One report in a thousand has the first, one in a hundred the second.
RARE, SCARCE = "zêrô", "hàng dừa"


def _sums(shares: Iterable[float]) -> list[float]:
    return list(accumulate(shares))


_HOURS = _sums(
    (2, 1, 1, 1, 2, 6, 20, 40, 55, 60, 55, 45, 35, 40, 50, 50, 45, 40, 30, 25, 20, 14, 8, 4)
)
_SAYINGS = (
    "tôi xin phản ánh {what} ở {where}, bà con đi lại rất khó khăn mong cơ quan sớm xử lý",
    "{what} trước nhà tôi tại {where} đã {days} ngày rồi mà chưa thấy ai tới sửa",
    "kính gửi tổng đài, khu vực {where} {what}, nhờ cán bộ xuống kiểm tra giúp",
    "dạ cho hỏi {what} ở gần {where} thì gọi ai, hôm qua mưa lớn nước ngập tới đầu gối",
    "{where} có {what} vào ban đêm, người dân rất lo lắng, đề nghị có biện pháp",
)
_OLD = ((ReportStatus.CLOSED, 0.9), (ReportStatus.REJECTED, 0.04), (ReportStatus.DUPLICATE, 0.04),
        (ReportStatus.DIVERTED, 0.02))  # fmt: skip
_YOUNG = (
    (ReportStatus.NEW, 0.1),
    (ReportStatus.TRIAGED, 0.05),
    (ReportStatus.ASSIGNED, 0.2),
    (ReportStatus.IN_PROGRESS, 0.25),
    (ReportStatus.WAITING_CITIZEN, 0.04),
    (ReportStatus.REOPENED, 0.02),
    (ReportStatus.RESOLVED, 0.2),
    (ReportStatus.CLOSED, 0.14),
)
_YOUNG_DAYS = 21
_SOURCES = (("phone", 0.7), ("web", 0.2), ("open311", 0.07), ("staff", 0.03))

Row = dict[str, Any]


@dataclass(frozen=True)
class _Rows:
    """All that one report is made of."""

    report: Row
    search: Row
    updates: Sequence[Row]
    recording: Row | None
    transcript: Row | None


def generate(engine: Engine, province: Province, count: int) -> None:
    """Fill an empty, migrated database with `count` reports, the oldest first."""
    words = next(index for index in ReportSearch.__table__.indexes)  # type: ignore[attr-defined]
    if engine.dialect.name == "postgresql":
        words.drop(engine)  # it is made far quicker at the end, all at once
    rows = _rows(province, count)
    while batch := list(islice(rows, AT_ONCE)):
        with engine.begin() as connection:
            _put(connection, Report.__table__, [each.report for each in batch])
            _put(connection, Recording.__table__, [e.recording for e in batch if e.recording])
            _put(connection, Transcript.__table__, [e.transcript for e in batch if e.transcript])
            _put(connection, Update.__table__, [u for each in batch for u in each.updates])
            _put(connection, ReportSearch.__table__, [each.search for each in batch])
    if engine.dialect.name != "postgresql":
        return
    words.create(engine)
    with engine.begin() as connection:
        for table in ("updates", "report_search"):
            last = f"(SELECT max(id) FROM {table})"
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, {last})"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def _put(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), list(rows))


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """PostgreSQL's own way for many rows; each type's own conversion is asked for."""
    names = list(rows[0])
    dialect = connection.dialect
    converters = [
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    ]
    driver: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in names)
    with driver.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            values = (row[name] for name in names)
            copy.write_row(
                [c(v) if c is not None else v for v, c in zip(values, converters, strict=True)]
            )


@dataclass(frozen=True)
class _Story:
    """What somebody may say, and what it is about; many say nearly the same."""

    said: str
    category: str
    place: str
    address: str
    agency: str | None
    latitude: float
    longitude: float
    words: Words  # of all of it


def _stories(chance: random.Random, province: Province, count: int) -> list[_Story]:
    categories = _skewed(chance, [c for c in province.categories.values() if c.deadline])
    today = province.current_edition
    communes = [u for u in province.units.values() if u.kind in LOWEST_KINDS]
    units = _skewed(chance, [u for u in communes if u.key.edition == today])
    streets = [street.name for street in province.streets] or ["đường lớn"]
    found = []
    for _ in range(count):
        category: Category = chance.choices(*categories)[0]
        unit: Unit = chance.choices(*units)[0]
        place = f"{unit.key.edition}:{unit.key.code}"
        street = chance.choice(streets)
        what = chance.choice(category.keywords or (category.names["vi"],))
        where = f"{street}, {unit.full_name}"
        said = chance.choice(_SAYINGS).format(what=what, where=where, days=chance.randint(2, 30))
        group = province.groups[category.group]
        texts = [said, MARK, street, *category.names.values(), *group.names.values()]
        leads = receivers(province, category.code, place, NOW.date())
        found.append(
            _Story(
                said=said,
                category=category.code,
                place=place,
                address=street,
                agency=leads[0].id if leads else None,
                latitude=unit.latitude,
                longitude=unit.longitude,
                words=words_kept([*texts, unit.full_name]),
            )
        )
    return found


def _rows(province: Province, count: int) -> Iterator[_Rows]:
    chance = random.Random(SEED)
    stories = _stories(chance, province, min(count, STORIES))
    days = 365 * YEARS
    for number in range(count):
        # More from year to year: the hotline becomes known.
        age = timedelta(days=days * (1 - ((number + chance.random()) / count) ** 0.7))
        hour = chance.choices(range(24), cum_weights=_HOURS)[0]
        day = (NOW - age).replace(minute=0, second=0, microsecond=0)
        at = day.replace(hour=(hour - 7) % 24) + timedelta(seconds=3600 * chance.random())
        yield _one(chance, number, min(at, NOW), chance.choice(stories))


def _one(chance: random.Random, number: int, at: datetime, story: _Story) -> _Rows:
    report_id = f"{number:08x}{chance.getrandbits(96):024x}"
    digits = f"{(number * 61_803_399 + 7) % 10**8:08d}"
    reference = digits + damm.calc_check_digit(digits)
    young = NOW - at < timedelta(days=_YOUNG_DAYS) or chance.random() < 0.003
    status = _of(chance, _YOUNG if young else _OLD)
    source = _of(chance, _SOURCES)
    by_phone = source == "phone"
    house = f"số {chance.randint(1, 999)}"
    extra = [house]
    if number % 1000 == 7:
        extra.append(RARE)
    if number % 100 == 3:
        extra.append(SCARCE)
    said = " ".join([story.said, *extra])
    waits = max(1.0, chance.lognormvariate(3.5, 1.0))  # hours
    last = min(NOW, at if status is ReportStatus.NEW else at + timedelta(hours=waits))
    solved = status in (ReportStatus.RESOLVED, ReportStatus.CLOSED)
    assigned = status not in (ReportStatus.NEW, ReportStatus.TRIAGED)
    report = {
        "id": report_id,
        "reference": reference,
        "status": status.value,
        "source": source,
        "category": story.category,
        "partial": chance.random() < 0.05,
        "urgent": chance.random() < 0.03,
        "place": story.place,
        "language": "vi",
        "anonymous": False,
        "contact": "nobody",
        "requested_at": at,
        "updated_at": last,
        "expected_at": at + timedelta(hours=72),
        "resolved_at": last if solved else None,
        "closed_at": last if status is ReportStatus.CLOSED else None,
        "version": 3,
        "agency": story.agency if assigned else None,
        "officer": chance.choice(OFFICERS) if assigned else None,
        "description": MARK if by_phone else f"{said} ({MARK})",
        "address": story.address,
        "latitude": story.latitude + chance.gauss(0, 0.015),
        "longitude": story.longitude + chance.gauss(0, 0.015),
        "clock_since": at,
    }
    search = {
        "id": number + 1,
        "report_id": report_id,
        "words": (reference, *spoken_reference(reference).split("-"), *_kept(" ".join(extra)),
                  *story.words),
    }  # fmt: skip
    updates = [
        _update(2 * number + 1, report_id, at, ReportStatus.TRIAGED),
        _update(2 * number + 2, report_id, last, status),
    ]
    if not by_phone:
        return _Rows(report, search, updates, None, None)
    name = f"{number:08x}-1"
    recording = {
        "name": name,
        "call_id": f"{number:08x}",
        "position": 1,
        "report_id": report_id,
        "kind": "statement",
        "length_s": 12.0,
        "size_bytes": 192_044,
        "sha256": "0" * 64,
        "silent": False,
        "recorded_at": at,
    }
    transcript = {
        "recording_name": name,
        "status": "done",
        "draft": True,
        "language": "vi",
        "text": said,
        "confidence": 0.8,
        "attempts": 1,
        "requested_at": at,
        "finished_at": at,
    }
    return _Rows(report, search, updates, recording, transcript)


@cache
def _kept(said: str) -> Words:
    return words_kept([said])


def _update(number: int, report_id: str, at: datetime, status: ReportStatus) -> Row:
    return {
        "id": number,
        "report_id": report_id,
        "kind": "status",
        "at": at,
        "author": "staff",
        "internal": False,
        "status": status.value,
    }


def _skewed(chance: random.Random, things: Sequence[Any]) -> tuple[Sequence[Any], list[float]]:
    """Things in a random order with weights such that the first has most by far (Zipf)."""
    mixed = sorted(things, key=lambda _: chance.random())
    return mixed, [1 / rank for rank in range(1, len(mixed) + 1)]


def _of(chance: random.Random, shares: Sequence[tuple[Any, float]]) -> Any:
    drawn = chance.random()
    for thing, share in shares:
        drawn -= share
        if drawn < 0:
            return thing
    return shares[-1][0]
