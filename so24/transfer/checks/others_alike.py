"""Checks of a document beside others: the same again, the number again, the amount (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from so24.amounts import format_amount
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.documents.neighbours import Habit, Others
from so24.transfer.checks.finding import CheckContext, Finding

# how many other documents make a habit, and how many times more or less than it is unusual
FEWEST = 5
FACTOR = Decimal(5)


def check_documents_alike(document: Document, context: CheckContext) -> Iterator[Finding]:
    """No other document has the same customer, date and amount."""
    others = context.documents_alike.get(document.invoice_id)
    if others:
        yield Finding(Reason.SAME_AGAIN, _name(others), "total")


def check_numbers_alike(document: Document, context: CheckContext) -> Iterator[Finding]:
    """No other document of the number series has the same number but for leading zeros."""
    others = context.numbers_alike.get(document.invoice_id)
    if others:
        yield Finding(Reason.NUMBER_AGAIN, _name(others), "number")


def check_amount(document: Document, context: CheckContext) -> Iterator[Finding]:
    """The total is within five times the median of the customer's documents, up and down.

    Of the same kind and currency; asked only where there are at least five besides this one.
    """
    invoice = document.invoice
    habit = Habit(invoice.customer_id, invoice.kind, invoice.currency)
    usual = context.usual.get(habit)
    if usual is None or usual.documents <= FEWEST or not usual.median:
        return
    amount, median = abs(invoice.total), abs(usual.median)
    if median / FACTOR <= amount <= median * FACTOR:
        return
    words = f"{format_amount(invoice.total)}, usually about {format_amount(usual.median)}"
    yield Finding(Reason.AMOUNT_UNUSUAL, f"{words} ({usual.documents} documents).", "total")


def _name(others: Others) -> str:
    return f"{others.name} and {others.count - 1} more." if others.count > 1 else f"{others.name}."
