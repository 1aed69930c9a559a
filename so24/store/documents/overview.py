"""Documents with their standing: columns rather than whole rows, filtered and paged in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.language.said import say
from so24.letters import fold, fold_for_search
from so24.reasons import Reason
from so24.store.database.dialects import among, among_given, listed
from so24.store.payments.readings import count_stored
from so24.store.payments.stated import has_payment, payment_join, payment_state
from so24.store.people import audit
from so24.store.tables.document_tables import Asks, Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.payment_tables import Payment, PaymentState
from so24.store.tables.transfer_tables import LIVE, State, Transfer, TransferEvent
from so24.store.transfers.search import means_text
from so24.store.transfers.standings import StandingKinds, left_out
from so24.store.transfers.transfer_list import asks, department_name, open_question, standing_join


@dataclass(frozen=True)
class InvoiceRow:
    """A document as the invoice overview lists it; ``state`` is None where it was never sent.

    ``question`` is what is asked of a person about it, and ``asks`` about what; ``held`` asks what
    kind of document it is. ``change`` says what was stated otherwise since it was exported.
    ``payment`` is what 24SevenOffice had stated at ``payment_read_at`` (aware UTC).
    """

    id: int
    kind: DocumentKind
    series: str
    number: str
    invoice_date: dt.date
    date_assumed: bool
    due_date: dt.date | None
    department: str
    customer_number: str
    customer: str
    currency: str
    net: Decimal
    vat: Decimal
    total: Decimal
    stated_total: Decimal | None
    held: str
    question: str
    excluded: bool
    excluded_reason: str
    changed_after_export: bool
    change: str
    import_id: int | None
    state: State | None
    reason: Reason
    run: str | None
    asks: Asks
    payment: PaymentState = PaymentState.NONE
    paid_on: dt.date | None = None
    payment_read_at: dt.datetime | None = None


class ListOrder(StrEnum):
    """Which documents come first, in the words that people choose by."""

    NEWEST = say("Newest first")
    OLDEST = say("Oldest first")
    LARGEST = say("Largest first")
    CUSTOMER = say("By customer")
    NUMBER = say("By number")


@dataclass(frozen=True)
class InvoiceFilter:
    """Which documents, and which first; empty fields do not restrict.

    ``unsent`` means: it may still go.

    ``asked``: a person has to say what it is, of what kind, or whose, before it is sent.

    ``problems``: what needs somebody now, which are those that stand in one of the ways of
    ``standing``: :mod:`so24.transfer.circumstances` says which those are. ``left_out``: what is
    excluded from export, or its details are purged.

    ``import_id`` is the import that the documents as they are now have come with. ``payments``:
    what was read of their payment.

    ``name``, ``company_number`` and ``number`` match the whole, as RecMan's search codes do;
    what ``text`` means says :mod:`so24.store.transfers.search`. Names and numbers are found
    whatever the case of their letters, and names without their accents.
    """

    kinds: frozenset[DocumentKind] = frozenset()
    department_ids: frozenset[int] = frozenset()
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    states: frozenset[State] = frozenset()
    unsent: bool = False
    asked: bool = False
    problems: bool = False
    standing: StandingKinds = field(default_factory=StandingKinds)
    left_out: bool = False
    name: str = ""
    company_number: str = ""
    number: str = ""
    text: str = ""
    ids: frozenset[int] = frozenset()
    import_id: int | None = None
    payments: frozenset[PaymentState] = frozenset()
    order: ListOrder = ListOrder.NEWEST
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True)
class CurrencySum:
    """How many documents of one currency there are, and their totals together."""

    currency: str
    documents: int
    total: Decimal


def list_invoices(session: Session, wanted: InvoiceFilter) -> list[InvoiceRow]:
    """The documents of a filter with their standing, in its order."""
    ids: Collection[int] = wanted.ids
    if wanted.limit is not None:  # what stands beside a document is looked up for those of the page
        page = _matching(wanted, col(Invoice.id)).order_by(*_places(wanted.order))
        page = page.limit(wanted.limit).offset(wanted.offset)
        ids = list(session.execute(page).scalars())
    elif not ids or wanted != InvoiceFilter(ids=wanted.ids, order=wanted.order):
        statement = _listed(wanted.order).where(*invoice_conditions(wanted)).offset(wanted.offset)
        return [InvoiceRow(*row) for row in session.execute(statement).all()]
    return _list_these(session, ids, wanted.order)


def _list_these(session: Session, ids: Collection[int], order: ListOrder) -> list[InvoiceRow]:
    if not ids:
        return []
    rows = session.execute(_listed_by_ids(order), {"ids": listed(ids)}).all()
    return [InvoiceRow(*row) for row in rows]


def sum_invoices(session: Session, wanted: InvoiceFilter) -> tuple[CurrencySum, ...]:
    """Count and sum of the filter's documents by currency, whatever its limit."""
    statement = _matching(
        wanted,
        col(Invoice.currency),
        sa.func.count(col(Invoice.id)),
        sa.func.sum(col(Invoice.total)),
    )
    rows = session.execute(statement.group_by(col(Invoice.currency))).all()
    return tuple(sorted((CurrencySum(*row) for row in rows), key=lambda each: each.currency))


