"""Customers and departments are found by their names without accents, departments by their numbers.

All that a list asks of a document that is searched for stands in one index. The rule is the code's
own and not a copy of it: the columns follow that rule by themselves whenever a row is written, so
that nothing else may stand there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from so24.letters import fold_for_search

revision = "0038"
down_revision = "0037"
_NEW = ("number", "name")
_SEARCHED = ["number_folded", "kid", "total", "customer_id", "department_id", "currency",
             "invoice_date", "kind", "excluded", "purged_at"]  # fmt: skip


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("department") as table:
        for column in _NEW:
            folded = sa.Column(f"{column}_folded", sa.String(), nullable=False, server_default="")
            table.add_column(folded)
    for column in _NEW:
        _fold("department", column)
    _fold("customer", "name")
    op.drop_index("ix_invoice_search", "invoice")
    op.create_index("ix_invoice_search", "invoice", _SEARCHED)
    with op.batch_alter_table("department") as table:
        for column in _NEW:
            table.alter_column(f"{column}_folded", server_default=None)


def _fold(table: str, column: str) -> None:
    name = f"{column}_folded"
    rows = sa.table(table, *map(sa.column, ("id", column, name)))
    connection = op.get_bind()
    found = connection.execute(sa.select(rows.c.id, rows.c[column], rows.c[name]))
    folded = [(row_id, fold_for_search(text), known) for row_id, text, known in found]
    changes = [{"which": one, "folded": new} for one, new, known in folded if new != known]
    if changes:
        change = sa.update(rows).where(rows.c.id == sa.bindparam("which"))
        connection.execute(change.values({name: sa.bindparam("folded")}), changes)
