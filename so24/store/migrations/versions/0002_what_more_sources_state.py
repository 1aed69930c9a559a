"""What more sources state of a document, and what a key carries to 24SevenOffice."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go forward."""
    _add(
        "invoice",
        _flag("due_stated"),
        sa.Column("delivery_date", sa.Date(), nullable=True),
        _text("your_reference", 200),
        _text("order_reference", 200),
        _text("kid", 40),
        _text("note", 2000),
        _text("credited_number", 40),
        sa.Column("credited_office_id", sa.Integer(), nullable=True),
    )
    _add("invoice_line", _text("vat_category", 2))
    _add(
        "office_key",
        _flag("credit_notes"),
        _text("carried", 200),
        _text("tax_codes"),
        _flag("update_customers"),
    )
    op.create_table(
        "office_department",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("office_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_office_department_department_id_department"),
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["office_key.id"], name=op.f("fk_office_department_key_id_office_key")
        ),
        sa.PrimaryKeyConstraint("key_id", "department_id", name=op.f("pk_office_department")),
    )
    with op.batch_alter_table("office_department") as table:
        table.create_index(
            table.f("ix_office_department_department_id"), ["department_id"], unique=False
        )


def _add(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns; what they are in the rows that exist already is no default of the table."""
    defaulted = [column.name for column in columns if column.server_default is not None]
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table(table) as batch:
        for name in defaulted:
            batch.alter_column(name, server_default=None)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")
