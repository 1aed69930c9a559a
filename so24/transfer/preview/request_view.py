"""What goes out for one document: its rows, and the very request that would carry its draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from so24.errors import BadRequest
from so24.keys.key_fields import KeyField
from so24.language.said import say
from so24.office.outcomes import show_request, write_drafts
from so24.office.values import NewOrderRow
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.documents import Document, load_documents
from so24.store.evidence.sent_orders import sent_texts
from so24.store.keys.keys import key_of_lane
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfer_list import standing_transfers
from so24.transfer.lane.credited_orders import way_to_credited
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.order.mapping import row_amount
from so24.transfer.order.told_order import show_order
from so24.transfer.plan.plan import plan_in
from so24.transfer.preview.forecast import LookResult
from so24.transfer.preview.read_only_pass import begin_read_only, stand_in

NOT_KNOWN_YET = say("will be looked for, else created")
TO_BE_CREATED = say("will be created")
_LATER = {
    KeyField.PROJECT: say("the project"),
    KeyField.OUR_REFERENCE: say("our reference"),
    KeyField.CURRENCY: say("the currency and its rate"),
}


@dataclass(frozen=True)
class OutgoingRow:
    """One row as it goes out; ``product`` is 24SevenOffice's id in words, empty for a text row.

    ``net`` is quantity times price as 24SevenOffice reckons it, in the document's currency.
    """

    product_number: str
    product: str
    name: str
    quantity: Decimal | None
    price: Decimal | None
    net: Decimal | None


@dataclass(frozen=True)
class Outgoing:
    """What goes out for one document; without rows, ``problem`` says why nothing does.

    ``xml`` is the request, indented; ``unknown`` are the ids in it that are only known once the
    customer or product has been found or created, shown as «words»; ``later`` is what it lacks,
    because that is read from 24SevenOffice when it is sent. It carries no secret: the session
    travels in a header. ``kept`` is the order as it was sent at ``sent_at`` (aware UTC), where that
    is kept: a line for each field, of the order and then of its rows.
    """

    rows: tuple[OutgoingRow, ...] = ()
    xml: str = ""
    unknown: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    problem: str = ""
    kept: str = ""
    sent_at: dt.datetime | None = None


def show_outgoing(
    desk: Desk,
    invoice_id: int,
    looked: LookResult | None = None,
    key_id: int | None = None,
) -> Outgoing:
    """Write the draft of one document as its lane would; nothing is sent.

    Ids come from the store, and from a look at the lane where there was one. ``key_id`` is the key
    by which the document goes with others, as a plan of them all says; without it, it is planned
    alone. Raises as ``plan_selection``.
    """
    with desk.reading(Permission.EXPORT) as session:
        if key_id is None:
            [planned] = plan_in(desk.installation, session, [invoice_id]).transfers
            if planned.state is not State.QUEUED or planned.key_id is None:
                return Outgoing(problem=say("Nothing goes out for this document."))
            key_id = planned.key_id
        [document] = load_documents(session, [invoice_id])
        key = key_of_lane(session, key_id)
        lane_pass = begin_read_only(desk.installation, session, key, [document]).lane_pass
    found = looked is not None and not looked.problem
    if looked is not None:
        lane_pass.take_cards(looked.found_cards)
        lane_pass.take_products(looked.found_products)
        if found:
            lane_pass.key_lists = looked.key_lists
    known = dict(lane_pass.products)
    stand_ins = stand_in(lane_pass)
    [doc] = lane_pass.documents
    doc.credited = looked.credited.get(doc.id) if looked is not None else None
    order = lane_pass.order_for(doc)
    missing = TO_BE_CREATED if found else NOT_KNOWN_YET
    rows = tuple(_list_rows(doc.document, order.rows, known, missing))
    try:
        request = write_drafts([order]).request
    except BadRequest as refusal:
        return Outgoing(rows, problem=refusal.words)
    later = tuple(_read_later(doc, lane_pass, found=found))
    return Outgoing(rows, show_request(request, stand_ins), tuple(stand_ins.values()), later)


def show_sent(desk: Desk, invoice_id: int) -> Outgoing:
    """The same for a document in transfer or transferred, by the key by which it went.

    It is the order as it was kept with its intent; else, where nothing is kept, the request by the
    document and the key as they are now.
    """
    with desk.reading(Permission.EXPORT) as session:
        transfer = standing_transfers(session, [invoice_id]).get(invoice_id)
        texts = sent_texts(session, [invoice_id]) if transfer is not None else []
    if transfer is None or transfer.key_id is None:
        return Outgoing(problem=say("It has not been sent."))
    kept = next((each for each in texts if each.payload_hash == transfer.payload_hash), None)
    if kept is not None:
        return Outgoing(kept=show_order(kept.told), sent_at=kept.at)
    return show_outgoing(desk, invoice_id, key_id=transfer.key_id)


def _read_later(doc: LaneDocument, lane_pass: LanePass, *, found: bool) -> Iterator[str]:
    """What is only read when the document is sent, so that the request lacks it here."""
    if not found:
        wanted = wanted_lists(doc.document, lane_pass.key_lists.fields)
        yield from (_LATER[field] for field in sorted(wanted))
    if way_to_credited(doc.invoice) and doc.credited is None:
        yield say("the order and the invoice that it credits")


def _list_rows(
    document: Document, sent: tuple[NewOrderRow, ...], known: dict[str, int], missing: str
) -> Iterator[OutgoingRow]:
    """The rows that go out; those of the document's lines come first, in their order."""
    for place, row in enumerate(sent):
        if row.product_id is None:
            yield OutgoingRow("", "", row.name, None, None, None)
            continue
        line = document.lines[place] if place < len(document.lines) else None
        number = line.product_number if line else ""
        product = str(known[number]) if number in known else missing
        net = None
        if row.quantity is not None and row.price is not None:
            net = row_amount(row.quantity, row.price)
        yield OutgoingRow(number, product, row.name, row.quantity, row.price, net)
