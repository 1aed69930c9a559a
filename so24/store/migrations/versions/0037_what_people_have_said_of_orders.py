"""Which order in 24SevenOffice a document is, and when a credited number was entered, is kept.

Of a document that was declared to be an order before, the order is the one that its newest
transfer has found; the words by which it was excluded name that very order.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("invoice") as table:
        table.add_column(sa.Column("same_order", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("credited_entered_at", sa.DateTime(timezone=True), nullable=True)
        )
    op.create_index("ix_invoice_credited", "invoice", ["credited_office_id"])
    op.create_index("ix_invoice_same_order", "invoice", ["same_order"])
    documents = sa.table(
        "invoice", *map(sa.column, ("id", "excluded", "excluded_reason", "same_order"))
    )
    transfers = sa.table("transfer", *map(sa.column, ("id", "invoice_id", "order_id")))
    connection = op.get_bind()
    found = connection.execute(
        sa.select(documents.c.id, documents.c.excluded_reason, transfers.c.order_id)
        .join(transfers, transfers.c.invoice_id == documents.c.id)
        .where(
            documents.c.excluded,
            documents.c.excluded_reason.like("The same document as order %"),
            transfers.c.order_id.is_not(None),
        )
        .order_by(transfers.c.id)
    )
    said = {which: order for which, words, order in found if _names(words, order)}
    changes = [{"which": which, "same": order} for which, order in said.items()]
    if changes:
        change = sa.update(documents).where(documents.c.id == sa.bindparam("which"))
        connection.execute(change.values(same_order=sa.bindparam("same")), changes)


def _names(words: str, order: int) -> bool:
    named = words.removeprefix("The same document as order ")
    return named.startswith((f"{order},", f"{order} "))
