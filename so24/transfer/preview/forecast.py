"""What would become of the documents of a lane, in the words that people read (pure)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from so24.firms.numbers import is_placeholder
from so24.language.said import join_said, say
from so24.office.order_statuses import say_status
from so24.office.values import Order, Quota
from so24.reasons import Reason
from so24.store.links.links import LinkedCard
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.document_tables import Customer
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfers import Move
from so24.transfer.lane.lane_document import LaneDocument, tell_gone, tell_order
from so24.transfer.order.key_fields import NO_KEY_LISTS, KeyLists
from so24.transfer.order.mapping import CreditTarget
from so24.transfer.order.what_is_there import BOOKED, INACTIVE, Presence


class Outcome(enum.StrEnum):
    """What would become of a document, in the words on screen, and the state it would come to.

    The words stand behind a count, or alone, and say what will happen: nothing has happened yet.
    *Transferred* is where nothing is in the document's way.
    """

    state: State

    def __new__(cls, words: str, state: State) -> Outcome:
        """A member with its state."""
        member = str.__new__(cls, words)
        member._value_ = words
        member.state = state
        return member

    SENT = say("will be created as a draft and invoiced"), State.TRANSFERRED
    FOR_APPROVAL = say("will be created as a draft and left for approval"), State.TRANSFERRED
    GOES_ON = say("will go on, by an order that so24 has made before"), State.TRANSFERRED
    ADOPTED = say("will go on, by a draft of ours that is there"), State.TRANSFERRED
    CONFIRMED = say("will only be confirmed: booked already"), State.TRANSFERRED
    EXISTS = say("will not be sent: there already"), State.EXISTS
    PROBABLY = say("will not be sent: probably there already"), State.EXISTS
    OUTDATED = say("will not go on: the draft there was made from other data"), State.DIFFERS
    BLOCKED = say("will not be sent: blocked"), State.BLOCKED

    @property
    def is_fine(self) -> bool:
        """Whether nothing is in the document's way."""
        return self.state is State.TRANSFERRED


# the same as sentences
_SENTENCES = {
    Outcome.SENT: say("Will be created as a draft and invoiced."),
    Outcome.FOR_APPROVAL: say("Will be created as a draft and left for approval."),
    Outcome.GOES_ON: say("Will go on, by an order that so24 has made before."),
    Outcome.ADOPTED: say("Will go on, by a draft of ours that is there."),
    Outcome.CONFIRMED: say("Will only be confirmed: booked already."),
    Outcome.EXISTS: say("Will not be sent: there already."),
    Outcome.PROBABLY: say("Will not be sent: probably there already."),
    Outcome.OUTDATED: say("Will not go on: the draft there was made from other data."),
    Outcome.BLOCKED: say("Will not be sent: blocked."),
}
_GOING_ON = {
    Presence.BOUND: Outcome.GOES_ON,
    Presence.BOOKED: Outcome.CONFIRMED,
    Presence.DRAFT: Outcome.ADOPTED,
    Presence.GIVES_WAY: Outcome.ADOPTED,
}
_ENDS = {
    Reason.EXISTS_REFERENCE: Outcome.EXISTS,
    Reason.EXISTS_PROBABLY: Outcome.PROBABLY,
}


@dataclass(frozen=True)
class Forecast:
    """One document: what would become of it, and why; ``order_id`` where there is an order.

    ``planned`` is the state that the plan gives it already, without any look. ``customer_card`` is
    the card that it goes to, and by what that was found; ``doubt`` is a warning, as sentences.
    """

    invoice_id: int
    outcome: Outcome
    words: str = ""
    order_id: int | None = None
    planned: State | None = None
    customer_card: str = ""
    doubt: str = ""

    @property
    def state(self) -> State:
        """The state that the transfer would come to."""
        return self.planned or self.outcome.state

    @property
    def sentence(self) -> str:
        """Outcome and words together; what a plan says is whole already."""
        if self.planned is not None:
            return self.words
        card = say("Customer card: {card}.", card=self.customer_card) if self.customer_card else ""
        return join_said([_SENTENCES[self.outcome], self.words, card, self.doubt])


@dataclass(frozen=True)
class Creation:
    """A customer or product to be created: RecMan's number and name; products: the category."""

    number: str
    name: str
    category: str = ""

    @classmethod
    def of_customer(cls, customer: Customer) -> Creation:
        """A customer's; it is told where a placeholder will not stand on the card."""
        name, number = customer.name, customer.organization_number
        if is_placeholder(number, customer.country):
            name = say(
                "{name}, without organization number: {number} is a placeholder",
                name=name,
                number=number,
            )
        return cls(customer.number, name)


