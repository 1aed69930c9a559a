"""What the press of the button has bound a document to travels with its transfer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("transfer") as table:
        table.add_column(
            sa.Column("made_hash", sa.String(length=64), nullable=False, server_default="")
        )
    with op.batch_alter_table("transfer") as table:
        table.alter_column("made_hash", server_default=None)
