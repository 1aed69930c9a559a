"""Queries of the intake: what is known already, what was exported, and what changes with it.

Imports are listed newest first: each is a file, or several EHF files at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.identifiers import document_likeness
from so24.letters import norwegian_order
from so24.store.database.dialects import among, insert_columns
from so24.store.documents.documents import values_by_id, without_zeros
from so24.store.people.audit import EVERYTHING, LogFilter
from so24.store.tables.document_tables import (
    Customer,
    DocumentKind,
    Import,
    Invoice,
    InvoiceLine,
    Product,
)
from so24.store.tables.ground import fill_columns
from so24.store.tables.key_tables import Department, KeyDepartment
from so24.store.tables.plain_rows import read_rows_where
from so24.store.tables.transfer_tables import LIVE, OPEN, OrderLink, State, Transfer

_CUSTOMERS: sa.Table = Customer.__table__  # type: ignore[attr-defined] # SQLModel hides it
_DOCUMENTS: sa.Table = Invoice.__table__  # type: ignore[attr-defined] # SQLModel hides it
_LINES: sa.Table = InvoiceLine.__table__  # type: ignore[attr-defined] # as above
_EXPORTED = (*OPEN, State.TRANSFERRED, State.EXISTS, State.DIFFERS)


def department_names(session: Session) -> list[tuple[str, str]]:
    """Number and name of every department."""
    rows = session.exec(select(Department.number, Department.name))
    return [(number, name) for number, name in rows]


def hand_over_department(session: Session, old: Department, new: Department) -> None:
    """Give all documents of a department to another, and its keys where that has none; delete it.

    The documents keep their number series.
    """
    served = select(KeyDepartment.key_id).where(KeyDepartment.department_id == new.id)
    of_old = col(KeyDepartment.department_id) == old.id
    if session.exec(served).first() is None:
        session.execute(sa.update(KeyDepartment).where(of_old).values(department_id=new.id))
    session.execute(sa.delete(KeyDepartment).where(of_old))
    mine = col(Invoice.department_id) == old.id
    session.execute(sa.update(Invoice).where(mine).values(department_id=new.id))
    session.delete(old)
    session.flush()


def doubled_documents(session: Session, department: Department) -> list[list[Invoice]]:
    """Documents of one kind and number that the department has in more than one series.

    Of each, the one in the department's own series comes first.
    """
    mine = col(Invoice.department_id) == department.id
    repeated = select(Invoice.number).where(mine).group_by(col(Invoice.number))
    rows = session.exec(
        select(Invoice)
        .where(mine, col(Invoice.number).in_(repeated.having(sa.func.count() > 1)))
        .order_by(col(Invoice.series) != department.series, col(Invoice.id))
    )
    same: dict[tuple[str, DocumentKind, str], list[Invoice]] = {}
    for row in rows:
        same.setdefault((row.tenant, row.kind, row.number), []).append(row)
    return [found for found in same.values() if len(found) > 1]


def customers_by_number(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[str, Customer]:
    """The tenant's customers that exist, by number."""
    wanted = select(Customer).where(Customer.tenant == tenant, among(Customer.number, numbers))
    return {row.number: row for row in session.exec(wanted)}


def read_customers(session: Session, tenant: str, numbers: Iterable[str]) -> dict[str, Customer]:
    """The tenant's customers that exist, by number, for reading: to change them changes nothing."""
    wanted = col(Customer.tenant) == tenant, among(Customer.number, numbers)
    return {row.number: row for row in read_rows_where(session, Customer, *wanted)}


def insert_customers(session: Session, tenant: str, names: Mapping[str, str]) -> None:
    """Insert customers of whom nothing but number and name is known, all in one statement."""
    if not names:
        return
    called = list(names.values())
    columns = {"number": list(names), "name": called, "known_as": called,
               "tenant": [tenant] * len(names)}  # fmt: skip
    insert_columns(session, sa.insert(_CUSTOMERS), fill_columns(_CUSTOMERS, columns))


def products_by_number(session: Session, tenant: str, numbers: Iterable[str]) -> dict[str, Product]:
    """The tenant's products that exist, by number."""
    wanted = select(Product).where(Product.tenant == tenant, among(Product.number, numbers))
    return {row.number: row for row in session.exec(wanted)}


