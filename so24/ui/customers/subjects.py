"""What a person links on the page: customers to their cards, product numbers to products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from so24.customer_cards.link import (
    CustomerMatch,
    create_new_card,
    link_customer,
    read_match,
    unlink_customer,
)
from so24.customer_cards.link_products import (
    ProductMatch,
    create_new_product,
    link_product,
    read_product_match,
    unlink_product,
)
from so24.language.said import say
from so24.language.telling import tell
from so24.ui.customers.linking import Subject


def _list_cards(match: CustomerMatch) -> Mapping[str, Sequence[Any]]:
    rows = match.candidates
    return {
        "Card": [row.id for row in rows],
        "Name": [row.name for row in rows],
        "Organization number": [row.organization_number for row in rows],
        "Country": [row.country for row in rows],
        "Address": [row.address for row in rows],
        "How it matches": [tell(row.how) for row in rows],
    }


def _list_products(match: ProductMatch) -> Mapping[str, Sequence[Any]]:
    rows = match.candidates
    return {
        "Product": [row.id for row in rows],
        "Number": [row.number for row in rows],
        "Name": [row.name for row in rows],
        "Active": [row.active for row in rows],
        "How it matches": [tell(row.how) for row in rows],
    }


def _name_customer(match: CustomerMatch) -> Sequence[str]:
    return match.number, match.name, match.organization_number, match.country


CUSTOMERS = Subject(
    part="customers",
    thing=say("Customer"),
    there=say("Card"),
    icon="person_add",
    nothing_waits=say("No document waits for a card."),
    count=lambda number: tell("Customers ({number})", number=number),
    number_label=say("Customer number"),
    show=say("Show cards"),
    in_question=say("Customers in question"),
    near=say("Cards that may be meant"),
    hint=say("A card, or its id in 24SevenOffice"),
    use=say("Use this card"),
    make=say("Create a new card"),
    choose=say("Choose a card, or enter its id in 24SevenOffice."),
    say_linked=lambda number, there: say(
        "Customer {number} has card {card}. Retry its documents.", number=number, card=there
    ),
    say_new=lambda number: say(
        "The next export creates a card for customer {number}.", number=number
    ),
    say_unlinked=lambda number: say("Customer {number} has no link any more.", number=number),
    read=read_match,
    link=link_customer,
    create=create_new_card,
    unlink=unlink_customer,
    told=_name_customer,
    names=lambda match: {row.id: f"{row.id} {row.name}" for row in match.candidates},
    columns=_list_cards,
)
PRODUCTS = Subject(
    part="products",
    thing=say("Product"),
    there=say("Product"),
    icon="add_box",
    nothing_waits=say("No document waits for a product."),
    count=lambda number: tell("Products ({number})", number=number),
    number_label=say("Product number"),
    show=say("Show products"),
    in_question=say("Products in question"),
    near=say("Products that may be meant"),
    hint=say("A product, or its id in 24SevenOffice"),
    use=say("Use this product"),
    make=say("Create a new product"),
    choose=say("Choose a product, or enter its id in 24SevenOffice."),
    say_linked=lambda number, there: say(
        "Product {number} has product {product}. Retry its documents.",
        number=number,
        product=there,
    ),
    say_new=lambda number: say(
        "The next export creates a product for product {number}.", number=number
    ),
    say_unlinked=lambda number: say("Product {number} has no link any more.", number=number),
    read=read_product_match,
    link=link_product,
    create=create_new_product,
    unlink=unlink_product,
    told=lambda match: (match.number, match.name),
    names=lambda match: {
        row.id: f"{row.id} {row.number} {row.name}" for row in match.candidates if row.active
    },
    columns=_list_products,
)
