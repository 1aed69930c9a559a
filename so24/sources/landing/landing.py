"""How documents land in the store: new, changed, unchanged, or changed after their export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from so24.language.said import say
from so24.sources.documents.documents import (
    CUSTOMER,
    DEPARTMENT,
    Counts,
    RefusedRow,
    SourceDocument,
    parties_of,
)
from so24.sources.documents.totals import is_unsigned_credit
from so24.sources.landing.buyers import keep_buyer, tell_held, tell_question
from so24.sources.landing.credit_notes import hold_named, link_credit_notes
from so24.sources.landing.departments import SAME_AS, meet_departments
from so24.sources.landing.disputes import CustomerNames
from so24.sources.landing.far_dates import is_far
from so24.sources.landing.flags import flag_change, flag_other_buyer, hold_for_date
from so24.sources.landing.identify import (
    Arriving,
    Changed,
    Held,
    Known,
    New,
    RefusedDocument,
    StoredDocument,
    Telling,
    identify,
)
from so24.sources.landing.parties import meet_customers, meet_products
from so24.sources.landing.stated_columns import (
    add_what_is_missing,
    columns_of_lines,
    keep_what_is_told,
    lacks_products,
    special_categories,
    values_of,
)
from so24.sources.landing.stored_documents import StoredDocuments
from so24.sources.landing.whose import NewBuyer
from so24.sources.landing.wording import tell_change
from so24.store.documents.credits import turn_signs
from so24.store.documents.documents import exclude
from so24.store.documents.intake import (
    delete_lines,
    due_date,
    fill_vat_categories,
    insert_documents,
    insert_lines,
    rows_by_id,
)
from so24.store.documents.originals import LONGEST_PLACE, link_documents
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.ground import now

# what people have said of a document, and does not hold of another one in its place
_AS_NEW = {
    "excluded": False,
    "excluded_reason": "",
    "other_orders": "",
    "same_order": None,
    "credited_office_id": None,
    "credited_entered_at": None,
    "resembles": "",
    "redated": "",
    "redated_apart": False,
    "owner_name": "",
    "owner_number": "",
}


@dataclass(frozen=True)
class Arrival:
    """The circumstances of an import: whose, which, the date asked for, and the kind of file.

    ``names`` are those of the customers in the whole file.
    """

    tenant: str
    import_id: int
    invoice_date: dt.date | None
    kind: str
    names: CustomerNames


def land_documents(
    session: Session, arrival: Arrival, documents: Sequence[SourceDocument], counts: Counts
) -> None:
    """Land some hundred documents in one transaction; ``counts`` is added to."""
    landing = _Landing(session, arrival, documents, counts)
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
        counts: Counts,
    ) -> None:
        self.session = session
        self.arrival = arrival
        self.departments = meet_departments(session, parties_of(documents))
        names = {
            each.customer_number: arrival.names.last[each.customer_number] for each in documents
        }
        self.customers = meet_customers(session, arrival.tenant, names, counts)
        meet_products(session, arrival.tenant, documents)
        self.stored = StoredDocuments(
            session, arrival.tenant, arrival.kind, documents, self.departments, self.customers
        )
        self.fresh: list[tuple[Mapping[str, Any], Arriving]] = []  # to be inserted all at once
        self.written: list[tuple[Invoice, SourceDocument]] = []
        self.brought: list[tuple[Invoice, SourceDocument]] = []
        self.emptied: list[int] = []
        self.decided: list[Invoice] = []

    def land(self, document: SourceDocument, counts: Counts) -> None:
        """Do what is decided about a document; ``counts`` is added to."""
        arriving, stored = self.stored.meet(document)
        match identify(arriving, stored):
            case RefusedDocument(reason):
                counts.refused += _refuse(arriving.document, reason)
            case Held(question, about) if about is not None:
                hold_for_date(about.row, question, arriving.mark)
                counts.questions.append(tell_held(about.row, question))
            case Held(question):
                self.add(arriving, counts, question)
            case New(superseded):
                added = self.add(arriving, counts)
                for each in superseded if added else ():
                    exclude(each.row, say(SAME_AS, document=_name(arriving)))
            case Known(found, telling):
                self.meet_again(arriving, found, telling, counts)
            case Changed(found, in_place):
                self.change(arriving, found, counts, in_place=in_place)

    def meet_again(
        self, arriving: Arriving, found: StoredDocument, telling: Telling, counts: Counts
    ) -> None:
        """Do what follows for a document that is here with the same content."""
        if found.exported and arriving.names_another(found):
            flag_other_buyer(arriving, found, counts)
        elif telling is Telling.MORE:
            added = self.complement(arriving, found, counts)
            counts.add_known(added)
            if added:
                self.brought.append((found.row, arriving.document))
        else:
            same = telling is Telling.THE_SAME
            counts.add_known(same and self.settle(arriving, found, counts))

    def add(self, arriving: Arriving, counts: Counts, question: str = "") -> bool:
        """Keep a new document, if it has a date; a question about it holds it."""
        document = arriving.document
        values = self.values_of(arriving, None, counts)
        if values is None:
            return False
        values |= {
            "tenant": self.arrival.tenant,
            "kind": document.kind,
            "series": arriving.department.series,
            "number": document.number,
            "resembles": question,
        }
        buyer, disputes = NewBuyer(), self.arrival.names.disputes
        dispute = disputes.get(document.customer_number)
        asked = keep_buyer(buyer, arriving.customer, document, dispute=dispute)
        values |= vars(buyer)
        counts.questions += [tell_question(Invoice(**values), asked)] if asked else []
        if self.stored.has_one_to_come(document):
            row = Invoice(**values)  # made for few only: it costs as much as all the rest
            self.stored.add(row, arriving)
            self.written.append((row, document))
            self.brought.append((row, document))
        else:
            self.fresh.append((values, arriving))
        counts.added += 1
        counts.questions += [tell_question(Invoice(**values), question)] if question else []
        return True

    def change(
        self, arriving: Arriving, stored: StoredDocument, counts: Counts, *, in_place: bool
    ) -> None:
        """Give a stored document its new content; of an exported one the change is only noted."""
        row, document = stored.row, arriving.document
        if stored.exported:
            row.pending_fingerprint = arriving.mark
            flag_change(row, tell_change(row, stored.words, arriving.words), counts)
            self.brought.append((row, document))
            return
        values = self.values_of(arriving, None if in_place else row, counts)
        if values is None:
            return
        if in_place:
            values |= _AS_NEW
        elif stored.is_told_elsewhere(arriving):
            values = keep_what_is_told(row, values, document)
        if CUSTOMER in document.unstated and not in_place:
            del values["customer_id"]
        for name, value in values.items():
            setattr(row, name, value)
        owner = arriving.customer if "customer_id" in values else stored.owner
        self.keep_buyer(row, owner, document, counts)
        row.changed_after_export, row.change = False, ""
        if not (row.redated or row.redated_apart):
            row.pending_fingerprint = ""
        row.updated_at = now()
        self.replace_lines(row, document)
        self.brought.append((row, document))
        counts.updated += 1

    def complement(self, arriving: Arriving, stored: StoredDocument, counts: Counts) -> bool:
        """Add what the other source did not state, unless it is exported; if anything was."""
        row, document = stored.row, arriving.document
        if stored.exported:
            return False
        held = row.held
        changed = add_what_is_missing(row, document)
        changed |= self.give_sign(row)
        if held and not row.held:
            self.decided.append(row)
        if row.id is not None and (categories := special_categories(document)):
            changed |= fill_vat_categories(self.session, row.id, categories)
        owner, customer = stored.owner, arriving.customer
        made_up = owner.number == owner.organization_number  # it was made of that
        if CUSTOMER not in document.unstated and row.customer_id != customer.id and made_up:
            row.customer_id, changed, owner = customer.row_id, True, customer
        changed |= self.keep_buyer(row, owner, document, counts, told_elsewhere=True)
        if lacks_products(stored.lines, document):
            row.fingerprint, row.import_id, changed = arriving.mark, self.arrival.import_id, True
            self.replace_lines(row, document)
        if changed:
            row.updated_at = now()
        return changed

    def keep_buyer(
        self,
        row: Invoice,
        owner: Customer,
        document: SourceDocument,
        counts: Counts,
        *,
        told_elsewhere: bool = False,
    ) -> bool:
        """Keep and compare whom it is made out to; whether what is asked about that changed."""
        before = row.whose
        asked = keep_buyer(
            row,
            owner,
            document,
            dispute=self.arrival.names.disputes.get(document.customer_number),
            told_elsewhere=told_elsewhere,
        )
        counts.questions += [tell_question(row, asked)] if asked and not row.excluded else []
        return asked != before

    def replace_lines(self, row: Invoice, document: SourceDocument) -> None:
        """Let the row have the document's lines in the place of those that it has."""
        if row.id is not None:
            self.emptied.append(row.id)
        self.written.append((row, document))

    def give_sign(self, row: Invoice) -> bool:
        """Make the amounts of what is now known to be a credit note negative; if they were not."""
        wrong = is_unsigned_credit(row)
        if wrong:
            turn_signs(self.session, [row])
        return wrong

    def settle(self, arriving: Arriving, stored: StoredDocument, counts: Counts) -> bool:
        """The content is as it was: take back a flag, a hold or a proposed date; if any changed.

        Whose it is, is compared anew: its customer may be called otherwise by now.
        """
        row, document = stored.row, arriving.document
        doubted = bool(row.held) and stored.exported  # what it is, not what it says
        changed = row.changed_after_export and not doubted
        if changed:
            row.changed_after_export, row.change = False, ""
        if row.pending_fingerprint and not (row.redated or row.redated_apart):
            row.pending_fingerprint = ""
        if not stored.exported:
            changed |= self.keep_buyer(row, stored.owner, document, counts)
            if row.held and not document.held:
                row.kind, row.held, changed = document.kind, "", True
                self.decided.append(row)
            changed |= self.give_sign(row)
            asked = self.arrival.invoice_date
            moved = row.date_assumed or row.invoice_date != asked
            if asked and not document.invoice_date and moved:
                row.invoice_date, row.date_assumed, changed = asked, is_far(asked), True
                row.due_date = self.due_date_of(document, asked)
        if changed:
            row.updated_at = now()
        return changed

    def values_of(
        self, arriving: Arriving, row: Invoice | None, counts: Counts
    ) -> dict[str, Any] | None:
        """The document's columns; None, and it is refused, where nobody knows its date.

        ``row`` is the stored document that it corrects.
        """
        document = arriving.document
        date, assumed = self.date_of(row, document)
        if date is None:
            reason = say(
                "{document} has no invoice date, and no line has a date to propose",
                document=document.number,
            )
            counts.refused += _refuse(document, reason)
            return None
        return values_of(document, arriving.totals, arriving.customer, arriving.department) | {
            "invoice_date": date,
            "date_assumed": assumed,
            "due_date": self.due_date_of(document, date),
            "fingerprint": arriving.mark,
            "import_id": self.arrival.import_id,
        }

    def date_of(self, row: Invoice | None, document: SourceDocument) -> tuple[dt.date | None, bool]:
        """The source's date, the one asked for, a confirmed one, else a proposal.

        A proposal is to be confirmed (True), and so is a date far from today that nobody has
        confirmed.
        """
        confirmed = row.invoice_date if row is not None and not row.date_assumed else None
        stated = document.invoice_date or self.arrival.invoice_date or confirmed
        if stated is None:
            return document.latest_line_date, True
        return stated, stated != confirmed and is_far(stated)

    def due_date_of(self, document: SourceDocument, date: dt.date) -> dt.date | None:
        """The source's own, else reckoned from the customer's credit days."""
        days = self.customers[document.customer_number].credit_days
        return document.particulars.due_date or due_date(date, days)

    def finish(self) -> None:
        delete_lines(self.session, self.emptied)
        self.session.add_all(row for row, _ in self.written)
        self.session.flush()
        ids = insert_documents(self.session, [values for values, _ in self.fresh])
        fresh = [(new, each.document) for new, (_, each) in zip(ids, self.fresh, strict=True)]
        written = [(row.row_id, document) for row, document in self.written] + fresh
        insert_lines(self.session, columns_of_lines(written))
        brought = [(row.row_id, document) for row, document in self.brought] + fresh
        places = {invoice_id: each.sheet[:LONGEST_PLACE] for invoice_id, each in brought}
        link_documents(self.session, self.arrival.import_id, places)
        linked = [
            new
            for new, (_, each) in zip(ids, self.fresh, strict=True)
            if each.named or each.document.kind is DocumentKind.CREDIT_NOTE
        ]
        rows = [row for row, _ in self.written] + self.decided
        rows += rows_by_id(self.session, linked)
        link_credit_notes(self.session, self.arrival.tenant, rows)
        hold_named(self.session, self.arrival.tenant, rows)


def _name(arriving: Arriving) -> str:
    return f"{arriving.department.series}-{arriving.document.number}"


def _refuse(document: SourceDocument, reason: str) -> list[RefusedRow]:
    lines = document.lines[:1] if DEPARTMENT in document.unstated else document.lines
    return [RefusedRow(document.sheet, line.row, "", reason) for line in lines]