@dataclass(frozen=True)
class PreviewLane:
    """What goes by one key: its documents in the order of the run, and their sums by currency.

    ``customers`` and ``products`` have no link yet: they are looked for, and created where they
    are missing. ``requests`` counts them as missing, so it is the most that a run without trouble
    makes; ``seconds`` go with a usual round trip. ``credit_notes`` are all that the run sends to
    the company, by whichever key, in its order. ``series_doubt`` says that so24 has booked other
    numbers there than the key expects next.
    """

    key_id: int
    key: str
    company: str
    client_id: int
    invoice_ids: tuple[int, ...]
    sums: dict[str, Decimal]
    customers: tuple[Creation, ...]
    products: tuple[Creation, ...]
    requests: int
    seconds: float
    credit_notes: tuple[int, ...]
    series_doubt: str = ""

    @property
    def documents(self) -> int:
        """How many documents go."""
        return len(self.invoice_ids)


@dataclass(frozen=True)
class LookResult:
    """What a look at one lane has found; with a ``problem`` it was not to be had.

    ``found_cards`` and ``found_products`` are what was found, by our customer id and product
    number, None for a linked product that is gone; ``key_lists`` is what the key lets travel,
    ``credited`` what credit notes name, by our invoice id. ``requests`` is what a run would make
    now, ``quota`` as the last answer announced it, and ``round_trip`` the seconds of the look's own
    requests on average.
    """

    key_id: int
    problem: str = ""
    forecasts: tuple[Forecast, ...] = ()
    customers: tuple[Creation, ...] = ()
    products: tuple[Creation, ...] = ()
    requests: int = 0
    quota: Quota = field(default_factory=Quota)
    round_trip: float = 0.0
    found_cards: Mapping[int, LinkedCard] = field(default_factory=dict)
    found_products: Mapping[str, LinkedProduct | None] = field(default_factory=dict)
    key_lists: KeyLists = NO_KEY_LISTS
    credited: Mapping[int, CreditTarget] = field(default_factory=dict)
    taken_at: dt.datetime = field(default_factory=now)


def forecast_planned(planned: NewTransfer) -> Forecast:
    """A document that the plan does not send, with the reason's card and particulars."""
    card = planned.reason.card
    words = join_said((card.sentence, planned.words, card.remedy))
    return Forecast(planned.invoice_id, Outcome.BLOCKED, words, planned=planned.state)


def forecast_refused(invoice_id: int, reason: Reason, particulars: str) -> Forecast:
    """A document whose number is not the next one by all that so24 has booked."""
    card = reason.card
    known = say("So it is by what so24 has booked; a look into 24SevenOffice tells for sure.")
    words = join_said((card.sentence, particulars, known, card.remedy))
    return Forecast(invoice_id, Outcome.BLOCKED, words)


def forecast_ending(doc: LaneDocument, ending: Move) -> Forecast:
    """A document that does not get as far as a draft: it exists, or something is in its way."""
    outcome = _ENDS.get(ending.reason, Outcome.BLOCKED)
    words = ending.words
    if ending.reason not in _ENDS:
        card = ending.reason.card
        words = join_said((card.sentence, ending.words, card.remedy))
    return Forecast(doc.id, outcome, words, ending.values.get("order_id"))


def forecast_match(doc: LaneDocument) -> Forecast:
    """A document that goes on, by what its orders mean for it."""
    if doc.match is None or doc.match.order is None:
        return Forecast(doc.id, Outcome.SENT)
    order = doc.match.order
    outcome = _GOING_ON[doc.match.presence]
    return Forecast(doc.id, outcome, tell_order(order), order.order_id)


def forecast_outdated(doc: LaneDocument, order: Order) -> Forecast:
    """A document whose draft was made earlier, from other data than it has now."""
    words = join_said([tell_order(order), Reason.DRAFT_OUTDATED.card.remedy])
    return Forecast(doc.id, Outcome.OUTDATED, words, order.order_id)


def forecast_missed(doc: LaneDocument, order: Order | None) -> Forecast:
    """A document whose bound order the look-up did not show: ``order`` was read by its id."""
    bound = doc.order_id
    if order is not None and order.status != INACTIVE:
        outcome = Outcome.CONFIRMED if order.status in BOOKED else Outcome.GOES_ON
        words = say("Order {order} ({status}).", order=bound, status=say_status(order.status))
        return Forecast(doc.id, outcome, words, bound)
    words = tell_gone(bound or 0)
    if doc.may_be_booked:
        card = Reason.ORDER_GONE.card
        words = join_said([card.sentence, words, card.remedy])
        return Forecast(doc.id, Outcome.BLOCKED, words, bound)
    other = doc.match.order if doc.match else None
    if other is not None:
        status = say_status(other.status)
        there = say("Order {order} ({status}) is there.", order=other.order_id, status=status)
        words = join_said([words, there])
        return Forecast(doc.id, Outcome.ADOPTED, words, other.order_id)
    return Forecast(doc.id, Outcome.SENT, join_said([words, say("A new one is made.")]))
