"""Our side of the ledger: the documents that belong beside a company's orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.reasons import Reason
from so24.store.database.dialects import among
from so24.store.keys.keys import living_keys, name_company
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department, Key, KeyState
from so24.store.tables.transfer_tables import OrderLink, State, Transfer
from so24.store.transfers.transfer_list import department_name

_seen = sa.orm.aliased(Transfer)


@dataclass(frozen=True)
class OurDocument:
    """A document of ours; ``order_id`` is its order in the company that is read.

    That is the one which a person has declared to be this very document, else the one bound to it.

    ``company_id`` and ``card`` are the customer's card that so24 has sent it to.

    ``expected``: it belongs to the period, and so24 has sent it to this company, or so24 or a
    person has seen it there, so that an order of it must be there. The others only serve to
    recognise orders.

    ``transferred``: so24 has transferred it itself. ``may_be_order`` is an order there that so24
    found to be the same document probably, None where a person has answered that or it was sent.
    """

    invoice: Invoice
    department: str
    customer: str
    order_id: int | None
    expected: bool
    company_id: int | None = None
    card: str = ""
    transferred: bool = False
    may_be_order: int | None = None


@dataclass(frozen=True)
class UnreadCompany:
    """A company that no usable key reaches, and how many documents so24 has sent there."""

    company: str
    documents: int


def our_documents(
    session: Session,
    organization_id: int,
    date_from: dt.date,
    date_to: dt.date,
    margin: dt.timedelta,
    order_ids: Collection[int] = (),
) -> list[OurDocument]:
    """Documents dated in the period or by so much before or after, and those bound to one of these
    orders, by id.
    """
    period = date_from, date_to
    dated = col(Invoice.invoice_date).between(date_from - margin, date_to + margin)
    bound = among(OrderLink.order_id, order_ids)
    said = among(Invoice.same_order, order_ids)
    # queries of their own: each finds its rows by an index, which all in one would not
    rows = [
        row
        for condition in (dated, bound, said)
        for row in session.execute(_columns(organization_id, period).where(condition))
    ]
    found = {row[0].row_id: _our_document(*row) for row in rows}
    return [found[invoice_id] for invoice_id in sorted(found)]


def is_there_by_reference(transfer: Any) -> sa.ColumnElement[bool]:
    """That a transfer found an order with our reference, of a document that is not left out."""
    return sa.and_(
        col(transfer.state) == State.EXISTS,
        col(transfer.reason) == Reason.EXISTS_REFERENCE,
        ~col(Invoice.excluded),
    )


def usable_keys(session: Session) -> list[Key]:
    """The keys that may be used, by name."""
    return [key for key in living_keys(session) if key.state is KeyState.USABLE]


def unread_companies(session: Session, first: dt.date, last: dt.date) -> list[UnreadCompany]:
    """The companies that no usable key reaches: of disabled keys, or with documents of the period.

    A document counts where an order of it is known there, booked or not.
    """
    documents = _documents_by_company(session, first, last)
    names: dict[int, str] = {}
    read: set[int] = set()
    for key in session.execute(sa.select(Key).order_by(col(Key.id))).scalars():
        names[key.client_id] = name_company(key)
        if key.state is KeyState.USABLE:
            read.add(key.client_id)
        elif key.state is KeyState.DISABLED:
            documents.setdefault(key.client_id, 0)
    return [
        UnreadCompany(names.get(company, f"Company {company}"), documents[company])
        for company in sorted(set(documents) - read)
    ]


def _documents_by_company(session: Session, first: dt.date, last: dt.date) -> dict[int, int]:
    rows = session.execute(
        sa.select(col(Transfer.organization_id), sa.func.count(sa.distinct(col(Invoice.id))))
        .join(Invoice, col(Invoice.id) == col(Transfer.invoice_id))
        .where(
            col(Transfer.organization_id).is_not(None),
            col(Transfer.order_id).is_not(None),
            col(Invoice.invoice_date).between(first, last),
        )
        .group_by(col(Transfer.organization_id))
    )
    return {company: count for company, count in rows.all()}  # noqa: C416 - rows are no tuples


def _our_document(
    invoice: Invoice,
    department: str,
    customer: str,
    order_id: int | None,
    expected: bool,
    company_id: int | None,
    card: str,
    transferred: bool,
    may_be_order: int | None,
) -> OurDocument:
    answered = order_id is not None or str(may_be_order) in invoice.other_orders.split(",")
    return OurDocument(
        invoice, department, customer, order_id, expected, company_id, card, transferred,
        None if transferred or answered else may_be_order,
    )  # fmt: skip


def _seen_order(organization_id: int, *conditions: Any) -> Any:
    """The order of the company that a transfer of the document has named, under conditions."""
    return (
        sa.select(sa.func.max(col(_seen.order_id)))
        .where(
            col(_seen.invoice_id) == col(Invoice.id),
            col(_seen.organization_id) == organization_id,
            *conditions,
        )
        .scalar_subquery()
    )


def _columns(organization_id: int, period: tuple[dt.date, dt.date]) -> Any:
    same = col(_seen.order_id) == col(Invoice.same_order)
    same_order = _seen_order(organization_id, same, col(Invoice.excluded))
    there = _seen_order(organization_id, is_there_by_reference(_seen))
    may_be = _seen_order(organization_id, col(_seen.reason) == Reason.EXISTS_PROBABLY)
    order = sa.func.coalesce(same_order, col(OrderLink.order_id))
    transferred = col(Transfer.id).is_not(None)
    sent = sa.or_(order.is_not(None), transferred, there.is_not(None))
    return (
        sa.select(
            Invoice,
            department_name(),
            col(Customer.name),
            order,
            sa.and_(sent, col(Invoice.invoice_date).between(*period)),
            col(Transfer.company_id),
            sa.func.coalesce(col(Transfer.card), ""),
            transferred,
            may_be,
        )
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(Department, col(Department.id) == col(Invoice.department_id))
        .outerjoin(
            OrderLink,
            sa.and_(
                col(OrderLink.invoice_id) == col(Invoice.id),
                col(OrderLink.organization_id) == organization_id,
            ),
        )
        .outerjoin(
            Transfer,
            sa.and_(
                col(Transfer.invoice_id) == col(Invoice.id),
                col(Transfer.organization_id) == organization_id,
                col(Transfer.state) == State.TRANSFERRED,
            ),
        )
    )
