"""What is kept no longer: sound that nobody filed, and files that belong to nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine, select

from reports.models import Recording
from reports.recordings import files_unknown
from reports.service import discard
from storage.database import reading, transaction

log = structlog.get_logger()

# Sentences that were spoken anew: kept for a week in case the caller asks for the first ones.
UNFILED_FOR = timedelta(days=7)
# A file without a row may be somebody's words whose row a broken disk or database took.
ORPHANS_FOR = timedelta(days=30)
AT_ONCE = 500


def discard_unfiled(engine: Engine, now: datetime) -> int:
    """Take out recordings that belong to no report and no longer may; how many there were."""
    with transaction(engine) as session:
        recordings = session.scalars(
            select(Recording)
            .where(
                Recording.report_id.is_(None),
                Recording.discarded_at.is_(None),
                Recording.recorded_at < now - UNFILED_FOR,
            )
            .limit(AT_ONCE)
        ).all()
        discard(session, recordings, now)
    if recordings:
        log.info("unfiled recordings discarded", count=len(recordings))
    return len(recordings)


def erase_orphans(engine: Engine, folder: Path, now: datetime) -> int:
    """Delete sound files that no row knows and that nobody has touched for long; how many."""
    kept = Recording.discarded_at.is_(None)
    erased = 0
    with reading(engine) as session:
        for path, _ in files_unknown(session, folder, now - ORPHANS_FOR, kept):
            path.unlink(missing_ok=True)
            erased += 1
    if erased:
        log.info("orphaned recordings erased", count=erased)
    return erased
