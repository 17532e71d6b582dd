"""Recorded prompts: takes, and the editions in which callers hear them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prompt_takes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("slow", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("length_s", sa.Double(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("master_sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_takes")),
    )
    op.create_index("ix_prompt_takes_prompt", "prompt_takes", ["language", "name", "taken_at"])
    op.create_table(
        "prompt_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("published_by", sa.String(length=60), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_editions")),
        sa.UniqueConstraint("language", "number", name=op.f("uq_prompt_editions_language")),
    )
    op.create_table(
        "prompt_edition_takes",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("take_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["prompt_editions.id"],
            name=op.f("fk_prompt_edition_takes_edition_id_prompt_editions"),
        ),
        sa.ForeignKeyConstraint(
            ["take_id"],
            ["prompt_takes.id"],
            name=op.f("fk_prompt_edition_takes_take_id_prompt_takes"),
        ),
        sa.PrimaryKeyConstraint("edition_id", "take_id", name=op.f("pk_prompt_edition_takes")),
    )
    op.create_index(op.f("ix_prompt_edition_takes_take_id"), "prompt_edition_takes", ["take_id"])


def downgrade() -> None:
    for table in ("prompt_edition_takes", "prompt_editions", "prompt_takes"):
        op.drop_table(table)
