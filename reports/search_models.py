"""The table that reports are found by, as each database does it best.

SQLite: the words stand in the table, and an FTS5 index beside it that triggers keep. PostgreSQL:
the words are a tsvector under a GIN index.
"""

from collections.abc import Iterable

from sqlalchemy import DDL, Dialect, ForeignKey, Index, Text, TypeDecorator, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from reports.search_words import Words, tsvector
from storage.database import Base

FTS = "report_search_fts"


class SearchWords(TypeDecorator[Words]):
    """Words of `reports.search_words`; PostgreSQL gives them back in no order, as its text."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        kind: TypeEngine[str] = TSVECTOR() if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return tsvector(value) if dialect.name == "postgresql" else " ".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Words | None:
        return None if value is None else tuple(value.split())


class ReportSearch(Base):
    """What one report is found by. Written by `reports.search.index_report` alone."""

    __tablename__ = "report_search"
    __table_args__ = (
        Index("ix_report_search_words", "words", postgresql_using="gin").ddl_if("postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[str] = mapped_column(ForeignKey("reports.id"), unique=True)
    words: Mapped[Words] = mapped_column(SearchWords)


# The words lie in the table only: FTS5 has an index to them, no second copy.
FTS_STATEMENTS = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5(words, content='report_search', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '~'\")",
    f"CREATE TRIGGER {FTS}_insert AFTER INSERT ON report_search BEGIN "
    f"INSERT INTO {FTS}(rowid, words) VALUES (new.id, new.words); END",
    f"CREATE TRIGGER {FTS}_delete AFTER DELETE ON report_search BEGIN "
    f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', old.id, old.words); END",
    f"CREATE TRIGGER {FTS}_update AFTER UPDATE OF words ON report_search BEGIN "
    f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', old.id, old.words); "
    f"INSERT INTO {FTS}(rowid, words) VALUES (new.id, new.words); END",
)
for _statement in FTS_STATEMENTS:
    _on_sqlite = DDL(_statement).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(ReportSearch.__table__, "after_create", _on_sqlite)
