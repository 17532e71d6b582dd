"""Writing a row whether it is there already or not: two at once are no error."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.database import Base


def put(
    session: Session, table: type[Base], key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """The row of `key` has `values` afterwards; objects held by the session stay."""
    session.flush()  # what it points to
    row = {**key, **values}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(table)
        .values(row)
        .on_conflict_do_update(index_elements=list(key), set_=dict(values))
    )
