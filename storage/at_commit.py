"""What belongs at the very end of a transaction, right before it is committed.

A lock that everybody wants is then held for a moment only, and always taken last: no two
transactions can wait for each other because of it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

T = TypeVar("T")
Finish = Callable[[Connection, list[T]], None]

_KEPT = "hotline.kept_for_commit"
_MARKS = "hotline.marks_of_savepoints"


def kept_for_commit(session: Session, finish: Finish[T]) -> list[T]:
    """A list of this transaction: `finish` gets it right before the commit, whoever commits.

    What is rolled back, to a savepoint too, is forgotten.
    """
    kept: dict[Finish[T], list[T]] = session.connection().info.setdefault(_KEPT, {})
    return kept.setdefault(finish, [])


@event.listens_for(Engine, "begin")
def _forget(connection: Connection) -> None:
    connection.info.pop(_KEPT, None)
    connection.info.pop(_MARKS, None)


@event.listens_for(Engine, "savepoint")
def _mark(connection: Connection, _: str | None) -> None:
    kept = connection.info.get(_KEPT, {})
    marks = connection.info.setdefault(_MARKS, [])
    marks.append({finish: len(items) for finish, items in kept.items()})


@event.listens_for(Engine, "release_savepoint")
def _unmark(connection: Connection, _: str, __: Any) -> None:
    connection.info[_MARKS].pop()


@event.listens_for(Engine, "rollback_savepoint")
def _back_to_mark(connection: Connection, _: str, __: Any) -> None:
    mark = connection.info[_MARKS].pop()
    for finish, items in connection.info.get(_KEPT, {}).items():
        del items[mark.get(finish, 0) :]


@event.listens_for(Engine, "commit")
def _finish(connection: Connection) -> None:
    for finish, items in connection.info.pop(_KEPT, {}).items():
        if items:
            finish(connection, items)
