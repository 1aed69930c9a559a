"""Invoices that the *Credit notes* report calls credit notes: held until a person has decided.

A report whose sheet states no kind and whose sums have no sign gives a credit note away by nothing
else. No sign is guessed, even where the amounts are the same: an invoice of another number series
may have the number too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlmodel import Session

from so24.amounts import format_amount
from so24.store.documents.credit_statements import customer_numbers, named_statements
from so24.store.documents.intake import invoices_by_bare_number
from so24.store.tables.document_tables import CreditStatement, DocumentKind, Invoice
from so24.store.tables.ground import now


def hold_named(
    session: Session, tenant: str, rows: Iterable[Invoice], exported: Collection[int] = ()
) -> int:
    """Hold those of these stored documents that came as invoices and are named as credit notes.

    Those among ``exported`` are flagged as well; returns how many were. What a person has released
    as an invoice is held again only by something new: the caller says which rows are looked at.
    """
    invoices = [row for row in rows if row.kind is DocumentKind.INVOICE and not row.held]
    if not invoices:
        return 0
    named = named_statements(session, tenant, [row.number for row in invoices])
    customers = customer_numbers(session, [row.customer_id for row in invoices])
    flagged = 0
    for row in invoices:
        statement = named.get((row.number.lstrip("0"), customers[row.customer_id]))
        if statement is None:
            continue
        sent = row.id in exported
        row.held = _ask(row, statement, sent=sent)
        row.changed_after_export = row.changed_after_export or sent
        row.updated_at = now()
        flagged += sent
    return flagged


def invoices_named_by(
    session: Session, tenant: str, statements: Iterable[CreditStatement]
) -> list[Invoice]:
    """The stored invoices with number and customer of a credit note that the report states."""
    named = {(each.number.lstrip("0"), each.customer_number) for each in statements}
    if not named:
        return []
    found = invoices_by_bare_number(session, tenant, [number for number, _ in named])
    rows = [row for each in found.values() for row in each if row.kind is DocumentKind.INVOICE]
    customers = customer_numbers(session, [row.customer_id for row in rows])
    return [row for row in rows if (row.number.lstrip("0"), customers[row.customer_id]) in named]


def _ask(row: Invoice, statement: CreditStatement, *, sent: bool) -> str:
    stated = "" if statement.total is None else f" with {format_amount(statement.total)}"
    came = "It was sent as an invoice" if sent else "Its lines came as an invoice"
    same = statement.total is not None and -statement.total in (row.total, row.net)
    amounts = ", the same amount but for the sign" if same else ""
    question = "Correct it by hand if it is one." if sent else "Is it an invoice or a credit note?"
    return (
        f"RecMan's Credit notes report names it as a credit note of invoice "
        f"{statement.credited_number}{stated}. {came} of "
        f"{format_amount(row.total, row.currency)}{amounts}. {question}"
    )
