"""Figures over all reports are added up from days; triggers mark the days that have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# What of a report is counted. Whatever else changes, a day stays as it was added up.
_COUNTED = (
    "status",
    "source",
    "category",
    "partial",
    "urgent",
    "place",
    "agency",
    "requested_at",
    "expected_at",
    "resolved_at",
)
_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _COUNTED)
_SQLITE = (
    "CREATE TRIGGER reports_mark_new AFTER INSERT ON reports BEGIN "
    "INSERT INTO report_day_marks(day) VALUES (substr(NEW.requested_at, 1, 10)); END",
    f"CREATE TRIGGER reports_mark_changed AFTER UPDATE OF {', '.join(_COUNTED)} ON reports "
    f"WHEN {_CHANGED} BEGIN "
    "INSERT INTO report_day_marks(day) SELECT substr(OLD.requested_at, 1, 10) "
    "UNION SELECT substr(NEW.requested_at, 1, 10); END",
    "CREATE TRIGGER reports_mark_gone AFTER DELETE ON reports BEGIN "
    "INSERT INTO report_day_marks(day) VALUES (substr(OLD.requested_at, 1, 10)); END",
)


def _row(name: str) -> str:
    return "(" + ", ".join(f"{name}.{column}" for column in _COUNTED) + ")"


def _day(row: str) -> str:
    return f"to_char({row}.requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


_POSTGRESQL = (
    f"""
    CREATE FUNCTION reports_mark_day() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO report_day_marks(day) VALUES ({_day("NEW")});
        END IF;
        IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.requested_at <> NEW.requested_at THEN
            INSERT INTO report_day_marks(day) VALUES ({_day("OLD")});
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER reports_mark_new AFTER INSERT OR DELETE ON reports
    FOR EACH ROW EXECUTE FUNCTION reports_mark_day()
    """,
    f"""
    CREATE TRIGGER reports_mark_changed AFTER UPDATE OF {", ".join(_COUNTED)} ON reports
    FOR EACH ROW WHEN ({_row("OLD")} IS DISTINCT FROM {_row("NEW")})
    EXECUTE FUNCTION reports_mark_day()
    """,
    # Packed already: to squeeze it again costs more than it saves.
    "ALTER TABLE report_days ALTER COLUMN tallies SET STORAGE EXTERNAL",
)


def upgrade() -> None:
    op.create_table(
        "report_days",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("tallies", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_report_days")),
    )
    op.create_table(
        "report_day_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_day_marks")),
    )
    op.create_index(op.f("ix_report_day_marks_day"), "report_day_marks", ["day"])
    op.create_table(
        "report_codes",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_report_codes_code")),
    )
    for statement in _POSTGRESQL if _is_postgresql() else _SQLITE:
        op.execute(statement)
    day = _day("reports") if _is_postgresql() else "substr(requested_at, 1, 10)"
    op.execute(f"INSERT INTO report_day_marks(day) SELECT DISTINCT {day} FROM reports")


def downgrade() -> None:
    for name in ("reports_mark_new", "reports_mark_changed", "reports_mark_gone"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}" + (" ON reports" if _is_postgresql() else ""))
    if _is_postgresql():
        op.execute("DROP FUNCTION reports_mark_day()")
    op.drop_table("report_codes")
    op.drop_table("report_day_marks")
    op.drop_table("report_days")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
