"""What the invoice overview shows: documents with their standing, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from so24.errors import WrongUse
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents import documents, overview
from so24.store.documents.documents import Document
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.keys import keys
from so24.store.transfers import tallies
from so24.store.transfers.tallies import ProposedDates


@dataclass(frozen=True)
class InvoicePage:
    """One page of the overview, and how many documents the filter has in all."""

    rows: tuple[InvoiceRow, ...]
    found: int


def read_overview(desk: Desk, wanted: InvoiceFilter) -> InvoicePage:
    """The documents of a filter, newest first, within its limit and offset."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        rows = tuple(overview.list_invoices(session, wanted))
        short = wanted.limit is None or (not wanted.offset and len(rows) < wanted.limit)
        found = len(rows) if short else overview.count_invoices(session, wanted)
    return InvoicePage(rows, found)


def read_document(desk: Desk, invoice_id: int) -> Document:
    """One document with its lines; raises :class:`WrongUse` where it does not exist."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        found = documents.load_documents(session, [invoice_id])
    if not found:
        raise WrongUse("This document does not exist any more.")
    return found[0]


def proposed_dates(desk: Desk) -> list[ProposedDates]:
    """The imports whose documents wait for a person to confirm their invoice dates."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return tallies.proposed_dates(session)


def department_names(desk: Desk) -> dict[int, str]:
    """Departments by id, for filters; those of any state, in the order of their numbers."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return {
            row.row_id: f"{row.number} {row.name}".strip() if row.name != row.number else row.number
            for row in keys.all_departments(session)
        }
