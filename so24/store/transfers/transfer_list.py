"""Transfers beside their documents: columns rather than whole rows, filtered in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.reasons import Reason
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY
from so24.store.database.dialects import among
from so24.store.payments.stated import has_payment, payment_join, payment_state
from so24.store.tables.document_tables import Asks, Customer, Invoice
from so24.store.tables.ground import enum_column
from so24.store.tables.key_tables import Department, Key
from so24.store.tables.payment_tables import Payment, PaymentState
from so24.store.tables.transfer_tables import LIVE, OPEN, Run, State, Transfer
from so24.store.transfers.receipt_line import WAITS, ReceiptLine
from so24.store.transfers.search import means_text

# endings that only say that another transfer of the document was there first
IN_THE_WAY = (Reason.IN_OTHER_RUN, Reason.ALREADY_TRANSFERRED)


def standing_join() -> sa.ColumnElement[bool]:
    """Joins a document's row with the transfer that tells how it stands."""
    return col(Transfer.id) == _standing()


def standing_transfers(session: Session, invoice_ids: Iterable[int]) -> dict[int, Transfer]:
    """The transfers that tell how these documents stand, by invoice id; nothing for one unsent."""
    statement = sa.select(Transfer).join(Invoice, standing_join())
    rows = session.execute(statement.where(among(Invoice.id, invoice_ids))).scalars()
    return {row.invoice_id: row for row in rows}


def _standing() -> sa.ScalarSelect[Any]:
    """The transfer that tells how a document stands: its live one, else its newest."""
    inner = sa.orm.aliased(Transfer)
    return (
        sa.select(col(inner.id))
        .where(col(inner.invoice_id) == col(Invoice.id))
        .order_by(
            col(inner.state).in_(LIVE).desc(),
            col(inner.reason).in_(IN_THE_WAY),
            col(inner.id).desc(),
        )
        .limit(1)
        .correlate(Invoice)
        .scalar_subquery()
    )


def department_name() -> sa.ColumnElement[str]:
    """A department's name, or its number where it has none."""
    return sa.case((col(Department.name) != "", col(Department.name)), else_=col(Department.number))


def open_question() -> sa.ColumnElement[str]:
    """What is asked of a person about a document; empty where nothing is, or it is excluded.

    With the customer joined: what is asked about a list is asked of the customer's documents that
    are neither in transfer nor transferred.
    """
    return sa.case(*((asked, question) for asked, question, _ in _questions()), else_="")


def is_anothers_order() -> sa.ColumnElement[bool]:
    """That a person has said that the order that a transfer has found is another document."""
    order = sa.literal(",").concat(sa.cast(col(Transfer.order_id), sa.String)).concat(",")
    others = sa.literal(",").concat(col(Invoice.other_orders)).concat(",")
    return sa.and_(
        col(Transfer.reason) == Reason.EXISTS_PROBABLY,
        sa.func.coalesce(others.contains(order), sa.false()),
    )


def _own(column: Any) -> sa.ColumnElement[Any]:
    """What a transfer has found in 24SevenOffice; nothing where that is another document's."""
    return sa.case((sa.not_(is_anothers_order()), column))


def asks() -> sa.ColumnElement[Any]:
    """What that question is about."""
    kinds = ((asked, sa.literal(kind.value)) for asked, _, kind in _questions())
    found: sa.ColumnElement[Any] = sa.case(*kinds, else_="")
    return sa.type_coerce(found, enum_column(Asks))


def _questions() -> Iterator[tuple[Any, Any, Asks]]:
    """When what is asked, and about what, the first to be answered first."""
    yield col(Invoice.excluded), sa.literal(""), Asks.NOTHING
    for question, kind in (
        (col(Invoice.resembles), Asks.DOCUMENT),
        (col(Invoice.redated), Asks.DATE),
        (col(Invoice.whose), Asks.FIRM),
    ):
        yield question != "", question, kind
    inner = sa.orm.aliased(Transfer)
    live = col(Invoice.id).in_(sa.select(col(inner.invoice_id)).where(col(inner.state).in_(LIVE)))
    yield sa.and_(col(Customer.question) != "", ~live), col(Customer.question), Asks.LIST


# what a transfer's status may be in the history, in the order of its way
STATUSES = (
    *(words for state, words in STATUS_WORDS.items() if state is State.TRANSFERRED),
    FOR_APPROVAL,
    TRIED_LATER,
    WAITS_FOR_KEY,
    *(words for state, words in STATUS_WORDS.items() if state is not State.TRANSFERRED),
)


def shown_status() -> sa.ColumnElement[str]:
    """The status in SQL, with the document and its customer joined: as the line itself says it.

    What has become of a document since, only a receipt asks.
    """
    planned = sa.and_(col(Transfer.state) == State.NOT_SENT, col(Transfer.retry_at).is_not(None))
    return sa.case(
        (sa.and_(col(Transfer.state).in_(OPEN), col(Transfer.reason).in_(WAITS)), WAITS_FOR_KEY),
        (sa.and_(planned, open_question() == ""), TRIED_LATER),
        (col(Transfer.reason) == Reason.WAITS_APPROVAL, FOR_APPROVAL),
        *((col(Transfer.state) == state, words) for state, words in STATUS_WORDS.items()),
        else_="",
    )


