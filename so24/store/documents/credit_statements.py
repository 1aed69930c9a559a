"""Credit notes as they come in: what the report states of them, and the one sign that they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.documents.documents import in_parts, values_by_id
from so24.store.tables.document_tables import (
    CreditStatement,
    Customer,
    DocumentKind,
    Invoice,
    InvoiceLine,
)

_CREDIT_NOTE = DocumentKind.CREDIT_NOTE


def turn_signs(session: Session, rows: Collection[Invoice]) -> None:
    """Give these stored documents and their lines the opposite sign; unit prices stay."""
    for row in rows:
        row.net, row.vat, row.total = -row.net, -row.vat, -row.total
        row.stated_vat = None if row.stated_vat is None else -row.stated_vat
        row.stated_total = None if row.stated_total is None else -row.stated_total
    line = InvoiceLine
    turned = {"quantity": -col(line.quantity), "net": -col(line.net), "vat": -col(line.vat)}
    for part in in_parts(row.id for row in rows if row.id is not None):
        session.execute(sa.update(line).where(col(line.invoice_id).in_(part)).values(turned))


def statements_of(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], CreditStatement]:
    """What the report states of credit notes of these numbers, by number and customer's number."""
    statement = CreditStatement
    return {
        (row.number, row.customer_number): row
        for part in in_parts(numbers)
        for row in session.exec(
            select(statement).where(statement.tenant == tenant, col(statement.number).in_(part))
        )
    }


def named_statements(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], CreditStatement]:
    """What the report states of credit notes of these numbers, but for leading zeros.

    By number without leading zeros and customer's number.
    """
    statement = CreditStatement
    bare = sa.func.ltrim(col(statement.number), "0")
    return {
        (row.number.lstrip("0"), row.customer_number): row
        for part in in_parts({number.lstrip("0") for number in numbers})
        for row in session.exec(select(statement).where(statement.tenant == tenant, bare.in_(part)))
    }


def credit_notes_of(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], list[Invoice]]:
    """The credit notes of these numbers, by number and customer's number, in any series."""
    found: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
    for part in in_parts(numbers):
        rows = session.exec(
            select(Invoice, Customer.number)
            .join(Customer, col(Customer.id) == col(Invoice.customer_id))
            .where(
                Invoice.tenant == tenant,
                Invoice.kind == _CREDIT_NOTE,
                col(Invoice.number).in_(part),
            )
        )
        for row, customer_number in rows:
            found[row.number, customer_number].append(row)
    return dict(found)


def customer_numbers(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The numbers of these customers, by id."""
    return values_by_id(session, Customer.id, col(Customer.number), ids)
