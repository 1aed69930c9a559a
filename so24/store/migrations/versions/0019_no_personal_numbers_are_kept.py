"""What imports have told so far is kept without the personal numbers that refusals quoted."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_ELEVEN = re.compile(r"(?<!\d)(\d{2})(\d{2})\d{2}[ \u00a0-]?\d{5}(?!\d)")


def upgrade() -> None:
    """Go forward."""
    rows = sa.table("import_run", *map(sa.column, ("id", "report", "remarks")))
    connection = op.get_bind()
    for row_id, report, remarks in connection.execute(sa.select(rows)).all():
        hidden = _ELEVEN.sub(_hide, report), remarks and _ELEVEN.sub(_hide, remarks)
        if hidden != (report, remarks):
            change = sa.update(rows).where(rows.c.id == row_id)
            connection.execute(change.values(report=hidden[0], remarks=hidden[1]))


def _hide(found: re.Match[str]) -> str:
    """As :func:`so24.firms.norwegian_numbers.hide_personal_numbers` did when this was written."""
    day, month = int(found[1]) % 40, int(found[2])
    month -= max((mark for mark in (40, 65, 80) if month > mark), default=0)
    return "[personal number]" if 1 <= day <= 31 and 1 <= month <= 12 else found[0]
