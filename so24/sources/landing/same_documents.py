"""One document in two departments: nobody's number series gives it twice, a wrong choice does.

An EHF file states no department, so a person chooses one, perhaps another one the next time. Each
department may go by a key of another company, where the document would be booked as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from sqlmodel import Session

from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import Invoice


def is_same_document(
    row: Invoice, currency: str, total: Decimal, date: dt.date | None, customer_id: int | None
) -> bool:
    """Whether a stored document of the same number and kind is this one, in another department.

    Equal totals say so, and so does the customer with the day. ``date`` is None where it is not
    stated; one that was only proposed says nothing.
    """
    dated = not row.date_assumed and row.invoice_date == date
    return (row.currency, row.total) == (currency, total) or (
        dated and row.customer_id == customer_id
    )


def find_included_twin(session: Session, tenant: str, rows: Iterable[Invoice]) -> list[Invoice]:
    """Those of other departments that are one of these documents and not excluded, or not for long.

    ``rows`` are about to be taken in again.
    """
    rows = list(rows)
    returning = {row.id for row in rows}
    known = invoices_by_number(session, tenant, [row.number for row in rows])
    others = [
        each
        for found in known.values()
        for each in found
        if not each.excluded or each.id in returning
    ]
    return [each for each in others if any(_is_twin(row, each) for row in rows)]


def _is_twin(row: Invoice, other: Invoice) -> bool:
    date = None if row.date_assumed else row.invoice_date
    return (
        (row.number, row.kind) == (other.number, other.kind)
        and row.department_id != other.department_id
        and row.customer_id == other.customer_id
        and is_same_document(other, row.currency, row.total, date, row.customer_id)
    )
