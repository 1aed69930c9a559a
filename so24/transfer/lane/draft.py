"""Step 6: send what is absent as drafts; the intent is committed before every call."""

from __future__ import annotations

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import BadRequest, Refused, Unknown
from so24.office.outcomes import WrittenOrders, write_drafts
from so24.office.values import SaveOutcome
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.links import forget_customer, forget_products
from so24.store.transfers.sent_payloads import SENDING
from so24.store.transfers.transfers import Move
from so24.transfer.checks.key_fields import explain_refusal
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.mapping import fingerprint_order
from so24.transfer.order.what_is_there import Presence


def prepare_drafts(journey: Journey) -> None:
    """Have the drafts of the documents never sent before written while calls are under way.

    Most of them will be found absent; what is written for the others is thrown away.
    """
    likely = [
        item
        for item in journey.items
        if item.company_id and not item.payload_hash and item.fault is None
    ]
    journey.write_ahead(_write_drafts, likely)


def _write_drafts(journey: Journey, items: list[Item]) -> WrittenOrders:
    return write_drafts([journey.order_for(item) for item in items])


def send_drafts(journey: Journey) -> None:
    """Create a draft order for every item that was looked for and is absent.

    Raises :class:`so24.errors.Unknown` after a lost answer, the items being *unknown* by then.
    """
    absent = [
        item
        for item in journey.items
        if item.judgement and item.judgement.presence is Presence.ABSENT and item.binding is None
    ]
    learnt: dict[Item, Move] = {}
    for batch in journey.batches(absent):
        learnt = _send_batch(journey, batch, learnt)
    journey.move(learnt)
    reach("after draft result", journey.key.id)


def _send_batch(journey: Journey, batch: list[Item], learnt: dict[Item, Move]) -> dict[Item, Move]:
    """Send one batch; records what the batch before has learnt, returns what this one learns."""
    ahead = journey.ahead.take(_write_drafts, batch)
    intended = journey.intend(
        {
            item: Move(
                State.PREPARING,
                SENDING,
                values={"payload_hash": fingerprint_order(journey.order_for(item))},
            )
            for item in batch
        },
        learnt=learnt,
    )
    if learnt:
        reach("after draft result", journey.key.id)
    if not intended:
        return {}
    reach("after draft intent", journey.key.id)
    try:
        outcomes = journey.save(_write_drafts, intended, ahead if intended == batch else None)
    except Unknown as lost:
        reach("during draft call", journey.key.id)
        lose_answer(journey, intended, str(lost))
        raise
    except (Refused, BadRequest) as refusal:
        refuse_batch(journey, intended, Reason.REFUSED_ORDER, refusal)
        return {}
    reach("after draft answer", journey.key.id)
    return _judge_outcomes(journey, outcomes)


def _judge_outcomes(journey: Journey, outcomes: dict[Item, SaveOutcome]) -> dict[Item, Move]:
    moves: dict[Item, Move] = {}
    for item, outcome in outcomes.items():
        if outcome.problem is not None:
            forget_links(journey, item)
            fault = explain_refusal(outcome.problem, journey.order_for(item))
            moves[item] = Move(State.REFUSED, fault.reason, fault.words)
        else:
            item.made_id = outcome.id
            values = {"order_id": outcome.id, "payload_hash": item.payload_hash}
            moves[item] = Move(State.DRAFTED, values=values)
    return moves


def forget_links(journey: Journey, item: Item) -> None:
    """Drop the links that a refused order rests on: one may be stale, so the next attempt looks."""
    invoice = item.document.invoice
    numbers = {line.product_number for line in item.document.lines}

    def forget(session: Session) -> None:
        forget_customer(session, journey.organization_id, invoice.customer_id)
        forget_products(session, journey.organization_id, numbers)

    journey.installation.db.insisting(forget)


def lose_answer(journey: Journey, items: list[Item], words: str) -> None:
    """A write may or may not have landed: look later, twice, and send smaller batches."""
    journey.batch_size = max(1, journey.batch_size // 2)
    journey.move({item: journey.look_up_later(words) for item in items})


def refuse_batch(
    journey: Journey, items: list[Item], reason: Reason, refusal: Refused | BadRequest
) -> None:
    """A whole call was refused: of one item it is that item's end, of many each is tried alone."""
    if len(items) == 1:
        forget_links(journey, items[0])
        journey.move({items[0]: Move(State.REFUSED, reason, str(refusal))})
        return
    journey.try_singly((item.id for item in items), refusal)
