"""What the *Credit notes* report states; credit notes that landed with positive sums are turned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# one that is held may be an invoice; it is turned when its kind is decided
_TURNED = "kind = 'credit_note' AND held = '' AND net > 0"


def upgrade() -> None:
    """Go forward. None of the credit notes can have been exported before."""
    op.create_table(
        "credit_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_number", sa.String(length=40), nullable=False),
        sa.Column("credited_number", sa.String(length=40), nullable=False),
        sa.Column("credit_date", sa.Date(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_statement")),
        sa.UniqueConstraint(
            "tenant",
            "number",
            "customer_number",
            name=op.f("uq_credit_statement_tenant_number_customer_number"),
        ),
    )
    with op.batch_alter_table("import_run") as table:  # a file may hold three kinds of tables
        table.alter_column("kind", existing_type=sa.String(length=32), type_=sa.String(length=64))
    op.execute(
        "UPDATE invoice_line SET quantity = -quantity, net = -net, vat = -vat "  # noqa: S608 - ours
        f"WHERE invoice_id IN (SELECT id FROM invoice WHERE {_TURNED})"
    )
    op.execute(
        "UPDATE invoice SET net = -net, vat = -vat, total = -total, "  # noqa: S608 - ours
        f"stated_vat = -stated_vat, stated_total = -stated_total WHERE {_TURNED}"
    )
