"""Work on the database that is done a second time where two were in each other's way."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger()

R = TypeVar("R")

_DEADLOCK = "40P01"
# A month's table was made while the batch waited: what it has of that month goes there now.
_ANOTHER_PARTITION = "23514"


def again(work: Callable[[], R]) -> R:
    """What `work` returns, which does one whole transaction; once more where PostgreSQL ended it
    for the sake of somebody else."""
    try:
        return work()
    except DBAPIError as error:
        why = getattr(error.orig, "sqlstate", None)
        if why not in (_DEADLOCK, _ANOTHER_PARTITION):
            raise
        log.info("done again", why=why)
    return work()
