"""Failures are counted by name and source, and lock nobody; one-time passwords end.

A lock that is under way is lifted: it was laid on the name, for everybody. A one-time password that
waits for its first use is good for three days more. A login that is open counts as proved when it
was opened.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
_ONE_TIME = dt.timedelta(hours=72)


def upgrade() -> None:
    """Go forward."""
    _change_users()
    _change_logins()
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id")
        ),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])
    op.create_table(
        "failure_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failure_tally")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_failure_tally_key_hash")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_failure_tally_user_id")
        ),
    )
    op.create_index(op.f("ix_failure_tally_user_id"), "failure_tally", ["user_id"])
    op.create_index(op.f("ix_failure_tally_last_at"), "failure_tally", ["last_at"])


def _change_users() -> None:
    with op.batch_alter_table("user_account") as table:
        table.drop_column("failed_attempts")
        table.drop_column("locked_until")
        table.add_column(sa.Column("password_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("second_factor_sealed", sa.String(), nullable=False, server_default="")
        )
        table.add_column(
            sa.Column("second_factor_step", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("user_account") as table:
        table.alter_column("second_factor_sealed", server_default=None)
        table.alter_column("second_factor_step", server_default=None)
    users = sa.table(
        "user_account",
        sa.column("must_change", sa.Boolean()),
        sa.column("password_until", sa.DateTime(timezone=True)),
    )
    until = dt.datetime.now(dt.UTC) + _ONE_TIME
    op.execute(sa.update(users).where(users.c.must_change).values(password_until=until))


def _change_logins() -> None:
    with op.batch_alter_table("login_session") as table:
        table.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("source", "browser"):
            table.add_column(
                sa.Column(name, sa.String(length=64), nullable=False, server_default="")
            )
    op.execute(sa.text("UPDATE login_session SET proved_at = created_at"))
    with op.batch_alter_table("login_session") as table:
        table.alter_column("proved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name in ("source", "browser"):
            table.alter_column(name, server_default=None)
