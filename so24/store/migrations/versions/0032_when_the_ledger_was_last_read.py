"""When each company's ledger was last read, and transfers by state in one index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "ledger_reading",
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("company", sa.String(length=240), nullable=False),
        sa.Column("date_from", sa.Date(), nullable=False),
        sa.Column("date_to", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.String(length=96), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_ledger_reading")),
    )
    op.drop_index("ix_transfer_state", "transfer")
    op.create_index("ix_transfer_state", "transfer", ["state", "invoice_id"])
