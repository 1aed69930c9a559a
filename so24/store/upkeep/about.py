"""Everything that the store holds about one customer, one document of it, or one user.

What belongs to whom is told by the tables themselves: by their foreign keys, and by the columns
that hold who did something. So a new table cannot be forgotten. What is a secret is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.tables.document_tables import CreditStatement, Customer, Import, Invoice
from so24.store.tables.original_tables import DocumentImport, ImportOriginal
from so24.store.tables.people_tables import AuditEvent, User
from so24.store.tables.schema import METADATA
from so24.store.upkeep.upkeep import sealed_columns

Rows = list[dict[str, Any]]
Findings = dict[str, Rows]  # rows by the name of their table

ACTOR_LENGTH = 96  # of every column that says who did something, and of no other one
_HASHES_OF_SECRETS = {"password_hash", "id_hash", "code_hash", "key_hash"}
# where somebody sat is told to nobody else whom the same line of the audit trail is about
OF_WHO_ACTED = ("source", "login", "browser")
_WHAT_AN_IMPORT_IS = ("id", "at", "actor", "filename", "kind")  # its report tells of others as well


def find_about_customer(session: Session, tenant: str, number: str) -> Findings:
    """All rows of a customer, by table; empty where there is no such customer."""
    mine = Customer.tenant == tenant, Customer.number == number
    customer = session.exec(select(Customer).where(*mine)).one_or_none()
    if customer is None:
        return {}
    found = _walk(session, _table(Customer), customer.row_id)
    statements = _table(CreditStatement)
    stated = (statements.c.tenant == tenant) & (statements.c.customer_number == number)
    _add(found, statements, _read(session, statements, stated))
    ids = {row["import_id"] for row in found.get(_table(DocumentImport).name, ())}
    ids |= {row["import_id"] for row in found.get(_table(Invoice).name, ())}
    imports, files = _table(Import), _table(ImportOriginal)
    _add(found, imports, _read(session, imports, among(imports.c.id, ids), _WHAT_AN_IMPORT_IS))
    _add(found, files, _read(session, files, among(files.c.import_id, ids)))
    return found


def find_about_user(session: Session, name: str) -> Findings:
    """All rows of a user, and of each thing that the name has done the row's id and its times.

    ``name`` may also be one without an account, such as ``os:kari``.
    """
    user = session.exec(select(User).where(User.name == name)).one_or_none()
    found = _walk(session, _table(User), user.row_id) if user is not None else {}
    trail = _table(AuditEvent)
    by_others = (trail.c.subject == name) & (trail.c.actor != name)
    columns = [each.name for each in trail.columns if each.name not in OF_WHO_ACTED]
    events = _read(session, trail, trail.c.actor == name)
    events += _read(session, trail, by_others, columns)
    _add(found, trail, sorted(events, key=lambda event: int(event["id"])))
    for table in METADATA.sorted_tables:
        actors = [] if table is trail else actor_columns(table)
        if not actors:
            continue
        marks = [*table.primary_key.columns, *_times(table), *actors]
        did = sa.or_(*(column == name for column in actors))
        _add(found, table, _read(session, table, did, [each.name for each in marks]))
    return found


def said_in_the_trail(
    session: Session, subjects: Iterable[str], part: str, texts: Iterable[str]
) -> Iterator[AuditEvent]:
    """Events about exactly these subjects, with ``part`` in their subject, or a text in detail."""
    wanted = sa.or_(
        among(AuditEvent.subject, subjects),
        col(AuditEvent.subject).contains(part, autoescape=True),
        *(col(AuditEvent.detail).contains(each, autoescape=True) for each in texts),
    )
    yield from session.exec(select(AuditEvent).where(wanted).order_by(col(AuditEvent.id)))


def imports_that_tell_of(session: Session, texts: Iterable[str]) -> Iterator[Import]:
    """Imports in whose report one of these texts stands."""
    columns = (Import.report, Import.remarks)
    told = [col(each).contains(text, autoescape=True) for text in texts for each in columns]
    if told:
        yield from session.exec(select(Import).where(sa.or_(*told)).order_by(col(Import.id)))


def count_rows(session: Session, names: Iterable[str]) -> int:
    """How many rows these tables have together."""
    counts = (sa.select(sa.func.count()).select_from(METADATA.tables[name]) for name in names)
    return sum(int(session.execute(each).scalar_one()) for each in counts)


def actor_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns that say who did something."""
    return [
        column
        for column in table.columns
        if is_text(column) and getattr(column.type, "length", None) == ACTOR_LENGTH
    ]


def is_text(column: sa.Column[Any]) -> bool:
    """Whether the column holds texts, in whichever type of ours."""
    return isinstance(getattr(column.type, "impl_instance", column.type), sa.String)


def withheld_columns(table: sa.Table) -> set[str]:
    """The columns of a table that hold secrets, or hashes of such: nobody is told them."""
    sealed = {column.name for column in sealed_columns(table)}
    return sealed | {each.name for each in table.columns if each.name in _HASHES_OF_SECRETS}


def _walk(session: Session, root: sa.Table, row_id: int) -> Findings:
    """The row, what names it by a foreign key, and what names that."""
    found = {root.name: _read(session, root, root.c.id == row_id)}
    ids: dict[str, list[int]] = {root.name: [row_id]}
    for table in METADATA.sorted_tables:  # whatever is named comes before what names it
        named = [
            among(key.parent, ids[key.column.table.name])
            for key in table.foreign_keys
            if key.column.table.name in ids
        ]
        if table is root or not named:
            continue
        rows = _read(session, table, sa.or_(*named))
        _add(found, table, rows)
        if "id" in table.c:
            ids[table.name] = [row["id"] for row in rows]
    return found


def _read(
    session: Session,
    table: sa.Table,
    condition: sa.ColumnElement[bool],
    only: Iterable[str] | None = None,
) -> Rows:
    names = [each.name for each in table.columns] if only is None else list(dict.fromkeys(only))
    shown = [table.c[name] for name in names if name not in withheld_columns(table)]
    statement = sa.select(*shown).where(condition).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in session.execute(statement)]


def _add(found: Findings, table: sa.Table, rows: Rows) -> None:
    if rows and table.name not in found:
        found[table.name] = rows


def _times(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, sa.DateTime)]


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table
