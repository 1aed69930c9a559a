"""What was stated of the payment of booked invoices: beside lists, as a filter, counted, written.

A booked invoice is one that so24 has transferred and that is invoiced there. Credit notes are not
asked about: whether one is settled is no payment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.reasons import Reason
from so24.store.database.dialects import among, insert_into
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.ground import enum_column
from so24.store.tables.payment_tables import Payment, PaymentState
from so24.store.tables.transfer_tables import State, Transfer

_PAYMENTS: sa.Table = Payment.__table__  # type: ignore[attr-defined] # SQLModel hides it


@dataclass(frozen=True)
class BookedInvoice:
    """A booked invoice whose payment can be asked for; ``is_read``: it was, at some time."""

    invoice_id: int
    order_id: int
    due_date: dt.date | None
    is_read: bool


@dataclass(frozen=True)
class PaymentSum:
    """How many booked invoices of one currency are in one state, and their totals together."""

    state: PaymentState
    currency: str
    count: int
    amount: Decimal


def payment_join() -> sa.ColumnElement[bool]:
    """Joins a transfer with what was read of the payment of its order."""
    return sa.and_(
        col(Payment.invoice_id) == col(Transfer.invoice_id),
        col(Payment.order_id) == col(Transfer.order_id),
        col(Transfer.state) == State.TRANSFERRED,
    )


def payment_state() -> sa.ColumnElement[Any]:
    """The state of payment, with document and transfer joined, and the payment by the join above.

    Empty where the document is not a booked invoice.
    """
    found: sa.ColumnElement[Any] = sa.case(
        (_is_booked(Transfer), sa.func.coalesce(col(Payment.state), PaymentState.UNREAD.value)),
        else_=PaymentState.NONE.value,
    )
    return sa.type_coerce(found, enum_column(PaymentState))


def has_payment(states: Collection[PaymentState]) -> sa.ColumnElement[bool]:
    """That a document is in one of these states of payment; nothing else has to be joined."""
    found = sa.select(col(Payment.invoice_id)).join(Transfer, payment_join())
    found = found.where(col(Payment.state).in_(states))
    stated: sa.ColumnElement[bool] = col(Invoice.id).in_(found)
    return sa.or_(stated, _is_unread()) if PaymentState.UNREAD in states else stated


def sum_payments(session: Session) -> list[PaymentSum]:
    """The booked invoices that are not known to be paid, by state and currency."""
    count, amount = sa.func.count(col(Invoice.id)), sa.func.sum(col(Invoice.total))
    stated = (
        sa.select(col(Payment.state), col(Invoice.currency), count, amount)
        .join(Transfer, payment_join())
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(col(Payment.state).in_((PaymentState.NOT_PAID, PaymentState.OVERDUE)))
        .group_by(col(Payment.state), col(Invoice.currency))
    )
    unread = (
        sa.select(col(Invoice.currency), count, amount)
        .where(_is_unread())
        .group_by(col(Invoice.currency))
    )
    found = [PaymentSum(*row) for row in session.execute(stated)]
    found += [PaymentSum(PaymentState.UNREAD, *row) for row in session.execute(unread)]
    return sorted(found, key=lambda each: (each.state, each.currency))


def count_booked(session: Session, organization_id: int) -> int:
    """How many booked invoices of a company there are."""
    statement = sa.select(sa.func.count()).select_from(Transfer).join(Invoice, _of_document())
    return int(session.execute(statement.where(*_booked_in(organization_id))).scalar_one())


def booked_companies(session: Session) -> frozenset[int]:
    """The companies that have booked invoices."""
    statement = sa.select(col(Transfer.organization_id)).join(Invoice, _of_document())
    known = col(Transfer.organization_id).is_not(None)
    statement = statement.where(_is_booked(Transfer), known).distinct()
    return frozenset(session.execute(statement).scalars())


def booked_invoices(
    session: Session, organization_id: int, not_since: dt.datetime
) -> list[BookedInvoice]:
    """The company's booked invoices that were not read since a moment (aware UTC), oldest first."""
    rows = session.execute(
        sa.select(
            col(Transfer.invoice_id),
            col(Transfer.order_id),
            col(Invoice.due_date),
            col(Payment.invoice_id).is_not(None),
        )
        .join(Invoice, _of_document())
        .outerjoin(Payment, payment_join())
        .where(
            *_booked_in(organization_id),
            sa.or_(col(Payment.read_at).is_(None), col(Payment.read_at) < not_since),
        )
        .order_by(col(Transfer.invoice_id))
    )
    return [BookedInvoice(*row) for row in rows]


def store_payments(session: Session, rows: Sequence[Payment]) -> None:
    """Keep what was read; what somebody has read later stays."""
    if not rows:
        return
    insert = insert_into(session, _PAYMENTS)
    changed = ("organization_id", "order_id", "state", "paid_on", "read_at")
    insert = insert.on_conflict_do_update(
        index_elements=["invoice_id"],
        set_={name: insert.excluded[name] for name in changed},
        where=_PAYMENTS.c.read_at < insert.excluded.read_at,
    )
    session.connection().execute(insert, [row.model_dump() for row in rows])


def forget_payments(session: Session, invoice_ids: Iterable[int]) -> None:
    """Forget what was read of these: their orders are not found any more, so nothing is known."""
    session.execute(sa.delete(Payment).where(among(Payment.invoice_id, invoice_ids)))


def payment_of(session: Session, invoice_id: int) -> Payment | None:
    """What was read of one document's payment, if anything was."""
    return session.get(Payment, invoice_id)


def _is_booked(transfer: Any) -> sa.ColumnElement[bool]:
    """That a transfer's document is a booked invoice, with the document joined."""
    return sa.and_(
        col(transfer.state) == State.TRANSFERRED,
        col(transfer.reason) != Reason.WAITS_APPROVAL,
        col(Invoice.kind) == DocumentKind.INVOICE,
    )


def _of_document() -> sa.ColumnElement[bool]:
    return col(Invoice.id) == col(Transfer.invoice_id)


def _booked_in(organization_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _is_booked(Transfer),
        col(Transfer.organization_id) == organization_id,
        col(Transfer.order_id).is_not(None),
    )


def _is_unread() -> sa.ColumnElement[bool]:
    """That a document is a booked invoice of whose payment nothing was read."""
    found = (
        sa.select(col(Transfer.invoice_id))
        .outerjoin(Payment, payment_join())
        .where(
            col(Transfer.state) == State.TRANSFERRED,
            col(Transfer.reason) != Reason.WAITS_APPROVAL,
            col(Payment.invoice_id).is_(None),
        )
    )
    return sa.and_(col(Invoice.kind) == DocumentKind.INVOICE, col(Invoice.id).in_(found))
