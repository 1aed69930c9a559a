"""Each day's head of history and audit trail is sealed, and each audit event names its head."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "day_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False, unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("anchor_hash", sa.String(64), nullable=False),
        sa.Column("audit_events", sa.Integer(), nullable=False),
        sa.Column("audit_hash", sa.String(64), nullable=False),
        sa.Column("hash_before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    with op.batch_alter_table("audit_event") as table:
        table.add_column(sa.Column("head_id", sa.Integer(), nullable=True))
    op.create_index("ix_audit_event_head_id", "audit_event", ["head_id"])
