"""What each reason claims, and whether a document's own history bears it out.

The claims are judged by the permanent history alone, event by event, each by what stands before it.
Every reason has its claim here; a test holds that none is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from so24.installation import Installation
from so24.reasons import Reason
from so24.states import State
from so24.store.tables.transfer_tables import TransferEvent


@dataclass(frozen=True)
class Told:
    """One event, and those before it: of the same transfer, and of the document's others."""

    event: TransferEvent
    before: Sequence[TransferEvent]
    others: Sequence[TransferEvent]

    @property
    def state(self) -> State:
        return State(self.event.state)

    @property
    def ended(self) -> bool:
        return not self.state.is_open

    @property
    def drafted(self) -> bool:
        """Whether this transfer had set about sending a draft."""
        return any(each.reason is Reason.SENDING_DRAFT for each in self.before)

    @property
    def was_invoicing(self) -> bool:
        """Whether so24 had ever set about invoicing an order of the document."""
        return any(each.state == "invoicing" for each in (*self.others, *self.before))

    @property
    def known_order(self) -> int | None:
        """The order that this transfer had before the event."""
        return self.before[-1].order_id if self.before else None

    @property
    def comes_from(self) -> str:
        return self.before[-1].state if self.before else ""


Claim = Callable[[Told], bool]


def is_planned(told: Told) -> bool:
    """Nothing was done yet: the plan has ended it, as the first event of the transfer."""
    return told.ended and not told.before and told.event.order_id is None


def is_blocked(told: Told) -> bool:
    """Ended by the plan, or by a step before anything of it was sent or with its draft named."""
    return told.state is State.BLOCKED and names_its_order(told)


def names_its_order(told: Told) -> bool:
    """An end that leaves an order in 24SevenOffice says so."""
    return told.known_order is None or str(told.known_order) in told.event.words


def is_refused(told: Told) -> bool:
    return told.state is State.REFUSED


def ends_unsent(told: Told) -> bool:
    """The lane has given up; whatever it leaves there is named."""
    return told.state in (State.NOT_SENT, State.CANCELLED) and names_its_order(told)


def ends_with_login(told: Told) -> bool:
    return told.state is State.LOGIN and names_its_order(told)


def was_never_sent(told: Told) -> bool:
    return told.state is State.CANCELLED and not told.drafted and told.known_order is None


def stays_as_draft(told: Told) -> bool:
    order = told.event.order_id
    return told.state is State.CANCELLED and order is not None and str(order) in told.event.words


def was_sent_and_is_gone(told: Told) -> bool:
    sent = told.drafted or told.known_order is not None or any(e.order_id for e in told.others)
    return told.state is State.CANCELLED and sent and "not invoiced" not in told.event.words


def exists_there(told: Told) -> bool:
    return told.state is State.EXISTS and told.event.order_id is not None


def was_transferred_before(told: Told) -> bool:
    return is_planned(told) and any(each.state == "transferred" for each in told.others)


def is_under_way_elsewhere(told: Told) -> bool:
    newest = {each.transfer_id: each for each in told.others}
    return is_planned(told) and any(State(each.state).is_live for each in newest.values())


def lost_an_answer(told: Told) -> bool:
    """A write had begun, the last that this transfer tells of; or an earlier one was to invoice."""
    begun = told.comes_from in ("preparing", "invoicing", "unknown") or told.was_invoicing
    return told.state is State.UNKNOWN and begun


def was_sent_before_a_restore(told: Told) -> bool:
    return told.state is State.UNKNOWN and told.known_order is not None


def is_preparing(told: Told) -> bool:
    return told.state is State.PREPARING


def is_adopted(told: Told) -> bool:
    return told.state is State.DRAFTED and told.event.order_id is not None


def was_a_draft_only(told: Told) -> bool:
    """A draft, of whichever run, that was never to be invoiced; and the document goes on."""
    drafted = any(each.state == "drafted" for each in (*told.others, *told.before))
    return told.state.is_open and told.event.order_id is None and drafted


def was_to_be_invoiced(told: Told) -> bool:
    return told.state is State.BLOCKED and told.was_invoicing


def is_refused_invoicing(told: Told) -> bool:
    return is_refused(told) and told.was_invoicing and told.event.office_invoice_id is None


def differs_unbooked(told: Told) -> bool:
    event = told.event
    return told.state is State.DIFFERS and bool(event.order_id) and event.office_invoice_id is None


