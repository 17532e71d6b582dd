"""What writing through the API needs: keys against repetition, webhooks, revoked tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    # Nothing points to tokens, so SQLite may copy the table.
    with op.batch_alter_table("tokens") as tokens:
        tokens.add_column(_moment("revoked_at"))
        tokens.alter_column(
            "scopes",
            existing_type=sa.String(length=200),
            type_=sa.String(length=400),
            existing_nullable=True,
        )
    # Which version of the report an update brought.
    op.add_column("updates", sa.Column("version", sa.Integer(), nullable=True))
    _idempotency_keys()
    _subscriptions()
    _deliveries()


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _moment("at", nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_at"), "idempotency_keys", ["at"])


def _subscriptions() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("events", sa.String(length=1000), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        _moment("created_at", nullable=False),
        _moment("disabled_at"),
        sa.Column("disabled_why", sa.String(length=20), nullable=True),
        _moment("failing_since"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
    )


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subscription_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("created_at", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("next_at"),
        _moment("held_until"),
        _moment("tried_at"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["webhook_subscriptions.id"],
            name=op.f("fk_webhook_deliveries_subscription_id_webhook_subscriptions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(op.f("ix_webhook_deliveries_subject"), "webhook_deliveries", ["subject"])
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["state", "next_at"])
    op.create_index(
        "ix_webhook_deliveries_listed", "webhook_deliveries", ["subscription_id", "created_at"]
    )


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_subscriptions")
    op.drop_table("idempotency_keys")
    op.drop_column("updates", "version")
    with op.batch_alter_table("tokens") as tokens:
        tokens.alter_column(
            "scopes",
            existing_type=sa.String(length=400),
            type_=sa.String(length=200),
            existing_nullable=True,
        )
        tokens.drop_column("revoked_at")
