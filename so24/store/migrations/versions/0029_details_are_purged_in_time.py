"""A document says when its details were purged, so that it is known and never sent again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("invoice") as table:
        table.add_column(sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True))
