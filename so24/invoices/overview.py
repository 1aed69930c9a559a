"""What the invoice overview shows: documents with their standing, a page at a time.

It is searched by the codes that RecMan's users know: ``@name=Acme AS @no=1001`` matches the whole
name and number, whatever the case; a value runs until the next code or the end, so that names may
hold spaces, and quotes around it are dropped. What stands before the first code is free text,
looked for in numbers, customer, KID and amount (:mod:`so24.store.transfers.search`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents import documents, overview
from so24.store.documents.documents import Document
from so24.store.documents.overview import CurrencySum, InvoiceFilter, InvoiceRow, OpenedList
from so24.store.keys import keys
from so24.store.transfers import tallies
from so24.store.transfers.tallies import ProposedDates

CODES = {"name": "name", "companyNo": "company_number", "no": "number"}
_CODE = re.compile(r"(?:^|(?<=\s))@([A-Za-z]+)=")


@dataclass(frozen=True)
class InvoicePage:
    """One page of the overview, and how many documents the filter has in all."""

    rows: tuple[InvoiceRow, ...]
    found: int


def read_overview(desk: Desk, wanted: InvoiceFilter) -> InvoicePage:
    """The documents of a filter in its order, within its limit and offset."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        rows = tuple(overview.list_invoices(session, wanted))
        short = wanted.limit is None or (not wanted.offset and len(rows) < wanted.limit)
        sums = () if short else overview.sum_invoices(session, wanted)
    return InvoicePage(rows, len(rows) if short else sum(each.documents for each in sums))


def list_documents(desk: Desk, wanted: InvoiceFilter) -> list[InvoiceRow]:
    """The rows alone, in the filter's order, within its limit and offset."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return overview.list_invoices(session, wanted)


def open_list(desk: Desk, wanted: InvoiceFilter) -> OpenedList:
    """The sums of all documents of the filter, and the rows within its limit and offset."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return overview.open_list(session, wanted)


def list_ids(desk: Desk, wanted: InvoiceFilter) -> list[int]:
    """The ids of all documents of the filter, whatever its limit."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return overview.list_ids(session, wanted)


def sum_documents(desk: Desk, wanted: InvoiceFilter) -> tuple[CurrencySum, ...]:
    """Count and sum of all documents of the filter by currency, whatever its limit."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return overview.sum_invoices(session, wanted)


def newest_change(desk: Desk) -> tuple[int, ...]:
    """Figures that are the same as long as no list of documents has changed."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return overview.newest_change(session)


def read_document(desk: Desk, invoice_id: int) -> Document:
    """One document with its lines; raises :class:`WrongUse` where it does not exist."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        found = documents.load_documents(session, [invoice_id])
    if not found:
        raise WrongUse(say("This document does not exist any more."))
    return found[0]


def proposed_dates(desk: Desk) -> list[ProposedDates]:
    """The imports whose documents wait for a person to confirm their invoice dates."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return tallies.proposed_dates(session)


def list_proposed(desk: Desk, import_id: int | None) -> list[InvoiceRow]:
    """The documents of an import (None: of all) whose dates wait for a person, by number."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        ids = [row.row_id for row in documents.assumed_invoices(session, import_id)]
        rows = overview.list_invoices(session, InvoiceFilter(ids=frozenset(ids))) if ids else ()
    by_id = {row.id: row for row in rows}
    return [by_id[each] for each in ids]


def department_names(desk: Desk) -> dict[int, str]:
    """Departments by id, for filters; those of any state, in the order of their numbers."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return {
            row.row_id: f"{row.number} {row.name}".strip() if row.name != row.number else row.number
            for row in keys.all_departments(session)
        }


@dataclass(frozen=True)
class Search:
    """What to look for; the fields are those of the store's ``InvoiceFilter``."""

    text: str = ""
    name: str = ""
    company_number: str = ""
    number: str = ""


def parse_search(text: str) -> Search:
    """Read free text and search codes.

    Raises :class:`WrongUse` for an unknown code, one without a value, and one given twice.
    """
    free, *rest = _CODE.split(text)
    found: dict[str, str] = {}
    for code, value in zip(rest[::2], rest[1::2], strict=True):
        if code not in CODES:
            known = ", ".join(f"@{each}=" for each in CODES)
            raise WrongUse(
                say(
                    "There is no search code {code}; there are {known}.",
                    code=f"@{code}=",
                    known=known,
                )
            )
        if CODES[code] in found:
            raise WrongUse(say("The search code {code} is given twice.", code=f"@{code}="))
        found[CODES[code]] = _read_value(code, value)
    return Search(text=tidy_identifier(free), **found)


def _read_value(code: str, value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if not value:
        raise WrongUse(
            say(
                "The search code {code} needs a value behind it, as in {code}1001.",
                code=f"@{code}=",
            )
        )
    return value if code == "name" else tidy_identifier(value)
