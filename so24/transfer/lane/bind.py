"""Step 7: bind one order to the document, for ever, and compare it with what RecMan issued.

The customers' orders are read once more for that: a second draft of ours beside the bound one
means that another installation, or a doubled request, is sending the document too. Nothing is
invoiced in a pass that has seen one.

Compared is also whether a draft that was made earlier is what would be sent now. The key's options
and the document may have changed since, in fields that an order read back does not show; so what
would be sent is compared with what was sent, by the hashes of both.
"""

from __future__ import annotations

from collections.abc import Sequence

from so24.crashpoints import reach
from so24.language.said import join_said, say
from so24.office.order_statuses import say_status
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.lost_writes import ADOPTED, payloads_of
from so24.store.transfers.transfers import Move
from so24.transfer.lane.customers import look_at_created
from so24.transfer.lane.invoice import prepare_invoicing
from so24.transfer.lane.lane_document import LaneDocument, tell_gone, tell_known, tell_order
from so24.transfer.lane.lane_pass import LanePass, product_names
from so24.transfer.lane.look_up import look_again
from so24.transfer.order.compare import compare_order
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.order.mapping import fingerprint_order, is_fingerprint, list_ids
from so24.transfer.order.what_is_there import BOOKED, INACTIVE, Presence


def bind_and_compare(lane_pass: LanePass) -> None:
    """Adopt drafts that were found, read all bound orders back and compare them."""
    adopt_drafts(lane_pass)
    bound = [doc for doc in lane_pass.documents if doc.binding and not _is_booked(doc)]
    if not bound:
        return
    read_payloads(lane_pass, bound)
    prepare_invoicing(lane_pass, bound)
    look_at_created(lane_pass)
    bound = [doc for doc in bound if doc in lane_pass.documents]
    if not bound:
        return
    orders = look_again(lane_pass, bound)
    lane_pass.move(
        {
            doc: move
            for doc in bound
            if doc.binding and doc in lane_pass.documents
            if (move := _see_bound(lane_pass, doc, orders.get(doc.binding.order_id)))
        }
    )
    reach("after compare", lane_pass.key.id)


def adopt_drafts(lane_pass: LanePass) -> None:
    """Bind drafts of ours that nobody has bound; who finds another one bound takes that one."""
    found = {
        doc: _adoption(doc, doc.match.order.order_id)
        for doc in lane_pass.documents
        if doc.binding is None
        and doc.match
        and doc.match.presence is Presence.DRAFT
        and doc.match.order
    }
    lane_pass.move(found)
    lane_pass.move(
        {
            doc: _adoption(doc, doc.binding.order_id)
            for doc in lane_pass.documents
            if doc.state is State.DRAFTED and doc.binding and doc.draft_id != doc.binding.order_id
        }
    )


def _adoption(doc: LaneDocument, order_id: int) -> Move:
    """A document that another worker has taken further meanwhile is left to that worker."""
    return Move(State.DRAFTED, ADOPTED, values={"order_id": order_id}, comes_from=doc.state)


def _is_booked(doc: LaneDocument) -> bool:
    return doc.match is not None and doc.match.presence is Presence.BOOKED


def _see_bound(lane_pass: LanePass, doc: LaneDocument, order: Order | None) -> Move | None:
    """What follows for a document from its bound order as it is now; None for nothing yet."""
    if order is None or order.status == INACTIVE:
        miss_order(lane_pass, doc)
        return None
    if order.status in BOOKED:
        return None
    others = [each.order_id for each in doc.match.second_drafts] if doc.match else []
    if others:
        words = say("Orders {orders}.", orders=list_ids((order.order_id, *others)))
        return Move(State.DRAFTED, Reason.SENT_TWICE, words, {"order_id": order.order_id})
    if doc.match and doc.match.presence in (Presence.GIVES_WAY, Presence.HALF_SHOWN):
        return None  # another worker has set about invoicing it, or more may be there than is seen
    if doc.fault is not None:  # it might have been booked, and is not
        words = join_said([doc.fault.words, tell_known(doc)])
        return Move(State.BLOCKED, doc.fault.reason, words, {"order_id": order.order_id})
    if doc.id in lane_pass.refusals:
        values = {"order_id": order.order_id, "office_total": order.total}
        return Move(State.REFUSED, Reason.REFUSED_INVOICING, lane_pass.refusals[doc.id], values)
    return _compare(lane_pass, doc, order)


