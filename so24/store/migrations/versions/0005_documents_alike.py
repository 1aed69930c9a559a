"""Find a customer's documents of the same amount and date, and its usual amount, by one index."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_invoice_alike",
        "invoice",
        ["customer_id", "kind", "currency", "total", "invoice_date"],
        unique=False,
    )
