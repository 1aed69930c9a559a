"""Documents as they are kept: each with its lines, customer and department, and what was read.

Beside it stands what people decided where 24SevenOffice seems to have a document already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from so24.language.said import cut_said
from so24.letters import norwegian_order
from so24.store.database.dialects import among, among_given, listed
from so24.store.tables.document_tables import QUESTION_LENGTH, Customer, Invoice, InvoiceLine
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Department
from so24.store.tables.plain_rows import read_rows

T = TypeVar("T")
_LINES: sa.Table = InvoiceLine.__table__  # type: ignore[attr-defined] # SQLModel hides it
OTHERS_LENGTH = 400


class DocumentLine(NamedTuple):
    """A line of a document as :class:`InvoiceLine` keeps it; a run reads thousands of them."""

    position: int
    product_number: str
    product_name: str
    text: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    vat_rate: Decimal
    vat: Decimal | None
    vat_category: str
    line_date: dt.date | None


_LINE_COLUMNS = (_LINES.c.invoice_id, *(_LINES.c[name] for name in DocumentLine._fields))
_INVOICES = select(Invoice).where(among_given(Invoice.id, "ids"))
_LINES_OF = (
    sa.select(*_LINE_COLUMNS)
    .where(among_given(_LINES.c.invoice_id, "ids"))
    .order_by(_LINES.c.invoice_id, _LINES.c.position)
)


@dataclass(frozen=True)
class Document:
    """An invoice or credit note with all that an export needs of it; lines by position.

    Its rows are for reading: to change one, ask for it by :func:`documents_by_ids`.
    """

    invoice: Invoice
    lines: tuple[DocumentLine, ...]
    customer: Customer
    department: Department

    @property
    def invoice_id(self) -> int:
        """The id of the invoice's row."""
        return self.invoice.row_id


def order_numbers(series: str, number: str) -> tuple[str, int, str]:
    """Sorts by number series, then number: 9 before 10, and words after figures."""
    value = int(number) if number.isascii() and number.isdigit() else 10**18
    return series, value, number


def documents_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Invoice]:
    """The invoice rows by id; ids that do not exist are left out."""
    return {row.row_id: row for row in session.exec(_INVOICES, params={"ids": listed(ids)})}


def load_documents(session: Session, invoice_ids: Iterable[int]) -> list[Document]:
    """The documents in the order asked for, each once; ids that do not exist are left out.

    Four queries, however many there are.
    """
    wanted = list(dict.fromkeys(invoice_ids))
    invoices = read_rows(session, Invoice, wanted)
    lines = _lines_by_invoice(session, invoices)
    rows = invoices.values()
    customers = read_rows(session, Customer, (row.customer_id for row in rows))
    departments = read_rows(session, Department, (row.department_id for row in rows))
    return [
        Document(
            invoice,
            tuple(lines.get(invoice_id, ())),
            customers[invoice.customer_id],
            departments[invoice.department_id],
        )
        for invoice_id in wanted
        if (invoice := invoices.get(invoice_id)) is not None
    ]


def assumed_invoices(session: Session, import_id: int | None) -> list[Invoice]:
    """Documents of an import (None: of all) whose invoice date is a proposal, by number."""
    wanted = col(Invoice.date_assumed), col(Invoice.purged_at).is_(None)
    statement = select(Invoice).where(*wanted)
    if import_id is not None:
        statement = statement.where(Invoice.import_id == import_id)
    rows = session.exec(statement)
    return sorted(rows, key=lambda row: (norwegian_order(row.series), norwegian_order(row.number)))


def without_zeros(number: Any) -> sa.ColumnElement[str]:
    """A column of numbers without the noughts that they begin with."""
    return sa.func.ltrim(number, "0", type_=sa.String)


def values_by_id(session: Session, key: Any, value: Mapped[T], ids: Iterable[int]) -> dict[int, T]:
    """The column ``value`` of the rows whose column ``key`` is among these, by that."""
    rows = session.execute(sa.select(key, value).where(among(key, ids)))
    return {row_id: found for row_id, found in rows}  # noqa: C416 - rows are no tuples


def _lines_by_invoice(session: Session, ids: Iterable[int]) -> dict[int, list[DocumentLine]]:
    found: dict[int, list[DocumentLine]] = {}
    for invoice_id, *values in session.execute(_LINES_OF, {"ids": listed(ids)}).all():
        found.setdefault(invoice_id, []).append(DocumentLine._make(values))
    return found


@dataclass(frozen=True)
class Decided:
    """How a document stands: excluded (and why), and the orders that are other documents."""

    excluded: bool
    reason: str
    other_orders: tuple[int, ...]


def questioned_customers(session: Session, tenant: str) -> list[Customer]:
    """The customers about whom something is asked, by number."""
    wanted = select(Customer).where(Customer.tenant == tenant, Customer.question != "")
    return sorted(session.exec(wanted), key=lambda each: norwegian_order(each.number))


def exclude(invoice: Invoice, reason: str, same_order: int | None = None) -> None:
    """Leave the document out of every export, for this reason.

    ``same_order`` is the order in 24SevenOffice that it is, where a person has said so. Orders
    declared to be other documents are forgotten: should the document be taken in again, it is
    asked about anew.
    """
    invoice.excluded = True
    invoice.excluded_reason = cut_said(reason, QUESTION_LENGTH)
    invoice.other_orders = ""
    invoice.same_order = same_order
    invoice.updated_at = now()


def add_other_order(invoice: Invoice, order_id: int) -> bool:
    """Note that the order is another document; False where no more can be noted."""
    known = [each for each in invoice.other_orders.split(",") if each]
    joined = ",".join(dict.fromkeys([*known, str(order_id)]))
    if len(joined) > OTHERS_LENGTH:
        return False
    invoice.other_orders = joined
    invoice.updated_at = now()
    return True


def decisions_of(session: Session, invoice_ids: Collection[int]) -> dict[int, Decided]:
    """How these documents stand, by invoice id."""
    rows = session.execute(
        sa.select(
            col(Invoice.id),
            col(Invoice.excluded),
            col(Invoice.excluded_reason),
            col(Invoice.other_orders),
        ).where(among(Invoice.id, invoice_ids))
    )
    return {
        invoice_id: Decided(excluded, reason, tuple(map(int, filter(None, others.split(",")))))
        for invoice_id, excluded, reason, others in rows
    }
