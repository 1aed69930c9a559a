"""Where 24SevenOffice may reckon another VAT than a document's line has (pure).

The product decides about VAT there, by its category, unless the row has a tax code. A product tells
its rate, as far as 24SevenOffice fills that column; of a category nobody is told the rate. So a new
product's can only be guessed: by the products that the category has, by what the key has chosen it
for, and else by what a category is usually for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from so24.keys.key_categories import NO_CATEGORIES, KeyCategories, kind_of, rate_of
from so24.keys.key_fields import NO_KEY_FIELDS, KeyFields, format_kind, name_kind
from so24.language.listing import list_with_and, list_with_or
from so24.language.said import say
from so24.store.documents.documents import Document
from so24.store.links.product_links import LinkedProduct
from so24.transfer.order.mapping import is_text

USUAL_RATE = Decimal(25)  # Norway's general rate, for which a company has most of its products

RatesOfCategory = Callable[[int], Collection[Decimal]]


def _nothing_told(_category_id: int) -> Collection[Decimal]:
    return ()


@dataclass(frozen=True)
class VatKnowledge:
    """What is known of the VAT in a key's company.

    ``linked`` are the products by our numbers; ``rates_of`` gives the rates that the products of a
    category have, none where that was not read.
    """

    key_fields: KeyFields = NO_KEY_FIELDS
    categories: KeyCategories = NO_CATEGORIES
    linked: Mapping[str, LinkedProduct] = field(default_factory=dict)
    rates_of: RatesOfCategory = _nothing_told


@dataclass(frozen=True)
class VatDoubt:
    """The line at this position may get another VAT; ``words`` are a sentence."""

    position: int
    words: str


def doubt_vat(document: Document, known: VatKnowledge) -> Iterator[VatDoubt]:
    """The doubts about a document's lines, in their order; none where a tax code decides."""
    for line in document.lines:
        kind = kind_of(line.vat_rate, line.vat_category)
        coded = known.key_fields.tax_code(line.vat_rate, line.vat_category) is not None
        if is_text(line) or not line.product_number or coded:
            continue
        product = known.linked.get(line.product_number)
        if product is None:
            why = _doubt_category(known, line.product_number, kind)
        else:
            why = _doubt_product(line.product_number, product, rate_of(kind))
        if why:
            words = say(
                "Line {line} has {vat} VAT. {why}",
                line=line.position,
                vat=name_kind(format_kind(kind)),
                why=why,
            )
            yield VatDoubt(line.position, words)


def _doubt_product(number: str, product: LinkedProduct, rate: Decimal) -> str:
    if product.vat_rate is None or product.vat_rate == rate:
        return ""
    told = name_kind(format_kind(product.vat_rate))
    return say("24SevenOffice has product {product} with {vat}.", product=number, vat=told)


def _doubt_category(known: VatKnowledge, number: str, kind: Decimal | str) -> str:
    category = known.categories.for_kind(kind)
    if category is None:
        return ""  # it is not created, and its documents wait
    new = {"product": number, "category": category.name}
    rate = rate_of(kind)
    if told := known.rates_of(category.id):
        if rate in told:
            return ""
        return say(
            "Product {product}, if it has to be created, goes to category {category}, whose "
            "products have {rates}.",
            rates=list_with_or(name_kind(format_kind(each)) for each in sorted(told)),
            **new,
        )
    if chosen := known.categories.kinds_of(category.id):
        if kind in chosen:
            return ""
        return say(
            "Product {product}, if it has to be created, goes to category {category}, which "
            "the key has chosen for {kinds}.",
            kinds=list_with_and(name_kind(format_kind(each)) for each in chosen),
            **new,
        )
    if rate == USUAL_RATE:
        return ""
    return say(
        "Product {product}, if it has to be created, goes to category {category}; 24SevenOffice "
        "does not tell which VAT that has.",
        **new,
    )
