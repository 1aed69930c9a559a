"""Where the VAT may differ, by a table of what is known: products, categories, tax codes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from so24.keys.key_categories import KeyCategories
from so24.keys.key_fields import KeyFields
from so24.office.values import Category
from so24.store.links.product_links import LinkedProduct
from so24.transfer.order.vat_doubts import VatKnowledge, doubt_vat
from tests.transfer.papers import document, invoice, line

SERVICES, FOOD = Category(1, None, "Services"), Category(2, None, "Food")
USUAL = KeyCategories(SERVICES)
BY_VAT = KeyCategories(SERVICES, ((Decimal(25), SERVICES), (Decimal(15), FOOD), ("AE", FOOD)))


def known(rate: int | None) -> VatKnowledge:
    """The product is linked, and 24SevenOffice tells this rate of it."""
    told = None if rate is None else Decimal(rate)
    return VatKnowledge(linked={"1001": LinkedProduct(501, vat_rate=told)})


def tell(rate: int, knowledge: VatKnowledge, **changes: object) -> list[str]:
    """The doubts about a line of this rate."""
    paper = document(invoice(), (line(vat_rate=Decimal(rate), **changes),))
    return [each.words for each in doubt_vat(paper, knowledge)]


CASES: dict[str, tuple[int, VatKnowledge, str]] = {
    "the product has the line's rate": (15, known(15), ""),
    "the product has another": (0, known(25), "24SevenOffice has product 1001 with 25 %."),
    "its rate is not told": (0, known(None), ""),
    "the usual category and rate": (25, VatKnowledge(categories=USUAL), ""),
    "the usual category and another rate": (
        0,
        VatKnowledge(categories=USUAL),
        "goes to category Services; 24SevenOffice does not tell which VAT that has.",
    ),
    "no category at all": (0, VatKnowledge(), ""),
    "the category chosen for the rate": (15, VatKnowledge(categories=BY_VAT), ""),
    "a category chosen for other rates": (
        12,
        VatKnowledge(categories=BY_VAT),
        "goes to category Services, which the key has chosen for 25 %.",
    ),
    "products of the category with the rate": (
        0,
        VatKnowledge(categories=USUAL, rates_of=lambda _: [Decimal(0), Decimal(25)]),
        "",
    ),
    "products of the category with another": (
        25,
        VatKnowledge(categories=BY_VAT, rates_of=lambda _: [Decimal(15)]),
        "goes to category Services, whose products have 15 %.",
    ),
}


@pytest.mark.parametrize(("rate", "knowledge", "words"), CASES.values(), ids=CASES)
def test_a_doubt_says_what_24sevenoffice_has_and_what_it_does_not_tell(
    rate: int, knowledge: VatKnowledge, words: str
) -> None:
    told = tell(rate, knowledge)
    assert len(told) == bool(words)
    assert all(each.startswith(f"Line 1 has {rate} % VAT. ") and words in each for each in told)


@pytest.mark.parametrize(("rate", "knowledge", "_"), CASES.values(), ids=CASES)
def test_a_tax_code_for_the_rate_leaves_no_doubt(
    rate: int, knowledge: VatKnowledge, _: str
) -> None:
    coded = KeyFields(tax_codes=((Decimal(rate), 5),))
    sure = VatKnowledge(coded, knowledge.categories, knowledge.linked, knowledge.rates_of)
    assert tell(rate, sure) == []


def test_a_category_without_vat_is_a_kind_of_its_own() -> None:
    assert tell(0, VatKnowledge(categories=BY_VAT), vat_category="AE") == []
    [told] = tell(0, VatKnowledge(categories=BY_VAT), vat_category="E")
    assert told.startswith("Line 1 has 0 %, exempt from VAT (E) VAT. ")
    [told] = tell(0, VatKnowledge(categories=BY_VAT))
    assert "chosen for 25 %" in told


def test_lines_of_words_and_lines_without_a_product_have_no_vat_to_differ() -> None:
    knowledge = VatKnowledge(categories=USUAL)
    assert tell(0, knowledge, product_number="", net=Decimal(0)) == []
    assert tell(0, knowledge, product_number="") == []
