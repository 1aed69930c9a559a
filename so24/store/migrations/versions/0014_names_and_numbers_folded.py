"""Names and numbers that are searched for are kept folded: no database is asked about letters."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
_FOLDED = (("customer", "name"), ("invoice", "number"))


def upgrade() -> None:
    """Go forward."""
    for table, column in _FOLDED:
        _add_folded(table, column)


def _add_folded(table: str, column: str) -> None:
    name = f"{column}_folded"
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    rows = sa.table(table, sa.column("id"), sa.column(column), sa.column(name))
    connection = op.get_bind()
    found = connection.execute(sa.select(rows.c.id, rows.c[column])).all()
    if found:
        change = sa.update(rows).where(rows.c.id == sa.bindparam("which"))
        change = change.values({name: sa.bindparam("folded")})
        changes = [{"which": row_id, "folded": _fold(text)} for row_id, text in found]
        connection.execute(change, changes)
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, server_default=None)


def _fold(text: str) -> str:
    """As :func:`so24.letters.fold` was when this was written."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return " ".join(text.lower().split())
