"""Our customers with the company each is linked to, in one organization."""

from __future__ import annotations

from sqlmodel import Session, col, select

from so24.letters import norwegian_order
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import CustomerLink


def linked_customers(session: Session, organization_id: int) -> list[tuple[Customer, int]]:
    """Every linked customer with its company's id, in the order of the customers' numbers."""
    rows = session.exec(
        select(Customer, CustomerLink.company_id)
        .join(CustomerLink, col(CustomerLink.customer_id) == Customer.id)
        .where(CustomerLink.organization_id == organization_id)
    )
    return sorted(rows.all(), key=lambda row: norwegian_order(row[0].number))
