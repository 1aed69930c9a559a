"""Schedules: what is done by itself at which times, and what became of each of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

_KINDS = ("run", "key", "waiting", "ledger", "schedule")
_OF_NO_KEY = sa.text("key_id IS NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("schedulekind", "fetch", "export"), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("most_documents", sa.Integer(), nullable=False),
        sa.Column("most_amount", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=96), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["office_key.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_id"),
    )
    op.create_index(
        "uq_schedule_of_no_key",
        "schedule",
        ["kind"],
        unique=True,
        sqlite_where=_OF_NO_KEY,
        postgresql_where=_OF_NO_KEY,
    )
    endings = ("fetched", "started", "quiet", "left", "over", "held", "missed", "failed")
    op.create_table(
        "schedule_occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", _enum("occasionend", *endings), nullable=True),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("left_count", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("schedule_id", "moment"),
    )
    op.create_index("ix_schedule_occasion_run_id", "schedule_occasion", ["run_id"])
    op.create_table(
        "schedule_left",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"]),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"]),
        sa.PrimaryKeyConstraint("schedule_id", "invoice_id"),
    )
    op.create_index("ix_schedule_left_invoice_id", "schedule_left", ["invoice_id"])
    with op.batch_alter_table("alert") as table:
        table.drop_constraint(op.f("ck_alert_alertkind"), type_="check")
        table.create_check_constraint("alertkind", sa.column("kind").in_(_KINDS))


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
