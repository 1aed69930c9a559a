"""Step 6: send what is absent as drafts; the intent is committed before every call."""

from __future__ import annotations

import datetime as dt

from so24.errors import BadRequest, Refused, Unknown
from so24.office.values import NewOrder, SaveOutcome
from so24.store.tables import now
from so24.store.transfer_tables import State
from so24.store.transfers import Move
from so24.transfer.crashpoints import reach
from so24.transfer.customers import forget_company
from so24.transfer.journey import Item, Journey
from so24.transfer.judge import Finding
from so24.transfer.mapping import fingerprint_order, map_order


def prepare_drafts(journey: Journey) -> None:
    """Have the drafts of the documents never sent before written while they are looked up.

    Most of them will be found absent; what is written for the others is thrown away.
    """
    likely = [item for item in journey.items if item.company_id and not item.payload_hash]
    for batch in journey.batches(likely):
        journey.office.prepare_drafts([_map(journey, item) for item in batch])


def send_drafts(journey: Journey) -> None:
    """Create a draft order for every item that was looked for and is absent.

    Raises :class:`so24.errors.Unknown` after a lost answer, the items being *unknown* by then.
    """
    absent = [
        item
        for item in journey.items
        if item.judgement and item.judgement.finding is Finding.ABSENT and item.binding is None
    ]
    for batch in journey.batches(absent):
        _send_batch(journey, batch)


def _send_batch(journey: Journey, batch: list[Item]) -> None:
    orders = {item: _map(journey, item) for item in batch}
    intended = journey.intend(
        {
            item: Move(
                State.PREPARING,
                "sending_draft",
                values={"payload_hash": fingerprint_order(orders[item])},
            )
            for item in batch
        }
    )
    if not intended:
        return
    reach("after draft intent")
    try:
        outcomes = journey.office.save_drafts([orders[item] for item in intended])
    except Unknown as lost:
        lose_answer(journey, intended, str(lost))
        raise
    except (Refused, BadRequest) as refusal:
        refuse_batch(journey, intended, "refused_order", refusal)
        return
    reach("after draft answer")
    _take_outcomes(journey, dict(zip(intended, outcomes, strict=True)))
    reach("after draft result")


def _map(journey: Journey, item: Item) -> NewOrder:
    if item.company_id is None:
        raise RuntimeError("a draft needs the customer's company")
    if item.order is None:
        item.order = map_order(item.document, item.company_id, journey.products)
    return item.order


def _take_outcomes(journey: Journey, outcomes: dict[Item, SaveOutcome]) -> None:
    moves: dict[Item, Move] = {}
    for item, outcome in outcomes.items():
        if outcome.problem is not None:
            forget_company(journey, item)
            moves[item] = Move(State.REFUSED, "refused_order", outcome.problem.message)
        else:
            moves[item] = Move(State.DRAFTED, values={"order_id": outcome.id})
    journey.move(moves)


def lose_answer(journey: Journey, items: list[Item], words: str) -> None:
    """A write may or may not have landed: look later, twice, and send smaller batches."""
    again = now() + dt.timedelta(seconds=2 * journey.installation.settings.settle)
    journey.batch_size = max(1, journey.batch_size // 2)
    journey.move(
        {item: Move(State.UNKNOWN, "looking_up", words, {"look_again_at": again}) for item in items}
    )


def refuse_batch(
    journey: Journey, items: list[Item], reason: str, refusal: Refused | BadRequest
) -> None:
    """A whole call was refused: of one item it is that item's end, of many each is tried alone.

    Before that they are looked up again, for the vendor does not say whether a refused batch was
    carried out in part.
    """
    if len(items) == 1:
        forget_company(journey, items[0])
        journey.move({items[0]: Move(State.REFUSED, reason, str(refusal))})
        return
    journey.singly.update(item.id for item in items)
    raise refusal
