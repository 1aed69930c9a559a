"""Whether a document's number is free in its department, or taken by what it cannot be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from so24.amounts import format_amount
from so24.sources.documents.documents import DEPARTMENT, SourceDocument
from so24.sources.documents.totals import add_up
from so24.sources.landing.known_documents import KnownDocuments
from so24.sources.landing.other_sources import OtherSources
from so24.sources.landing.same_documents import is_same_document
from so24.store.documents.decisions import exclude
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Department


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
        if row is None and (twin := self.known.find_twin(document)):
            return (
                f"{document.number} and {twin.number} of the same customer, which is here already, "
                "differ only in leading zeros; write the number as RecMan has it"
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