@dataclass(frozen=True)
class TransferFilter:
    """Which transfers; empty fields do not restrict. The period is of the last change, UTC.

    ``statuses`` are words of :data:`STATUSES`. What ``text`` means says
    :mod:`so24.store.transfers.search`.
    """

    run_id: str = ""
    invoice_ids: frozenset[int] = frozenset()
    statuses: frozenset[str] = frozenset()
    department_ids: frozenset[int] = frozenset()
    users: frozenset[str] = frozenset()
    payments: frozenset[PaymentState] = frozenset()
    changed_from: dt.datetime | None = None
    changed_before: dt.datetime | None = None
    latest_only: bool = False
    text: str = ""
    limit: int | None = None


def list_transfers(session: Session, wanted: TransferFilter) -> list[ReceiptLine]:
    """The transfers of a filter, newest run first, in RecMan's order within a run."""
    if wanted == TransferFilter(run_id=wanted.run_id):  # a receipt, which is read again and again
        rows = session.execute(_transfers(of_run=bool(wanted.run_id)), {"run": wanted.run_id})
    else:
        conditions = transfer_conditions(wanted)
        statement = _in_order(_transfer_columns().where(*conditions), of_run=bool(wanted.run_id))
        rows = session.execute(statement.limit(wanted.limit))
    return [ReceiptLine(*row) for row in rows.all()]


@cache
def _transfers(*, of_run: bool) -> sa.Select[Any]:
    """All transfers, or those of the run that is given."""
    of_it = (col(Transfer.run_id) == sa.bindparam("run"),) if of_run else ()
    return _in_order(_transfer_columns().where(*of_it), of_run=of_run)


def _in_order(statement: sa.Select[Any], *, of_run: bool) -> sa.Select[Any]:
    return statement.order_by(col(Transfer.id) if of_run else col(Transfer.id).desc())


@cache
def _transfer_columns() -> sa.Select[Any]:
    columns = (
        sa.select(
            col(Transfer.id),
            col(Transfer.invoice_id),
            col(Transfer.run_id),
            sa.cast(col(Invoice.kind), sa.String),
            col(Invoice.series),
            col(Invoice.number),
            department_name(),
            col(Customer.name),
            sa.func.coalesce(col(Key.name), ""),
            col(Transfer.state),
            col(Transfer.reason),
            col(Transfer.words),
            col(Transfer.note),
            _own(col(Transfer.order_id)),
            _own(col(Transfer.office_invoice_id)),
            col(Invoice.total),
            _own(col(Transfer.office_total)),
            col(Invoice.currency),
            col(Invoice.changed_after_export),
            col(Run.created_by),
            col(Transfer.updated_at),
            col(Transfer.card),
            col(Invoice.stated_total),
            open_question(),
            asks(),
            col(Customer.number),
            col(Invoice.invoice_date),
            col(Invoice.kid),
            col(Transfer.retry_at),
            col(Transfer.retries),
            col(Invoice.due_date),
            payment_state(),
            col(Payment.paid_on),
            col(Payment.read_at),
            col(Key.client_id),
            sa.func.coalesce(col(Key.client_name), ""),
        )
        .join(Invoice, col(Invoice.id) == col(Transfer.invoice_id))
        .join(Run, col(Run.id) == col(Transfer.run_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(Department, col(Department.id) == col(Invoice.department_id))
        .outerjoin(Key, col(Key.id) == col(Transfer.key_id))
        .outerjoin(Payment, payment_join())
    )
    return cast("sa.Select[Any]", columns)


def transfer_conditions(wanted: TransferFilter) -> Sequence[sa.ColumnElement[bool]]:
    """The filter in SQL, for statements that join :class:`Run`, the document and its customer."""
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.run_id:
        conditions.append(col(Transfer.run_id) == wanted.run_id)
    if wanted.invoice_ids:
        conditions.append(among(Transfer.invoice_id, wanted.invoice_ids))
    if wanted.statuses:
        conditions.append(among(shown_status(), wanted.statuses))
    if wanted.department_ids:
        conditions.append(among(Invoice.department_id, wanted.department_ids))
    if wanted.users:
        conditions.append(among(Run.created_by, wanted.users))
    conditions.extend(_changed_within(wanted))
    if wanted.payments:
        conditions.extend((col(Transfer.state) == State.TRANSFERRED, has_payment(wanted.payments)))
    if wanted.text:
        conditions.append(means_text(wanted.text))
    if wanted.latest_only:
        conditions.append(standing_join())
    return conditions


def _changed_within(wanted: TransferFilter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.changed_from:
        yield col(Transfer.updated_at) >= wanted.changed_from
    if wanted.changed_before:
        yield col(Transfer.updated_at) < wanted.changed_before
