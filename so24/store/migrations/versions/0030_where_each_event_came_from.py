"""Each event of the audit trail says where it came from: address, login and browser.

Those of before say nothing, and are covered by the heads of their days as they were.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
_COLUMNS = (("source", 64), ("login", 16), ("browser", 64))


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("audit_event") as table:
        for name, longest in _COLUMNS:
            table.add_column(sa.Column(name, sa.String(longest), nullable=False, server_default=""))
    with op.batch_alter_table("audit_event") as table:
        for name, _ in _COLUMNS:
            table.alter_column(name, server_default=None)
