"""Whether what arrives under a stored document's number is evidently another document (pure).

Within one source RecMan may correct everything but the customer. Between two sources nothing may
differ that both state: neither is the better witness, so a person has to look.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.letters import fold
from so24.norwegian_numbers import are_one_number
from so24.sources.documents.documents import CUSTOMER, SourceDocument
from so24.sources.documents.totals import add_up
from so24.store.tables.document_tables import Customer, Invoice


@dataclass(frozen=True)
class _Content:
    """What of a document both sides state; ``date`` is None where it is not stated."""

    customer: str
    date: dt.date | None
    currency: str
    net: Decimal
    vat: Decimal

    def __str__(self) -> str:
        dated = f", {format_date(self.date)}" if self.date else ""
        total = format_amount(self.net + self.vat)
        return (
            f"{self.customer}{dated}, {self.currency} {total} "
            f"(net {format_amount(self.net)}, VAT {format_amount(self.vat)})"
        )


@dataclass(frozen=True)
class Pair:
    """A stored document with its customer, and one that arrives under its number.

    ``exported``: 24SevenOffice has the stored one, so that it cannot make way any more.
    """

    row: Invoice
    owner: Customer
    document: SourceDocument
    customer: Customer
    exported: bool

    def tell_other_customer(self) -> str:
        """The reason for refusing another customer's document; empty where it is the same."""
        if not is_other_customer(self.owner, self.customer, self.document):
            return ""
        return (
            f"{self.document.number} is here already as another document: {self.row.full_name} of "
            f"{_describe(self.row, self.owner)}; this one is of "
            f"{_describe_arriving(self.document, self.customer)}. If it belongs to another "
            f"department, choose that one for its file. {self._remedy}"
        )

    def contradict(self) -> str:
        """The reason for refusing what two sources state differently; empty where nothing differs.

        Only what is sure to be a statement counts: a proposed date, or the sign of a document that
        is held, is none.
        """
        row, document, totals = self.row, self.document, add_up(self.document.lines)
        theirs = (document.currency, totals.net, totals.vat)
        turned = (row.currency, -row.net, -row.vat)
        same = theirs == (row.currency, row.net, row.vat)
        same |= bool(row.held or document.held) and theirs == turned
        if same and (row.date_assumed or document.invoice_date in (None, row.invoice_date)):
            return ""
        return (
            f"{document.number} is stated otherwise by another source: {row.full_name} is here as "
            f"{_describe(row, self.owner)}; this one says "
            f"{_describe_arriving(document, self.customer)}. If it was corrected in RecMan, import "
            "it again from the source that it came from first, and then this one. "
            f"{self._remedy}"
        )

    @property
    def _remedy(self) -> str:
        if self.exported:
            return "The stored one is in 24SevenOffice already and stays as it is."
        return (
            "If the stored one is wrong, exclude it in the invoice overview (Finance) and import "
            "this one again: it then takes its place."
        )


def is_other_customer(stored: Customer, arriving: Customer, document: SourceDocument) -> bool:
    """Whether the two are known to be different customers, and not one under a new number.

    A number that was made of the organization number says nothing of itself.
    """
    if stored.id == arriving.id:
        return False
    if stored.organization_number and arriving.organization_number:
        return not are_one_number(stored.organization_number, arriving.organization_number)
    if CUSTOMER in document.unstated or stored.number == stored.organization_number:
        return False
    return fold(stored.name) != fold(arriving.name)


def _describe(row: Invoice, customer: Customer) -> str:
    date = None if row.date_assumed else row.invoice_date
    name = f"{customer.number} {customer.name}".strip()
    return str(_Content(name, date, row.currency, row.net, row.vat))


def _describe_arriving(document: SourceDocument, customer: Customer) -> str:
    totals = add_up(document.lines)
    name = f"{customer.number} {document.customer_name}".strip()
    content = _Content(name, document.invoice_date, document.currency, totals.net, totals.vat)
    return str(content)
