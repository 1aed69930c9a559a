"""Two statements of whose a customer's number is, that disagree, are a question to a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
_ADDED = (
    ("customer", "question", 500),
    ("customer", "stated_name", 200),
    ("customer", "stated_number", 20),
    ("invoice", "whose", 500),
)


def upgrade() -> None:
    """Go forward."""
    for table, name, length in _ADDED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default="")
            )
        with op.batch_alter_table(table) as batch:
            batch.alter_column(name, server_default=None)
