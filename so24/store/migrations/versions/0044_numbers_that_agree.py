"""A key may book by RecMan's numbers; those there are go on by 24SevenOffice's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Go forward."""
    numbers = sa.Enum(
        "own", "same", name="numbers", native_enum=False, create_constraint=True, length=24
    )
    with op.batch_alter_table("office_key") as table:
        table.add_column(sa.Column("numbers", numbers, nullable=False, server_default="own"))
        table.add_column(sa.Column("next_number", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("numbered_after", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("office_key") as table:
        table.alter_column("numbers", server_default=None)
        table.alter_column("numbered_after", server_default=None)
