"""By what people take one document for another, under a like number (pure)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from so24.identifiers import find_in_series, likeness, read_number_ways, read_parts
from so24.language.said import cut_said
from so24.letters import fold
from so24.sources.documents.documents import SourceDocument
from so24.sources.landing.whose import Firm, disagree
from so24.sources.landing.wording import ask_whether_same
from so24.store.tables.document_tables import QUESTION_LENGTH, Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department


@dataclass(frozen=True)
class Appearance:
    """By what people take one document for another; ``date`` is None where nobody stated it.

    ``proposed`` is the date that its lines let expect. ``nameless_id`` is the
    department that is known by the same name as this one's and by no number, where there is one.
    """

    kind: DocumentKind
    department_id: int | None
    series: str
    number: str
    customer_number: str
    firm: Firm
    currency: str
    total: Decimal
    date: dt.date | None
    proposed: dt.date | None
    nameless_id: int | None = None

    @classmethod
    def of_arriving(
        cls,
        document: SourceDocument,
        total: Decimal,
        department: Department,
        customer: Customer,
        nameless_id: int | None,
    ) -> Appearance:
        """That of a document that arrives, with its department and customer of the store."""
        return cls(
            document.kind, department.id, department.series, document.number,
            document.customer_number, Firm.of(customer), document.currency, total,
            document.invoice_date, document.latest_line_date, nameless_id,
        )  # fmt: skip

    @classmethod
    def of_stored(cls, row: Invoice, owner: Customer) -> Appearance:
        """That of a stored document."""
        return cls(
            row.kind, row.department_id, row.series, row.number, owner.number, Firm.of(owner),
            row.currency, row.total, None if row.date_assumed else row.invoice_date,
            row.invoice_date,
        )  # fmt: skip

    def resembles(self, other: Appearance, *, returning: bool = False) -> bool:
        """Whether the other one may be this document, under a like number.

        In a series, or where a number names the other one's series, the number alone decides. In
        another one customer, date and total must be equal, as they are where a department got
        another number; a department that is known by its name only may be this one, so that the
        customer suffices there. They must be equal as well where one number only stands within the
        other one. Of what a person has left out and takes in again (``returning``)
        date or total suffice, for the other one may have come in its place.
        """
        if self.kind is not other.kind:
            return False
        if not self._has_number_of(other):
            return self._has_part_of(other) and self._has_content_of(other)
        same_series = likeness(self.series) == likeness(other.series)
        if same_series or self.department_id == other.department_id or self._names_series_of(other):
            return True
        if not returning and self._has_content_of(other):
            return True
        if not self._has_customer_of(other):
            return False
        nameless = self.nameless_id is not None and self.nameless_id == other.department_id
        return nameless or (returning and (self._has_sums_of(other) or self._has_day_of(other)))

    def _has_content_of(self, other: Appearance) -> bool:
        """Whether customer, date and total are equal."""
        same = self._has_sums_of(other) and self._has_day_of(other)
        return same and self._has_customer_of(other)

    def _has_sums_of(self, other: Appearance) -> bool:
        return (self.currency, self.total) == (other.currency, other.total)

    def _has_part_of(self, other: Appearance) -> bool:
        """Whether one's whole number stands within the other one, between other signs."""
        pairs = (self.number, other.number), (other.number, self.number)
        return any(likeness(whole) in read_parts(number) for number, whole in pairs)

    def _has_number_of(self, other: Appearance) -> bool:
        """Whether people may mean the same by both numbers, each with its series or without."""
        series = self.series, other.series
        ways = read_number_ways(self.number, *series)
        return not ways.isdisjoint(read_number_ways(other.number, *series))

    def _names_series_of(self, other: Appearance) -> bool:
        """Whether one's number has the other one's series in front of it."""
        pairs = (self.number, other.series), (other.number, self.series)
        return any(find_in_series(number, series) for number, series in pairs)

    def _has_customer_of(self, other: Appearance) -> bool:
        if likeness(self.customer_number) == likeness(other.customer_number):
            return True
        mine, theirs = self.firm, other.firm
        if mine.organization_number and theirs.organization_number:
            return not disagree(mine, theirs)
        return bool(mine.name) and fold(mine.name) == fold(theirs.name)

    def _has_day_of(self, other: Appearance) -> bool:
        """A day that only one of both states, or none, does not tell them apart."""
        if self.date is None and other.date is None:
            return self.proposed == other.proposed
        return self.date == other.date or None in (self.date, other.date)


def ask_whether_alike(
    look: Appearance, others: Iterable[tuple[Invoice, Customer]], *, returning: bool = False
) -> str:
    """The question for a document that looks like one of these; empty where it does not."""
    for row, owner in others:
        if look.resembles(Appearance.of_stored(row, owner), returning=returning):
            question = ask_whether_same(look.series, look.number, row, owner)
            return cut_said(question, QUESTION_LENGTH)
    return ""
