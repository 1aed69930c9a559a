"""What a dry run has shown is kept for a while, so that a confirmation can tell differences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "shown_preview",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("shown_by", sa.String(length=96), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_shown_preview")),
    )
    with op.batch_alter_table("shown_preview") as table:
        table.create_index(table.f("ix_shown_preview_shown_at"), ["shown_at"], unique=False)
