"""What would become of one document, by what a look has found (pure)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from so24.office.values import Order
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.lane.lane_document import Item
from so24.transfer.order.what_is_there import BOOKED, INACTIVE, Presence


class Outcome(enum.StrEnum):
    """What would become of a document, in the words on screen: behind a count, or alone."""

    SENT = "sent as a draft and invoiced"
    FOR_APPROVAL = "sent as a draft and left for approval"
    GOES_ON = "gone on with, by the order bound to it"
    ADOPTED = "gone on with, by a draft of ours"
    CONFIRMED = "booked already, only confirmed"
    EXISTS = "there already"
    PROBABLY = "probably there already"
    OUTDATED = "stopped, as the draft there was made from other data"
    BLOCKED = "blocked"


DRAFTED = frozenset({Outcome.SENT, Outcome.FOR_APPROVAL})
ON_THE_WAY = DRAFTED | {Outcome.GOES_ON, Outcome.ADOPTED}
FINE = ON_THE_WAY | {Outcome.CONFIRMED}
_OUTCOMES = {
    Presence.ABSENT: Outcome.SENT,
    Presence.BOUND: Outcome.GOES_ON,
    Presence.BOOKED: Outcome.CONFIRMED,
    Presence.DRAFT: Outcome.ADOPTED,
    Presence.EXISTS: Outcome.EXISTS,
    Presence.PROBABLY: Outcome.PROBABLY,
}
_STATES = {Outcome.BLOCKED: State.BLOCKED, Outcome.OUTDATED: State.DIFFERS}
_ENDS = {Reason.EXISTS_REFERENCE: Outcome.EXISTS, Reason.EXISTS_PROBABLY: Outcome.PROBABLY}


@dataclass(frozen=True)
class Prospect:
    """One document: what would become of it, and why; ``order_id`` where there is an order."""

    invoice_id: int
    outcome: Outcome
    words: str = ""
    order_id: int | None = None

    @property
    def state(self) -> State:
        """The state that the transfer would come to; *transferred* where nothing is in its way."""
        if self.outcome in FINE:
            return State.TRANSFERRED
        return _STATES.get(self.outcome, State.EXISTS)

    @property
    def sentence(self) -> str:
        """Outcome and words together."""
        outcome = f"{self.outcome[0].upper()}{self.outcome[1:]}."
        return f"{outcome} {self.words}".strip()


def tell_ending(item: Item, ending: Move) -> Prospect:
    """A document that does not get as far as a draft: it exists, or something is in its way."""
    outcome = _ENDS.get(ending.reason, Outcome.BLOCKED)
    words, card = ending.words, ending.reason.card
    if ending.reason not in _ENDS:
        words = " ".join(filter(None, (card.sentence, ending.words, card.remedy)))
    return Prospect(item.id, outcome, words, ending.values.get("order_id"))


def tell_judgement(item: Item) -> Prospect:
    """A document that goes on, by its judgement."""
    if item.judgement is None or item.judgement.order is None:
        return Prospect(item.id, Outcome.SENT)
    order = item.judgement.order
    words = f"Order {order.order_id} ({order.status})."
    return Prospect(item.id, _OUTCOMES[item.judgement.presence], words, order.order_id)


def tell_outdated(item: Item, order: Order) -> Prospect:
    """A document whose draft was made earlier, from other data than it has now."""
    words = f"Order {order.order_id} ({order.status}). {Reason.DRAFT_OUTDATED.card.remedy}"
    return Prospect(item.id, Outcome.OUTDATED, words, order.order_id)


def tell_missed(item: Item, order: Order | None) -> Prospect:
    """A document whose bound order the look-up did not show: ``order`` was read by its id."""
    bound = item.order_id
    if order is not None and order.status != INACTIVE:
        outcome = Outcome.CONFIRMED if order.status in BOOKED else Outcome.GOES_ON
        return Prospect(item.id, outcome, f"Order {bound} ({order.status}).", bound)
    words = f"Order {bound} is deleted or inactive in 24SevenOffice."
    if item.binding is not None and item.binding.invoicing_at is not None:
        card = Reason.ORDER_GONE.card
        return Prospect(item.id, Outcome.BLOCKED, f"{card.sentence} {words} {card.remedy}", bound)
    return Prospect(item.id, Outcome.SENT, f"{words} A new one is made.")
