"""What a number has in common with look-alikes is that of the bare number, without words and signs.

The rule is the code's own and not a copy of it: the column follows that rule by itself whenever a
document is written, so that nothing else may stand there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from so24.identifiers import document_likeness

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Go forward."""
    rows = sa.table("invoice", *map(sa.column, ("id", "series", "number", "number_likeness")))
    connection = op.get_bind()
    found = connection.execute(
        sa.select(rows.c.id, rows.c.series, rows.c.number, rows.c.number_likeness)
    )
    alike = [(row.id, document_likeness(row.series, row.number), row[3]) for row in found]
    changes = [{"which": one, "alike": new} for one, new, known in alike if new != known]
    if changes:
        change = sa.update(rows).where(rows.c.id == sa.bindparam("which"))
        connection.execute(change.values(number_likeness=sa.bindparam("alike")), changes)
