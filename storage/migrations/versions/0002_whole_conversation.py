"""The whole conversation: anonymity, PINs, updates, callbacks, alarms, blocks, who holds a call."""

import json
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from storage.crypto import Sealed, current_box

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    # Tables that others point to are only added to: SQLite would copy and drop them else.
    op.add_column("calls", sa.Column("anonymous", sa.Boolean(), nullable=False,
                                     server_default=sa.false()))  # fmt: skip
    op.add_column("calls", _moment("hash_expires_at"))
    op.add_column("calls", sa.Column("holder", sa.String(length=60), nullable=True))
    op.add_column("calls", _moment("held_at"))
    op.add_column("calls", sa.Column("rescued_from", sa.Integer(), nullable=True))
    op.drop_index(op.f("ix_calls_caller_hash"), "calls")
    op.create_index("ix_calls_caller", "calls", ["caller_hash", "started_at"])
    op.create_index(op.f("ix_calls_hash_expires_at"), "calls", ["hash_expires_at"])

    for column in (
        sa.Column("pin_hash", sa.String(length=64), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("place", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False, server_default="vi"),
        sa.Column("caller_hash", sa.String(length=64), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("contact", sa.String(length=10), nullable=False, server_default="caller"),
        sa.Column("contact_number", sa.LargeBinary(), nullable=True),
        _moment("expected_at"),
        _moment("closed_at"),
    ):
        op.add_column("reports", column)
    op.create_index("ix_reports_caller", "reports", ["caller_hash", "requested_at"])
    op.create_index(op.f("ix_reports_urgent"), "reports", ["urgent"])
    op.create_index(op.f("ix_reports_closed_at"), "reports", ["closed_at"])
    op.add_column(
        "recordings",
        sa.Column("kind", sa.String(length=12), nullable=False, server_default="statement"),
    )
    op.add_column("messages", sa.Column("call_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_messages_call_id"), "messages", ["call_id"])
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("to_number", existing_type=sa.LargeBinary(), nullable=True)
    _convert("journal_entries", ("call_id", "position"), "result", sa.LargeBinary(), _sealed)
    _convert("messages", ("id",), "text_values", sa.LargeBinary(), _sealed)
    _new_tables()


def _new_tables() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        _moment("at", nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("wording_key", sa.String(length=60), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("recording_name", sa.String(length=60), nullable=True),
        sa.Column("call_id", sa.String(length=32), nullable=True),
        sa.Column("call_position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_updates_report_id_reports")
        ),
        sa.ForeignKeyConstraint(
            ["recording_name"],
            ["recordings.name"],
            name=op.f("fk_updates_recording_name_recordings"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("call_id", "call_position", name=op.f("uq_updates_call_id")),
    )
    op.create_index(op.f("ix_updates_report_id"), "updates", ["report_id"])

    op.create_table(
        "lookup_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        _moment("at", nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_lookup_tries_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup_tries")),
    )
    op.create_index("ix_lookup_tries_asker", "lookup_tries", ["asker", "at"])
    op.create_index("ix_lookup_tries_report", "lookup_tries", ["report_id", "at"])
    op.create_index(op.f("ix_lookup_tries_call_id"), "lookup_tries", ["call_id"])
    op.create_index(op.f("ix_lookup_tries_at"), "lookup_tries", ["at"])

    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("call_id", sa.String(length=32), nullable=True),
        sa.Column("call_position", sa.Integer(), nullable=True),
        _moment("asked_at", nullable=False),
        _moment("queued_since", nullable=False),
        _moment("due_at", nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        _moment("rung_at"),
        _moment("answered_at"),
        _moment("finished_at"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_callbacks_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("call_id", "call_position", name=op.f("uq_callbacks_call_id")),
    )
    op.create_index(op.f("ix_callbacks_number_hash"), "callbacks", ["number_hash"])
    op.create_index("ix_callbacks_due", "callbacks", ["state", "due_at"])
    op.create_index(op.f("ix_callbacks_report_id"), "callbacks", ["report_id"])

    op.create_table(
        "alarms",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("report_id", sa.String(length=32), nullable=True),
        sa.Column("danger", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        _moment("raised_at", nullable=False),
        _moment("withdrawn_at"),
        _moment("seen_at"),
        sa.Column("seen_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_alarms_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("call_id", name=op.f("uq_alarms_call_id")),
    )
    op.create_index(op.f("ix_alarms_report_id"), "alarms", ["report_id"])
    op.create_index(op.f("ix_alarms_seen_at"), "alarms", ["seen_at"])

    op.create_table(
        "blocks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("caller_hash", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        _moment("since", nullable=False),
        _moment("until", nullable=False),
        sa.Column("appeal_report_id", sa.String(length=32), nullable=True),
        _moment("appealed_at"),
        _moment("lifted_at"),
        sa.Column("lifted_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocks")),
    )
    op.create_index(op.f("ix_blocks_caller_hash"), "blocks", ["caller_hash"])

    op.create_table(
        "connections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=32), nullable=False),
        sa.Column("call_position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reserved_s", sa.Integer(), nullable=False),
        _moment("reserved_at", nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_connections_call_id_calls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("call_id", "call_position", name=op.f("uq_connections_call_id")),
    )
    op.create_index(op.f("ix_connections_on_day"), "connections", ["on_day"])

    op.create_table(
        "agi_servers",
        sa.Column("name", sa.String(length=60), nullable=False),
        _moment("beat_at", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agi_servers")),
    )


def downgrade() -> None:
    for table in (
        "agi_servers",
        "connections",
        "blocks",
        "alarms",
        "callbacks",
        "lookup_tries",
        "updates",
    ):
        op.drop_table(table)
    _convert("messages", ("id",), "text_values", sa.JSON(), _opened)
    _convert("journal_entries", ("call_id", "position"), "result", sa.JSON(), _opened)
    # The earlier release has no message without a number; what was wiped must not come back.
    op.execute("DELETE FROM messages WHERE to_number IS NULL")
    with op.batch_alter_table("messages") as batch:
        batch.alter_column("to_number", existing_type=sa.LargeBinary(), nullable=False)
    op.drop_index(op.f("ix_messages_call_id"), "messages")
    op.drop_column("messages", "call_id")
    op.drop_column("recordings", "kind")
    for index in ("ix_reports_caller", "ix_reports_urgent", "ix_reports_closed_at"):
        op.drop_index(index, "reports")
    for column in (
        "pin_hash", "urgent", "place", "language", "caller_hash", "anonymous", "contact",
        "contact_number", "expected_at", "closed_at",
    ):  # fmt: skip
        op.drop_column("reports", column)
    op.drop_index("ix_calls_caller", "calls")
    op.drop_index(op.f("ix_calls_hash_expires_at"), "calls")
    op.create_index(op.f("ix_calls_caller_hash"), "calls", ["caller_hash"])
    for column in ("anonymous", "hash_expires_at", "holder", "held_at", "rescued_from"):
        op.drop_column("calls", column)


def _sealed(value: object) -> object:
    return current_box().seal(json.dumps(value))


def _opened(value: object) -> object:
    assert isinstance(value, bytes)
    return json.loads(current_box().open(Sealed(value)))


def _convert(
    table: str,
    key: tuple[str, ...],
    name: str,
    type_: sa.types.TypeEngine,
    change: Callable[[object], object],
) -> None:
    """Give a column another type, each value by `change`; the new one takes the old one's name."""
    spare = f"{name}_converted"
    op.add_column(table, sa.Column(spare, type_, nullable=True))
    before = sa.JSON() if isinstance(type_, sa.LargeBinary) else sa.LargeBinary()
    rows = sa.table(
        table, *(sa.column(part) for part in key), sa.column(name, before), sa.column(spare, type_)
    )
    connection = op.get_bind()
    keys = [rows.c[part] for part in key]
    for row in connection.execute(sa.select(*keys, rows.c[name])).all():
        where = [column == value for column, value in zip(keys, row[:-1], strict=True)]
        connection.execute(sa.update(rows).where(*where).values({spare: change(row[-1])}))
    op.drop_column(table, name)
    with op.batch_alter_table(table) as batch:
        batch.alter_column(spare, existing_type=type_, nullable=False, new_column_name=name)
