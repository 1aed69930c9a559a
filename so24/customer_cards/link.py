"""A person says which card in 24SevenOffice a customer's is, or that it has none there yet.

so24 asks where a card only comes near, or where a linked card is no longer surely the firm's
(``transfer.order.whose_card``). The answer is kept with who gave it and why, and is believed until
the card itself changes. Nothing changes while a document of the customer is in transfer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.keys.access import open_office
from so24.language.said import say
from so24.office.cards import SUPPLIER, Card
from so24.office.gateway import Office
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.intake import customers_by_number
from so24.store.keys.keys import known_key
from so24.store.links.links import LinkedCard, linked_cards
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import FoundBy
from so24.store.transfers import said_cards as store
from so24.store.transfers.said_cards import Word
from so24.transfer.order.linked_card import doubt_link
from so24.transfer.order.one_firm import NamedCard
from so24.transfer.order.whose_card import Ask, CardFile, CardFound, link_card

LONGEST_REASON = 500


@dataclass(frozen=True)
class LinkQuestion:
    """A customer or product whose documents wait for the answer; ``words`` are the newest's.

    ``ids`` are those of the documents, the newest first.
    """

    number: str
    name: str
    documents: int
    words: str
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class CardRow:
    """A card that may be the customer's, as it is shown; ``how`` is what speaks for and against."""

    id: int
    name: str
    organization_number: str
    country: str
    address: str
    how: str


@dataclass(frozen=True)
class CustomerMatch:
    """How a customer stands in a company: its link, a person's word, and the cards that are near.

    ``sentence`` says what the next export does; ``is_open``: it asks.
    """

    number: str
    name: str
    organization_number: str
    country: str
    linked: LinkedCard | None
    word: Word | None
    candidates: tuple[CardRow, ...]
    sentence: str
    is_open: bool


def open_questions(desk: Desk, key_id: int) -> list[LinkQuestion]:
    """The customers of the key's company whose documents wait for a person to say whose card."""
    with desk.reading(Permission.EXPORT) as session:
        key = known_key(session, key_id)
        return [
            LinkQuestion(customer.number, customer.name, len(ids), words, tuple(ids))
            for customer, ids, words in store.asked_customers(session, key.client_id)
        ]


def read_match(desk: Desk, key_id: int, number: str) -> CustomerMatch:
    """Read the cards of the key's company, and how the customer of this number stands there.

    Raises :class:`WrongUse` for a customer that is not known, and what opening and calls raise.
    """
    with desk.reading(Permission.EXPORT) as session:
        organization = known_key(session, key_id).client_id
        customer = _known_customer(session, desk, number)
        linked = linked_cards(session, organization, [customer.row_id]).get(customer.row_id)
        word = store.word_about(session, organization, customer.row_id)
    with open_office(desk.installation, key_id, origin=desk.actor.origin).office as office:
        listed = {company.id: company for company in office.synced_companies()}
        cards = office.company_cards([each.id for each in listed.values() if each.active])
    file = CardFile(cards)
    rows = [_describe(each.card, each.how) for each in file.find_near(customer)]
    if linked is not None:
        question = doubt_link(customer, linked, listed.get(linked.id))
        how = question.candidates[0].how if question else say("linked")
        rows = [_describe(linked, how), *(row for row in rows if row.id != linked.id)]
        sentence = _tell_question(question) if question else say("It is linked to {it}.", it=linked)
    else:
        denied = word is not None
        found = file.whose_card(customer, none_of_these=denied)
        question = found if found and not isinstance(found, CardFound) else None
        if isinstance(found, CardFound):
            sentence = say("The next export takes {it}.", it=found.linked(""))
        else:
            sentence = (
                _tell_question(question) if question else say("The next export creates a card.")
            )
    return CustomerMatch(
        customer.number,
        customer.name,
        customer.organization_number,
        customer.country,
        linked,
        word,
        tuple(rows),
        sentence,
        question is not None,
    )


def _tell_question(question: Ask) -> str:
    return say("The next export asks: {question}", question=question)


