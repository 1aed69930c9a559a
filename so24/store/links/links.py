"""Our ids beside 24SevenOffice's, per organization; binding an order is a compare-and-set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.letters import norwegian_order
from so24.store.database.dialects import among_given, insert_on, listed
from so24.store.tables.document_tables import Customer
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import CustomerLink, FoundBy, OrderLink


@dataclass(frozen=True)
class LinkedCard:
    """The card that a customer is linked to, as it was last read, and by what it was found.

    ``number_then`` is its organization number when it was linked. ``changed`` is 24SevenOffice's
    mark of the state that was read, empty where nothing was. ``said``: a person has decided about
    the customer's card, that it is this one or that a new one is made.
    """

    id: int
    by: FoundBy
    full_name: str = ""
    organization_number: str = ""
    home: str = ""
    number_then: str = ""
    changed: str = ""
    said: bool = False

    def __str__(self) -> str:
        """The card and by what it was found, as people read it of a transfer."""
        return self.by.describe(f"{self.id} {self.full_name}".strip())


@dataclass(frozen=True)
class Binding:
    """The order bound to a document, and whether so24 has ever asked to invoice it."""

    invoice_id: int
    order_id: int
    invoicing_at: dt.datetime | None


_LINKS: sa.Table = CustomerLink.__table__  # type: ignore[attr-defined] # SQLModel hides it
_ORDERS: sa.Table = OrderLink.__table__  # type: ignore[attr-defined] # SQLModel hides it
_BOUND = select(OrderLink).where(
    OrderLink.organization_id == sa.bindparam("organization"),
    among_given(OrderLink.invoice_id, "documents"),
    col(OrderLink.order_id).is_not(None),
)
_OF_COMPANY = CustomerLink.organization_id == sa.bindparam("organization")
_OF_CUSTOMERS = _OF_COMPANY, among_given(CustomerLink.customer_id, "customers")
_LINKED = col(CustomerLink.company_id).is_not(None)
_COMPANIES = select(CustomerLink.customer_id, CustomerLink.company_id).where(
    *_OF_CUSTOMERS, _LINKED
)
_CARDS = select(CustomerLink).where(*_OF_CUSTOMERS)
_DENIED = select(CustomerLink.customer_id).where(*_OF_CUSTOMERS, ~_LINKED)
_OUR_DOCUMENTS = (
    _ORDERS.c.organization_id == sa.bindparam("organization"),
    among_given(_ORDERS.c.invoice_id, "documents"),
)
_HELD = (
    sa.select(_ORDERS.c.invoice_id, _ORDERS.c.order_id)
    .where(*_OUR_DOCUMENTS)
    .order_by(_ORDERS.c.invoice_id)
    .with_for_update()
)
_RELEASE = (
    sa.update(_ORDERS)
    .where(
        _ORDERS.c.organization_id == sa.bindparam("organization"),
        _ORDERS.c.invoice_id == sa.bindparam("document"),
        _ORDERS.c.order_id == sa.bindparam("order"),
        _ORDERS.c.invoicing_at.is_not_distinct_from(sa.bindparam("moment")),
    )
    .values(order_id=None, invoicing_at=None)
)
_INTEND = sa.update(_ORDERS).where(*_OUR_DOCUMENTS).values(invoicing_at=sa.bindparam("moment"))
_CARD_COLUMNS = {
    "found_by": 32, "name": 251, "organization_number": 20, "home": 2, "number_then": 20,
    "changed": 40,
}  # fmt: skip


def customer_links(session: Session, organization_id: int, ids: Iterable[int]) -> dict[int, int]:
    """Company ids by customer id, of those customers that are linked."""
    rows = session.exec(_COMPANIES, params=_asked(organization_id, ids))
    return {ours: theirs for ours, theirs in rows if theirs is not None}


def linked_cards(
    session: Session, organization_id: int, ids: Iterable[int]
) -> dict[int, LinkedCard]:
    """The cards by customer id, of those customers that are linked."""
    rows = session.exec(_CARDS, params=_asked(organization_id, ids))
    return {
        row.customer_id: LinkedCard(
            row.company_id,
            FoundBy(row.found_by),
            row.name,
            row.organization_number,
            row.home,
            row.number_then,
            row.changed,
            bool(row.said_by),
        )
        for row in rows
        if row.company_id is not None
    }


def link_customers(session: Session, organization_id: int, links: Mapping[int, LinkedCard]) -> None:
    """Remember cards by customer id; a link to a card that exists already stays as it is."""
    if not links:
        return
    named = {"organization_id": organization_id, "said_by": "", "said_why": ""}
    rows = [
        {**named, "customer_id": ours, "company_id": card.id, **card_values(card)}
        for ours, card in links.items()
    ]
    session.connection().execute(_link_on(session.get_bind().dialect.name), rows)


@cache
def _link_on(dialect: str) -> sa.Insert:
    insert = insert_on(dialect, _LINKS)
    return insert.on_conflict_do_update(
        index_elements=["organization_id", "customer_id"],
        set_={name: insert.excluded[name] for name in ("company_id", *_CARD_COLUMNS)},
        where=_LINKS.c.company_id.is_(None),
    )


def denied_customers(session: Session, organization_id: int, ids: Iterable[int]) -> set[int]:
    """Of these customers those of whom a person has said that none of the cards is theirs."""
    return set(session.exec(_DENIED, params=_asked(organization_id, ids)))


def _asked(organization_id: int, customers: Iterable[int]) -> dict[str, object]:
    return {"organization": organization_id, "customers": listed(customers)}


def keep_cards(session: Session, organization_id: int, cards: Mapping[int, LinkedCard]) -> None:
    """Note how linked cards stand now, by customer id; a link to another card is left alone."""
    for ours, card in cards.items():
        session.execute(
            sa.update(CustomerLink)
            .where(
                col(CustomerLink.organization_id) == organization_id,
                col(CustomerLink.customer_id) == ours,
                col(CustomerLink.company_id) == card.id,
            )
            .values(**card_values(card))
        )


def card_values(card: LinkedCard) -> dict[str, str]:
    """The columns that a link keeps of its card, no longer than they may be."""
    values = (card.by.value, card.full_name, card.organization_number, card.home,
              card.number_then, card.changed)  # fmt: skip
    lengths = _CARD_COLUMNS.values()
    return {
        name: value[:longest]
        for name, value, longest in zip(_CARD_COLUMNS, values, lengths, strict=True)
    }


def forget_customer(session: Session, organization_id: int, customer_id: int) -> None:
    """Drop a link, so that the customer is looked up again; what a person has said stays."""
    session.execute(
        sa.delete(CustomerLink).where(
            col(CustomerLink.organization_id) == organization_id,
            col(CustomerLink.customer_id) == customer_id,
            col(CustomerLink.said_at).is_(None),
        )
    )


def bindings(session: Session, organization_id: int, ids: Iterable[int]) -> dict[int, Binding]:
    """The bound orders by invoice id."""
    asked = {"organization": organization_id, "documents": listed(ids)}
    rows = session.exec(_BOUND, params=asked)
    return {
        row.invoice_id: Binding(row.invoice_id, row.order_id, row.invoicing_at)
        for row in rows
        if row.order_id is not None
    }


def bind_orders(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> dict[int, Binding]:
    """Bind each document (key) to its order where it has none; whoever loses takes the bound one.

    Returns the bindings as they stand afterwards.
    """
    if not orders:
        return {}
    moment = now()
    rows = [
        {
            "organization_id": organization_id,
            "invoice_id": invoice_id,
            "order_id": order_id,
            "bound_at": moment,
        }
        for invoice_id, order_id in orders.items()
    ]
    session.connection().execute(_bind_on(session.get_bind().dialect.name), rows)
    return bindings(session, organization_id, orders)


@cache
def _bind_on(dialect: str) -> sa.Insert:
    insert = insert_on(dialect, _ORDERS)
    return insert.on_conflict_do_update(
        index_elements=["organization_id", "invoice_id"],
        set_={
            "order_id": insert.excluded.order_id,
            "bound_at": insert.excluded.bound_at,
            "invoicing_at": None,
        },
        where=_ORDERS.c.order_id.is_(None),
    )


def release_order(session: Session, organization_id: int, binding: Binding) -> bool:
    """Unbind exactly this order; False where the document is bound otherwise by now.

    So it is where somebody has set about invoicing the order since the binding was read.
    """
    asked = {"organization": organization_id, "document": binding.invoice_id,
             "order": binding.order_id, "moment": binding.invoicing_at}  # fmt: skip
    result = session.execute(_RELEASE, asked)
    return isinstance(result, sa.CursorResult) and result.rowcount == 1


def intend_invoicing(session: Session, organization_id: int, orders: Mapping[int, int]) -> set[int]:
    """Note that the bound orders are about to be invoiced; returns the invoice ids that held.

    A document whose binding has changed meanwhile is left out and must not be invoiced.
    """
    asked = {"organization": organization_id, "documents": listed(orders)}
    bound = session.execute(_HELD, asked)
    held = {invoice_id for invoice_id, order_id in bound if order_id == orders[invoice_id]}
    session.execute(_INTEND, {**asked, "documents": listed(sorted(held)), "moment": now()})
    return held


def linked_customers(session: Session, organization_id: int) -> list[tuple[Customer, int]]:
    """Every linked customer with its company's id, in the order of the customers' numbers."""
    rows = session.exec(
        select(Customer, CustomerLink.company_id)
        .join(CustomerLink, col(CustomerLink.customer_id) == Customer.id)
        .where(CustomerLink.organization_id == organization_id)
    )
    linked = [(customer, theirs) for customer, theirs in rows if theirs is not None]
    return sorted(linked, key=lambda row: norwegian_order(row[0].number))
