"""Step 6: send what is absent as drafts; the intent is committed before every call."""

from __future__ import annotations

from so24.crashpoints import reach
from so24.errors import AnsweredOtherwise, BadRequest, Refused, Unknown
from so24.office.outcomes import WrittenOrders, write_drafts
from so24.office.values import SaveOutcome
from so24.reasons import Reason
from so24.store.evidence.sent_orders import Sending
from so24.store.tables.transfer_tables import State
from so24.store.transfers.lost_writes import SENDING, attempts_of
from so24.store.transfers.transfers import Move
from so24.transfer.checks.key import explain_refusal
from so24.transfer.lane.lane_document import LaneDocument, tell_gone, tell_strange
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order.mapping import (
    fingerprint_made,
    fingerprint_told,
    is_fingerprint,
    tell_order,
)
from so24.transfer.order.what_is_there import Presence


def prepare_drafts(lane_pass: LanePass) -> None:
    """Have the drafts of the documents never sent before written while calls are under way.

    Most of them will be found absent; what is written for the others is thrown away.
    """
    likely = [
        doc
        for doc in lane_pass.documents
        if doc.company_id and not doc.payload_hash and doc.fault is None
    ]
    lane_pass.write_ahead(_write_drafts, likely)


def _write_drafts(lane_pass: LanePass, documents: list[LaneDocument]) -> WrittenOrders:
    return write_drafts([lane_pass.order_for(doc) for doc in documents])


def send_drafts(lane_pass: LanePass) -> None:
    """Create a draft order for every document that was looked for and is absent.

    Raises :class:`so24.errors.Unknown` after a lost answer, the documents being *unknown* by then.
    """
    _block_changed(lane_pass)
    _block_never_seen(lane_pass)
    absent = _list_absent(lane_pass)
    learnt: dict[LaneDocument, Move] = {}
    for batch in lane_pass.batches(absent):
        learnt = _send_batch(lane_pass, batch, learnt)
    lane_pass.move(learnt)
    reach("after draft result", lane_pass.key.id)


def _list_absent(lane_pass: LanePass) -> list[LaneDocument]:
    return [
        doc
        for doc in lane_pass.documents
        if doc.match and doc.match.presence is Presence.ABSENT and doc.binding is None
    ]


def _block_changed(lane_pass: LanePass) -> None:
    """End what would be sent now and is not what the press of the button has bound it to."""
    ending = lane_pass.key.mode.value
    lane_pass.move(
        {
            doc: Move(
                State.BLOCKED,
                Reason.CHANGED_AFTER_PRESS,
                tell_gone(doc.order_id) if doc.order_id else "",
            )
            for doc in _list_absent(lane_pass)
            if is_fingerprint(doc.made_hash)
            and doc.made_hash != fingerprint_made(lane_pass.order_for(doc), doc.document, ending)
        }
    )


def _block_never_seen(lane_pass: LanePass) -> None:
    """Leave to a person what was sent again and again and is not shown afterwards.

    24SevenOffice may show it under another reference, and each attempt makes one more draft.
    """
    again = [doc for doc in _list_absent(lane_pass) if doc.payload_hash]
    if not again:
        return
    attempts = lane_pass.recorder.read(lambda s: attempts_of(s, [doc.id for doc in again]))
    lane_pass.move(
        {
            doc: Move(State.BLOCKED, Reason.NEVER_SHOWN, attempts[doc.id].words)
            for doc in again
            if doc.id in attempts and attempts[doc.id].are_enough
        }
    )


def tell_strange_answers(lane_pass: LanePass) -> dict[int, str]:
    """Of the documents by id for whose drafts other references came back: what came back."""
    sent = [doc.id for doc in lane_pass.documents if doc.payload_hash]
    if not sent:
        return {}
    attempts = lane_pass.recorder.read(lambda session: attempts_of(session, sent))
    return {each: found.words for each, found in attempts.items() if found.strange}


