"""How documents land in the store: new, changed, unchanged, or changed after their export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.sources.credit_notes import link_credit_notes
from so24.sources.departments import meet_departments
from so24.sources.document_rows import lines_of, values_of
from so24.sources.documents import (
    CUSTOMER,
    DEPARTMENT,
    Counts,
    RefusedRow,
    SourceDocument,
)
from so24.sources.doubtful_invoices import hold_named
from so24.sources.fingerprint import fingerprint
from so24.sources.known_documents import KnownDocuments
from so24.sources.other_sources import OtherSources, add_what_is_missing, keep_what_is_told
from so24.sources.parties import meet_customers, meet_products
from so24.sources.signs import is_unsigned_credit, sign_amounts
from so24.store.credit_statements import turn_signs
from so24.store.decisions import exclude
from so24.store.document_tables import Customer, Invoice
from so24.store.intake import delete_lines, due_date, exported_ids, insert_lines
from so24.store.tables import now


@dataclass(frozen=True)
class Arrival:
    """The circumstances of an import: whose, which, the date asked for, and the kind of file."""

    tenant: str
    import_id: int
    invoice_date: dt.date | None
    kind: str


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
        self.others = OtherSources(session, self.known.rows, arrival.kind)
        self.exported = exported_ids(session, self.known.ids)
        self.written: list[tuple[Invoice, SourceDocument]] = []
        self.emptied: list[int] = []
        self.decided: list[Invoice] = []

    def land(self, stated: SourceDocument, counts: Counts) -> None:
        document, mark = sign_amounts(stated), fingerprint(stated)
        row = self.known.find(stated, mark, lambda each: self.others.is_same(each, document))
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
        elif row is None and (other := self.find_elsewhere(document)):
            counts.refused += _refuse(
                document,
                f"{document.number} with the same total is here already as "
                f"{other.series}-{other.number}, in another department; if it is the same "
                "document, choose that department for its file",
            )
        elif row is not None and self.is_told_again(row, document, mark):
            changed = self.complement(row, document, mark)
            counts.updated += changed
            counts.unchanged += not changed
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

    def find_elsewhere(self, document: SourceDocument) -> Invoice | None:
        """The same document in a department that was only chosen for it at an import.

        Where the arriving one states its department, the other is left out of exports instead.
        """
        department = self.departments[document.department_number]
        rows = self.known.with_number(document.number)
        other = self.others.find_elsewhere(document, rows, department.id)
        if other is None or DEPARTMENT in document.unstated or other.id in self.exported:
            return other
        exclude(other, f"The same document as {department.series}-{document.number}.")
        return None

    def is_told_again(self, row: Invoice, document: SourceDocument, mark: str) -> bool:
        """Whether another source has stated the same document."""
        known = mark in (row.fingerprint, row.pending_fingerprint)
        return not known and self.others.is_same(row, document)

    def complement(self, row: Invoice, document: SourceDocument, mark: str) -> bool:
        """Add what the other source did not state, unless it is exported; if anything was."""
        if row.id in self.exported:
            return False
        held = row.held
        changed = add_what_is_missing(row, document)
        changed |= self.give_sign(row)
        if held and not row.held:
            self.decided.append(row)
        customer = self.customers[document.customer_number]
        if CUSTOMER not in document.unstated and row.customer_id != customer.id:
            stored = self.session.get_one(Customer, row.customer_id)
            if stored.number == stored.organization_number:  # it was made of that
                row.customer_id, changed = customer.id or 0, True
        if self.others.lacks_products(row, document) and row.id is not None:
            row.fingerprint, row.import_id, changed = mark, self.arrival.import_id, True
            self.emptied.append(row.id)
            self.written.append((row, document))
        if changed:
            row.updated_at = now()
        return changed

    def give_sign(self, row: Invoice) -> bool:
        """Make the amounts of what is now known to be a credit note negative; if they were not."""
        wrong = is_unsigned_credit(row)
        if wrong:
            turn_signs(self.session, [row])
        return wrong

    def settle(self, row: Invoice, document: SourceDocument) -> bool:
        """The content is as it was: take back a flag, a hold or a proposed date; if any changed."""
        doubted = bool(row.held) and row.id in self.exported  # what it is, not what it says
        changed = row.changed_after_export and not doubted
        row.changed_after_export = row.changed_after_export and doubted
        row.pending_fingerprint = ""
        if row.id not in self.exported:
            if row.held and not document.held:
                row.kind, row.held, changed = document.kind, "", True
                self.decided.append(row)
            changed |= self.give_sign(row)
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
        values = values_of(document, customer, department) | {
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
            if self.others.has_told(row):
                values = keep_what_is_told(row, values, document)
            if CUSTOMER in document.unstated:
                del values["customer_id"]
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
            [line for row, document in self.written for line in lines_of(row, document)],
        )
        rows = [*(row for row, _ in self.written), *self.decided]
        link_credit_notes(self.session, self.arrival.tenant, rows)
        hold_named(self.session, self.arrival.tenant, rows)


def _perhaps(namesake: Invoice, document: SourceDocument) -> str:
    return (
        f"Perhaps {namesake.series}-{namesake.number}: several departments are called "
        f"“{document.department_name}”. Include it if it is another document."
    )


def _refuse(document: SourceDocument, reason: str) -> list[RefusedRow]:
    lines = document.lines[:1] if DEPARTMENT in document.unstated else document.lines
    return [RefusedRow(document.sheet, line.row, "", reason) for line in lines]