def link_customer(desk: Desk, key_id: int, number: str, company_id: int, why: str) -> LinkedCard:
    """Say that this card is the customer's; returns the link.

    Raises :class:`WrongUse` for a card that is not there, inactive or a supplier's, without a
    reason, or while a document of the customer is in transfer; and what opening and calls raise.
    """
    desk.require(Permission.EXPORT)
    why = read_reason(why)
    with open_office(desk.installation, key_id, origin=desk.actor.origin).office as office:
        card, changed = _read_card(office, company_id)
    link = link_card(card, FoundBy.PERSON, changed)
    with desk.writing(Permission.EXPORT) as session:
        customer, organization = _customer_at_rest(session, desk, key_id, number)
        _say(session, desk, organization, customer, link, why)
        subject = f"customer {customer.number}"
        detail = say("{link} in company {company}: {why}", link=link, company=organization, why=why)
        desk.record(session, "customer linked", subject, detail)
    return link


def create_new_card(desk: Desk, key_id: int, number: str, why: str) -> None:
    """Say that none of the cards is the customer's: the next export creates one.

    Raises :class:`WrongUse` as :func:`link_customer`.
    """
    with desk.writing(Permission.EXPORT) as session:
        why = read_reason(why)
        customer, organization = _customer_at_rest(session, desk, key_id, number)
        _say(session, desk, organization, customer, None, why)
        subject = f"customer {customer.number}"
        detail = say("in company {company}: {why}", company=organization, why=why)
        desk.record(session, "customer gets a new card", subject, detail)


def unlink_customer(desk: Desk, key_id: int, number: str, why: str) -> None:
    """Forget the customer's link and what was said of it; the next export looks for its card.

    Raises :class:`WrongUse` as :func:`link_customer`, and where there is nothing to forget.
    """
    with desk.writing(Permission.EXPORT) as session:
        why = read_reason(why)
        customer, organization = _customer_at_rest(session, desk, key_id, number)
        if not store.unlink(session, organization, customer.row_id):
            raise WrongUse(
                say(
                    "Customer {customer} has no link in company {company}.",
                    customer=customer.number,
                    company=organization,
                )
            )
        subject = f"customer {customer.number}"
        detail = say("in company {company}: {why}", company=organization, why=why)
        desk.record(session, "customer unlinked", subject, detail)


def _read_card(office: Office, company_id: int) -> tuple[Card, str]:
    listed = {company.id: company for company in office.synced_companies()}
    line = listed.get(company_id)
    cards = office.company_cards([company_id]) if line is not None else []
    if line is None or not cards:
        raise WrongUse(say("24SevenOffice has no customer card {card}.", card=company_id))
    name = f"{company_id} {cards[0].full_name}"
    if not line.active:
        raise WrongUse(say("Card {card} is inactive. Choose another.", card=name))
    if cards[0].type == SUPPLIER:
        raise WrongUse(say("Card {card} is a supplier's. Choose another.", card=name))
    return cards[0], line.changed


def _customer_at_rest(
    session: Session, desk: Desk, key_id: int, number: str
) -> tuple[Customer, int]:
    """The customer and the key's company; WrongUse while a document of the customer is going."""
    customer = _known_customer(session, desk, number)
    going = store.going_documents(session, customer.row_id)
    if going:
        raise WrongUse(
            say(
                "Document {document} of customer {customer} is in transfer. Wait until it has "
                "ended.",
                document=going[0],
                customer=customer.number,
            )
        )
    return customer, known_key(session, key_id).client_id


def _known_customer(session: Session, desk: Desk, number: str) -> Customer:
    wanted = tidy_identifier(number)
    customer = customers_by_number(session, desk.settings.tenant, [wanted]).get(wanted)
    if customer is None:
        raise WrongUse(say("There is no customer {customer}.", customer=wanted))
    return customer


def read_reason(why: str) -> str:
    """The reason with tidy blanks; raises :class:`WrongUse` without one, or for too long a one."""
    why = " ".join(why.split())
    if not why:
        raise WrongUse(say("Say why: the reason is kept with the link."))
    if len(why) > LONGEST_REASON:
        raise WrongUse(say("The reason may have {most} characters.", most=LONGEST_REASON))
    return why


def _say(
    session: Session,
    desk: Desk,
    organization: int,
    customer: Customer,
    link: LinkedCard | None,
    why: str,
) -> None:
    store.say_card(session, organization, customer.row_id, link, desk.actor.name, why)


def _describe(card: NamedCard, how: str) -> CardRow:
    parts: Sequence[str] = ()
    if isinstance(card, Card):
        parts = (card.street, f"{card.postal_code} {card.city}".strip())
    address = ", ".join(part for part in parts if part)
    return CardRow(card.id, card.full_name, card.organization_number, card.home, address, how)
