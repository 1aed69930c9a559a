"""How documents land in the store: new, changed, unchanged, or changed after their export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from so24.sources.credit_notes import link_credit_notes
from so24.sources.departments import meet_departments
from so24.sources.documents import Counts, RefusedRow, SourceDocument
from so24.sources.fingerprint import fingerprint
from so24.sources.known_documents import KnownDocuments
from so24.sources.parties import meet_customers, meet_products
from so24.sources.signs import is_unsigned_credit, sign_amounts
from so24.sources.totals import add_up
from so24.store.credits import turn_signs
from so24.store.decisions import exclude
from so24.store.document_tables import Customer, Invoice
from so24.store.intake import (
    delete_lines,
    due_date,
    exported_ids,
    insert_lines,
)
from so24.store.key_tables import Department
from so24.store.tables import now


@dataclass(frozen=True)
class Arrival:
    """The circumstances of an import: whose, which, and the date asked for where none is stated."""

    tenant: str
    import_id: int
    invoice_date: dt.date | None


def land_documents(
    session: Session, arrival: Arrival, documents: Sequence[SourceDocument], counts: Counts
) -> None:
    """Land some hundred documents in one transaction; ``counts`` is added to."""
    landing = _Landing(session, arrival, documents)
    for document in documents:
        landing.land(document, counts)
    landing.finish()


class _Landing:
    """One transaction's documents, compared with what the store has."""

    def __init__(
        self,
        session: Session,
        arrival: Arrival,
        documents: Sequence[SourceDocument],
    ) -> None:
        self.session = session
        self.arrival = arrival
        self.departments = meet_departments(session, documents)
        self.customers = meet_customers(session, arrival.tenant, documents)
        meet_products(session, arrival.tenant, documents)
        self.known = KnownDocuments(
            session, arrival.tenant, documents, self.departments, self.customers
        )
        self.exported = exported_ids(session, self.known.ids)
        self.written: list[tuple[Invoice, SourceDocument]] = []
        self.emptied: list[int] = []
        self.decided: list[Invoice] = []

    def land(self, document: SourceDocument, counts: Counts) -> None:
        mark = fingerprint(document)
        row = self.known.find(document, mark)
        department = self.departments[document.department_number]
        if row is not None and row.department_id != department.id:
            counts.refused += _refuse(
                document,
                f"another department with the number series {row.series} has the number "
                f"{row.number} already",
            )
        elif row is None and (twin := self.known.find_twin(document)):
            counts.refused += _refuse(
                document,
                f"{document.number} and {twin.number} of the same customer, which is here already, "
                "differ only in leading zeros; write the number as RecMan has it",
            )
        elif row is None or (row.fingerprint != mark and row.id not in self.exported):
            self.write(row, document, mark, counts)
        elif row.fingerprint == mark:
            changed = self.settle(row, document)
            counts.updated += changed
            counts.unchanged += not changed
        elif row.pending_fingerprint == mark:
            counts.unchanged += 1
        else:
            row.changed_after_export = True
            row.pending_fingerprint = mark
            row.updated_at = now()
            counts.flagged += 1

    def settle(self, row: Invoice, document: SourceDocument) -> bool:
        """The content is as it was: take back a flag, a hold or a proposed date; if any changed."""
        changed = row.changed_after_export
        row.changed_after_export, row.pending_fingerprint = False, ""
        if row.id not in self.exported:
            if row.held and not document.held:
                row.kind, row.held, changed = document.kind, "", True
                self.decided.append(row)
            asked = self.arrival.invoice_date
            moved = row.date_assumed or row.invoice_date != asked
            if asked and not document.invoice_date and moved:
                row.invoice_date, row.date_assumed, changed = asked, False, True
                row.due_date = self.due_date_of(document, asked)
        if changed:
            row.updated_at = now()
        return changed

    def write(
        self, row: Invoice | None, document: SourceDocument, mark: str, counts: Counts
    ) -> None:
        date, assumed = self.date_of(row, document)
        if date is None:
            reason = f"{document.number} has no invoice date, and no line has a date to propose"
            counts.refused += _refuse(document, reason)
            return
        customer = self.customers[document.customer_number]
        department = self.departments[document.department_number]
        document = sign_amounts(document)
        values = _values(document, customer, department) | {
            "invoice_date": date,
            "date_assumed": assumed,
            "due_date": self.due_date_of(document, date),
            "fingerprint": mark,
            "import_id": self.arrival.import_id,
        }
        if row is None:
            row = Invoice(
                tenant=self.arrival.tenant,
                kind=document.kind,
                series=department.series,
                number=document.number,
                **values,
            )
            if namesake := self.known.find_namesake(document):
                exclude(row, _perhaps(namesake, document))
            self.known.add(row)
            counts.added += 1
        else:
            for name, value in values.items():
                setattr(row, name, value)
            row.changed_after_export, row.pending_fingerprint = False, ""
            row.updated_at = now()
            counts.updated += 1
            if row.id is not None:
                self.emptied.append(row.id)
        self.written.append((row, document))

    def date_of(self, row: Invoice | None, document: SourceDocument) -> tuple[dt.date | None, bool]:
        """The source's date, the one asked for, a confirmed one, else a proposal (True)."""
        stated = document.invoice_date or self.arrival.invoice_date
        if stated is None and row is not None and not row.date_assumed:
            stated = row.invoice_date
        return (stated, False) if stated else (document.latest_line_date, True)

    def due_date_of(self, document: SourceDocument, date: dt.date) -> dt.date | None:
        """The source's own, else reckoned from the customer's credit days."""
        days = self.customers[document.customer_number].credit_days
        return document.particulars.due_date or due_date(date, days)

    def finish(self) -> None:
        delete_lines(self.session, self.emptied)
        self.session.add_all(row for row, _ in self.written)
        self.session.flush()
        insert_lines(
            self.session,
            [line for row, document in self.written for line in _lines(row, document)],
        )
        turn_signs(self.session, [row for row in self.decided if is_unsigned_credit(row)])
        rows = [*(row for row, _ in self.written), *self.decided]
        link_credit_notes(self.session, self.arrival.tenant, rows)


