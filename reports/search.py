"""What reports are found by: kept up in the transaction that changes it, and erased for good."""

import time
from collections.abc import Iterator
from datetime import datetime

import structlog
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.orm import Session

from provinces.schema import Province
from reports.actors import CITIZEN
from reports.corrections import best_words
from reports.danger import OnWords
from reports.models import Recording, Report, ReportSearch, Update
from reports.reference import spoken_reference
from reports.search_models import FTS
from reports.search_words import words_kept
from storage.database import transaction

log = structlog.get_logger()

AT_ONCE = 500
MERGED_PAGES = 500  # at once: calls wait for nobody longer than some hundredths of a second
_NOTHING_LEFT = 2  # FTS5 counts fewer changes than that where it had nothing to merge

# What of a report it is found by, beside the words of its recordings.
SEARCHED = frozenset({"description", "address", "category", "place"})


def index_report(session: Session, province: Province, report: Report) -> None:
    """Have the report found by what it says now. Call it wherever `SEARCHED` or words change."""
    session.flush()
    words = words_kept(_texts(session, province, report))
    row = session.scalar(select(ReportSearch).where(ReportSearch.report_id == report.id))
    if row is None:
        session.add(ReportSearch(report_id=report.id, words=words))
    elif set(row.words) != set(words):
        row.words = words
    session.flush()


def index_report_id(session: Session, province: Province, report_id: str | None) -> None:
    """As `index_report`; nothing where there is no such report."""
    report = session.get(Report, report_id) if report_id is not None else None
    if report is not None:
        index_report(session, province, report)


def found_by_words(province: Province) -> OnWords:
    """Has a report found by the words of its recordings as soon as there are any."""

    def on_words(session: Session, recording: Recording, words: str, now: datetime) -> None:
        index_report_id(session, province, recording.report_id)

    return on_words


def forget_report(session: Session, report_id: str) -> None:
    """Have the report found by nothing. `sweep_search` then takes the words from the disk."""
    session.execute(delete(ReportSearch).where(ReportSearch.report_id == report_id))


def index_missing(engine: Engine, province: Province, at_once: int = AT_ONCE) -> int:
    """Index reports of earlier releases, oldest first, and say how many; callers are let in
    between."""
    done = 0
    while True:
        with transaction(engine) as session:
            reports = session.scalars(
                select(Report)
                .outerjoin(ReportSearch, ReportSearch.report_id == Report.id)
                .where(ReportSearch.id.is_(None), Report.erased_at.is_(None))
                .order_by(Report.requested_at)
                .limit(at_once)
            ).all()
            for report in reports:
                index_report(session, province, report)
        done += len(reports)
        if len(reports) < at_once:
            return done


def index_all(engine: Engine, province: Province, at_once: int = AT_ONCE) -> int:
    """Index every report anew, for when words are kept otherwise than before; how many."""
    done, last = 0, ""
    while True:
        with transaction(engine) as session:
            query = select(Report).where(Report.id > last, Report.erased_at.is_(None))
            reports = session.scalars(query.order_by(Report.id).limit(at_once)).all()
            for report in reports:
                index_report(session, province, report)
        done += len(reports)
        if len(reports) < at_once:
            return done
        last = reports[-1].id


def sweep_search(engine: Engine) -> None:
    """Take from the disk the words that no report is found by any more.

    SQLite's FTS5 only notes what was deleted: the words go when its pieces are merged, here in
    small transactions. (From 3.42 on it has an option for that; Debian 12 has 3.40.) PostgreSQL's
    words go with its own clean-up, `VACUUM`.
    """
    if engine.dialect.name != "sqlite":
        return
    merge = f"INSERT INTO {FTS}({FTS}, rank) VALUES ('merge', :pages)"
    pages = -MERGED_PAGES  # the first time: have everything merged into one
    while True:
        with transaction(engine) as session:
            begun = time.monotonic()
            before = session.scalar(text("SELECT total_changes()")) or 0
            session.execute(text(merge), {"pages": pages})
            after = session.scalar(text("SELECT total_changes()")) or 0
        if after - before < _NOTHING_LEFT:
            return
        pages = MERGED_PAGES
        time.sleep(time.monotonic() - begun)  # whoever has waited for it comes first


def _texts(session: Session, province: Province, report: Report) -> Iterator[str | None]:
    yield report.reference
    yield spoken_reference(report.reference)
    yield report.description
    yield report.address
    names = session.scalars(
        select(Recording.name)
        .where(Recording.report_id == report.id, Recording.discarded_at.is_(None))
        .order_by(Recording.recorded_at, Recording.position)
    )
    for name in names.all():
        yield best_words(session, name)
    yield from session.scalars(  # what its reporter added in writing
        select(Update.text)
        .where(Update.report_id == report.id, Update.author == CITIZEN.id, Update.text.is_not(None))
        .order_by(Update.id)
    ).all()
    category = province.categories.get(report.category or "")
    group = province.groups.get(category.group if category else report.category or "")
    for named in (category, group):
        yield from (named.names.values() if named is not None else ())
    unit = province.unit(report.place) if report.place else None
    yield unit.full_name if unit is not None else None
