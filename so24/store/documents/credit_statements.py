"""What RecMan's *Credit notes* report states of credit notes, and the credit notes of a number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.documents.documents import without_zeros
from so24.store.tables.document_tables import (
    CreditStatement,
    Customer,
    DocumentKind,
    Invoice,
)


def statements_of(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], CreditStatement]:
    """What the report states of credit notes of these numbers, by number and customer's number."""
    statement = CreditStatement
    wanted = select(statement).where(statement.tenant == tenant, among(statement.number, numbers))
    return {(row.number, row.customer_number): row for row in session.exec(wanted)}


def named_statements(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], CreditStatement]:
    """What the report states of credit notes of these numbers, but for leading zeros.

    By number without leading zeros and customer's number.
    """
    statement = CreditStatement
    bare = (number.lstrip("0") for number in numbers)
    wanted = among(without_zeros(statement.number), bare)
    rows = session.exec(select(statement).where(statement.tenant == tenant, wanted))
    return {(row.number.lstrip("0"), row.customer_number): row for row in rows}


def credit_notes_of(
    session: Session, tenant: str, numbers: Iterable[str]
) -> dict[tuple[str, str], list[Invoice]]:
    """The credit notes of these numbers, by number and customer's number, in any series."""
    found: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
    rows = session.exec(
        select(Invoice, Customer.number)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(
            Invoice.tenant == tenant,
            Invoice.kind == DocumentKind.CREDIT_NOTE,
            among(Invoice.number, numbers),
        )
    )
    for row, customer_number in rows:
        found[row.number, customer_number].append(row)
    return dict(found)
