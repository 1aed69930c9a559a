"""What the credit notes of a lane credit: read afresh in the pass that sends them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session

from so24.language.said import join_said, say
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.credits import Credited, bare_number, read_credited
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.checks.finding import Finding
from so24.transfer.lane.lane_document import LaneDocument, tell_left
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order.mapping import CreditTarget
from so24.transfer.order.what_is_there import DRAFT
from so24.transfer.plan.credit_notes import (
    GOES_ALONG,
    check_order,
    find_target,
    other_card_owner,
)


def find_card_owners(lane_pass: LanePass, session: Session) -> None:
    """Let each credit note go to the card of the invoice that it credits, where one firm has both.

    Before the cards are known: :meth:`LanePass.read_links` then gives it that card.
    """
    notes = [doc for doc in lane_pass.documents if is_credit_note(doc)]
    known = read_credited(session, [doc.invoice for doc in notes])
    for doc in notes:
        owner = other_card_owner(doc.invoice, known[doc.invoice_id], lane_pass.organization_id)
        doc.customer = owner or doc.customer


def hold_back_credit_notes(lane_pass: LanePass, run_id: str) -> None:
    """Leave credit notes of invoices that this run has not finished to a later pass.

    They name what their invoices have become, or end because those have failed. An invoice may be
    left open by a part of the lane that was broken off, which is taken up after this one.
    """
    notes = [doc for doc in lane_pass.documents if is_credit_note(doc) and not doc.payload_hash]
    waiting = find_waiting(lane_pass.documents)
    if not notes and not waiting:
        return
    facts = lane_pass.recorder.read_credited([doc.invoice for doc in notes])
    waiting |= {doc for doc in notes if _is_open(doc, facts[doc.invoice_id], run_id)}
    lane_pass.documents = [doc for doc in lane_pass.documents if doc not in waiting]


def find_waiting(documents: Sequence[LaneDocument]) -> set[LaneDocument]:
    """The credit notes whose invoices are among the documents as well."""
    going = {_names(doc) for doc in documents if not is_credit_note(doc)}
    return {doc for doc in documents if _credits(doc) in going}


def read_credited_orders(lane_pass: LanePass) -> None:
    """Let every credit note know the order that it credits, or why it cannot be sent.

    Nothing is recorded yet: the look-up that follows may find it booked already.
    """
    notes = [doc for doc in lane_pass.documents if is_credit_note(doc)]
    if not notes:
        return
    facts = lane_pass.recorder.read_credited([doc.invoice for doc in notes])
    targets: dict[LaneDocument, CreditTarget] = {}
    for doc in notes:
        found = _find(lane_pass, doc, facts[doc.invoice_id])
        if isinstance(found, Finding):
            doc.fault = found
        elif found != GOES_ALONG:
            targets[doc] = found
    orders = _read_orders(lane_pass, targets.values())
    for doc, target in targets.items():
        invoice, company = doc.invoice, doc.company_id or 0
        credited = facts[doc.invoice_id]
        checked = check_order(
            invoice, credited, target, orders.get(target), company, lane_pass.organization_id
        )
        if isinstance(checked, Finding):
            doc.fault = checked
        else:
            doc.credited = checked


def way_to_credited(invoice: Invoice) -> str:
    """How what the document credits is asked for: by order, by invoice, or not at all."""
    if invoice.kind is not DocumentKind.CREDIT_NOTE:
        return ""
    return "order" if invoice.credited_office_id is None else "invoice"


def block_faulty(lane_pass: LanePass) -> None:
    """End the documents whose fault was found on the way, but for what was sent: it goes on.

    The faults are those of credit notes, and of cards that may be another customer's.
    """
    moves: dict[LaneDocument, Move] = {}
    for doc in lane_pass.documents:
        seen, order_id = doc.match.order if doc.match else None, doc.seen_order_id
        if doc.fault is None or doc.may_be_booked or (seen is not None and seen.status != DRAFT):
            continue
        left = tell_left(order_id) if order_id else ""
        words = join_said([doc.fault.words, left])
        values = {"order_id": order_id} if order_id else {}
        moves[doc] = Move(State.BLOCKED, doc.fault.reason, words, values)
    lane_pass.move(moves)


def block_orphans(
    lane_pass: LanePass, waiting: Collection[LaneDocument], staying: Iterable[LaneDocument]
) -> None:
    """End the waiting credit notes whose invoices are among those that are not going to be booked.

    For a preview, where the invoices are not in transfer.
    """
    lost = {_names(doc): doc for doc in staying if not is_credit_note(doc)}
    for doc in waiting:
        invoice = lost.get(_credits(doc) or ("", ""))
        if invoice is not None and doc.fault is None:
            words = say(
                "Invoice {invoice} would not be transferred by this run.",
                invoice="-".join(_names(invoice)),
            )
            doc.fault = Finding(Reason.CREDIT_ORIGINAL, words)
    block_faulty(lane_pass)


def _find(lane_pass: LanePass, doc: LaneDocument, credited: Credited) -> CreditTarget | Finding:
    if not lane_pass.key.credit_notes:
        return Finding(Reason.CREDIT_NOTES_OFF, say("Key: {key}.", key=lane_pass.key.name))
    return find_target(doc.invoice, credited, lane_pass.organization_id, lane_pass.going)


def _read_orders(lane_pass: LanePass, targets: Iterable[CreditTarget]) -> dict[CreditTarget, Order]:
    """The orders of these targets as 24SevenOffice has them now; at most one call of each kind."""
    bound = sorted({each.order_id for each in targets if each.order_id is not None})
    entered = sorted({each.invoice_id for each in targets if each.invoice_id is not None})
    found = {
        CreditTarget(order_id=order.order_id): order
        for order in (lane_pass.office.ledger_orders(bound) if bound else [])
    }
    for order in lane_pass.office.orders_of_invoices(entered) if entered else []:
        found[CreditTarget(invoice_id=order.invoice_id)] = order
    return found


def _is_open(note: LaneDocument, credited: Credited, run_id: str) -> bool:
    return any(
        each.transfer is not None
        and each.transfer.run_id == run_id
        and each.transfer.state.is_open
        and each.invoice.series == note.document.invoice.series
        for each in credited.originals
    )


def is_credit_note(doc: LaneDocument) -> bool:
    """Whether the document is one."""
    return doc.invoice.kind is DocumentKind.CREDIT_NOTE


def _names(doc: LaneDocument) -> tuple[str, str]:
    return doc.invoice.series, doc.invoice.number.lstrip("0")


def _credits(doc: LaneDocument) -> tuple[str, str] | None:
    invoice = doc.invoice
    if not is_credit_note(doc) or not invoice.credited_number:
        return None
    return invoice.series, bare_number(invoice)
