"""Users keep filters under names of their own, and what is ticked outlives a reload of its page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "list_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_view")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_list_view_user_id")
        ),
        sa.UniqueConstraint("user_id", "page", "name", name=op.f("uq_list_view_user_id_page_name")),
    )
    op.create_table(
        "ticked_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("invoice_ids", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticked_documents")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_ticked_documents_user_id")
        ),
        sa.UniqueConstraint("user_id", "tab", name=op.f("uq_ticked_documents_user_id_tab")),
    )
    op.create_index(op.f("ix_ticked_documents_at"), "ticked_documents", ["at"])
