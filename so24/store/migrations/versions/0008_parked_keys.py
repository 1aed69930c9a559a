"""A key that was refused is parked until a person mends it, and one login at a time is under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    """Go forward; ``login_refused_at`` was there already, and was never set."""
    with op.batch_alter_table("office_key") as table:
        table.add_column(sa.Column("login_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("wrong_company_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("refusal", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("office_key") as table:
        table.alter_column("refusal", server_default=None)
