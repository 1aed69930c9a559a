"""A person says which product in 24SevenOffice a product number is, or that it is none of them.

so24 asks where a number only looks like one there, where the product has expired, or where a linked
one is not what it was (``transfer.order.which_product``). The answer is kept with who gave it and
why, and is believed until the product itself changes. Nothing changes while a document with the
product is in transfer.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from so24.customer_cards.link import LinkQuestion, read_reason
from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.keys.access import open_office
from so24.language.said import say
from so24.office.values import OfficeProduct
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import known_key, living_keys
from so24.store.links import product_links as store
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import FoundBy
from so24.store.transfers import said_products
from so24.store.transfers.said_cards import Word
from so24.transfer.order.which_product import AskProduct, NearProduct, ProductFile


@dataclass(frozen=True)
class ProductRow:
    """A product that may be meant, as it is shown; ``how`` is what speaks for and against it."""

    id: int
    number: str
    name: str
    active: bool
    how: str


@dataclass(frozen=True)
class ProductMatch:
    """How a product number stands in a company: its link, a person's word, the products near it.

    ``name`` is RecMan's. ``sentence`` says what the next export does; ``is_open``: it asks.
    """

    number: str
    name: str
    linked: LinkedProduct | None
    word: Word | None
    candidates: tuple[ProductRow, ...]
    sentence: str
    is_open: bool


def open_product_questions(desk: Desk, key_id: int) -> list[LinkQuestion]:
    """The product numbers whose documents wait for a person to say which product it is."""
    with desk.reading(Permission.EXPORT) as session:
        key = known_key(session, key_id)
        return [
            LinkQuestion(
                number,
                said_products.name_of_product(session, number) or "",
                len(ids),
                words,
                tuple(ids),
            )
            for number, ids, words in said_products.asked_products(
                session, key.client_id, key.default_product
            )
        ]


def read_product_match(desk: Desk, key_id: int, number: str) -> ProductMatch:
    """Read the products of the key's company, and how the product of this number stands there.

    Raises :class:`WrongUse` for a product that is not known, and what opening and calls raise.
    """
    with desk.reading(Permission.EXPORT) as session:
        organization = known_key(session, key_id).client_id
        number, name = _known_product(session, number)
        linked = store.linked_products(session, organization, [number]).get(number)
        word = said_products.word_about_product(session, organization, number)
    with open_office(desk.installation, key_id, origin=desk.actor.origin).office as office:
        file = ProductFile(office.products())
    found: LinkedProduct | OfficeProduct | AskProduct | None = None
    if linked is not None:
        found = file.stand_by(number, linked, now())
    if found is None:
        found = file.which_product(number, none_of_these=linked is None and word is not None)
    return ProductMatch(
        number,
        name,
        linked,
        word,
        tuple(_list_candidates(file, number, name, linked)),
        _tell(found, linked),
        isinstance(found, AskProduct),
    )


def link_product(desk: Desk, key_id: int, number: str, product_id: int, why: str) -> LinkedProduct:
    """Say that this product is the one of the number; returns the link.

    Raises :class:`WrongUse` for a product that is not there or expired, without a reason, or while
    a document with the product is in transfer; and what opening and calls raise.
    """
    desk.require(Permission.EXPORT)
    why = read_reason(why)
    with open_office(desk.installation, key_id, origin=desk.actor.origin).office as office:
        file = ProductFile(office.products())
    product = file.named(product_id)
    if product is None:
        raise WrongUse(say("24SevenOffice has no product with the id {id}.", id=product_id))
    if not product.active:
        raise WrongUse(say("Product {product} is expired. Choose another.", product=product.label))
    link = file.link(product, FoundBy.PERSON, None)  # the next lane looks at it in any case
    with desk.writing(Permission.EXPORT) as session:
        number, organization = _product_at_rest(session, key_id, number)
        said_products.say_product(session, organization, number, link, desk.actor.name, why)
        detail = say("{link} in company {company}: {why}", link=link, company=organization, why=why)
        desk.record(session, "product linked", f"product {number}", detail)
    return link


def create_new_product(desk: Desk, key_id: int, number: str, why: str) -> None:
    """Say that none of the products is the one of the number: the next export creates one.

    Raises :class:`WrongUse` as :func:`link_product`.
    """
    with desk.writing(Permission.EXPORT) as session:
        why = read_reason(why)
        number, organization = _product_at_rest(session, key_id, number)
        said_products.say_product(session, organization, number, None, desk.actor.name, why)
        detail = say("in company {company}: {why}", company=organization, why=why)
        desk.record(session, "product is a new one", f"product {number}", detail)


def unlink_product(desk: Desk, key_id: int, number: str, why: str) -> None:
    """Forget the number's link and what was said of it; the next export looks for its product.

    Raises :class:`WrongUse` as :func:`link_product`, and where there is nothing to forget.
    """
    with desk.writing(Permission.EXPORT) as session:
        why = read_reason(why)
        number, organization = _product_at_rest(session, key_id, number)
        if not said_products.unlink_number(session, organization, number):
            raise WrongUse(
                say(
                    "Product {product} has no link in company {company}.",
                    product=number,
                    company=organization,
                )
            )
        detail = say("in company {company}: {why}", company=organization, why=why)
        desk.record(session, "product unlinked", f"product {number}", detail)


def _known_product(session: Session, text: str) -> tuple[str, str]:
    """The number in canonical form and RecMan's name; WrongUse where no document has it.

    A key's product for lines without a number is known as well.
    """
    number = tidy_identifier(text)
    name = said_products.name_of_product(session, number) if number else None
    if name is None and not (number and _is_default(session, number)):
        raise WrongUse(say("No document has a product {product}.", product=number))
    return number, name or ""


def _is_default(session: Session, number: str) -> bool:
    return any(key.default_product == number for key in living_keys(session))


def _product_at_rest(session: Session, key_id: int, text: str) -> tuple[str, int]:
    """The number and the key's company; WrongUse while a document with it is in transfer."""
    number, _ = _known_product(session, text)
    going = said_products.going_with_product(
        session, number, by_default=_is_default(session, number)
    )
    if going:
        raise WrongUse(
            say(
                "Document {document} with product {product} is in transfer. Wait until it has "
                "ended.",
                document=going[0],
                product=number,
            )
        )
    return number, known_key(session, key_id).client_id


def _list_candidates(
    file: ProductFile, number: str, name: str, linked: LinkedProduct | None
) -> list[ProductRow]:
    rows = [_describe(each) for each in file.find_near(number, name)]
    product = file.named(linked.id) if linked else None
    if product is None:
        return rows
    how = say("linked") if product.active else say("linked, but it is expired")
    others = (row for row in rows if row.id != product.id)
    return [_describe(NearProduct(product, how)), *others]


def _describe(near: NearProduct) -> ProductRow:
    product = near.product
    number = (product.number or "").strip()
    return ProductRow(product.id, number, product.name, product.active, near.how)


def _tell(
    found: LinkedProduct | OfficeProduct | AskProduct | None, linked: LinkedProduct | None
) -> str:
    match found:
        case AskProduct(words=words):
            return say("The next export asks: {question}", question=words)
        case LinkedProduct(id=id_) if linked is not None and linked.id == id_:
            return say("It is linked to {it}.", it=found)
        case LinkedProduct():
            return say("The next export takes {it}.", it=found)
        case OfficeProduct():
            return say("The next export takes {product}, by its number.", product=found.label)
    return say("A product is created, in the key's category for the VAT of its line.")
