"""What a person decides about documents: their date, their kind, and to leave them out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.language.said import join_said, say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.totals import is_unsigned_credit
from so24.sources.landing.buyers import find_disputes
from so24.sources.landing.credit_notes import link_credit_notes
from so24.sources.landing.disputes import ask_whose
from so24.sources.landing.stored_documents import ask_about_returning
from so24.store.documents.credits import turn_signs
from so24.store.documents.documents import assumed_invoices, documents_by_ids
from so24.store.documents.intake import (
    credit_days_of,
    customers_of,
    documents_not_sent,
    due_date,
    exported_ids,
    invoices_by_number,
)
from so24.store.people.audit import events_about
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.tables.people_tables import AuditEvent
from so24.store.transfers.transfers import live_transfers

REASON_LENGTH = 200
_NAMED = 5
# what is noted of a document that is left out or taken in again, and how people read it
TURNS = {
    "document excluded": say("left out of exports"),
    "declared the same document": say("left out: it is in 24SevenOffice already"),
    "said to be the same document": say("said to be the same as another document"),
    "said to be another firm's": say("said to be another firm's"),
    "document taken in again": say("taken in again"),
}


@dataclass(frozen=True)
class Exclusion:
    """How many documents were excluded or taken in again, and how many were left as they are.

    ``left``: those not excluded because they are in transfer or transferred.
    """

    changed: int
    left: int


def confirm_invoice_dates(desk: Desk, import_id: int | None, date: dt.date | None) -> int:
    """Confirm the assumed dates of one import (None: of all); returns how many there were.

    ``date`` is the right date for all of them, None accepts the proposals; due dates follow.
    Raises :class:`WrongUse` where one of them was exported meanwhile: nothing is changed then.
    """
    with desk.writing(Permission.IMPORT) as session:
        rows = assumed_invoices(session, import_id)
        exported = exported_ids(session, (row.row_id for row in rows))
        _refuse_if(
            [row for row in rows if row.id in exported],
            lambda named: say(
                "The invoice date can no longer be changed: 24SevenOffice has {documents}.",
                documents=named,
            ),
        )
        days = credit_days_of(session, (row.customer_id for row in rows))
        for row in rows:
            row.invoice_date = date or row.invoice_date
            row.date_assumed = False
            if not row.due_stated:
                row.due_date = due_date(row.invoice_date, days.get(row.customer_id))
            row.updated_at = now()
        if rows:
            # in English: the audit trail
            which = f"import {import_id}" if import_id is not None else "all imports"
            when = date or say("as proposed")
            detail = say("{count} documents, {date}", count=len(rows), date=when)
            desk.record(session, "invoice dates confirmed", which, detail)
    return len(rows)


def set_excluded(desk: Desk, invoice_ids: Collection[int], reason: str | None) -> Exclusion:
    """Leave documents out of exports with a reason, or (None) take them in again.

    Documents in transfer or transferred cannot be left out any more and stay as they are. What
    was declared of a changed document's orders is forgotten, so that the next run asks anew; so
    is an answer that it was the same as another document, or another firm's, which is asked anew.
    Raises :class:`WrongUse` for an empty reason, and where the details of one are purged.
    """
    desk.require(Permission.IMPORT)
    words = None if reason is None else " ".join(reason.split())
    if words is not None and not 0 < len(words) <= REASON_LENGTH:
        raise WrongUse(say("Give a reason of at most {most} characters.", most=REASON_LENGTH))
    with desk.writing(Permission.IMPORT) as session:
        rows = documents_by_ids(session, invoice_ids)
        _refuse_if(
            [row for row in rows.values() if row.purged_at is not None],
            lambda named: say(
                "It stays left out, for its details are purged: {documents}.", documents=named
            ),
        )
        left = live_transfers(session, rows) if words is not None else {}
        wanted = (words is not None, words or "")
        changed = [
            row
            for row in rows.values()
            if row.id not in left and (row.excluded, row.excluded_reason) != wanted
        ]
        tenant = desk.settings.tenant
        asked = ask_about_returning(session, tenant, changed) if words is None else {}
        owners = customers_of(session, changed)
        # with what was left out of the same customer: that it was another firm's is asked anew too
        rows_beside = documents_not_sent(session, owners) if words is None and owners else []
        disputes = find_disputes(session, owners, rows_beside)
        for row in changed:
            row.excluded, row.excluded_reason = wanted
            if not row.excluded:
                row.resembles = asked.get(row.row_id, "")
                row.whose = ask_whose(row, owners[row.customer_id], disputes.get(row.customer_id))
                row.same_order = None
            row.other_orders = ""
            row.updated_at = now()
            # in English: the audit trail
            action = "document excluded" if row.excluded else "document taken in again"
            desk.record(session, action, _name(row), row.excluded_reason)
    return Exclusion(len(changed), len(left))


def release_held(desk: Desk, invoice_ids: Collection[int], kind: DocumentKind) -> int:
    """Say of held documents what they are; returns how many were held.

    A credit note that takes back less than nothing, and so charges, becomes an invoice of the
    opposite sign. Raises :class:`WrongUse` where a document of that kind and number exists already,
    where a credit note was exported as an invoice before it was held, and where an invoice would
    have a negative sum.
    """
    with desk.writing(Permission.IMPORT) as session:
        rows = [row for row in documents_by_ids(session, invoice_ids).values() if row.held]
        tenant = desk.settings.tenant
        sent = exported_ids(session, (row.row_id for row in rows))
        _refuse_if(
            [row for row in rows if row.id in sent and row.kind is not kind],
            lambda named: say(
                "It cannot become another kind of document any more: 24SevenOffice has "
                "{documents}.",
                documents=named,
            ),
        )
        wrong = [row for row in rows if kind is DocumentKind.INVOICE and row.total < 0]
        _refuse_if(
            [row for row in wrong if row.kind is kind],
            lambda named: say(
                "A negative sum credits: say that it is a credit note, or exclude it. This is "
                "about {documents}.",
                documents=named,
            ),
        )
        known = invoices_by_number(session, tenant, (row.number for row in rows))
        for row in rows:
            others = (each for each in known[row.series, row.number] if each is not row)
            _refuse_if(
                [each for each in others if each.kind is kind],
                lambda named: say(
                    "A document of this kind and number exists already: {documents}.",
                    documents=named,
                ),
            )
            row.kind, row.held = kind, ""
            row.changed_after_export = bool(row.pending_fingerprint)
            row.updated_at = now()
            desk.record(session, "kind decided", _name(row), kind.words)
        turn_signs(session, wrong + [row for row in rows if is_unsigned_credit(row)])
        link_credit_notes(session, tenant, rows)
    return len(rows)


def _refuse_if(rows: Collection[Invoice], say_of: Callable[[str], str]) -> None:
    """Raise :class:`WrongUse` with the sentence about these documents, if there are any."""
    if not rows:
        return
    named = join_said([_name(row) for row in list(rows)[:_NAMED]], ", ")
    if len(rows) > _NAMED:
        named = say("{documents} and {count} more", documents=named, count=len(rows) - _NAMED)
    raise WrongUse(say_of(named))


def _name(row: Invoice) -> str:
    if row.kind is DocumentKind.INVOICE:
        return say("invoice {number} of series {series}", number=row.number, series=row.series)
    return say("credit note {number} of series {series}", number=row.number, series=row.series)


def read_turns(desk: Desk, invoice_id: int) -> list[AuditEvent]:
    """When somebody left the document out of exports or took it in again, and why, oldest first."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        row = session.get(Invoice, invoice_id)
        return events_about(session, (_name(row), row.full_name), TURNS) if row else []
