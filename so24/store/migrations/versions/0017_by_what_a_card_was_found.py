"""A customer's link tells by what its card was found, how the card stood, and who said so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_LINK_TEXTS = {
    "found_by": 32, "name": 251, "organization_number": 20, "home": 2, "number_then": 20,
    "changed": 40, "said_by": 96, "said_why": 500,
}  # fmt: skip
_TRANSFER_TEXTS = {"card": 320}


def upgrade() -> None:
    """Go forward; of an older link nothing is known, so that its card is read in the next pass."""
    with op.batch_alter_table("customer_link") as table:
        table.alter_column("company_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("transfer") as table:
        table.add_column(sa.Column("company_id", sa.Integer(), nullable=True))
    _add_texts("customer_link", _LINK_TEXTS)
    _add_texts("transfer", _TRANSFER_TEXTS)


def _add_texts(table_name: str, texts: dict[str, int]) -> None:
    with op.batch_alter_table(table_name) as table:
        for name, length in texts.items():
            text = sa.String(length=length)
            table.add_column(sa.Column(name, text, nullable=False, server_default=""))
    with op.batch_alter_table(table_name) as table:
        for name in texts:
            table.alter_column(name, server_default=None)
