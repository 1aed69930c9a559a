"""The imports that there have been, newest first: each is a file, or several EHF files at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.letters import norwegian_order
from so24.store.database.dialects import among
from so24.store.tables.document_tables import Import


@dataclass(frozen=True)
class ImportFilter:
    """Which imports; empty fields do not restrict. ``begins`` is included, ``ends`` is not."""

    begins: dt.datetime | None = None
    ends: dt.datetime | None = None
    actor: str = ""
    kinds: frozenset[str] = frozenset()


ALL_IMPORTS = ImportFilter()


def latest_imports(
    session: Session, wanted: ImportFilter = ALL_IMPORTS, *, limit: int | None = 50, offset: int = 0
) -> list[Import]:
    """The newest imports of a filter first, at most ``limit`` of those after the first ones."""
    statement = select(Import).where(*_conditions(wanted)).order_by(col(Import.id).desc())
    return list(session.exec(statement.limit(limit).offset(offset)))


def count_imports(session: Session, wanted: ImportFilter) -> int:
    """How many imports the filter has."""
    statement = sa.select(sa.func.count(col(Import.id))).where(*_conditions(wanted))
    return int(session.execute(statement).scalar_one())


def importing_actors(session: Session) -> list[str]:
    """Everybody who has ever imported something, by name."""
    return sorted(session.exec(select(Import.actor).distinct()), key=norwegian_order)


def imported_kinds(session: Session) -> list[str]:
    """Every kind of file that was ever imported, by name."""
    return sorted(session.exec(select(Import.kind).distinct()), key=norwegian_order)


def _conditions(wanted: ImportFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.begins is not None:
        conditions.append(col(Import.at) >= wanted.begins)
    if wanted.ends is not None:
        conditions.append(col(Import.at) < wanted.ends)
    if wanted.actor:
        conditions.append(col(Import.actor) == wanted.actor)
    if wanted.kinds:
        conditions.append(among(Import.kind, wanted.kinds))
    return conditions