def _compare(lane_pass: LanePass, doc: LaneDocument, order: Order) -> Move:
    sent = lane_pass.order_for(doc)
    comparison = compare_order(doc.document, sent, order, lane_pass.key.tolerance)
    values = {"order_id": order.order_id, "office_total": order.total}
    if is_outdated(lane_pass, doc):
        words = join_said([describe_outdated(order), comparison.words])
        return Move(State.DIFFERS, Reason.DRAFT_OUTDATED, words, values)
    if not comparison.agrees:
        words = join_said([tell_order(order), comparison.words])
        return Move(State.DIFFERS, Reason.DRAFT_DIFFERS, words, values)
    doc.compared = True
    return Move(State.COMPARED, values=values)


def read_payloads(lane_pass: LanePass, documents: Sequence[LaneDocument]) -> None:
    """Let documents whose order is not of this pass know what that order may have been sent as."""
    orders = {
        doc.invoice_id: order_id
        for doc in documents
        if (order_id := _earlier_order(doc)) is not None
    }
    if not orders:
        return
    known = lane_pass.recorder.read(lambda s: payloads_of(s, lane_pass.organization_id, orders))
    for doc in documents:
        doc.sent_as = known.get(doc.invoice_id, frozenset())


def is_outdated(lane_pass: LanePass, doc: LaneDocument) -> bool:
    """Whether its order was made from other data than the document and its key have now.

    False where nobody knows as what it was sent, or as what it would be sent now.
    """
    if not doc.sent_as or not all(map(is_fingerprint, doc.sent_as)):
        return False
    if _is_obscure(lane_pass, doc):
        return False
    if doc.company_id is None or product_names([doc]).keys() - lane_pass.products.keys():
        return True  # its customer or a product is not there any more, and would be another one
    return doc.sent_as != {fingerprint_order(lane_pass.order_for(doc))}


def describe_outdated(order: Order) -> str:
    """The particulars of the reason ``draft_outdated``."""
    return say(
        "Order {order} ({status}) was made from other data than the document and its key have now.",
        order=order.order_id,
        status=say_status(order.status),
    )


def _earlier_order(doc: LaneDocument) -> int | None:
    """The order that the document goes on with, unless this pass has made it."""
    if doc.binding is not None:
        return None if doc.made_id == doc.binding.order_id else doc.binding.order_id
    match = doc.match
    found = match.order if match and match.presence is Presence.DRAFT else None
    return found.order_id if found else None


def _is_obscure(lane_pass: LanePass, doc: LaneDocument) -> bool:
    """Whether a part of what would be sent could not be read: a list, or what it credits."""
    credit = doc.invoice.kind is DocumentKind.CREDIT_NOTE
    wanted = wanted_lists(doc.document, lane_pass.key_lists.fields)
    return (credit and doc.credited is None) or bool(wanted & lane_pass.key_lists.refused.keys())


def miss_order(lane_pass: LanePass, doc: LaneDocument) -> None:
    """The bound order is not there. What is new may show late, so that is believed after settling:
    after its draft was written, and after any worker has set about invoicing it.

    An order that so24 has never set about invoicing is then released, and the next pass makes
    another. One that it has is released too, but a person decides whether to send the document
    again.
    """
    binding = doc.binding
    if binding is None:
        raise RuntimeError("only a bound order can be missed")
    written = max(filter(None, (doc.sent_at, binding.invoicing_at)), default=None)
    if written is not None and now() < written + lane_pass.settle:
        return
    if not lane_pass.recorder.release(binding):
        return
    words = tell_gone(binding.order_id)
    if doc.may_be_booked:
        lane_pass.move({doc: Move(State.BLOCKED, Reason.ORDER_GONE, words)})
    else:
        # queued, not preparing: no write of it is under way whose answer could be missing; it may
        # have been hidden only, so it is looked for once more
        values = {"order_id": None, "look_again_at": lane_pass.next_look()}
        lane_pass.move({doc: Move(State.QUEUED, Reason.DRAFT_GONE, words, values)})
    doc.binding = None