def differs_booked(told: Told) -> bool:
    return told.state is State.DIFFERS and told.event.office_invoice_id is not None


def differs_by_number(told: Told) -> bool:
    """It says the number that it was booked under."""
    return differs_booked(told) and f"invoice {told.event.office_invoice_id} " in told.event.words


def waits_there(told: Told) -> bool:
    event = told.event
    waits = bool(event.order_id) and event.office_invoice_id is None
    return told.state is State.TRANSFERRED and waits


def was_not_sent_before(told: Told) -> bool:
    """Nothing of it was under way, and it is the retry that its words count."""
    again = sum(each.reason is Reason.TRIED_AGAIN for each in told.before) + 1
    counted = f"Attempt {again} of " in told.event.words
    return told.state is State.QUEUED and told.comes_from == "not_sent" and counted


def waited_before(told: Told) -> bool:
    return is_refused(told) and any(e.reason is Reason.WAITS_APPROVAL for e in told.before)


def has_nothing_to_tell(told: Told) -> bool:
    """Only an open transfer and a booked one need no reason, the latter with both its numbers."""
    event = told.event
    booked = bool(event.order_id) and bool(event.office_invoice_id)
    return told.state.is_open or (told.state is State.TRANSFERRED and booked)


def is_of_another_release(_: Told) -> bool:
    """Nobody here knows what it claims."""
    return True


def is_never_stored(_: Told) -> bool:
    return False


def was_refused_just_now(told: Told) -> bool:
    return told.state is State.UNKNOWN and told.comes_from == "invoicing"


def keeps_one_order(told: Told) -> bool:
    """Two orders are named; the document has one of them or will take it, and nothing is booked."""
    numbers = [word.strip(".,") for word in told.event.words.split()]
    named = {word for word in numbers if word.isdigit()}
    order = told.event.order_id
    return told.state.is_open and len(named) > 1 and (order is None or str(order) in named)


def was_answered_otherwise(told: Told) -> bool:
    return told.state is State.UNKNOWN and told.drafted and "another reference" in told.event.words


def was_sent_again_and_again(told: Told) -> bool:
    sent = [each for each in told.before if each.reason is Reason.SENDING_DRAFT]
    return told.state is State.BLOCKED and len(sent) > 1


def may_stay_unseen(told: Told) -> bool:
    strange = any(each.reason is Reason.ANSWERED_OTHERWISE for each in told.before)
    return told.state is State.CANCELLED and strange


