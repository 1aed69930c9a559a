"""The stored documents that those of an import may be, read for :mod:`.identify`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from sqlmodel import Session

from so24.identifiers import document_likeness, list_like_numbers
from so24.letters import fold
from so24.sources.documents.documents import SourceDocument, fingerprint, has_no_number
from so24.sources.documents.totals import sign_amounts
from so24.sources.landing.identify import Arriving, StoredDocument
from so24.sources.landing.look_alikes import Appearance, ask_whether_alike
from so24.sources.sheets.headings import LINES
from so24.store.documents.credit_statements import named_statements
from so24.store.documents.intake import (
    customers_of,
    exported_ids,
    import_kinds,
    invoices_by_likeness,
    line_amounts,
)
from so24.store.keys.keys import all_departments
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Department


class StoredDocuments:
    """Those whose numbers people may take for those that arrive; new ones are added to them."""

    def __init__(
        self,
        session: Session,
        tenant: str,
        kind: str,
        documents: Sequence[SourceDocument],
        departments: Mapping[str, Department],
        customers: Mapping[str, Customer],
    ) -> None:
        """``kind`` is the kind of file that is imported; departments and customers by number."""
        self._departments, self._customers = departments, customers
        self._origin = _origin(kind)
        numbers = [each.number for each in documents]
        self._to_come = Counter(each for one in documents for each in self._alike(one))
        found = invoices_by_likeness(session, tenant, self._to_come)
        rows = [row for each in found.values() for row in each]
        self._named = named_statements(session, tenant, numbers)
        self._nameless = {
            fold(row.name): row.id
            for row in all_departments(session)
            if has_no_number(row.number, row.name)
        }
        kinds = import_kinds(session, (row.import_id for row in rows if row.import_id))
        origins = {row.row_id: _origin(kinds.get(row.import_id or 0, "")) for row in rows}
        elsewhere = [key for key, origin in origins.items() if origin not in ("", self._origin)]
        lines = line_amounts(session, elsewhere)
        owners = customers_of(session, rows)
        exported = exported_ids(session, origins)
        self._stored: dict[str, list[StoredDocument]] = {
            alike: [
                StoredDocument(
                    row,
                    owners[row.customer_id],
                    origins[row.row_id],
                    row.id in exported,
                    lines.get(row.row_id, ()),
                )
                for row in each
            ]
            for alike, each in found.items()
        }

    def meet(self, document: SourceDocument) -> tuple[Arriving, Sequence[StoredDocument]]:
        """The document with what is known around it, and the stored ones that it may be."""
        arriving = Arriving(
            sign_amounts(document),
            fingerprint(document),
            self._departments[document.department_number],
            self._customers[document.customer_number],
            self._origin,
            (document.number.lstrip("0"), document.customer_number) in self._named,
            self._nameless.get(fold(document.department_name)),
        )
        alike = self._alike(document)
        self._to_come.subtract(alike)
        found = [one for each in alike for one in self._stored.get(each, ())]
        for each in found:
            _renew_mark(each.row, arriving)
        return arriving, found

    def has_one_to_come(self, document: SourceDocument) -> bool:
        """Whether people may take a later one of those that arrive for this one."""
        series = self._departments[document.department_number].series
        return self._to_come[document_likeness(series, document.number)] > 0

    def add(self, row: Invoice, arriving: Arriving) -> None:
        """Know a new document as well; needed where it has one to come."""
        lines = [(each.net, each.vat_rate, each.product_number) for each in arriving.document.lines]
        stored = StoredDocument(row, arriving.customer, arriving.origin, lines=lines)
        alike = document_likeness(row.series, row.number)
        self._stored.setdefault(alike, []).append(stored)

    def _alike(self, document: SourceDocument) -> tuple[str, ...]:
        """Each likeness that a document may have that people may take for this one."""
        series = self._departments[document.department_number].series
        return list_like_numbers(series, document.number)


def ask_about_returning(session: Session, tenant: str, rows: Sequence[Invoice]) -> dict[int, str]:
    """The questions for documents that are taken in again, by id, where they look like others.

    Those others are left out of exports neither by a person nor before they were sent; of several
    alike that return together the first is not asked about.
    """
    near = {row.row_id: list_like_numbers(row.series, row.number) for row in rows}
    found = invoices_by_likeness(session, tenant, chain.from_iterable(near.values()))
    alike = [row for each in found.values() for row in each]
    owners = customers_of(session, alike)
    exported = exported_ids(session, [row.row_id for row in alike])
    standing = {row.row_id for row in alike if row.row_id in exported or not row.excluded}
    asked: dict[int, str] = {}
    for row in rows:
        others = (
            (each, owners[each.customer_id])
            for each in chain.from_iterable(found.get(one, ()) for one in near[row.row_id])
            if each is not row and each.row_id in standing
        )
        look = Appearance.of_stored(row, owners[row.customer_id])
        if question := ask_whether_alike(look, others, returning=True):
            asked[row.row_id] = question
        standing.add(row.row_id)
    return asked


def _origin(kind: str) -> str:
    return LINES.name if LINES.name in kind else kind  # a report may hold the customers as well


def _renew_mark(row: Invoice, arriving: Arriving) -> None:
    """Give a document that landed with its department in the fingerprint the present one."""
    document, mark = arriving.document, arriving.mark
    if row.number != document.number or mark in (row.fingerprint, row.pending_fingerprint):
        return
    earlier = {fingerprint(document, each) for each in (document.department_number, row.series)}
    if row.fingerprint in earlier:
        row.fingerprint = mark
    if row.pending_fingerprint in earlier:
        row.pending_fingerprint = mark
