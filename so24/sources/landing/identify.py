"""Which stored document a document is, however its department, number and kind are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from so24.amounts import format_amount
from so24.identifiers import likeness
from so24.letters import fold
from so24.sources.documents.documents import DEPARTMENT, SourceDocument, fingerprint, has_no_number
from so24.sources.documents.totals import add_up
from so24.sources.landing.look_alikes import Stated, ask_whether_same, find_look_alike
from so24.sources.landing.other_sources import OtherSources
from so24.store.documents.credit_statements import named_statements
from so24.store.documents.documents import exclude
from so24.store.documents.intake import (
    customer_numbers_of,
    invoices_by_likeness,
    invoices_by_number,
)
from so24.store.keys.keys import all_departments
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department


class KnownDocuments:
    """The stored documents whose numbers people may take for those that arrive."""

    def __init__(
        self,
        session: Session,
        tenant: str,
        arriving: Iterable[SourceDocument],
        departments: Mapping[str, Department],
        customers: Mapping[str, Customer],
    ) -> None:
        """``departments`` and ``customers`` are those of the arriving ones, by number."""
        self._departments = departments
        self._customers = customers
        numbers = [each.number for each in arriving]
        self._rows = invoices_by_likeness(session, tenant, numbers)
        self._named = named_statements(session, tenant, numbers)
        self._owners = customer_numbers_of(session, self.rows)
        self._owners |= {each.row_id: each.number for each in customers.values()}
        self._unnumbered: dict[str, int | None] = {
            fold(row.name): row.id
            for row in all_departments(session)
            if has_no_number(row.number, row.name)
        }

    @property
    def rows(self) -> list[Invoice]:
        """All of them."""
        return [row for rows in self._rows.values() for row in rows]

    def with_number(self, number: str) -> list[Invoice]:
        """Those of all departments with this number, but for leading zeros."""
        return [row for row in self._bare(number) if not row.excluded]

    @property
    def ids(self) -> list[int]:
        """The ids of all of them."""
        return [row.id for row in self.rows if row.id is not None]

    def customer_of(self, document: SourceDocument) -> Customer:
        """The customer of a document that arrives."""
        return self._customers[document.customer_number]

    def add(self, row: Invoice) -> None:
        """Know a new document as well."""
        self._rows.setdefault(likeness(row.number), []).append(row)

    def find(
        self, document: SourceDocument, mark: str, is_same: Callable[[Invoice], bool]
    ) -> Invoice | None:
        """The stored document; one whose kind is not decided may stand under the other kind.

        So may one that came as an invoice, and the *Credit notes* report names as a credit note.
        ``is_same`` tells whether another source stated the same content.
        """
        rows = [row for row in self._alike(document) if row.number == document.number]
        for row in rows:
            _renew_mark(row, document, mark)
        exact = next((row for row in rows if row.kind is document.kind), None)
        if exact is not None and (exact.fingerprint == mark or not document.held):
            return exact
        alike = (
            row
            for row in rows
            if mark in (row.fingerprint, row.pending_fingerprint) or is_same(row)
        )
        undecided = document.held or self._is_named(document)
        return next((row for row in alike if undecided or _is_undecided(row)), exact)

    def ask_whether_same(self, document: SourceDocument) -> str:
        """The question for a new document that may be one that is here; empty where none is."""
        arriving = Stated.by(document, self._departments[document.department_number].series)
        rows = self._rows.get(likeness(document.number), ())
        stored = (self._stated_by(row) for row in rows if not row.excluded)
        found = find_look_alike(arriving, stored)
        return ask_whether_same(arriving, found) if found else ""

    def _stated_by(self, row: Invoice) -> Stated:
        return Stated(
            row.kind,
            row.series,
            row.number,
            self._owners.get(row.customer_id, ""),
            row.currency,
            row.total,
            None if row.date_assumed else row.invoice_date,
        )

    def find_namesake(self, document: SourceDocument) -> Invoice | None:
        """The same customer's document of this number in a department of this name only.

        That department is one of several numbered ones, and nobody knows which.
        """
        unnumbered = self._unnumbered.get(fold(document.department_name))
        return next(
            (
                row
                for row in self._bare(document.number)
                if row.department_id == unnumbered and self._is_as_near(row, document)
            ),
            None,
        )

    def _alike(self, document: SourceDocument) -> list[Invoice]:
        """The department's documents of both kinds with this number, but for leading zeros.

        They are those of its series, and its own of a series that it had by its name only.
        """
        department = self._departments[document.department_number]
        found = [
            row
            for row in self._bare(document.number)
            if row.series == department.series or row.department_id == department.id
        ]
        return sorted(found, key=lambda row: row.excluded)

    def _bare(self, number: str) -> list[Invoice]:
        """Those with this number but for leading zeros."""
        bare = number.lstrip("0")
        found = self._rows.get(likeness(number), ())
        return [row for row in found if row.number.lstrip("0") == bare]

    def _is_named(self, document: SourceDocument) -> bool:
        named = (document.number.lstrip("0"), document.customer_number) in self._named
        return named and document.kind is DocumentKind.INVOICE

    def _is_as_near(self, row: Invoice, document: SourceDocument) -> bool:
        return row.kind is document.kind and row.customer_id == self.customer_of(document).id


def _is_undecided(row: Invoice) -> bool:
    """What was sent as an invoice and doubted afterwards stays what it was."""
    return bool(row.held) and not row.changed_after_export


def _renew_mark(row: Invoice, document: SourceDocument, mark: str) -> None:
    """Give a document that landed with its department in the fingerprint the present one."""
    if mark in (row.fingerprint, row.pending_fingerprint):
        return
    earlier = {fingerprint(document, each) for each in (document.department_number, row.series)}
    if row.fingerprint in earlier:
        row.fingerprint = mark
    if row.pending_fingerprint in earlier:
        row.pending_fingerprint = mark


def is_same_document(
    row: Invoice, currency: str, total: Decimal, date: dt.date | None, customer_id: int | None
) -> bool:
    """Whether a stored document of the same number and kind is this one, in another department.

    Equal totals say so, and so does the customer with the day. ``date`` is None where it is not
    stated; one that was only proposed says nothing.
    """
    dated = not row.date_assumed and row.invoice_date == date
    return (row.currency, row.total) == (currency, total) or (
        dated and row.customer_id == customer_id
    )


def find_included_elsewhere(
    session: Session, tenant: str, rows: Iterable[Invoice]
) -> list[Invoice]:
    """Those of other departments that are one of these documents and not excluded, or not for long.

    ``rows`` are about to be taken in again.
    """
    rows = list(rows)
    returning = {row.id for row in rows}
    known = invoices_by_number(session, tenant, [row.number for row in rows])
    others = [
        each
        for found in known.values()
        for each in found
        if not each.excluded or each.id in returning
    ]
    return [each for each in others if any(_is_same_elsewhere(row, each) for row in rows)]


def _is_same_elsewhere(row: Invoice, other: Invoice) -> bool:
    date = None if row.date_assumed else row.invoice_date
    return (
        (row.number, row.kind) == (other.number, other.kind)
        and row.department_id != other.department_id
        and row.customer_id == other.customer_id
        and is_same_document(other, row.currency, row.total, date, row.customer_id)
    )


@dataclass(frozen=True)
class TakenNumbers:
    """The numbers of the stored documents; ``exported`` are the ids of those that were sent."""

    known: KnownDocuments
    others: OtherSources
    exported: Collection[int | None]

    def find_refusal(
        self, row: Invoice | None, document: SourceDocument, department: Department
    ) -> str:
        """Why the document cannot have its number here; empty where it can.

        ``row`` is the stored document that has it, None where none has.
        """
        if row is not None and row.department_id != department.id:
            return (
                f"another department with the number series {row.series} has the number "
                f"{row.number} already"
            )
        if row is None and (other := self._find_elsewhere(document, department)):
            return (
                f"{document.number} is here already as {other.series}-{other.number}, in another "
                f"department, with {format_amount(other.total, other.currency)}; choose that "
                "department for its file, or exclude that one first if its department is wrong"
            )
        return ""

    def _find_elsewhere(self, document: SourceDocument, department: Department) -> Invoice | None:
        """The same document in a department that was only chosen for it at an import.

        Where the arriving one states its department and the same amount, the other is left out of
        exports instead.
        """
        total = add_up(document.lines).total
        customer = self.known.customer_of(document)
        for row in self.known.with_number(document.number):
            if row.department_id == department.id or row.kind is not document.kind:
                continue
            if not self.others.is_department_chosen(row, document) or not is_same_document(
                row, document.currency, total, document.invoice_date, customer.id
            ):
                continue
            equal = (row.currency, row.total) == (document.currency, total)
            if not equal or DEPARTMENT in document.unstated or row.id in self.exported:
                return row
            exclude(row, f"The same document as {department.series}-{document.number}.")
        return None
