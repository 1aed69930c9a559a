"""What is put in the place of a part of the protocol, to break it on purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.errors import Unknown
from so24.office import outcomes
from so24.office.account import Reached
from so24.office.values import Order, SaveOutcome
from so24.reasons import Reason
from so24.states import State
from so24.store.evidence.sent_orders import Sending
from so24.store.links import links
from so24.store.links.links import Binding
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import OrderLink
from so24.store.transfers.transfers import Move
from so24.transfer.lane import draft, look_up
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.store_recorder import StoreRecorder
from so24.transfer.order import what_is_there
from so24.transfer.order.mapping import map_change, reference_of
from so24.transfer.order.what_is_there import Match, Presence


def nothing(*_: Any, **_more: Any) -> None:
    """What should be done here is not done."""


def look_at_nothing(lane_pass: LanePass) -> None:
    look_up.read_bindings(lane_pass)
    for doc in lane_pass.documents:
        doc.match = Match(Presence.ABSENT)


def bind_anew(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> dict[int, Binding]:
    _bind(session, organization_id, orders)
    for document, order_id in orders.items():
        session.execute(
            sa.update(OrderLink)
            .where(
                col(OrderLink.organization_id) == organization_id,
                col(OrderLink.invoice_id) == document,
            )
            .values(order_id=order_id)
        )
    return links.bindings(session, organization_id, orders)


def intend_in_memory(
    lane_pass: LanePass,
    moves: Mapping[LaneDocument, Move],
    learnt: Mapping[LaneDocument, Move] | None = None,
    **_sending: Any,
) -> list[LaneDocument]:
    lane_pass.move(dict(learnt or {}))
    return [doc for doc in moves if doc in lane_pass.documents]


def intend_drafts_only(
    lane_pass: LanePass,
    moves: Mapping[LaneDocument, Move],
    learnt: Mapping[LaneDocument, Move] | None = None,
    sending: Sequence[Sending] = (),
) -> list[LaneDocument]:
    if any(move.state is State.INVOICING for move in moves.values()):
        return list(moves)
    return _intend(lane_pass, moves, learnt, sending)


def intend_whatever_others_do(
    lane_pass: LanePass,
    moves: Mapping[LaneDocument, Move],
    learnt: Mapping[LaneDocument, Move] | None = None,
    sending: Sequence[Sending] = (),
) -> list[LaneDocument]:
    _intend(lane_pass, moves, learnt, sending)
    return list(moves)


def believe_the_session(account: Any, _client: int) -> Reached:
    return Reached(account.current_identity(), switched=False)


def end_as_not_sent(lane_pass: LanePass, documents: list[LaneDocument], words: str) -> None:
    never = {"look_again_at": None}
    lane_pass.move(
        {doc: Move(State.NOT_SENT, Reason.UNREACHABLE, words, never) for doc in documents}
    )


def end_as_refused(lane_pass: LanePass, documents: list[LaneDocument], words: str) -> None:
    never = {"look_again_at": None}
    lane_pass.move(
        {doc: Move(State.REFUSED, Reason.REFUSED_INVOICING, words, never) for doc in documents}
    )


def send_singly_at_once(
    lane_pass: LanePass, documents: list[LaneDocument], reason: Reason, refusal: Any
) -> None:
    if len(documents) == 1:
        lane_pass.refuse(documents, reason, str(refusal))
    for doc in documents if len(documents) > 1 else ():
        lane_pass.move(draft._send_batch(lane_pass, [doc], {}))


def save_again(lane_pass: LanePass, *arguments: Any) -> dict[LaneDocument, SaveOutcome]:
    try:
        return _save(lane_pass, *arguments)
    except Unknown:
        return _save(lane_pass, *arguments)


def save_reversed(lane_pass: LanePass, *arguments: Any) -> dict[LaneDocument, SaveOutcome]:
    outcomes = _save(lane_pass, *arguments)
    return dict(zip(outcomes, reversed(list(outcomes.values())), strict=True))


def change_the_next(document: Any, order_id: int, company_id: int) -> Any:
    return map_change(document, order_id + 1, company_id)


def say_retired(_office: Any, drafts: Mapping[int, Any]) -> dict[int, str]:
    return {
        key: " ".join(
            f"A second draft, order {each.order_id}, was set inactive." for each in orders
        )
        for key, (_, orders) in drafts.items()
    }


def call_transferred(_: LanePass, _doc: LaneDocument, order: Order) -> Move:
    values = {
        "order_id": order.order_id,
        "office_invoice_id": order.invoice_id or 1,
        "office_total": order.total,
    }
    return Move(State.TRANSFERRED, values=values)


def record_over_others(
    recorder: StoreRecorder,
    moves: Mapping[int, Move],
    _sent_before: Mapping[int, dt.datetime | None],
    intended: Collection[int] = (),
    sending: Sequence[Sending] = (),
) -> Any:
    return _record(recorder, moves, {}, intended, sending)


def match_any_of_ours(
    document: Any, cards: Any, bound: int | None, orders: Iterable[Order], **more: Any
) -> Match:
    ours = reference_of(document)
    taken = [replace(each, reference=ours) if each.status == what_is_there.DRAFT else each
             for each in orders]  # fmt: skip
    return _match(document, cards, bound, taken, **more)


def as_they_came(_key: str, _sent: Sequence[Any], answers: Sequence[Any]) -> Sequence[Any]:
    return answers


def pad_outcomes(kind: Any, sent: Sequence[Any], result: Any) -> list[SaveOutcome]:
    answers = list(result or [])
    lacking = {"APIException": {"Type": "Lost", "Message": "No answer."}}
    return _match_outcomes(kind, sent, answers + [lacking] * (len(sent) - len(answers)))


def invoice_in_one_call(orders: Sequence[Any]) -> Any:
    return _write_drafts([replace(each, status="Invoiced") for each in orders])


def create_instead_of_change(orders: Sequence[Any], status: Any) -> Any:
    written = _write_invoicing(orders, status)
    for each in written.sent:
        del each["OrderId"]
        row = {"ProductId": 2001, "Quantity": Decimal(1), "Price": Decimal(1), "Type": "Normal"}
        each |= {"InvoiceRows": {"InvoiceRow": [row]}, "DateOrdered": each["DateInvoiced"]}
    return written


def stop_without_looking(lane_pass: Any, held: LanePass) -> None:
    held.move({doc: Move(State.CANCELLED, Reason.CANCELLED, "") for doc in held.documents})


def retire_the_bound_one_too(
    document: Any, cards: Any, bound: int | None, orders: Iterable[Order], **more: Any
) -> Match:
    found = _match(document, cards, bound, orders, **more)
    own = found.order if found.presence is Presence.BOUND else None
    return replace(found, second_drafts=(*found.second_drafts, own)) if own else found


def since_a_minute(_dates: Iterable[dt.date]) -> dt.datetime:
    return now() - dt.timedelta(minutes=1)


def plan_no_look(_: LanePass) -> None:
    return None


_bind, _match, _save, _intend = (
    links.bind_orders,
    what_is_there.match_orders,
    LanePass.save,
    LanePass.intend,
)
_record = StoreRecorder.record
_write_invoicing = outcomes.write_invoicing
_match_outcomes, _write_drafts = outcomes.match_outcomes, outcomes.write_drafts
NEVER = property(lambda _: False)
