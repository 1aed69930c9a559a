"""What a person declares about orders in 24SevenOffice: this document, another, or one credited.

An invoiced order of the same customer, date and total without our reference was entered by hand
or by RecMan's own exporter - or it is another document. so24 does not guess. Nor does it which
invoice a credit note credits that so24 has not transferred itself.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from so24.errors import WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason
from so24.store.documents import documents
from so24.store.documents.documents import Decided
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfer_list import standing_transfers
from so24.store.transfers.transfers import live_transfers

PROBABLY = Reason.EXISTS_PROBABLY
LARGEST_NUMBER = 2**31 - 1  # the service's own numbers are 32 bits wide
SAME_REASONS = frozenset({PROBABLY, Reason.EXISTS_REFERENCE})


def declare_same(desk: Desk, invoice_id: int) -> None:
    """Exclude the document: the order that was found is this very document.

    What was declared another document before is forgotten. Raises :class:`NotAllowed`, and
    :class:`WrongUse` where no such order was found by the document's newest transfer that came
    as far as looking.
    """
    with desk.writing(Permission.EXPORT) as session:
        invoice, found = _undecided(session, invoice_id, SAME_REASONS)
        words = say(
            "The same document as {order} in 24SevenOffice, says {who}.",
            order=_order_words(found),
            who=desk.actor.name,
        )
        documents.exclude(invoice, words, found.order_id)
        desk.record(session, "declared the same document", invoice.full_name, words)


def declare_other(desk: Desk, invoice_id: int) -> None:
    """Note that the order that was found is another document; the next run sends this one.

    Raises as :func:`declare_same`, and :class:`WrongUse` for a document that is excluded.
    """
    with desk.writing(Permission.EXPORT) as session:
        invoice, found = _undecided(session, invoice_id, frozenset({PROBABLY}))
        if invoice.excluded:
            raise WrongUse(
                say(
                    "Document {document} is excluded from export: {why} Include it again in the "
                    "invoice overview first; the next run asks anew.",
                    document=invoice.number,
                    why=invoice.excluded_reason,
                )
            )
        if found.order_id is None or not documents.add_other_order(invoice, found.order_id):
            raise WrongUse(
                say(
                    "Document {document} already has too many orders declared to be others. "
                    "Exclude it, and enter it in 24SevenOffice by hand.",
                    document=invoice.number,
                )
            )
        action = "declared another document"  # in English: the audit trail
        desk.record(session, action, invoice.full_name, _order_words(found))


def declare_credited(desk: Desk, invoice_id: int, number: int | None) -> None:
    """Say which invoice in 24SevenOffice a credit note credits; None takes that back.

    ``number`` is 24SevenOffice's own; the lane reads that invoice before it uses it. Raises
    :class:`NotAllowed`, and :class:`WrongUse` for another kind of document, a number that cannot
    be, and a credit note that is in transfer or transferred.
    """
    desk.require(Permission.EXPORT)
    if number is not None and not 0 < number <= LARGEST_NUMBER:
        raise WrongUse(say("An invoice number in 24SevenOffice is a whole number above 0."))
    with desk.writing(Permission.EXPORT) as session:
        invoice = session.get(Invoice, invoice_id)
        if invoice is None:
            raise WrongUse(say("This document does not exist any more."))
        if invoice.kind is not DocumentKind.CREDIT_NOTE:
            raise WrongUse(
                say(
                    "Document {document} is no credit note; it credits nothing.",
                    document=invoice.number,
                )
            )
        if live_transfers(session, [invoice_id]):
            raise WrongUse(
                say(
                    "Credit note {document} is in transfer, or transferred already: what it "
                    "credits cannot be changed any more.",
                    document=invoice.number,
                )
            )
        before = invoice.credited_office_id
        invoice.credited_office_id = number
        invoice.updated_at = now()
        if before != number:
            invoice.credited_entered_at = now()
            words = (
                say("invoice {invoice}", invoice=number)
                if number is not None
                else say("no longer invoice {invoice}", invoice=before)
            )
            desk.record(session, "credited invoice entered", invoice.full_name, words)


def read_decisions(desk: Desk, invoice_ids: Collection[int]) -> dict[int, Decided]:
    """What has been decided about these documents, by invoice id."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return documents.decisions_of(session, invoice_ids)


def _undecided(
    session: Session, invoice_id: int, reasons: Collection[Reason]
) -> tuple[Invoice, Transfer]:
    invoice = session.get(Invoice, invoice_id)
    if invoice is None:
        raise WrongUse(say("This document does not exist any more."))
    found = standing_transfers(session, [invoice_id]).get(invoice_id)
    if found is None or found.state is not State.EXISTS or found.reason not in reasons:
        raise WrongUse(
            say(
                "Document {document} waits for no such decision: its last transfer found no order "
                "that may be the same. Reload the receipt.",
                document=invoice.number,
            )
        )
    return invoice, found


def _order_words(found: Transfer) -> str:
    if not found.office_invoice_id:
        return say("order {order}", order=found.order_id)
    return say(
        "order {order}, invoice {invoice}",
        order=found.order_id,
        invoice=found.office_invoice_id,
    )
