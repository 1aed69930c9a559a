"""Alembic's entry: it migrates on the connection that :mod:`so24.store.database.migrate` gives."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from so24.store.tables.ground import Exact
from so24.store.tables.schema import METADATA


def _render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types, so that a migration never imports so24."""
    if kind != "type":
        return False
    if isinstance(item, Exact):
        return "sa.BigInteger()"
    if isinstance(item, sa.types.TypeDecorator) and isinstance(item.impl_instance, sa.DateTime):
        return "sa.DateTime(timezone=True)"
    if type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def _include_object(item: Any, name: str | None, kind: str, reflected: bool, _: Any) -> bool:
    """Leave out the durable engine's own tables, which live in the same SQLite file."""
    return not (kind == "table" and reflected and name not in METADATA.tables)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=_render_item,
    include_object=_include_object,
)
with context.begin_transaction():
    context.run_migrations()
