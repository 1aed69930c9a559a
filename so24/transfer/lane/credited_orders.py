"""What the credit notes of a lane credit: read afresh in the pass that sends them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.credits import Credited, bare_number, read_credited
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.checks.finding import Finding
from so24.transfer.lane.lane_document import Item, tell_left
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.what_is_there import DRAFT
from so24.transfer.plan.credit_notes import Target, check_order, find_target


def hold_back_credit_notes(journey: Journey, run_id: str) -> None:
    """Leave credit notes of invoices that this run has not finished to a later pass.

    They name what their invoices have become, or end because those have failed. An invoice may be
    left open by a part of the lane that was broken off, which is taken up after this one.
    """
    notes = [item for item in journey.items if is_credit_note(item) and not item.payload_hash]
    waiting = find_waiting(journey.items)
    if not notes and not waiting:
        return
    facts = journey.read(lambda s: read_credited(s, [item.document.invoice for item in notes]))
    waiting |= {item for item in notes if _is_open(item, facts[item.document.invoice_id], run_id)}
    journey.items = [item for item in journey.items if item not in waiting]


def find_waiting(items: Sequence[Item]) -> set[Item]:
    """The credit notes whose invoices are among the items as well."""
    going = {_names(item) for item in items if not is_credit_note(item)}
    return {item for item in items if _credits(item) in going}


def read_originals(journey: Journey) -> None:
    """Let every credit note know the order that it credits, or why it cannot be sent.

    Nothing is recorded yet: the look-up that follows may find it booked already.
    """
    notes = [item for item in journey.items if is_credit_note(item)]
    if not notes:
        return
    invoices = [item.document.invoice for item in notes]
    check_originals(journey, journey.read(lambda s: read_credited(s, invoices)))


def check_originals(journey: Journey, facts: Mapping[int, Credited]) -> None:
    """As :func:`read_originals`, with what the store knows of each credit note, by its id."""
    targets: dict[Item, Target] = {}
    for item in filter(is_credit_note, journey.items):
        found = _find(journey, item, facts[item.document.invoice_id])
        if isinstance(found, Finding):
            item.fault = found
        else:
            targets[item] = found
    orders = _read_orders(journey, targets.values())
    for item, target in targets.items():
        invoice, company = item.document.invoice, item.company_id or 0
        credited = facts[item.document.invoice_id]
        checked = check_order(
            invoice, credited, target, orders.get(target), company, journey.organization_id
        )
        if isinstance(checked, Finding):
            item.fault = checked
        else:
            item.credited = checked


def way_to_original(invoice: Invoice) -> str:
    """How what the document credits is asked for: by order, by invoice, or not at all."""
    if invoice.kind is not DocumentKind.CREDIT_NOTE:
        return ""
    return "order" if invoice.credited_office_id is None else "invoice"


def block_uncreditable(journey: Journey) -> None:
    """End the credit notes that cannot be sent, but for those that were sent: these go on."""
    moves: dict[Item, Move] = {}
    for item in journey.items:
        seen = item.judgement.order if item.judgement else None
        if item.fault is None or item.may_be_booked or (seen is not None and seen.status != DRAFT):
            continue
        order_id = item.order_id or (seen.order_id if seen else None)
        left = tell_left(order_id) if order_id else ""
        words = " ".join(part for part in (item.fault.words, left) if part)
        values = {"order_id": order_id} if order_id else {}
        moves[item] = Move(State.BLOCKED, item.fault.reason, words, values)
    journey.move(moves)


def block_orphans(journey: Journey, waiting: Collection[Item], staying: Iterable[Item]) -> None:
    """End the waiting credit notes whose invoices are among those that are not going to be booked.

    For a rehearsal, where the invoices are not in transfer.
    """
    lost = {_names(item): item for item in staying if not is_credit_note(item)}
    for item in waiting:
        invoice = lost.get(_credits(item) or ("", ""))
        if invoice is not None and item.fault is None:
            words = f"Invoice {'-'.join(_names(invoice))} would not be transferred by this run."
            item.fault = Finding(Reason.CREDIT_ORIGINAL, words)
    block_uncreditable(journey)


def _find(journey: Journey, item: Item, credited: Credited) -> Target | Finding:
    if not journey.key.credit_notes:
        return Finding(Reason.CREDIT_NOTES_OFF, f"Key: {journey.key.name}.")
    return find_target(item.document.invoice, credited, journey.organization_id)


def _read_orders(journey: Journey, targets: Iterable[Target]) -> dict[Target, Order]:
    """The orders of these targets as 24SevenOffice has them now; at most one call of each kind."""
    bound = sorted({each.order_id for each in targets if each.order_id is not None})
    entered = sorted({each.entered for each in targets if each.entered is not None})
    found = {
        Target(order_id=order.order_id): order
        for order in (journey.office.ledger_orders(bound) if bound else [])
    }
    for order in journey.office.orders_of_invoices(entered) if entered else []:
        found[Target(entered=order.invoice_id)] = order
    return found


def _is_open(note: Item, credited: Credited, run_id: str) -> bool:
    return any(
        each.transfer is not None
        and each.transfer.run_id == run_id
        and each.transfer.state.is_open
        and each.invoice.series == note.document.invoice.series
        for each in credited.originals
    )


def is_credit_note(item: Item) -> bool:
    """Whether the item's document is one."""
    return item.document.invoice.kind is DocumentKind.CREDIT_NOTE


def _names(item: Item) -> tuple[str, str]:
    return item.document.invoice.series, item.document.invoice.number.lstrip("0")


def _credits(item: Item) -> tuple[str, str] | None:
    invoice = item.document.invoice
    if not is_credit_note(item) or not invoice.credited_number:
        return None
    return invoice.series, bare_number(invoice)
