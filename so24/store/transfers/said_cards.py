"""What people have said of customers' cards, and which customers wait for somebody to say it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.letters import norwegian_order
from so24.reasons import Reason
from so24.store.links.links import LinkedCard, card_values
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import CustomerLink, Transfer
from so24.store.transfers.transfers import IS_OPEN


@dataclass(frozen=True)
class Word:
    """What a person has said of a customer's card: who, when (aware UTC), and why."""

    by: str
    at: dt.datetime
    why: str


def say_card(
    session: Session,
    organization_id: int,
    customer_id: int,
    card: LinkedCard | None,
    by: str,
    why: str,
) -> None:
    """Keep a person's word in place of the link: the customer's card, or None for no card yet."""
    unlink(session, organization_id, customer_id)
    session.add(
        CustomerLink(
            organization_id=organization_id,
            customer_id=customer_id,
            company_id=card.id if card else None,
            said_by=by,
            said_why=why,
            said_at=now(),
            **(card_values(card) if card else {}),
        )
    )
    session.flush()


def word_about(session: Session, organization_id: int, customer_id: int) -> Word | None:
    """What a person has said of the customer's card, None where nobody has."""
    row = session.get(CustomerLink, (organization_id, customer_id))
    if row is None or row.said_at is None:
        return None
    return Word(row.said_by, row.said_at, row.said_why)


def unlink(session: Session, organization_id: int, customer_id: int) -> bool:
    """Drop the link and what was said of it; False where there is none."""
    row = session.get(CustomerLink, (organization_id, customer_id))
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def card_said_since() -> sa.ColumnElement[bool]:
    """That a transfer asks for the customer's card, and a person has said since which it is.

    For statements that join the document.
    """
    said = sa.exists().where(
        col(CustomerLink.customer_id) == col(Invoice.customer_id),
        col(CustomerLink.organization_id) == col(Transfer.organization_id),
        col(CustomerLink.said_at) > col(Transfer.updated_at),
    )
    return sa.and_(col(Transfer.reason) == Reason.AMBIGUOUS_CUSTOMER, said)


def going_documents(session: Session, customer_id: int) -> list[str]:
    """The numbers of the customer's documents that are in transfer, to whichever company."""
    rows = session.exec(
        select(Invoice.number)
        .join(Transfer, col(Transfer.invoice_id) == Invoice.id)
        .where(Invoice.customer_id == customer_id, IS_OPEN)
    )
    return sorted(rows, key=norwegian_order)


def asked_customers(
    session: Session, organization_id: int
) -> list[tuple[Customer, list[int], str]]:
    """The customers whose documents wait for a person to say whose card, by number.

    With each the ids of its documents whose newest transfer asks, and the newest question. Who has
    been answered for since is left out: the next export knows.
    """
    newer = sa.orm.aliased(Transfer)
    is_newest = ~sa.exists().where(
        col(newer.invoice_id) == col(Transfer.invoice_id), col(newer.id) > col(Transfer.id)
    )
    rows = session.exec(
        select(Customer, Transfer.invoice_id, Transfer.words)
        .join(Invoice, col(Invoice.customer_id) == Customer.id)
        .join(Transfer, col(Transfer.invoice_id) == Invoice.id)
        .outerjoin(
            CustomerLink,
            sa.and_(
                col(CustomerLink.customer_id) == Customer.id,
                col(CustomerLink.organization_id) == organization_id,
            ),
        )
        .where(
            sa.or_(
                col(CustomerLink.said_at).is_(None),
                col(CustomerLink.said_at) < col(Transfer.updated_at),
            ),
            Transfer.organization_id == organization_id,
            Transfer.reason == Reason.AMBIGUOUS_CUSTOMER,
            is_newest,
        )
        .order_by(col(Transfer.id).desc())
    )
    found: dict[int, tuple[Customer, list[int], str]] = {}
    for customer, invoice_id, words in rows:
        _, ids, _ = found.setdefault(customer.row_id, (customer, [], words))
        ids.append(invoice_id)
    return sorted(found.values(), key=lambda each: norwegian_order(each[0].number))
