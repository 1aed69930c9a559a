"""Whether a document's number is free in its department, or taken by what it cannot be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from so24.sources.documents import DEPARTMENT, SourceDocument
from so24.sources.known_documents import KnownDocuments
from so24.sources.other_sources import OtherSources
from so24.store.decisions import exclude
from so24.store.document_tables import Invoice
from so24.store.key_tables import Department


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
                f"{document.number} with the same total is here already as "
                f"{other.series}-{other.number}, in another department; if it is the same "
                "document, choose that department for its file"
            )
        return ""

    def _find_elsewhere(self, document: SourceDocument, department: Department) -> Invoice | None:
        """The same document in a department that was only chosen for it at an import.

        Where the arriving one states its department, the other is left out of exports instead.
        """
        rows = self.known.with_number(document.number)
        other = self.others.find_elsewhere(document, rows, department.id)
        if other is None or DEPARTMENT in document.unstated or other.id in self.exported:
            return other
        exclude(other, f"The same document as {department.series}-{document.number}.")
        return None
