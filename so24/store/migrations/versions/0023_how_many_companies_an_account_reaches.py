"""A key knows how many companies its account reaches; of an older one that is looked up once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("office_key") as table:
        table.add_column(sa.Column("companies", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("office_key") as table:
        table.alter_column("companies", server_default=None)