@dataclass(frozen=True)
class OpenedList:
    """A filter's sums by currency, and the rows of the page that its limit and offset say."""

    sums: tuple[CurrencySum, ...]
    rows: tuple[InvoiceRow, ...]


def open_list(session: Session, wanted: InvoiceFilter) -> OpenedList:
    """The sums and a page together; what is searched for is looked for once, in the usual order."""
    if not wanted.text or wanted.order is not ListOrder.NEWEST:
        return OpenedList(sum_invoices(session, wanted), tuple(list_invoices(session, wanted)))
    found = _matching(
        wanted,
        col(Invoice.id),
        col(Invoice.currency),
        col(Invoice.total),
        col(Invoice.invoice_date),
    ).cte("found")
    totals = sa.select(
        sa.null().label("id"),
        found.c.currency,
        sa.func.count().label("documents"),
        sa.func.sum(found.c.total).label("total"),
    ).group_by(found.c.currency)
    page = sa.select(found.c.id, found.c.currency, sa.literal(1), found.c.total)
    page = page.order_by(found.c.invoice_date.desc(), found.c.id.desc())
    page = page.limit(wanted.limit).offset(wanted.offset)
    rows = session.execute(sa.union_all(totals, sa.select(page.subquery()))).all()
    sums = [CurrencySum(*values) for row_id, *values in rows if row_id is None]
    ids = [row.id for row in rows if row.id is not None]
    page_rows = _list_these(session, ids, wanted.order)
    return OpenedList(tuple(sorted(sums, key=lambda each: each.currency)), tuple(page_rows))


def list_ids(session: Session, wanted: InvoiceFilter) -> list[int]:
    """The ids of the filter's documents, whatever its limit."""
    return list(session.execute(_matching(wanted, col(Invoice.id))).scalars())


def newest_change(session: Session) -> tuple[int, ...]:
    """Figures of which one grows with whatever changes a list: an import, a decision, a transfer,
    a reading of payments.

    What was read at the same figures is still so.
    """
    audited, stored = audit.newest_change(session), count_stored(session)
    return (audited, stored, *session.execute(_newest_rows()).one())


@cache
def _newest_rows() -> sa.Select[Any]:
    newest = (
        sa.select(sa.func.coalesce(sa.func.max(col(row_id)), 0)).scalar_subquery()
        for row_id in (TransferEvent.id, Transfer.id, Invoice.id)
    )
    return sa.select(*newest)


def _matching(wanted: InvoiceFilter, *columns: Any) -> sa.Select[Any]:
    """These columns of the filter's documents, joined with no more than it asks of."""
    statement = sa.select(*columns).where(*invoice_conditions(wanted))
    if wanted.asked or wanted.problems or wanted.order is ListOrder.CUSTOMER:
        statement = statement.join(Customer, col(Customer.id) == col(Invoice.customer_id))
    if _asks_for_standing(wanted):
        statement = statement.outerjoin(Transfer, standing_join())
    return cast("sa.Select[Any]", statement)


@cache
def _listed_by_ids(order: ListOrder) -> sa.Select[Any]:
    return _listed(order).where(among_given(Invoice.id, "ids"))


