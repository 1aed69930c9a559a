"""How documents land in the store: new, changed, unchanged, or changed after their export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from so24.sources.documents.documents import (
    CUSTOMER,
    DEPARTMENT,
    Counts,
    RefusedRow,
    SourceDocument,
    fingerprint,
)
from so24.sources.documents.totals import is_unsigned_credit, sign_amounts
from so24.sources.landing.contradictions import Pair
from so24.sources.landing.credit_notes import hold_named, link_credit_notes
from so24.sources.landing.departments import meet_departments
from so24.sources.landing.identify import KnownDocuments, TakenNumbers
from so24.sources.landing.look_alikes import (
    Stated,
    ask_about_date,
    has_other_date,
    tell_apart,
)
from so24.sources.landing.other_sources import (
    OtherSources,
    add_what_is_missing,
    keep_what_is_told,
    lines_of,
    special_categories,
    values_of,
)
from so24.sources.landing.parties import ask_whose_it_is, meet_customers, meet_products
from so24.sources.landing.whose import find_disputed
from so24.store.documents.credits import turn_signs
from so24.store.documents.documents import exclude
from so24.store.documents.intake import (
    delete_lines,
    due_date,
    exported_ids,
    fill_vat_categories,
    insert_lines,
)
from so24.store.tables.document_tables import QUESTION_LENGTH, Customer, Invoice
from so24.store.tables.ground import now

# what people have said of a document, and does not hold of another one in its place
_AS_NEW = {
    "excluded": False,
    "excluded_reason": "",
    "other_orders": "",
    "credited_office_id": None,
    "resembles": "",
    "redated": "",
    "redated_apart": False,
}


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
        self.disputed = find_disputed(
            (each.customer_number, each.customer_name) for each in documents
        )
        meet_products(session, arrival.tenant, documents)
        self.known = KnownDocuments(
            session, arrival.tenant, documents, self.departments, self.customers
        )
        self.others = OtherSources(session, self.known.rows, arrival.kind)
        self.exported = exported_ids(session, self.known.ids)
        self.taken = TakenNumbers(self.known, self.others, self.exported)
        self.written: list[tuple[Invoice, SourceDocument]] = []
        self.emptied: list[int] = []
        self.decided: list[Invoice] = []

    def land(self, stated: SourceDocument, counts: Counts) -> None:
        document, mark = sign_amounts(stated), fingerprint(stated)
        row = self.known.find(stated, mark, lambda each: self.others.is_same(each, document))
        department = self.departments[document.department_number]
        if reason := self.taken.find_refusal(row, document, department):
            counts.refused += _refuse(document, reason)
        elif row is None:
            self.write(row, document, mark, counts)
        else:
            self.land_again(row, document, mark, counts)

    def land_again(self, row: Invoice, document: SourceDocument, mark: str, counts: Counts) -> None:
        exported = row.id in self.exported
        known = mark in (row.fingerprint, row.pending_fingerprint)
        told_elsewhere = not known and self.others.has_told(row)
        other, contradiction = self.compare(row, document)
        redated = not other and not told_elsewhere and _is_redated(row, document, mark)
        if redated and row.excluded and not exported:  # a person has made way for it
            self.write(row, document, mark, counts, anew=True)
        elif redated and (asked := self.ask_about_date(row, document, mark)):
            counts.refused += _refuse(document, asked)
        elif other or (told_elsewhere and contradiction and not exported):
            if row.excluded and not exported:  # a person has made way for it
                self.write(row, document, mark, counts, anew=True)
            else:
                counts.refused += _refuse(document, other or contradiction)
        elif told_elsewhere and not contradiction:
            counts.add_known(self.complement(row, document, mark))
        elif row.fingerprint == mark:
            counts.add_known(self.settle(row, document))
        elif row.pending_fingerprint == mark and exported:
            counts.unchanged += 1
        elif exported:
            row.changed_after_export = True
            row.pending_fingerprint = mark
            row.updated_at = now()
            counts.flagged += 1
        else:
            self.write(row, document, mark, counts)

    def compare(self, row: Invoice, document: SourceDocument) -> tuple[str, str]:
        """Why it is another customer's document, and what another source contradicts; or empty."""
        owner = self.session.get_one(Customer, row.customer_id)
        customer = self.customers[document.customer_number]
        pair = Pair(row, owner, document, customer, row.id in self.exported)
        # a source may correct itself
        contradiction = pair.contradict() if self.others.has_told(row) else ""
        return pair.tell_other_customer(), contradiction

    def ask_about_date(self, row: Invoice, document: SourceDocument, mark: str) -> str:
        """Why what has another date stays out until a person has decided; empty where it may in."""
        if row.pending_fingerprint == mark and not row.redated:
            return tell_apart(row.number) if row.redated_apart else ""
        if row.pending_fingerprint != mark:
            arriving = Stated.by(document, row.series)
            question = ask_about_date(row.number, row.invoice_date, arriving)
            row.redated = question[:QUESTION_LENGTH]
            row.redated_apart, row.pending_fingerprint = False, mark
            row.updated_at = now()
        return row.redated

    def complement(self, row: Invoice, document: SourceDocument, mark: str) -> bool:
        """Add what the other source did not state, unless it is exported; if anything was."""
        if row.id in self.exported:
            return False
        held = row.held
        changed = add_what_is_missing(row, document)
        changed |= self.give_sign(row)
        if held and not row.held:
            self.decided.append(row)
        if row.id is not None and (categories := special_categories(document)):
            changed |= fill_vat_categories(self.session, row.id, categories)
        customer = self.customers[document.customer_number]
        if CUSTOMER not in document.unstated and row.customer_id != customer.id:
            stored = self.session.get_one(Customer, row.customer_id)
            if stored.number == stored.organization_number:  # it was made of that
                row.customer_id, changed = customer.row_id, True
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
        if not (row.redated or row.redated_apart):
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
        self,
        row: Invoice | None,
        document: SourceDocument,
        mark: str,
        counts: Counts,
        *,
        anew: bool = False,
    ) -> None:
        """Keep the document as a new one, as a change, or (``anew``) in another one's place."""
        date, assumed = self.date_of(None if anew else row, document)
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
            "whose": ask_whose_it_is(document, customer, self.disputed),
        }
        counts.questions += [str(values["whose"])] if values["whose"] else []
        if row is None:
            row = self.begin(document, values)
            counts.added += 1
            counts.questions += [row.resembles] if row.resembles else []
        else:
            self.change(row, document, values, anew=anew)
            counts.updated += 1
        self.written.append((row, document))

    def begin(self, document: SourceDocument, values: Mapping[str, Any]) -> Invoice:
        """A new row; it is left out where it may be one of a department that is a name only."""
        department = self.departments[document.department_number]
        row = Invoice(
            tenant=self.arrival.tenant,
            kind=document.kind,
            series=department.series,
            number=document.number,
            **values,
        )
        if namesake := self.known.find_namesake(document):
            exclude(row, _perhaps(namesake, document))
        row.resembles = self.known.ask_whether_same(document)
        self.known.add(row)
        return row

    def change(
        self, row: Invoice, document: SourceDocument, values: dict[str, Any], *, anew: bool
    ) -> None:
        """Give the row the document's values, but for what this source does not state."""
        if anew:
            values |= _AS_NEW
        elif self.others.has_told(row):
            values = keep_what_is_told(row, values, document)
        if CUSTOMER in document.unstated and not anew:
            del values["customer_id"]
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_after_export = False
        if not (row.redated or row.redated_apart):
            row.pending_fingerprint = ""
        row.updated_at = now()
        if row.id is not None:
            self.emptied.append(row.id)

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


def _is_redated(row: Invoice, document: SourceDocument, mark: str) -> bool:
    return mark != row.fingerprint and has_other_date(
        row.invoice_date, document.invoice_date, assumed=row.date_assumed
    )


def _perhaps(namesake: Invoice, document: SourceDocument) -> str:
    return (
        f"Perhaps {namesake.series}-{namesake.number}: several departments are called "
        f"“{document.department_name}”. Include it if it is another document."
    )


def _refuse(document: SourceDocument, reason: str) -> list[RefusedRow]:
    lines = document.lines[:1] if DEPARTMENT in document.unstated else document.lines
    return [RefusedRow(document.sheet, line.row, "", reason) for line in lines]