def _values(document: SourceDocument, customer: Customer, department: Department) -> dict[str, Any]:
    totals = add_up(document.lines)
    more = document.particulars
    return {
        "department_id": department.id,
        "customer_id": customer.id,
        "currency": document.currency,
        "net": totals.net,
        "vat": totals.vat,
        "total": totals.total,
        "stated_vat": totals.stated_vat if more.vat is None else more.vat,
        "stated_total": totals.stated_total if more.total is None else more.total,
        "due_stated": more.due_date is not None,
        "delivery_date": more.delivery_date,
        "our_reference": document.our_reference,
        "your_reference": more.your_reference,
        "order_reference": more.order_reference,
        "kid": more.kid,
        "note": more.note,
        "credited_number": more.credited_number,
        "project_number": document.project_number,
        "project_name": document.project_name,
        "held": document.held,
    }


def _lines(row: Invoice, document: SourceDocument) -> Iterable[dict[str, Any]]:
    for position, line in enumerate(document.lines, 1):
        yield {
            "invoice_id": row.id,
            "position": position,
            "product_number": line.product_number,
            "product_name": line.product_name,
            "text": line.text,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "net": line.net,
            "vat_rate": line.vat_rate,
            "vat": line.vat,
            "vat_category": line.vat_category,
            "line_date": line.line_date,
        }


def _perhaps(namesake: Invoice, document: SourceDocument) -> str:
    return (
        f"Perhaps {namesake.series}-{namesake.number}: several departments are called "
        f"“{document.department_name}”. Include it if it is another document."
    )


def _refuse(document: SourceDocument, reason: str) -> list[RefusedRow]:
    return [RefusedRow(document.sheet, line.row, "", reason) for line in document.lines]
