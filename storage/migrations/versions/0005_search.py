"""Reports are found: by their words, near a point, and in order by what they are filtered by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FTS = "report_search_fts"
_FTS_STATEMENTS = (
    f"CREATE VIRTUAL TABLE {_FTS} USING fts5(words, content='report_search', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '~'\")",
    f"CREATE TRIGGER {_FTS}_insert AFTER INSERT ON report_search BEGIN "
    f"INSERT INTO {_FTS}(rowid, words) VALUES (new.id, new.words); END",
    f"CREATE TRIGGER {_FTS}_delete AFTER DELETE ON report_search BEGIN "
    f"INSERT INTO {_FTS}({_FTS}, rowid, words) VALUES ('delete', old.id, old.words); END",
    f"CREATE TRIGGER {_FTS}_update AFTER UPDATE OF words ON report_search BEGIN "
    f"INSERT INTO {_FTS}({_FTS}, rowid, words) VALUES ('delete', old.id, old.words); "
    f"INSERT INTO {_FTS}(rowid, words) VALUES (new.id, new.words); END",
)
# A filter's rows in the order in which they are shown: a page of them is read, not all of them.
_IN_ORDER = ("status", "category", "agency", "place", "officer")
_REPLACED = ("status", "category", "agency", "officer", "urgent")


def upgrade() -> None:
    op.add_column("reports", sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE reports SET resolved_at = (SELECT max(updates.at) FROM updates "
        "WHERE updates.report_id = reports.id AND updates.status = 'resolved') "
        "WHERE status IN ('resolved', 'closed')"
    )
    for name in _REPLACED:
        op.drop_index(op.f(f"ix_reports_{name}"), "reports")
    for name in _IN_ORDER:
        op.create_index(f"ix_reports_{name}_newest", "reports", [name, "requested_at"])
    op.create_index("ix_reports_status_due", "reports", ["status", "expected_at"])
    op.create_index(op.f("ix_reports_updated_at"), "reports", ["updated_at"])
    op.create_index("ix_reports_point", "reports", ["latitude", "longitude"])
    _search()


def _search() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "report_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("words", postgresql.TSVECTOR() if on_postgresql else sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_search_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_search")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_search_report_id")),
    )
    if on_postgresql:
        op.create_index(
            "ix_report_search_words", "report_search", ["words"], postgresql_using="gin"
        )
    else:
        for statement in _FTS_STATEMENTS:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {_FTS}")
    op.drop_table("report_search")
    op.drop_index("ix_reports_point", "reports")
    op.drop_index(op.f("ix_reports_updated_at"), "reports")
    op.drop_index("ix_reports_status_due", "reports")
    for name in _IN_ORDER:
        op.drop_index(f"ix_reports_{name}_newest", "reports")
    for name in _REPLACED:
        op.create_index(op.f(f"ix_reports_{name}"), "reports", [name])
    op.drop_column("reports", "resolved_at")
