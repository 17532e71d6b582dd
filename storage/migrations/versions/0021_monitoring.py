"""Monitoring: observations and their days, alerts, rounds, and the marks of demonstration data."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _observations()
    _alerts()
    _rounds()
    op.create_table(
        "demo_marks",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("kind", "row_id", name=op.f("pk_demo_marks")),
    )
    op.create_table(
        "monitoring_cursors",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_monitoring_cursors")),
    )


def _observations() -> None:
    op.create_table(
        "datastreams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("unit_key", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datastreams")),
    )
    op.create_index(
        "uq_datastreams_unit", "datastreams", ["indicator", "unit_key", "source"], unique=True
    )
    # NULLs are all different to a unique index: the whole province needs one of its own.
    op.create_index(
        "uq_datastreams_province",
        "datastreams",
        ["indicator", "source"],
        unique=True,
        postgresql_where=sa.text("unit_key IS NULL"),
        sqlite_where=sa.text("unit_key IS NULL"),
    )
    op.create_table(
        "observations",
        sa.Column("datastream", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("phenomenon_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("datastream", "phenomenon_at", name=op.f("pk_observations")),
        postgresql_partition_by="RANGE (phenomenon_at)",
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE observations_default PARTITION OF observations DEFAULT")
    op.create_table(
        "observation_versions",
        sa.Column("datastream", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("phenomenon_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint(
            "datastream", "phenomenon_at", "known_at", name=op.f("pk_observation_versions")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "observation_days",
        sa.Column("datastream", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("sum", sa.Double(), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=False),
        sa.Column("highest", sa.Double(), nullable=False),
        sa.Column("last", sa.Double(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("datastream", "day", name=op.f("pk_observation_days")),
        sqlite_with_rowid=False,
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("unit_key", sa.String(length=40), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("open_key", sa.String(length=180), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name=op.f("fk_alerts_owner_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("number", name=op.f("uq_alerts_number")),
        sa.UniqueConstraint("open_key", name=op.f("uq_alerts_open_key")),
    )
    op.create_index("ix_alerts_state", "alerts", ["state", "opened_at"])
    op.create_index("ix_alerts_module", "alerts", ["module", "opened_at"])
    op.create_index("ix_alerts_subject", "alerts", ["rule", "subject", "unit_key", "opened_at"])
    op.create_index(op.f("ix_alerts_opened_at"), "alerts", ["opened_at"])
    op.create_index(op.f("ix_alerts_changed_at"), "alerts", ["changed_at"])
    op.create_table(
        "alert_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_events_alert_id_alerts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_events")),
    )
    op.create_index("ix_alert_events_alert", "alert_events", ["alert_id", "at"])
    op.create_table(
        "alert_reports",
        sa.Column("alert_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_reports_alert_id_alerts")
        ),
        sa.PrimaryKeyConstraint("alert_id", "report_id", name=op.f("pk_alert_reports")),
    )
    op.create_index(op.f("ix_alert_reports_report_id"), "alert_reports", ["report_id"])
    op.create_table(
        "alert_mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("unit_key", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_mutes")),
    )
    op.create_index(op.f("ix_alert_mutes_until_at"), "alert_mutes", ["until_at"])
    op.create_table(
        "alert_baseline",
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("unit_key", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(
            "rule", "subject", "unit_key", "day", name=op.f("pk_alert_baseline")
        ),
    )


def _rounds() -> None:
    op.create_table(
        "respondents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_key", sa.String(length=40), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondents")),
    )
    op.create_index(op.f("ix_respondents_unit_key"), "respondents", ["unit_key"])
    op.create_index(op.f("ix_respondents_number_hash"), "respondents", ["number_hash"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("phenomenon_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_open", "rounds", ["closed_at", "due_at"])
    op.create_table(
        "round_questions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("unit_key", sa.String(length=40), nullable=True),
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_id", sa.String(length=32), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_questions_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondents.id"],
            name=op.f("fk_round_questions_respondent_id_respondents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_questions")),
        sa.UniqueConstraint("round_id", "respondent_id", name=op.f("uq_round_questions_round_id")),
    )
    op.create_index("ix_round_questions_due", "round_questions", ["state", "next_at"])
    op.create_index(op.f("ix_round_questions_call_id"), "round_questions", ["call_id"])
    op.create_index(op.f("ix_round_questions_respondent_id"), "round_questions", ["respondent_id"])


def downgrade() -> None:
    for table in (
        "round_questions",
        "rounds",
        "respondents",
        "alert_baseline",
        "alert_mutes",
        "alert_reports",
        "alert_events",
        "alerts",
        "observation_days",
        "observation_versions",
        "observations",
        "datastreams",
        "monitoring_cursors",
        "demo_marks",
    ):
        op.drop_table(table)
