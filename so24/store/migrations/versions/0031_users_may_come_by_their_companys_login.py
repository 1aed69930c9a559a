"""Users may come by their company's login; a login says whether it was opened so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Go forward."""
    _add_flags("user_account", "password_off")
    _add_flags("login_session", "by_company", "company_second_factor")
    op.create_table(
        "company_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("awaited", sa.String(length=254), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by", sa.String(length=96), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_identity")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_company_identity_user_id")
        ),
        sa.UniqueConstraint("user_id", name=op.f("uq_company_identity_user_id")),
        sa.UniqueConstraint("issuer", "subject", name="uq_company_identity_issuer_subject"),
        sa.UniqueConstraint("issuer", "awaited", name="uq_company_identity_issuer_awaited"),
    )
    op.create_table(
        "used_company_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_company_answer")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_used_company_answer_state_hash")),
    )
    op.create_index(op.f("ix_used_company_answer_at"), "used_company_answer", ["at"])


def _add_flags(table_name: str, *names: str) -> None:
    with op.batch_alter_table(table_name) as table:
        for name in names:
            table.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
    with op.batch_alter_table(table_name) as table:
        for name in names:
            table.alter_column(name, server_default=None)
