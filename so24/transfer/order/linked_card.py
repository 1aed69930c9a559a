"""Whether the card that a customer is linked to is still the customer's (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from so24.firms.names import share_a_word
from so24.firms.numbers import read_firm_number
from so24.language.said import say
from so24.office.values import SyncedCompany
from so24.sources.landing.whose import is_said
from so24.store.links.links import LinkedCard
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.transfer_tables import FoundBy
from so24.transfer.order.one_firm import NamedCard, find_stranger, number_of_card
from so24.transfer.order.whose_card import Ask, Candidate


def read_again(link: LinkedCard, card: NamedCard, changed: str) -> LinkedCard:
    """The same link with its card as it stands now."""
    number = card.organization_number
    return replace(
        link,
        full_name=card.full_name,
        organization_number=number,
        home=card.home,
        number_then=link.number_then or number,
        changed=changed,
    )


def is_as_known(link: LinkedCard, line: SyncedCompany) -> bool:
    """Whether the list of companies shows a linked card in the state that it was last read in.

    One that so24 has made is known as it was made.
    """
    as_made = link.by is FoundBy.CREATED and not link.changed and line.untouched
    return as_made or (bool(link.changed) and link.changed == line.changed)


def doubt_link(
    customer: Customer, link: LinkedCard, line: SyncedCompany | None, alike: Sequence[int] = ()
) -> Ask | None:
    """The question whether a linked card is still the customer's; None while nothing speaks
    against it.

    ``line`` is the card's in the list of companies, None where it is not there any more; ``alike``
    are other cards with the customer's ExternalId. A person's word is believed about these, and
    about name and number as they were, not about what has changed.
    """
    doubt = _find_doubt(customer, link, line)
    if not doubt and alike and not link.said:
        return ask_about_alike(link, alike)
    return _ask(link, doubt) if doubt else None


def doubt_buyer(invoice: Invoice, card: LinkedCard) -> Ask | None:
    """The question for a document made out to another firm than its customer's card is of.

    Its customer may share one word with it, and another one with the card. Nothing is asked where
    the number is the same, or a person has said which card or whose document it is.
    """
    buyer = invoice.buyer_name
    if not (buyer and card.full_name) or card.by is FoundBy.PERSON:
        return None
    if share_a_word(buyer, card.full_name):
        return None
    if is_said(invoice):
        return None
    theirs = number_of_card(card)
    for number in (invoice.buyer_number, invoice.owner_number):
        ours = read_firm_number(number, card.home)
        if theirs and ours and not ours.placeholder and ours.is_same(theirs):
            return None
    doubt = say(
        "its name shares no word with “{buyer}”, whom the document is made out to", buyer=buyer[:80]
    )
    return _ask(card, doubt)


def ask_about_alike(link: LinkedCard, alike: Sequence[int]) -> Ask:
    """The question which of several cards with the customer's ExternalId is the right one."""
    others = ", ".join(map(str, sorted(alike)))
    doubt = say("the customer's ExternalId is on another card as well ({cards})", cards=others)
    return _ask(link, doubt)


def _ask(link: LinkedCard, doubt: str) -> Ask:
    return Ask((Candidate(link, say("linked, but {doubt}", doubt=doubt)),))


def _find_doubt(customer: Customer, link: LinkedCard, line: SyncedCompany | None) -> str:
    if line is None:
        return say("the card is not in 24SevenOffice any more")
    if not line.active:
        return say("the card is inactive")
    numbers = link.number_then, link.organization_number
    then, now = (read_firm_number(each, link.home) for each in numbers)
    if then is not None and now is not None and not then.is_same(now):
        return say(
            "its organization number was {number} when it was linked", number=link.number_then
        )
    return "" if link.by is FoundBy.PERSON else find_stranger(customer, link)
