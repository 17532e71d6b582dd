"""What staff chose for reports whose category was another: their words are learnt from."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.corrections import AT_ONCE, best_words
from reports.models import Report, Update

_NOT_STAFF = frozenset(["caller", "system"])


def chosen_categories(session: Session) -> Iterator[tuple[str, str]]:
    """The words and the category of each report that staff gave another category, oldest first.

    Words are what was typed, else what was spoken as a person last corrected it. Reports without
    any are left out.
    """
    # What was changed lies sealed, so the database cannot choose.
    rows = session.execute(
        select(Update.report_id, Update.author, Update.changes)
        .where(Update.changes.is_not(None))
        .order_by(Update.id)
        .execution_options(yield_per=AT_ONCE)
    )
    chosen = dict.fromkeys(
        report_id
        for report_id, author, changes in rows
        if author not in _NOT_STAFF and "category" in (changes or {})
    )
    for report_id in chosen:
        report = session.get(Report, report_id)
        if report is None or report.category is None:
            continue
        words = report.description or _spoken(session, report)
        if words:
            yield words, report.category


def _spoken(session: Session, report: Report) -> str:
    names = [one.name for one in report.recordings if one.discarded_at is None]
    return " ".join(words for name in names if (words := best_words(session, name)))
