"""What each reconciliation has said is kept, and an alert tells one state from another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

_KEPT_BEFORE = (
    "client_id, company, date_from, date_to, read_at, read_by, orders, differences"  # of each one
)


def upgrade() -> None:
    """Go forward."""
    witness = sa.Enum(
        "24SevenOffice",
        "SAF-T",
        name="witness",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
    op.create_table(
        "ledger_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("company", sa.String(length=240), nullable=False),
        sa.Column("witness", witness, nullable=False),
        sa.Column("date_from", sa.Date(), nullable=False),
        sa.Column("date_to", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.String(length=96), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("sums", sa.String(), nullable=False),
        sa.Column("apart", sa.String(), nullable=False),
        sa.Column("files", sa.String(), nullable=False),
        sa.Column("organization_number", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ledger_result_company", "ledger_result", ["client_id", "witness", "id"])
    op.execute(
        f"INSERT INTO ledger_result ({_KEPT_BEFORE}, witness, sums, apart, files, "  # noqa: S608
        f"organization_number) SELECT {_KEPT_BEFORE}, '24SevenOffice', '{{}}', '[]', '[]', '' "
        "FROM ledger_reading ORDER BY read_at"
    )
    op.drop_table("ledger_reading")
    op.add_column(
        "alert", sa.Column("mark", sa.String(length=64), nullable=False, server_default="")
    )
    with op.batch_alter_table("alert") as batch:
        batch.alter_column("mark", server_default=None)
