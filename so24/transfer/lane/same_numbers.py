"""Lanes of keys that book by RecMan's numbers: strictly in their order, or not at all.

24SevenOffice does not tell what number it gives next. What it shows is which invoices of these
numbers are there: one read by their numbers before any draft is made, and one before each call that
invoices. The first document of a lane goes alone, as only its invoice proves the series. What
became of a call is seen before the next one; a number that is not the document's own stops the
lane. Between the read and the call somebody may still invoice by hand: then the documents of that
one call are booked under other numbers, which is told, and none after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from so24.language.said import join_said, say
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Numbers
from so24.store.tables.transfer_tables import State
from so24.store.transfers.numbers import (
    NextNumber,
    expected_number,
    has_booked,
    is_open_before,
)
from so24.store.transfers.transfers import LaneName, Move
from so24.transfer.lane.credited_orders import find_waiting
from so24.transfer.lane.lane_document import LaneDocument, tell_gone, tell_unbooked
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.order.number_agreement import (
    Agreement,
    Numbered,
    agree,
    place_of,
    read_number,
    tell_other_number,
)
from so24.transfer.order.what_is_there import Presence

AT_ONCE = 10  # invoiced by one call: so many are booked wrongly at most, where a hand comes between
LOOK_AHEAD = 50  # numbers behind the documents', which hands may have taken


def has_same_numbers(lane_pass: LanePass) -> bool:
    """Whether the pass's documents are booked by RecMan's numbers or not at all."""
    return lane_pass.key.numbers is Numbers.SAME


def wait_in_order(lane_pass: LanePass, planned: Sequence[LaneDocument], lane: LaneName) -> None:
    """Leave to a later pass what stands behind a document that is still in transfer.

    ``planned`` are the documents before any had to wait; the lane's parts were planned in the order
    of the numbers, so that one before this may have been broken off.
    """
    if not has_same_numbers(lane_pass) or not planned:
        return
    first = min(doc.id for doc in planned)
    if lane_pass.recorder.read(lambda session: is_open_before(session, lane, first)):
        lane_pass.documents = []
        return
    going, order = set(lane_pass.documents), sorted(planned, key=_place)
    waiting = next((at for at, doc in enumerate(order) if doc not in going), len(order))
    if not waiting and order[0] in find_waiting(planned):
        waiting = 1  # it would wait for ever for its invoice, which is behind it
    lane_pass.documents = order[:waiting]
    lane_pass.proven = lane_pass.recorder.read(lambda session: has_booked(session, lane))


def agree_on_numbers(lane_pass: LanePass) -> None:
    """End, before any draft, the documents that would get another number; all behind the first.

    Of a lane that has booked nothing yet only the first that goes stays in the pass.
    """
    if not has_same_numbers(lane_pass) or not lane_pass.documents:
        return
    expected = _read_expected(lane_pass)
    agreement = _agree(lane_pass, expected, lane_pass.documents)
    going = set(agreement.goes)
    if lane_pass.purpose is Purpose.SEND and not lane_pass.proven:
        going = {*agreement.goes[:1]}
    lane_pass.documents = [doc for doc in lane_pass.documents if doc.id in going or _is_booked(doc)]


def in_agreeing_batches(lane_pass: LanePass) -> Iterator[list[LaneDocument]]:
    """The compared documents in their order, few together; before each the next number is proven.

    What went by the batch before has to be seen under its own numbers; else a later pass looks.
    """
    expected = _read_expected(lane_pass)
    sent: list[LaneDocument] = []
    rest = [doc for doc in sorted(lane_pass.documents, key=_place) if not _is_booked(doc)]
    while rest:
        agreement = _agree(lane_pass, expected, [*_list_booked(lane_pass), *rest], sent)
        rest = [doc for doc in rest if doc.id in agreement.goes]
        batch = _first_batch(lane_pass, rest)
        if not batch:
            return
        yield batch
        sent += batch
        rest = rest[len(batch) :]


def judge_number(invoice: Invoice, booked: Move) -> Move:
    """The end of a booked document: as it is where its number is RecMan's, else that it differs."""
    given = booked.values["office_invoice_id"]
    if given is None or given == read_number(invoice.number):
        return booked
    reason = Reason.NUMBER_DIFFERS if booked.state is State.TRANSFERRED else booked.reason
    words = join_said([tell_other_number(invoice.number, given), booked.words])
    return replace(booked, state=State.DIFFERS, reason=reason, words=words)


