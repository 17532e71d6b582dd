"""What calls came to, how right the recogniser was, and ratings: figures read these."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_summaries",
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("left_at", sa.String(length=80), nullable=True),
        sa.Column("stages", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("waited_s", sa.Integer(), nullable=False),
        sa.Column("talked_s", sa.Integer(), nullable=False),
        sa.Column("length_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_summaries")),
    )
    op.create_index(op.f("ix_call_summaries_started_at"), "call_summaries", ["started_at"])
    op.create_index("ix_call_summaries_day_started", "call_summaries", ["day", "started_at"])
    op.create_table(
        "call_days",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("tallies", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_call_days")),
    )
    op.create_table(
        "call_steps",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_call_steps")),
        sa.UniqueConstraint("code", name=op.f("uq_call_steps_code")),
    )
    op.create_table(
        "word_checks",
        sa.Column("recording_name", sa.String(length=60), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("recording_name", name=op.f("pk_word_checks")),
    )
    op.create_index(op.f("ix_word_checks_report_id"), "word_checks", ["report_id"])
    op.create_index(
        "ix_updates_rating",
        "updates",
        ["report_id", "score"],
        sqlite_where=sa.text("kind = 'rating'"),
        postgresql_where=sa.text("kind = 'rating'"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Packed already: to squeeze it again costs more than it saves.
        op.execute("ALTER TABLE call_days ALTER COLUMN tallies SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_index("ix_updates_rating", "updates")
    for table in ("word_checks", "call_steps", "call_days", "call_summaries"):
        op.drop_table(table)
