"""That an order waits for approval is told by its transfer's reason alone, and it is looked at."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    """Go forward."""
    transfer = sa.table(
        "transfer",
        sa.column("state", sa.String()),
        sa.column("reason", sa.String()),
        sa.column("look_again_at", sa.DateTime(timezone=True)),
    )
    waits = sa.and_(transfer.c.state == "transferred", transfer.c.reason == "waits_approval")
    op.execute(transfer.update().where(waits).values(look_again_at=dt.datetime.now(dt.UTC)))
    op.drop_column("transfer", "waits_approval")
