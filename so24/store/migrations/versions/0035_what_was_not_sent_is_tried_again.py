"""What was not sent for a passing cause is tried again by itself: when, how often, and what of it.

Transfers of before were confirmed without a fingerprint of all that a person could see: none of
them is tried again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("transfer") as table:
        table.add_column(
            sa.Column("confirmed_hash", sa.String(64), nullable=False, server_default="")
        )
        table.add_column(sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("retries", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("transfer") as table:
        table.alter_column("confirmed_hash", server_default=None)
        table.alter_column("retries", server_default=None)
    op.create_index(op.f("ix_transfer_retry_at"), "transfer", ["retry_at"])