def _places(order: ListOrder) -> Sequence[Any]:
    """By what a list is put into this order; those of customers need the customer joined."""
    date, row_id, number = col(Invoice.invoice_date), col(Invoice.id), col(Invoice.number_folded)
    match order:
        case ListOrder.OLDEST:
            return date, row_id
        case ListOrder.LARGEST:
            return col(Invoice.total).desc(), row_id.desc()
        case ListOrder.CUSTOMER:
            name: Any = col(Customer.name_folded)
            for letter, place in (("æ", "zz1"), ("ø", "zz2"), ("å", "zz3")):
                name = sa.func.replace(name, letter, place)  # databases know no Norwegian order
            return name, date.desc(), row_id.desc()
        case ListOrder.NUMBER:
            return sa.func.length(number), number, row_id  # 999 comes before 1000
        case _:
            return date.desc(), row_id.desc()


@cache
def _listed(order: ListOrder) -> sa.Select[Any]:
    """All documents in this order; made once, for to make it takes longer than to ask it."""
    columns = (
        sa.select(
            col(Invoice.id),
            col(Invoice.kind),
            col(Invoice.series),
            col(Invoice.number),
            col(Invoice.invoice_date),
            col(Invoice.date_assumed),
            col(Invoice.due_date),
            department_name(),
            col(Customer.number),
            col(Customer.name),
            col(Invoice.currency),
            col(Invoice.net),
            col(Invoice.vat),
            col(Invoice.total),
            col(Invoice.stated_total),
            col(Invoice.held),
            open_question(),
            col(Invoice.excluded),
            col(Invoice.excluded_reason),
            col(Invoice.changed_after_export),
            col(Invoice.change),
            col(Invoice.import_id),
            col(Transfer.state),
            sa.func.coalesce(col(Transfer.reason), Reason.NONE),
            col(Transfer.run_id),
            asks(),
            payment_state(),
            col(Payment.paid_on),
            col(Payment.read_at),
        )
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(Department, col(Department.id) == col(Invoice.department_id))
        .outerjoin(Transfer, standing_join())
        .outerjoin(Payment, payment_join())
        .order_by(*_places(order))
    )
    return cast("sa.Select[Any]", columns)


def invoice_conditions(wanted: InvoiceFilter) -> Sequence[sa.ColumnElement[bool]]:
    # what is searched for first: SQLite asks in this order, and little is found
    conditions = [*_search_conditions(wanted), *_choice_conditions(wanted)]
    if wanted.kinds:
        conditions.append(col(Invoice.kind).in_(wanted.kinds))
    if wanted.department_ids:
        conditions.append(among(Invoice.department_id, wanted.department_ids))
    if wanted.date_from:
        conditions.append(col(Invoice.invoice_date) >= wanted.date_from)
    if wanted.date_to:
        conditions.append(col(Invoice.invoice_date) <= wanted.date_to)
    if wanted.states:
        conditions.append(_has_transfer(wanted.states))
    if not wanted.states <= set(LIVE):
        conditions.append(col(Transfer.state).in_(wanted.states))
    if wanted.unsent:
        conditions.extend((~left_out(), ~_has_transfer(LIVE)))
    if wanted.problems:
        conditions.extend(wanted.standing.conditions())
    if wanted.left_out:
        conditions.append(left_out())
    return conditions


def _choice_conditions(wanted: InvoiceFilter) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.ids:
        yield among(Invoice.id, wanted.ids)
    if wanted.import_id is not None:
        yield col(Invoice.import_id) == wanted.import_id
    if wanted.payments:
        yield has_payment(wanted.payments)
    if wanted.asked:
        yield ~left_out()
        yield sa.or_(open_question() != "", col(Invoice.held) != "")


def _asks_for_standing(wanted: InvoiceFilter) -> bool:
    """Whether the filter needs the standing of each document, which is costly to find.

    A live transfer always is the standing one; an ended one may have been followed by another.
    """
    return wanted.problems or not wanted.states <= set(LIVE)


def _has_transfer(states: Collection[State]) -> sa.ColumnElement[bool]:
    # not EXISTS: SQLite would walk the index of states anew for every document
    inner = sa.orm.aliased(Transfer)
    return col(Invoice.id).in_(sa.select(col(inner.invoice_id)).where(col(inner.state).in_(states)))


def _search_conditions(wanted: InvoiceFilter) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.name:
        yield _of_customers(col(Customer.name_folded) == fold_for_search(wanted.name))
    if wanted.company_number:
        yield _of_customers(col(Customer.number) == wanted.company_number)
    if wanted.number:
        yield col(Invoice.number_folded) == fold(wanted.number)
    if wanted.text:
        yield means_text(wanted.text)


def _of_customers(meant: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return col(Invoice.customer_id).in_(sa.select(col(Customer.id)).where(meant))
