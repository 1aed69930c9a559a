"""Which product a number is: by tables, and for any number in any dressing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from so24.identifiers import likeness, tidy_identifier
from so24.office.values import OfficeProduct
from so24.reasons import Reason
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.transfer_tables import FoundBy
from so24.transfer.order.which_product import AskProduct, ProductFile, ask_about_new

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


def there(id_: int, number: str | None, *, active: bool = True, **fields: object) -> OfficeProduct:
    """A product of 24SevenOffice."""
    rate = fields.get("rate")
    assert rate is None or isinstance(rate, Decimal)
    category = fields.get("category", 1)
    assert isinstance(category, int)
    return OfficeProduct(id_, number, "Consulting", category, active, rate)


def question(number: str, *products: OfficeProduct, none_of_these: bool = False) -> AskProduct:
    """What is asked of this number where these products are there."""
    found = ProductFile(products).which_product(number, none_of_these=none_of_these)
    assert isinstance(found, AskProduct)
    return found


ALIKE = [
    ("KONS-1", "Kons-1", "case"),
    ("A 1", "A  1", "blanks"),
    ("A1", "A 1", "blanks"),
    ("101", "0101", "leading zeros"),
    ("0101", "101", "leading zeros"),
    ("10-11", "1011", "signs"),
    ("10-11", "1-011", "the places of blanks and signs"),
    ("A-1", "0a 1", "case and leading zeros and blanks and signs"),
    ("KJØR-Å", "KJØR-A\u030a", "what nobody sees"),
    ("101", "1\u200b01", "what nobody sees"),
    ("101", "\uff11\uff10\uff11", "what nobody sees"),
]


@pytest.mark.parametrize(("ours", "theirs", "differs"), ALIKE)
def test_a_number_that_only_looks_like_one_there_is_a_question_that_names_both(
    ours: str, theirs: str, differs: str
) -> None:
    asked = question(ours, there(501, theirs), there(502, "Z"))
    assert asked.reason is Reason.PRODUCT_ALIKE
    assert asked.words == (
        f"Product {ours}: it is not there, but product 501 {theirs} Consulting (its number differs "
        f"by {differs} only)."
    )


@pytest.mark.parametrize(("ours", "theirs", "_"), ALIKE)
def test_the_exact_number_wins_over_one_that_looks_like_it(ours: str, theirs: str, _: str) -> None:
    exact = there(502, ours)
    assert ProductFile([there(501, theirs), exact]).which_product(ours) is exact


@pytest.mark.parametrize("theirs", ["Z", None, "", "1010", "1001"])
def test_a_number_that_nothing_comes_near_is_new(theirs: str | None) -> None:
    assert ProductFile([there(501, theirs)]).which_product("101") is None


def test_an_expired_product_beside_the_active_one_counts_for_nothing() -> None:
    active = there(502, "101")
    file = ProductFile([there(501, "101", active=False), active, there(503, "101", active=False)])
    assert file.which_product("101") is active


def test_an_expired_product_alone_is_a_question_that_says_so() -> None:
    asked = question("101", there(501, "101", active=False))
    assert asked.reason is Reason.PRODUCT_EXPIRED
    words = "Product 101: there is only product 501 101 Consulting, which is expired."
    assert asked.words == words


def test_several_active_ones_are_ambiguous_and_told_from_the_expired() -> None:
    asked = question("1", there(501, "1", active=False), there(502, "1"), there(503, "1"))
    assert asked.reason is Reason.AMBIGUOUS_PRODUCT
    assert asked.words == (
        "Product 1: it is product 502 1 Consulting and product 503 1 Consulting and product 501 1 "
        "Consulting, which is expired."
    )


def test_a_person_who_says_that_it_is_another_one_is_believed_about_all_but_the_very_number() -> (
    None
):
    file = ProductFile([there(501, "Kons-1"), there(502, "KONS-1", active=False)])
    assert file.which_product("KONS-1", none_of_these=True) is None
    made = there(503, "KONS-1")
    file = ProductFile([there(501, "Kons-1"), made])
    assert file.which_product("KONS-1", none_of_these=True) is made
    twice = question("K", there(1, "K"), there(2, "K"), none_of_these=True)
    assert twice.reason is Reason.AMBIGUOUS_PRODUCT


def test_many_that_look_alike_are_counted_after_five() -> None:
    asked = question("101", *(there(each, "0" * each + "101") for each in range(1, 8)))
    assert asked.words.endswith("Consulting (its number differs by leading zeros only) and 2 more.")


def test_those_that_come_near_are_listed_with_how_the_sure_ones_first() -> None:
    file = ProductFile(
        [there(1, "0101", active=False), there(2, "101", active=False), there(3, "101")]
    )
    told = [(each.product.id, each.how) for each in file.find_near("101")]
    assert told == [
        (3, "the same number"),
        (2, "the same number, but it is expired"),
        (1, "its number differs by leading zeros only, but it is expired"),
    ]


def test_two_new_numbers_that_look_alike_ask_about_each_other() -> None:
    asked = ask_about_new(["A 1", "B", "a1", "0b-1"])
    assert set(asked) == {"A 1", "a1"}
    assert asked["A 1"].reason is Reason.PRODUCT_ALIKE
    assert "and a1, which looks like it, was not either" in asked["A 1"].words


LINK = LinkedProduct(501, FoundBy.PRODUCT_NUMBER, "101", "Consulting")


@pytest.mark.parametrize(
    ("product", "reason", "words"),
    [
        (None, "product_changed", "501 101 Consulting, by product number, which is not there any"),
        (there(501, "101", active=False), "product_expired", "Consulting, which is expired."),
        (there(501, "201"), "product_changed", "product 501 201 Consulting, whose number was 101."),
        (there(501, " 101 "), None, ""),
    ],
)
def test_a_link_is_doubted_where_its_product_is_gone_expired_or_renumbered(
    product: OfficeProduct | None, reason: str | None, words: str
) -> None:
    doubt = ProductFile([product] if product else []).doubt_link("K", LINK)
    assert (doubt.reason if doubt else None) == reason
    assert doubt is None or (words in doubt.words and doubt.words.startswith("Product K: "))


def test_of_an_older_link_the_number_there_is_not_known_and_so_not_doubted() -> None:
    file = ProductFile([there(501, "201", rate=Decimal(25))])
    old = LinkedProduct(501)
    assert file.doubt_link("101", old) is None
    again = file.read_again(old, NOW)
    assert again == LinkedProduct(501, FoundBy.UNKNOWN, "201", "Consulting", Decimal(25), NOW)


@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ((25, 25, 0), [25, 25, 0]),
        ((0, 0, 0), [None, None, None]),
        (("0.25", "0.15", 0), [None, None, None]),
        ((None, 15, 0), [None, 15, 0]),
    ],
)
def test_a_column_of_rates_that_is_not_filled_or_no_per_cent_tells_nothing(
    rates: tuple[int | str | None, ...], told: list[int | None]
) -> None:
    products = [
        there(id_, str(id_), rate=None if rate is None else Decimal(rate))
        for id_, rate in enumerate(rates)
    ]
    file = ProductFile(products)
    assert [file.rate_of(each) for each in products] == told
    assert file.rates_of_category(1) == {each for each in told if each is not None}
    assert file.rates_of_category(2) == frozenset()


LETTERS = st.text(st.sampled_from("aAåÅøØ0123456789-./ "), min_size=1, max_size=8)


@given(LETTERS, LETTERS)
def test_no_product_is_new_beside_one_whose_number_looks_like_its_own(
    ours: str, theirs: str
) -> None:
    ours = tidy_identifier(ours)
    assume(ours and theirs.strip())
    found = ProductFile([there(501, theirs)]).which_product(ours)
    alike = likeness(ours) == likeness(tidy_identifier(theirs))
    assert (found is not None) == alike
    if isinstance(found, OfficeProduct):
        assert (found.number or "").strip() == ours