CLAIMS: dict[Reason, Claim] = {
    Reason.NONE: has_nothing_to_tell,
    Reason.WOULD_BE_SENT: is_never_stored,
    Reason.NOT_LOOKED_UP: is_never_stored,
    Reason.NO_KEY: is_planned,
    Reason.KEY_DISABLED: is_planned,
    Reason.KEY_UNUSABLE: ends_with_login,
    Reason.LOGIN_REFUSED: ends_with_login,
    Reason.WRONG_COMPANY: ends_with_login,
    Reason.ALREADY_TRANSFERRED: was_transferred_before,
    Reason.EXISTS_REFERENCE: exists_there,
    Reason.EXISTS_PROBABLY: exists_there,
    Reason.IN_OTHER_RUN: is_under_way_elsewhere,
    **dict.fromkeys(
        (
            Reason.NUMBER_GAP,
            Reason.NUMBER_PASSED,
            Reason.NUMBER_SERIES,
            Reason.NUMBER_BEHIND,
        ),
        is_blocked,
    ),
    Reason.ORDER_GONE: was_to_be_invoiced,
    Reason.REFUSAL_LOOKED_UP: was_refused_just_now,
    Reason.SENT_TWICE: keeps_one_order,
    Reason.ANSWERED_OTHERWISE: was_answered_otherwise,
    Reason.NEVER_SHOWN: was_sent_again_and_again,
    Reason.CANCELLED_UNSEEN: may_stay_unseen,
    Reason.DRAFT_GONE: was_a_draft_only,
    Reason.REFUSED_INVOICING: is_refused_invoicing,
    Reason.APPROVAL_WITHDRAWN: waited_before,
    Reason.DRAFT_DIFFERS: differs_unbooked,
    Reason.DRAFT_OUTDATED: differs_unbooked,
    Reason.APPROVAL_DIFFERS: differs_unbooked,
    Reason.BOOKED_DIFFERS: differs_booked,
    Reason.NUMBER_DIFFERS: differs_by_number,
    Reason.CANCELLED: was_never_sent,
    Reason.CANCELLED_DRAFT: stays_as_draft,
    Reason.CANCELLED_ABSENT: was_sent_and_is_gone,
    Reason.RESTORED: was_never_sent,
    Reason.RESTORED_LOOKING_UP: was_sent_before_a_restore,
    Reason.LOOKING_UP: lost_an_answer,
    Reason.WAITS_FOR_PASSWORD: lost_an_answer,
    Reason.WAITS_FOR_COMPANY: lost_an_answer,
    Reason.WAITS_FOR_KEY: lost_an_answer,
    Reason.CREATING_CUSTOMER: is_preparing,
    Reason.CREATING_PRODUCT: is_preparing,
    Reason.SENDING_DRAFT: is_preparing,
    Reason.ADOPTED: is_adopted,
    Reason.TRIED_AGAIN: was_not_sent_before,
    Reason.WAITS_APPROVAL: waits_there,
    **dict.fromkeys(
        (
            Reason.EXCLUDED, Reason.HELD, Reason.CHANGED_AFTER_EXPORT, Reason.DATE_ASSUMED,
            Reason.CREDIT_NOTE, Reason.NEGATIVE_INVOICE, Reason.CUSTOMER_INCOMPLETE,
            Reason.NO_LINES, Reason.LINE_WITHOUT_PRODUCT, Reason.LINE_ARITHMETIC,
            Reason.OTHER_COMPANY, Reason.TOO_LONG, Reason.DUE_BEFORE_DATE,
            Reason.ILLEGAL_CHARACTER, Reason.CLOSED_PERIOD,
        ),
        is_planned,
    ),
    **dict.fromkeys(
        (
            Reason.CREDIT_NOTES_OFF, Reason.CREDIT_UNLINKED, Reason.CREDIT_ORIGINAL,
            Reason.CREDIT_ORIGINAL_OPEN, Reason.CREDIT_NOT_FOUND, Reason.CREDIT_MISMATCH,
            Reason.TOTALS_DISAGREE, Reason.FOREIGN_CURRENCY, Reason.CARRIED_TOO_LONG,
            Reason.NO_TAX_CODE, Reason.AMBIGUOUS_CUSTOMER, Reason.AMBIGUOUS_PRODUCT,
            Reason.NO_CATEGORY, Reason.AMBIGUOUS_PROJECT, Reason.MISSING_PROJECT,
            Reason.LIST_REFUSED, Reason.UNKNOWN_CURRENCY, Reason.CHANGED_AFTER_PRESS,
            Reason.PRODUCT_ALIKE, Reason.PRODUCT_EXPIRED, Reason.PRODUCT_CHANGED,
            Reason.DEFAULT_PRODUCT_MISSING,
        ),
        is_blocked,
    ),
    **dict.fromkeys(
        (
            Reason.REFUSED_CUSTOMER, Reason.REFUSED_PRODUCT, Reason.REFUSED_ORDER,
            Reason.DEPARTMENT_REQUIRED, Reason.PROJECT_REQUIRED,
        ),
        is_refused,
    ),
    **dict.fromkeys(
        (
            Reason.UNREACHABLE, Reason.THROTTLED, Reason.OFFICE_REFUSES, Reason.NOT_ANSWERING,
        ),
        ends_unsent,
    ),
    **{reason: is_never_stored for reason in Reason if reason.card.doubt},
}  # fmt: skip


def broken_claims(installation: Installation) -> Iterator[str]:
    """A sentence for every event of the history whose reason claims what its document denies."""
    statement = select(TransferEvent).order_by(
        col(TransferEvent.invoice_id), col(TransferEvent.sequence)
    )
    with installation.db.reading() as session:
        events = session.exec(statement).all()
    chain: list[TransferEvent] = []
    for event in events:
        if chain and chain[0].invoice_id != event.invoice_id:
            chain = []
        own = [each for each in chain if each.transfer_id == event.transfer_id]
        others = [each for each in chain if each.transfer_id != event.transfer_id]
        claim = CLAIMS.get(event.reason, is_of_another_release)
        if not claim(Told(event, own, others)):
            way = " > ".join(f"{each.state}({each.reason})" for each in (*own, event))
            yield f"document {event.invoice_id}: {way}: {event.words!r}, order {event.order_id}"
        chain.append(event)
