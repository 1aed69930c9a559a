"""What is searched and summed on a list stands in indexes that hold nothing else."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0029"


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_invoice_search", "invoice", ["number_folded", "kid", "total"])
    op.create_index("ix_invoice_sums", "invoice", ["currency", "total"])
    op.create_index(
        "ix_transfer_there", "transfer", ["office_invoice_id", "order_id", "invoice_id"]
    )
