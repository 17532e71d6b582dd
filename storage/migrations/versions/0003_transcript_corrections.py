"""Beside the draft: what staff made of its words (who, when, before, after); what they propose."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcript_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_name", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.Column("edits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_name"],
            ["recordings.name"],
            name=op.f("fk_transcript_corrections_recording_name_recordings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript_corrections")),
        sa.UniqueConstraint(
            "recording_name", "number", name=op.f("uq_transcript_corrections_recording_name")
        ),
    )
    op.create_index(op.f("ix_transcript_corrections_at"), "transcript_corrections", ["at"])
    # What the words propose: categories, urgency, and the words that told of them; sealed.
    op.add_column("transcripts", sa.Column("proposed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("transcripts", "proposed")
    op.drop_table("transcript_corrections")
