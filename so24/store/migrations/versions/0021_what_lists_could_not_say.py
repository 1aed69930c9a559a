"""What a report or a list could not say is kept: a customer's cells, a credit note's invoices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
_ADDED = (
    ("customer", "doubts", sa.String(), "{}"),
    ("credit_statement", "disputed", sa.String(length=200), ""),
)


def upgrade() -> None:
    """Go forward."""
    for table, name, kind, value in _ADDED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        with op.batch_alter_table(table) as batch:
            batch.alter_column(name, server_default=None)
