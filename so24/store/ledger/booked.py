"""The documents that are booked in a company as so24 knows it, with the numbers they have there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.ledger import is_there_by_reference
from so24.store.transfers.transfer_list import department_name


@dataclass(frozen=True)
class BookedDocument:
    """A document of ours that 24SevenOffice holds.

    ``office_invoice_id`` is the number that 24SevenOffice gave it, None where it waits for approval
    there. ``company_id`` and ``card`` are the customer's card that so24 has sent it to, None and
    empty where a person has declared an order to be this document; ``firm_number`` is the
    organization number that its customer had when it came in. ``transferred``: so24 has
    transferred it itself; the others are there already.
    """

    invoice: Invoice
    department: str
    customer: str
    firm_number: str
    office_invoice_id: int | None
    company_id: int | None
    card: str
    transferred: bool = True


def booked_documents(
    session: Session, organization_id: int, first: dt.date, last: dt.date
) -> list[BookedDocument]:
    """The company's documents of the period (both days included) that so24 says are there.

    Those that it has transferred, those that it found there by their references, and those that a
    person has declared to be an order there.
    """
    dated = col(Invoice.invoice_date).between(first, last)
    sent = col(Transfer.state) == State.TRANSFERRED
    declared = sa.and_(
        col(Transfer.state) == State.EXISTS,
        col(Transfer.order_id) == col(Invoice.same_order),
        col(Invoice.excluded),
        col(Transfer.office_invoice_id).is_not(None),
    )
    there = col(Transfer.organization_id) == organization_id
    found = {
        row[0].row_id: BookedDocument(*row)
        for row in session.execute(
            _columns().where(there, dated, sa.or_(sent, declared, is_there_by_reference(Transfer)))
        )
    }
    return [found[invoice_id] for invoice_id in sorted(found)]


def _columns() -> Any:
    number = sa.case(
        (col(Invoice.buyer_number) != "", col(Invoice.buyer_number)),
        else_=col(Customer.organization_number),
    )
    return (
        sa.select(
            Invoice,
            department_name(),
            col(Customer.name),
            number,
            col(Transfer.office_invoice_id),
            col(Transfer.company_id),
            col(Transfer.card),
            col(Transfer.state) == State.TRANSFERRED,
        )
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(Department, col(Department.id) == col(Invoice.department_id))
        .join(Transfer, col(Transfer.invoice_id) == col(Invoice.id))
        # of several transfers the last one counts, and above all the one that has sent it
        .order_by(col(Transfer.state) == State.TRANSFERRED, col(Transfer.id))
    )
