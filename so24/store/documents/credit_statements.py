"""Credit notes as they come in: what the report states of them, and the one sign that they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.documents.documents import values_by_id, without_zeros
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
    ids = (row.row_id for row in rows)
    session.execute(sa.update(line).where(among(line.invoice_id, ids)).values(turned))


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
            Invoice.kind == _CREDIT_NOTE,
            among(Invoice.number, numbers),
        )
    )
    for row, customer_number in rows:
        found[row.number, customer_number].append(row)
    return dict(found)


def customer_numbers(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The numbers of these customers, by id."""
    return values_by_id(session, Customer.id, col(Customer.number), ids)
