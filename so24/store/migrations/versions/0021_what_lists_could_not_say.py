"""What of a customer's row in a list could not be read is kept with the customer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("customer") as batch:
        batch.add_column(sa.Column("doubts", sa.String(), nullable=False, server_default="{}"))
    with op.batch_alter_table("customer") as batch:
        batch.alter_column("doubts", server_default=None)
