"""The protocol broken on purpose, one rule at a time: what is put in the place of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.errors import Unknown
from so24.keys import access
from so24.office import gateway, outcomes
from so24.office.account import Reached
from so24.office.values import Order, SaveOutcome
from so24.reasons import Reason, State
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import OrderLink
from so24.store.transfers import links, transfers
from so24.store.transfers.links import Binding
from so24.store.transfers.transfers import Move
from so24.transfer.jobs import worker
from so24.transfer.lane import bind, draft, invoice, lane, late_drafts, look_up
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.store_recorder import StoreRecorder
from so24.transfer.order import what_is_there
from so24.transfer.order.mapping import reference_of
from so24.transfer.order.what_is_there import Match, Presence


@dataclass(frozen=True)
class Patch:
    """One thing of the product, and what is put in its place."""

    where: Any
    name: str
    broken: Any


def _nothing(*_: Any, **_more: Any) -> None:
    """What should be done here is not done."""


def _look_at_nothing(lane_pass: LanePass) -> None:
    look_up.read_bindings(lane_pass)
    for doc in lane_pass.documents:
        doc.match = Match(Presence.ABSENT)


def _bind_anew(
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


def _intend_in_memory(
    lane_pass: LanePass,
    moves: Mapping[LaneDocument, Move],
    learnt: Mapping[LaneDocument, Move] | None = None,
) -> list[LaneDocument]:
    lane_pass.move(dict(learnt or {}))
    return [doc for doc in moves if doc in lane_pass.documents]


def _intend_drafts_only(
    lane_pass: LanePass,
    moves: Mapping[LaneDocument, Move],
    learnt: Mapping[LaneDocument, Move] | None = None,
) -> list[LaneDocument]:
    if any(move.state is State.INVOICING for move in moves.values()):
        return list(moves)
    return _intend(lane_pass, moves, learnt)


def _intend_whatever_others_do(
    lane_pass: LanePass,
    moves: Mapping[LaneDocument, Move],
    learnt: Mapping[LaneDocument, Move] | None = None,
) -> list[LaneDocument]:
    _intend(lane_pass, moves, learnt)
    return list(moves)


def _believe_the_session(account: Any, _client: int) -> Reached:
    return Reached(account.current_identity(), switched=False)


def _end_as_not_sent(lane_pass: LanePass, documents: list[LaneDocument], words: str) -> None:
    lane_pass.move({doc: Move(State.NOT_SENT, Reason.UNREACHABLE, words) for doc in documents})


def _end_as_refused(lane_pass: LanePass, documents: list[LaneDocument], words: str) -> None:
    lane_pass.move({doc: Move(State.REFUSED, Reason.REFUSED_INVOICING, words) for doc in documents})


def _believe_the_refusal(
    lane_pass: LanePass, documents: list[LaneDocument], reason: Reason, refusal: Any
) -> None:
    lane_pass.refuse(documents, reason, str(refusal))


def _send_singly_at_once(
    lane_pass: LanePass, documents: list[LaneDocument], reason: Reason, refusal: Any
) -> None:
    if len(documents) == 1:
        lane_pass.refuse(documents, reason, str(refusal))
    for doc in documents if len(documents) > 1 else ():
        lane_pass.move(draft._send_batch(lane_pass, [doc], {}))


def _save_again(lane_pass: LanePass, *arguments: Any) -> dict[LaneDocument, SaveOutcome]:
    try:
        return _save(lane_pass, *arguments)
    except Unknown:
        return _save(lane_pass, *arguments)


def _call_transferred(_: LanePass, _doc: LaneDocument, order: Order) -> Move:
    values = {
        "order_id": order.order_id,
        "office_invoice_id": order.invoice_id or 1,
        "office_total": order.total,
    }
    return Move(State.TRANSFERRED, values=values)


def _refuse_what_was_refused(lane_pass: LanePass, doc: LaneDocument, order: Order) -> Move | None:
    if doc.refusal:
        return Move(State.REFUSED, Reason.REFUSED_INVOICING, doc.refusal)
    return _confirm(lane_pass, doc, order)


def _miss_at_once(lane_pass: LanePass, doc: LaneDocument) -> None:
    """What is not seen is gone, and sent again, whatever was asked of it."""
    if doc.binding and lane_pass.recorder.release(doc.invoice_id, doc.binding.order_id):
        doc.binding = None
        lane_pass.move({doc: Move(State.QUEUED, Reason.DRAFT_GONE, "", {"order_id": None})})


def _record_over_others(
    recorder: StoreRecorder,
    moves: Mapping[int, Move],
    _sent_before: Mapping[int, dt.datetime | None],
    intended: Collection[int] = (),
) -> Any:
    return _record(recorder, moves, {}, intended)


def _match_inactive_too(
    document: Any, company: int, bound: int | None, orders: Iterable[Order]
) -> Match:
    alive = [replace(each, status=what_is_there.DRAFT) if each.status == "Inactive" else each
             for each in orders]  # fmt: skip
    return _match(document, company, bound, alive)


def _match_any_of_ours(
    document: Any, company: int, bound: int | None, orders: Iterable[Order]
) -> Match:
    ours = reference_of(document)
    taken = [replace(each, reference=ours) if each.status == what_is_there.DRAFT else each
             for each in orders]  # fmt: skip
    return _match(document, company, bound, taken)


def _match_without_binding(
    document: Any, company: int, _bound: int | None, orders: Iterable[Order]
) -> Match:
    return _match(document, company, None, orders)


def _as_they_came(_key: str, _sent: Sequence[Any], answers: Sequence[Any]) -> Sequence[Any]:
    return answers


def _pad_outcomes(kind: Any, sent: Sequence[Any], result: Any) -> list[SaveOutcome]:
    answers = list(result or [])
    lacking = {"APIException": {"Type": "Lost", "Message": "No answer."}}
    return _match_outcomes(kind, sent, answers + [lacking] * (len(sent) - len(answers)))


def _invoice_in_one_call(orders: Sequence[Any]) -> Any:
    return _write_drafts([replace(each, status="Invoiced") for each in orders])


def _since_a_minute(_dates: Iterable[dt.date]) -> dt.datetime:
    return now() - dt.timedelta(minutes=1)


def _hold_all(_session: Session, _organization: int, orders: Mapping[int, int]) -> set[int]:
    return set(orders)


def _prefer_the_draft(doc: LaneDocument) -> int | None:
    return doc.made_id or doc.draft_id or (doc.binding.order_id if doc.binding else None)


def _reuse_unproven(installation: Any, key: Any, before_call: Any) -> Any:
    if not key.session_sealed:
        return None
    session = installation.vault.unseal(key.session_sealed)
    office = access.office_for(installation, key.username, "", session, before_call)
    return access.OpenedOffice(office, Reached(office.account.current_identity(), switched=False))


def _plan_no_look(_: LanePass) -> None:
    return None


_bind, _match, _save, _intend = (
    links.bind_orders,
    what_is_there.match_orders,
    LanePass.save,
    LanePass.intend,
)
_confirm, _record = invoice._confirm, StoreRecorder.record
_match_outcomes, _write_drafts = outcomes.match_outcomes, outcomes.write_drafts
_NEVER = property(lambda _: False)
_matching = {
    name: (Patch(look_up, "match_orders", broken), Patch(late_drafts, "match_orders", broken))
    for name, broken in (
        ("inactive orders count as drafts", _match_inactive_too),
        ("any draft of ours is taken for the document's", _match_any_of_ours),
        ("the look-up forgets what is bound", _match_without_binding),
    )
}

FAULTS: Mapping[str, Sequence[Patch]] = {
    "nothing is looked up before a draft is sent": [Patch(lane, "look_up", _look_at_nothing)],
    "each order is bound anew": [Patch(transfers, "bind_orders", _bind_anew)],
    "no intent is committed before a call": [Patch(LanePass, "intend", _intend_in_memory)],
    "no intent is committed before invoicing": [Patch(LanePass, "intend", _intend_drafts_only)],
    "who loses the compare-and-set writes too": [
        Patch(LanePass, "intend", _intend_whatever_others_do)
    ],
    "moves overwrite what another worker wrote": [
        Patch(StoreRecorder, "record", _record_over_others)
    ],
    "the company is not compared": [Patch(access, "prove_company", _believe_the_session)],
    "a stored session is not proven": [Patch(access, "_reuse_session", _reuse_unproven)],
    "a lost draft counts as not sent": [Patch(draft, "lose_answer", _end_as_not_sent)],
    "a lost invoicing counts as refused": [Patch(invoice, "lose_answer", _end_as_refused)],
    "a refused batch of drafts is refused for all": [
        Patch(draft, "refuse_batch", _believe_the_refusal)
    ],
    "a refused batch is sent singly without looking": [
        Patch(draft, "refuse_batch", _send_singly_at_once)
    ],
    "a lost call is repeated at once": [Patch(LanePass, "save", _save_again)],
    "what was asked for is called transferred": [Patch(invoice, "_confirm", _call_transferred)],
    "a refusal of invoicing is believed": [Patch(invoice, "_confirm", _refuse_what_was_refused)],
    "a bound order that is not seen is sent again": [Patch(bind, "_miss", _miss_at_once)],
    "second drafts are never set inactive": [
        Patch(look_up, "retire_second_drafts", _nothing),
        Patch(late_drafts, "retire_orders", lambda *_: {}),
    ],
    "nobody looks for late drafts": [Patch(worker, "due_for_another_look", lambda *_: {})],
    "no later look is planned": [
        Patch(LanePass, "next_look", _plan_no_look),
        Patch(late_drafts, "when_to_look", lambda *_: None),
    ],
    "nobody takes up what a job has left": [Patch(worker, "_take_up_lanes", lambda *_: False)],
    "orders for approval are not followed": [Patch(late_drafts, "follow_approvals", _nothing)],
    "what exists is left open": [Patch(look_up, "_leave_existing", _nothing)],
    "answers are taken in the order they came": [
        Patch(outcomes, "_in_sent_order", _as_they_came),
        Patch(outcomes, "_check_pair", _nothing),
    ],
    "an answer that lacks items counts as a refusal of these": [
        Patch(outcomes, "match_outcomes", _pad_outcomes),
        Patch(gateway, "match_outcomes", _pad_outcomes),
    ],
    "orders are sent as invoiced": [Patch(draft, "write_drafts", _invoice_in_one_call)],
    "only what changed in the last minute is looked at": [
        Patch(look_up, "since_oldest", _since_a_minute),
        Patch(late_drafts, "since_oldest", _since_a_minute),
    ],
    "the order that a pass has made is invoiced, bound or not": [
        Patch(LaneDocument, "order_id", property(_prefer_the_draft)),
        Patch(transfers, "intend_invoicing", _hold_all),
    ],
    "a stopped run counts as never sent": [Patch(LaneDocument, "may_be_there", _NEVER)],
    "what may have been sent ends when a lane gives up": [
        Patch(lane._Lane, "_is_unsure", lambda *_: False)
    ],
    "a write in mid-call is not seen as one": [Patch(LaneDocument, "is_half_written", _NEVER)],
    **_matching,
}
