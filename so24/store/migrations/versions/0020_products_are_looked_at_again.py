"""A product's link tells how the product stood and who said so; keys choose more about products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_LINK_TEXTS: dict[str, int | None] = {
    "found_by": 32,
    "number_there": 100,
    "name": 125,
    "said_by": 96,
    "said_why": 500,
}
_KEY_TEXTS: dict[str, int | None] = {"categories": None, "default_product": 100}


def upgrade() -> None:
    """Go forward; of an older link nothing is known, so that its product is read in the next pass.

    ``vat_rate`` is in millionths of a per cent, as the store keeps all fine amounts.
    """
    with op.batch_alter_table("product_link") as table:
        table.alter_column("product_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("vat_rate", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    _add_texts("product_link", _LINK_TEXTS)
    _add_texts("office_key", _KEY_TEXTS)


def _add_texts(table_name: str, texts: dict[str, int | None]) -> None:
    with op.batch_alter_table(table_name) as table:
        for name, length in texts.items():
            text = sa.String(length=length)
            table.add_column(sa.Column(name, text, nullable=False, server_default=""))
    with op.batch_alter_table(table_name) as table:
        for name in texts:
            table.alter_column(name, server_default=None)
