"""Which reports somebody asks for, from the parameters of GET requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from api.open311.parameters import Given, Reader, moment
from api.open311.publication import is_public
from provinces.schema import Priority, Province
from reports.models import Report
from reports.reference import parse_reference
from reports.search_filters import CLOSED, OPEN

SPAN = timedelta(days=90)
MOST = 1000  # requests in an answer
LAST_PAGE = 100_000
_STATUSES = {"open": OPEN, "closed": CLOSED}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Asked:
    """`references` override all else; `since` is included, `until` is not.

    `extended`: with the attributes that go beyond the specification.
    """

    references: tuple[str, ...] | None
    codes: tuple[str, ...]
    statuses: tuple[str, ...] | None
    since: datetime
    until: datetime
    limit: int
    offset: int
    extended: bool

    @property
    def most(self) -> int:
        """How many reports the answer can have."""
        return self.limit if self.references is None else min(self.limit, len(self.references))


def asked_for(province: Province, given: Given, now: datetime) -> Asked:
    """What the parameters ask for.

    Raises:
        Refused: some cannot be understood, or name a service that does not exist.
    """
    with Reader(given).checked() as reader:
        ids = reader.several("service_request_id", MOST)
        size = reader.whole("page_size", 1, MOST, MOST)
        page = reader.whole("page", 1, LAST_PAGE, 1)
        since, until = _range(reader, province, now)
        asked = Asked(
            # What cannot be a reference is no report: it is left out, as an unknown one is.
            references=tuple(filter(None, map(parse_reference, ids))) if ids else None,
            codes=_codes(reader, province),
            statuses=_statuses(reader),
            since=since,
            until=until,
            limit=size,
            offset=(page - 1) * size,
            extended=extended(reader),
        )
    return asked


def extended(reader: Reader) -> bool:
    """Whether attributes beyond the specification are asked for."""
    value = reader.text("extensions", 10)
    if value is None:
        return False
    if value.lower() not in _TRUTH:
        reader.fault("extensions: cần true hoặc false", "extensions: expected true or false")
    return _TRUTH.get(value.lower(), False)


def query(province: Province, asked: Asked) -> Select[Report]:
    """Those of them that anybody may read, the newest first."""
    found = select(Report).where(is_public(province), *_conditions(province, asked))
    found = found.order_by(Report.requested_at.desc(), Report.id.desc())
    return found.limit(asked.limit).offset(asked.offset)


def _conditions(province: Province, asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.references is not None:
        yield Report.reference.in_(asked.references)
        return
    yield Report.requested_at >= asked.since
    yield Report.requested_at < asked.until
    # In a function, so that the moments' own index gives the order: see `is_public`.
    if asked.statuses is not None:
        yield func.coalesce(Report.status, "").in_(asked.statuses)
    if asked.codes:
        named = func.coalesce(Report.category, "").in_(asked.codes)
        yield or_(named, Report.category.is_(None)) if province.unclear in asked.codes else named


def _codes(reader: Reader, province: Province) -> tuple[str, ...]:
    codes = reader.several("service_code", MOST)
    for code in codes:
        known = province.categories.get(code)
        diverted = known is not None and known.priority is Priority.DIVERTED
        if diverted or (known is None and code not in province.groups):
            reader.fault(
                "service_code: không có dịch vụ này", "service_code: there is no such service", 404
            )
            break
    return codes


def _statuses(reader: Reader) -> tuple[str, ...] | None:
    given = {status.lower() for status in reader.several("status", MOST)}
    if not given <= _STATUSES.keys():
        reader.fault(
            "status: cần open hoặc closed, hoặc cả hai cách nhau dấu phẩy",
            "status: expected open or closed, or both with a comma between them",
        )
        return None
    if len(given) != 1:
        return None
    return _STATUSES[given.pop()]


def _range(reader: Reader, province: Province, now: datetime) -> tuple[datetime, datetime]:
    first, last = (_moment(reader, province, name) for name in ("start_date", "end_date"))
    if first is None and last is None:
        return now - SPAN, now + timedelta(seconds=1)
    if last is None:
        assert first is not None
        return first[0], first[0] + SPAN
    until = last[0] + last[1]
    if first is None:
        return last[0] - SPAN, until
    if first[0] > last[0]:
        reader.fault(
            "start_date: cần thời điểm trước end_date",
            "start_date: expected a moment before end_date",
        )
    elif last[0] - first[0] > SPAN:
        reader.fault(
            f"end_date: tối đa {SPAN.days} ngày sau start_date",
            f"end_date: expected at most {SPAN.days} days after start_date",
        )
    return first[0], until


def _moment(reader: Reader, province: Province, name: str) -> tuple[datetime, timedelta] | None:
    value = reader.text(name, 40)
    if value is None:
        return None
    found = moment(value, province.timezone)
    if found is None:
        reader.fault(
            f"{name}: cần thời điểm kèm múi giờ, ví dụ 2026-01-31T00:00:00Z",
            f"{name}: expected a moment with its time zone such as 2026-01-31T00:00:00Z",
        )
    return found
