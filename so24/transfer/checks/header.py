"""Checks of a document's head: dates, payment id (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from so24.dates import format_date
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.context import CheckContext
from so24.transfer.checks.finding import Finding
from so24.transfer.checks.kid import is_kid


def check_kid(document: Document) -> Iterator[Finding]:
    """A KID passes one of the two control rules; none at all is right as well.

    It was sent to the customer with the invoice, so a wrong one is carried and only pointed out.
    """
    kid = document.invoice.kid
    if kid and not is_kid(kid):
        yield Finding(Reason.KID_WRONG, f"KID: {kid}.", "KID")


def check_due_date(document: Document) -> Iterator[Finding]:
    """The due date is not before the invoice date."""
    invoice = document.invoice
    if invoice.due_date and invoice.due_date < invoice.invoice_date:
        words = f"It is due on {format_date(invoice.due_date)}."
        yield Finding(Reason.DUE_BEFORE_DATE, words, "due date")


def check_invoice_date(document: Document, context: CheckContext) -> Iterator[Finding]:
    """The invoice date is after the closed period, and not in the future."""
    day = document.invoice.invoice_date
    if context.closed_until and day <= context.closed_until:
        words = f"It is dated {format_date(day)}; closed until {format_date(context.closed_until)}."
        yield Finding(Reason.CLOSED_PERIOD, words, "invoice date")
    if context.today and day > context.today:
        yield Finding(Reason.FUTURE_DATE, f"It is dated {format_date(day)}.", "invoice date")
