"""Credit notes: what the report states of them, and the invoices that they credit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.document_tables import (
    CreditStatement,
    Customer,
    DocumentKind,
    Invoice,
    InvoiceLine,
)
from so24.store.documents import in_parts
from so24.store.intake import invoices_by_bare_number
from so24.store.transfer_tables import LIVE, Transfer

_CREDIT_NOTE = DocumentKind.CREDIT_NOTE


@dataclass(frozen=True)
class Original:
    """An invoice that a credit note may credit, with its live transfer, else its newest."""

    invoice: Invoice
    transfer: Transfer | None


@dataclass(frozen=True)
class Credited:
    """All that the store knows of what a credit note credits.

    ``originals`` have the stated number but for leading zeros, in any series; ``siblings`` are
    other credit notes with a live transfer that may credit the same invoice; ``stated_total`` is
    what the *Credit notes* report says, negative, with or without VAT.
    """

    originals: tuple[Original, ...] = ()
    siblings: tuple[Invoice, ...] = ()
    stated_total: Decimal | None = None


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
    return {
        customer_id: number
        for part in in_parts(ids)
        for customer_id, number in session.exec(
            select(Customer.id, Customer.number).where(col(Customer.id).in_(part))
        )
        if customer_id is not None
    }


def read_credited(session: Session, credit_notes: Sequence[Invoice]) -> dict[int, Credited]:
    """What each of these credit notes credits as far as the store knows, by the note's id."""
    if not credit_notes:
        return {}
    tenant = credit_notes[0].tenant
    numbers = [row.credited_number for row in credit_notes if row.credited_number]
    known = invoices_by_bare_number(session, tenant, numbers) if numbers else {}
    invoices = {
        bare: [row for row in rows if row.kind is DocumentKind.INVOICE]
        for bare, rows in known.items()
    }
    transfers = _standing(session, [row.id for rows in invoices.values() for row in rows if row.id])
    offices = {row.credited_office_id for row in credit_notes} | {
        row.office_invoice_id for row in transfers.values()
    }
    customers = customer_numbers(session, [row.customer_id for row in credit_notes])
    stated = statements_of(session, tenant, [row.number for row in credit_notes])
    totals = {key: row.total for key, row in stated.items()}
    siblings = _live_credit_notes(session, tenant, set(known), offices - {None})
    return {
        note.id: Credited(
            tuple(
                Original(row, transfers.get(row.id or 0))
                for row in (invoices.get(bare_number(note), []) if note.credited_number else [])
            ),
            tuple(row for row in siblings if row.id != note.id),
            totals.get((note.number, customers[note.customer_id])),
        )
        for note in credit_notes
        if note.id is not None
    }


def bare_number(credit_note: Invoice) -> str:
    """The number of the credited invoice without its leading zeros."""
    return credit_note.credited_number.lstrip("0")


def _standing(session: Session, ids: Sequence[int]) -> dict[int, Transfer]:
    """The live transfer of each of these documents, else the newest."""
    found: dict[int, Transfer] = {}
    for part in in_parts(ids):
        rows = session.exec(
            select(Transfer)
            .where(col(Transfer.invoice_id).in_(part))
            .order_by(col(Transfer.state).in_(LIVE), col(Transfer.id))
        )
        found |= {row.invoice_id: row for row in rows}
    return found


def _live_credit_notes(
    session: Session, tenant: str, bare_numbers: Collection[str], office_ids: Collection[int | None]
) -> list[Invoice]:
    """Credit notes of these invoices, by our number or 24SevenOffice's, that are live."""
    live = select(Transfer.invoice_id).where(col(Transfer.state).in_(LIVE))
    bare = sa.func.ltrim(col(Invoice.credited_number), "0")
    found: dict[int | None, Invoice] = {}
    for column, wanted in (
        (bare, bare_numbers),
        (col(Invoice.credited_office_id), office_ids),
    ):
        for part in in_parts(wanted):
            rows = session.exec(
                select(Invoice).where(
                    Invoice.tenant == tenant,
                    Invoice.kind == _CREDIT_NOTE,
                    column.in_(part),
                    col(Invoice.id).in_(live),
                )
            )
            found |= {row.id: row for row in rows}
    return list(found.values())
