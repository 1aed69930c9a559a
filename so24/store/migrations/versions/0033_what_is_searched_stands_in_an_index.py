"""What is searched and summed on a list stands in indexes; filters are remembered for users."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_invoice_search", "invoice", ["number_folded", "kid", "total"])
    op.create_index("ix_invoice_sums", "invoice", ["currency", "total"])
    op.create_index(
        "ix_transfer_there", "transfer", ["office_invoice_id", "order_id", "invoice_id"]
    )
    filters = sa.Column("list_filters", sa.String(), nullable=False, server_default="{}")
    with op.batch_alter_table("user_account") as table:
        table.add_column(filters)
    with op.batch_alter_table("user_account") as table:
        table.alter_column("list_filters", server_default=None)
