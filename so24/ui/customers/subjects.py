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
from so24.ui.customers.linking import Subject


def _list_cards(match: CustomerMatch) -> Mapping[str, Sequence[Any]]:
    rows = match.candidates
    return {
        "Card": [row.id for row in rows],
        "Name": [row.name for row in rows],
        "Organization number": [row.organization_number for row in rows],
        "Country": [row.country for row in rows],
        "Address": [row.address for row in rows],
        "How it matches": [row.how for row in rows],
    }


def _list_products(match: ProductMatch) -> Mapping[str, Sequence[Any]]:
    rows = match.candidates
    return {
        "Product": [row.id for row in rows],
        "Number": [row.number for row in rows],
        "Name": [row.name for row in rows],
        "Active": [row.active for row in rows],
        "How it matches": [row.how for row in rows],
    }


def _name_customer(match: CustomerMatch) -> Sequence[str]:
    return match.number, match.name, match.organization_number, match.country


CUSTOMERS = Subject(
    part="customers",
    thing="Customer",
    there="card",
    icon="person_add",
    nothing_waits="No document waits for a card.",
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
    thing="Product",
    there="product",
    icon="add_box",
    nothing_waits="No document waits for a product.",
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
