"""Each user may choose a language; none is chosen for anybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("language", sa.String(8), nullable=True))