def _agree(
    lane_pass: LanePass,
    expected: NextNumber,
    documents: Sequence[LaneDocument],
    sent: Sequence[LaneDocument] = (),
) -> Agreement:
    """What goes on as 24SevenOffice is now; what does not is ended, and all that stands behind.

    Nothing goes as long as ``sent`` is not shown under its own numbers, and what is booked under
    any.
    """
    taken = _read_taken(lane_pass, expected, documents)
    unknown = any(_is_booked(doc) and _number_there(doc) is None for doc in documents)
    if unknown or any(not _is_seen(doc, taken) for doc in sent):
        return Agreement((), {})
    named = {number: _name_order(order) for number, order in taken.items()}
    agreement = agree(expected, map(_numbered, documents), named)
    lane_pass.move(
        {
            doc: _refuse(doc, agreement)
            for doc in documents
            if doc.id in agreement.refused and doc in lane_pass.documents
        }
    )
    return agreement


def _read_expected(lane_pass: LanePass) -> NextNumber:
    key = lane_pass.key
    found = lane_pass.recorder.read(lambda session: expected_number(session, key))
    if found is None:
        raise RuntimeError("a key with RecMan's numbers has a next number")
    return found


def _read_taken(
    lane_pass: LanePass, expected: NextNumber, documents: Iterable[LaneDocument]
) -> dict[int, Order]:
    """The orders that have become invoices of the numbers in question, by these."""
    numbers = [read_number(doc.invoice.number) or 0 for doc in documents]
    first = expected.number
    last = first + len(numbers) + LOOK_AHEAD
    wanted = {each for each in numbers if first <= each} | set(range(first, last))
    orders = lane_pass.office.orders_of_invoices(sorted(wanted))
    lane_pass.office.check_company()
    return {order.invoice_id: order for order in orders if order.invoice_id is not None}


def _first_batch(lane_pass: LanePass, rest: Sequence[LaneDocument]) -> list[LaneDocument]:
    """The first documents of these, up to one that was not compared or is to go alone."""
    batch: list[LaneDocument] = []
    for doc in rest[: min(AT_ONCE, lane_pass.batch_size)]:
        alone = doc.id in lane_pass.singly
        if not doc.compared or (alone and batch):
            break
        batch.append(doc)
        if alone:
            break
    return batch


def _refuse(doc: LaneDocument, agreement: Agreement) -> Move:
    refusal = agreement.refused[doc.id]
    values = {"order_id": doc.seen_order_id} if doc.seen_order_id else {}
    return Move(State.BLOCKED, refusal.reason, join_said([refusal.words, _tell_left(doc)]), values)


def _tell_left(doc: LaneDocument) -> str:
    """What is left of the document in 24SevenOffice, as the look-up has seen it."""
    seen, order_id = doc.match.order if doc.match else None, doc.seen_order_id
    if order_id is None:
        return ""
    if seen is None or seen.order_id != order_id:
        return tell_gone(order_id)
    return tell_unbooked(doc, order_id, seen.status)


def _numbered(doc: LaneDocument) -> Numbered:
    invoice = doc.invoice
    return Numbered(
        doc.id,
        invoice.full_name,
        invoice.series,
        invoice.kind.value,
        invoice.number,
        _number_there(doc) if _is_booked(doc) else None,
    )


def _number_there(doc: LaneDocument) -> int | None:
    order = doc.match.order if doc.match else None
    return order.invoice_id if order else None


def _list_booked(lane_pass: LanePass) -> list[LaneDocument]:
    return [doc for doc in lane_pass.documents if _is_booked(doc)]


def _is_booked(doc: LaneDocument) -> bool:
    return doc.match is not None and doc.match.presence is Presence.BOOKED


def _is_seen(doc: LaneDocument, taken: dict[int, Order]) -> bool:
    order = taken.get(read_number(doc.invoice.number) or 0)
    return order is not None and order.order_id == doc.order_id


def _name_order(order: Order) -> str:
    if order.reference:
        return say(
            "order {order}, reference {reference}", order=order.order_id, reference=order.reference
        )
    return say("order {order}", order=order.order_id)


def _place(doc: LaneDocument) -> tuple[int, str, str, str]:
    return place_of(doc.invoice.series, doc.invoice.kind, doc.invoice.number)
