"""Checks of the way to 24SevenOffice, as far as the store knows it without a call (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.context import CheckContext
from so24.transfer.checks.finding import Finding


def check_key(document: Document, context: CheckContext) -> Iterator[Finding]:
    """A usable key serves the department."""
    department = document.department
    if document.invoice.department_id in context.keyless:
        yield missing_key(department.name or department.number)


def missing_key(department: str) -> Finding:
    """The finding where no usable key serves the department of this name."""
    return Finding(Reason.NO_KEY, f"Department: {department}.", "department")


def check_category(document: Document, context: CheckContext) -> Iterator[Finding]:
    """New products have a category, unless the key's company is known to have them all."""
    known = context.uncategorised.get(document.invoice.department_id)
    if known is None:
        return
    numbers = {line.product_number for line in document.lines if line.product_number}
    unknown = sorted(numbers - known.numbers)
    if unknown:
        words = f"Key “{known.key}” has not met {', '.join(unknown[:3])} yet."
        yield Finding(Reason.CATEGORY_MISSING, words, "product number")
