"""What a person decides about documents: their invoice date, their kind, or to leave them out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.totals import is_unsigned_credit
from so24.sources.landing.credit_notes import link_credit_notes
from so24.sources.landing.identify import find_included_elsewhere
from so24.store.documents.credit_statements import turn_signs
from so24.store.documents.documents import assumed_invoices, documents_by_ids
from so24.store.documents.intake import (
    credit_days_of,
    due_date,
    exported_ids,
    invoices_by_number,
)
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.transfers.transfers import live_transfers

REASON_LENGTH = 200
_NAMED = 5


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
            "The invoice date can no longer be changed: 24SevenOffice has",
        )
        days = credit_days_of(session, (row.customer_id for row in rows))
        for row in rows:
            row.invoice_date = date or row.invoice_date
            row.date_assumed = False
            if not row.due_stated:
                row.due_date = due_date(row.invoice_date, days.get(row.customer_id))
            row.updated_at = now()
        if rows:
            which = f"import {import_id}" if import_id is not None else "all imports"
            detail = f"{len(rows)} documents, {date or 'as proposed'}"
            desk.record(session, "invoice dates confirmed", which, detail)
    return len(rows)


def set_excluded(desk: Desk, invoice_ids: Collection[int], reason: str | None) -> Exclusion:
    """Leave documents out of exports with a reason, or (None) take them in again.

    Documents in transfer or transferred cannot be left out any more and stay as they are. What
    was declared of a changed document's orders is forgotten, so that the next run asks anew.
    Raises :class:`WrongUse` for an empty reason, and for taking in what another department has.
    """
    desk.require(Permission.IMPORT)
    words = None if reason is None else " ".join(reason.split())
    if words is not None and not 0 < len(words) <= REASON_LENGTH:
        raise WrongUse(f"Give a reason of at most {REASON_LENGTH} characters.")
    with desk.writing(Permission.IMPORT) as session:
        rows = documents_by_ids(session, invoice_ids)
        left = live_transfers(session, rows) if words is not None else {}
        wanted = (words is not None, words or "")
        changed = [
            row
            for row in rows.values()
            if row.id not in left and (row.excluded, row.excluded_reason) != wanted
        ]
        if words is None:
            _refuse_if(
                find_included_elsewhere(session, desk.settings.tenant, changed),
                "It is here in another department already; exclude that one first:",
            )
        for row in changed:
            row.excluded, row.excluded_reason = wanted
            row.other_orders = ""
            row.updated_at = now()
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
            "It cannot become another kind of document any more: 24SevenOffice has",
        )
        wrong = [row for row in rows if kind is DocumentKind.INVOICE and row.total < 0]
        _refuse_if(
            [row for row in wrong if row.kind is kind],
            "A negative sum credits: say that it is a credit note, or exclude it. This is about",
        )
        known = invoices_by_number(session, tenant, (row.number for row in rows))
        for row in rows:
            others = (each for each in known[row.series, row.number] if each is not row)
            _refuse_if(
                [each for each in others if each.kind is kind],
                "A document of this kind and number exists already:",
            )
            row.kind, row.held = kind, ""
            row.changed_after_export = bool(row.pending_fingerprint)
            row.updated_at = now()
            desk.record(session, "kind decided", _name(row), kind.value)
        turn_signs(session, wrong + [row for row in rows if is_unsigned_credit(row)])
        link_credit_notes(session, tenant, rows)
    return len(rows)


def _refuse_if(rows: Collection[Invoice], sentence: str) -> None:
    if rows:
        names = ", ".join(_name(row) for row in list(rows)[:_NAMED])
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        raise WrongUse(f"{sentence} {names}{more}.")


def _name(row: Invoice) -> str:
    word = "invoice" if row.kind is DocumentKind.INVOICE else "credit note"
    return f"{word} {row.number} of series {row.series}"
