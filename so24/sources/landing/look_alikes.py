"""Whether what arrives may be a document that is here under another number or date (pure).

RecMan gives a number once in a series and never changes an invoice's date (RecMan's FAQ on
invoices). So a number that people may take for a stored one, or that comes again with another date,
is neither sent nor thrown away: a person says whether it is the same document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.identifiers import likeness
from so24.sources.documents.documents import SourceDocument
from so24.sources.documents.totals import add_up
from so24.store.tables.document_tables import DocumentKind

SAME_OR_ANOTHER = "Is it the same document, or another one?"


@dataclass(frozen=True)
class Stated:
    """What of a document tells it from others; ``date`` is None where it is not sure."""

    kind: DocumentKind
    series: str
    number: str
    customer: str
    currency: str
    total: Decimal
    date: dt.date | None

    @classmethod
    def by(cls, document: SourceDocument, series: str) -> Stated:
        """What a document that arrives states, in this series."""
        return cls(
            document.kind,
            series,
            document.number,
            document.customer_number,
            document.currency,
            add_up(document.lines).total,
            document.invoice_date,
        )

    def __str__(self) -> str:
        dated = f" of {format_date(self.date)}" if self.date else ""
        kind = self.kind.words
        amount = format_amount(self.total, self.currency)
        return f"{kind} {self.series}-{self.number}{dated}, customer {self.customer}, {amount}"


def find_look_alike(arriving: Stated, stored: Iterable[Stated]) -> Stated | None:
    """The stored document that the arriving one may be, under another number or series.

    In a series the number alone decides; in another one, customer, date and total must be equal.
    """
    alike = (each for each in stored if _may_be_one(arriving, each))
    return next(alike, None)


def ask_whether_same(arriving: Stated, other: Stated) -> str:
    """The question for a document that looks like another one."""
    return (
        f"Its number {arriving.series}-{arriving.number} looks like that of {other}. "
        f"{SAME_OR_ANOTHER}"
    )


def has_other_date(stored: dt.date, arriving: dt.date | None, *, assumed: bool) -> bool:
    """Whether both dates are stated and differ; ``assumed``: nobody has stated the stored one."""
    return not assumed and arriving is not None and arriving != stored


def ask_about_date(number: str, stored: dt.date, arriving: Stated) -> str:
    """The question for a document whose number comes again with another date."""
    return (
        f"{number} of {format_date(stored)} has come again as {arriving}. RecMan never changes an "
        "invoice's date: is it the same document, or another one with its number?"
    )


def tell_apart(number: str) -> str:
    """Why a document of another date stays out after a person has said that it is another one."""
    return (
        f"{number} is the number of a document of another date, and was said to be another "
        "document; give it a number or a department of its own, or exclude the other one first"
    )


def _may_be_one(arriving: Stated, stored: Stated) -> bool:
    if arriving.kind is not stored.kind:
        return False
    if (arriving.series, arriving.number) == (stored.series, stored.number):
        return False
    if likeness(arriving.number) != likeness(stored.number):
        return False
    if likeness(arriving.series) == likeness(stored.series):
        return True
    return (
        likeness(arriving.customer) == likeness(stored.customer)
        and (arriving.currency, arriving.total) == (stored.currency, stored.total)
        and arriving.date is not None
        and arriving.date == stored.date
    )