def invoices_by_number(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], list[Invoice]]:
    """The tenant's documents of both kinds with these numbers, by series and number."""
    found: dict[tuple[str, str], list[Invoice]] = {}
    wanted = select(Invoice).where(Invoice.tenant == tenant, among(Invoice.number, numbers))
    for row in session.exec(wanted):
        found.setdefault((row.series, row.number), []).append(row)
    return found


def invoices_by_likeness(
    session: Session, tenant: str, likenesses: Iterable[str]
) -> dict[str, list[Invoice]]:
    """The tenant's documents whose numbers have one of these likenesses, by it."""
    found: dict[str, list[Invoice]] = {}
    wanted = among(Invoice.number_likeness, set(likenesses))
    for row in session.exec(select(Invoice).where(Invoice.tenant == tenant, wanted)):
        found.setdefault(row.number_likeness, []).append(row)
    return found


def invoices_by_bare_number(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[str, list[Invoice]]:
    """The tenant's documents whose numbers are these but for leading zeros.

    Keyed by the number without its leading zeros.
    """
    found: dict[str, list[Invoice]] = {}
    bare = (number.lstrip("0") for number in numbers)
    wanted = among(without_zeros(Invoice.number), bare)
    for row in session.exec(select(Invoice).where(Invoice.tenant == tenant, wanted)):
        found.setdefault(row.number.lstrip("0"), []).append(row)
    return found


def all_customers(session: Session, tenant: str) -> list[tuple[str, str, str]]:
    """Number, name and organization number of all the tenant's customers."""
    statement = select(Customer.number, Customer.name, Customer.organization_number)
    return list(session.exec(statement.where(Customer.tenant == tenant)))


def customers_of(session: Session, rows: Iterable[Invoice]) -> dict[int, Customer]:
    """These documents' customers, by their ids."""
    ids = {row.customer_id for row in rows}
    return {
        row.row_id: row for row in session.exec(select(Customer).where(among(Customer.id, ids)))
    }


def documents_not_sent(session: Session, customer_ids: Iterable[int]) -> list[Invoice]:
    """These customers' documents that are neither in transfer nor transferred, nor purged."""
    live = col(Invoice.id).in_(
        sa.select(col(Transfer.invoice_id)).where(col(Transfer.state).in_(LIVE))
    )
    wanted = select(Invoice).where(
        among(Invoice.customer_id, customer_ids), ~live, col(Invoice.purged_at).is_(None)
    )
    return list(session.exec(wanted))


def import_kinds(session: Session, import_ids: Iterable[int]) -> dict[int, str]:
    """What kind of file each of these imports read."""
    return values_by_id(session, Import.id, col(Import.kind), import_ids)


def line_amounts(
    session: Session, invoice_ids: Iterable[int]
) -> dict[int, list[tuple[Decimal, Decimal, str]]]:
    """Net, VAT rate and product number of all lines of these documents, by document."""
    found: dict[int, list[tuple[Decimal, Decimal, str]]] = {}
    statement = sa.select(
        col(InvoiceLine.invoice_id),
        col(InvoiceLine.net),
        col(InvoiceLine.vat_rate),
        col(InvoiceLine.product_number),
    ).where(among(InvoiceLine.invoice_id, invoice_ids))
    for invoice_id, net, rate, product in session.execute(statement):
        found.setdefault(invoice_id, []).append((net, rate, product))
    return found


def fill_vat_categories(
    session: Session, invoice_id: int, categories: Mapping[tuple[Decimal, Decimal], str]
) -> bool:
    """Give lines without a VAT category that of their net and rate; whether any got one."""
    lacking = [col(InvoiceLine.invoice_id) == invoice_id, col(InvoiceLine.vat_category) == ""]
    changed = False
    for (net, rate), category in categories.items():
        alike = [col(InvoiceLine.net) == net, col(InvoiceLine.vat_rate) == rate]
        found = session.exec(select(InvoiceLine.id).where(*lacking, *alike)).all()
        fitting = among(InvoiceLine.id, found)
        session.execute(sa.update(InvoiceLine).where(fitting).values(vat_category=category))
        changed |= bool(found)
    return changed


def exported_ids(session: Session, invoice_ids: Iterable[int]) -> set[int]:
    """Those documents that are in transfer, that 24SevenOffice has, or that have an order there."""
    wanted = set(invoice_ids)
    sent = select(Transfer.invoice_id).where(
        among(Transfer.invoice_id, wanted),
        sa.or_(col(Transfer.state).in_(_EXPORTED), col(Transfer.order_id).is_not(None)),
    )
    bound = select(OrderLink.invoice_id).where(
        among(OrderLink.invoice_id, wanted), col(OrderLink.order_id).is_not(None)
    )
    return {*session.exec(sent), *session.exec(bound)}


def delete_lines(session: Session, invoice_ids: Collection[int]) -> None:
    """Delete all lines of these documents."""
    if invoice_ids:
        session.execute(sa.delete(InvoiceLine).where(among(InvoiceLine.invoice_id, invoice_ids)))


def insert_documents(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert new documents by their columns, all in one statement; their ids in the rows' order.

    They are of one tenant, and all have the same columns.
    """
    if not rows:
        return []
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    insert_columns(session, sa.insert(_DOCUMENTS), fill_columns(_DOCUMENTS, columns))
    statement = sa.select(
        col(Invoice.id), col(Invoice.kind), col(Invoice.series), col(Invoice.number)
    ).where(
        col(Invoice.tenant) == rows[0]["tenant"],
        among(
            Invoice.number_likeness,
            {document_likeness(row["series"], row["number"]) for row in rows},
        ),
    )
    ids = {(kind, series, number): new for new, kind, series, number in session.execute(statement)}
    return [ids[row["kind"], row["series"], row["number"]] for row in rows]


def rows_by_id(session: Session, invoice_ids: Iterable[int]) -> list[Invoice]:
    """These documents."""
    return list(session.exec(select(Invoice).where(among(Invoice.id, invoice_ids))))


def insert_lines(session: Session, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert lines by all of their columns, in one statement; no row object is made of them."""
    insert_columns(session, sa.insert(_LINES), columns)


def refresh_due_dates(session: Session, customer_ids: Collection[int]) -> None:
    """Reckon these customers' due dates anew, but for stated ones and those exported already."""
    rows = session.exec(
        select(Invoice, Customer.credit_days)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(among(Invoice.customer_id, customer_ids))
    ).all()
    exported = exported_ids(session, [row.row_id for row, _ in rows])
    for row, days in rows:
        if row.id not in exported and not row.due_stated:
            row.due_date = due_date(row.invoice_date, days)


def credit_days_of(session: Session, customer_ids: Iterable[int]) -> dict[int, int | None]:
    """The credit days of these customers, by id."""
    return values_by_id(session, Customer.id, col(Customer.credit_days), customer_ids)


def due_date(invoice_date: dt.date, credit_days: int | None) -> dt.date | None:
    """The invoice date plus the customer's credit days; None while those are not known."""
    return None if credit_days is None else invoice_date + dt.timedelta(days=credit_days)


def latest_imports(
    session: Session, wanted: LogFilter = EVERYTHING, *, limit: int | None = 50, offset: int = 0
) -> list[Import]:
    """The newest imports of a filter first, at most ``limit`` of those after the first ones."""
    statement = select(Import).where(*_conditions(wanted)).order_by(col(Import.id).desc())
    return list(session.exec(statement.limit(limit).offset(offset)))


def count_imports(session: Session, wanted: LogFilter) -> int:
    """How many imports the filter has."""
    statement = sa.select(sa.func.count(col(Import.id))).where(*_conditions(wanted))
    return int(session.execute(statement).scalar_one())


def importing_actors(session: Session) -> list[str]:
    """Everybody who has ever imported something, by name."""
    return sorted(session.exec(select(Import.actor).distinct()), key=norwegian_order)


def imported_kinds(session: Session) -> list[str]:
    """Every kind of file that was ever imported, by name."""
    return sorted(session.exec(select(Import.kind).distinct()), key=norwegian_order)


def _conditions(wanted: LogFilter) -> list[sa.ColumnElement[bool]]:
    return wanted.conditions(Import.at, Import.actor, Import.kind)