def _note_strange(
    lane_pass: LanePass, documents: list[LaneDocument], strange: AnsweredOtherwise
) -> None:
    """Keep which orders came back under other references; a look tells whether they are ours."""
    lane_pass.move(
        {
            doc: lane_pass.look_up_later(doc, tell_strange(order_id), Reason.ANSWERED_OTHERWISE)
            for doc, order_id in zip(documents, strange.ids, strict=True)
        }
    )


def _send_batch(
    lane_pass: LanePass, batch: list[LaneDocument], learnt: dict[LaneDocument, Move]
) -> dict[LaneDocument, Move]:
    """Send one batch; records what the batch before has learnt, returns what this one learns."""
    ahead = lane_pass.written_ahead.take(_write_drafts, batch)
    sending = {doc: _as_it_goes(lane_pass, doc) for doc in batch}
    intended = lane_pass.intend(
        {
            doc: Move(State.PREPARING, SENDING, values={"payload_hash": order.payload_hash})
            for doc, order in sending.items()
        },
        learnt=learnt,
        sending=[*sending.values()],
    )
    if learnt:
        reach("after draft result", lane_pass.key.id)
    if not intended:
        return {}
    reach("after draft intent", lane_pass.key.id)
    try:
        outcomes = lane_pass.save(_write_drafts, intended, ahead if intended == batch else None)
    except AnsweredOtherwise as strange:
        _note_strange(lane_pass, intended, strange)
        raise
    except Unknown as lost:
        reach("during draft call", lane_pass.key.id)
        lose_answer(lane_pass, intended, lost.words)
        raise
    except (Refused, BadRequest) as refusal:
        refuse_batch(lane_pass, intended, Reason.REFUSED_ORDER, refusal)
        return {}
    reach("after draft answer", lane_pass.key.id)
    return _read_outcomes(lane_pass, outcomes)


def _as_it_goes(lane_pass: LanePass, doc: LaneDocument) -> Sending:
    told = tell_order(lane_pass.order_for(doc))
    return Sending(doc.invoice_id, fingerprint_told(told), told)


def _read_outcomes(
    lane_pass: LanePass, outcomes: dict[LaneDocument, SaveOutcome]
) -> dict[LaneDocument, Move]:
    moves: dict[LaneDocument, Move] = {}
    for doc, outcome in outcomes.items():
        if outcome.problem is not None:
            forget_links(lane_pass, doc)
            fault = explain_refusal(outcome.problem, lane_pass.order_for(doc))
            moves[doc] = Move(State.REFUSED, fault.reason, fault.words)
        else:
            doc.made_id = outcome.id
            values = {"order_id": outcome.id, "payload_hash": doc.payload_hash}
            moves[doc] = Move(State.DRAFTED, values=values)
    return moves


def forget_links(lane_pass: LanePass, doc: LaneDocument) -> None:
    """Drop the links that a refused order rests on: one may be stale, so the next attempt looks."""
    numbers = {line.product_number for line in doc.document.lines}
    lane_pass.recorder.forget_links(doc.customer_id, numbers)


def lose_answer(lane_pass: LanePass, documents: list[LaneDocument], words: str) -> None:
    """A write may or may not have landed: look later, twice, and send smaller batches."""
    lane_pass.batch_size = max(1, lane_pass.batch_size // 2)
    lane_pass.move({doc: lane_pass.look_up_later(doc, words) for doc in documents})


def refuse_batch(
    lane_pass: LanePass,
    documents: list[LaneDocument],
    reason: Reason,
    refusal: Refused | BadRequest,
) -> None:
    """A whole call was refused: a single document ends by that, of many each is tried alone."""
    if len(documents) == 1:
        forget_links(lane_pass, documents[0])
        lane_pass.move({documents[0]: Move(State.REFUSED, reason, refusal.words)})
        return
    lane_pass.try_singly((doc.id for doc in documents), refusal)
