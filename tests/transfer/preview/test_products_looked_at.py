"""What a look says of products: what is created where, which VAT may differ, which is in doubt."""

from __future__ import annotations

import pytest

from so24.keys.change import change_key
from so24.keys.key_settings import TAX_CODES
from so24.keys.product_settings import CATEGORIES_BY_VAT, DEFAULT_PRODUCT
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.transfer.preview.forecast import Creation, Forecast, LookResult, Outcome
from so24.transfer.preview.preview import look_up, preview_run
from so24.transfer.preview.request_view import show_outgoing
from so24.transfer.review import find_warnings
from tests.transfer.shop import Shop
from tests.transfer.world import World


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def look(shop: Shop, *places: int) -> LookResult:
    """A look at these invoices."""
    [lane] = preview_run(shop.desk, [shop.ids[each] for each in places or (0,)]).lanes
    seen = look_up(shop.desk, lane)
    assert not seen.problem
    return seen


def forecast(shop: Shop) -> Forecast:
    """What a look says of the first invoice."""
    [found] = look(shop).forecasts
    return found


def warned(shop: Shop, place: int = 0) -> list[str]:
    """What the checks warn of, by the store alone."""
    found = find_warnings(shop.desk, preview_run(shop.desk, [shop.ids[place]]))
    return [
        each.words
        for each in found.get(shop.ids[place], ())
        if each.reason is Reason.VAT_MAY_DIFFER
    ]


def test_a_new_product_of_another_vat_than_its_category_is_a_warning_before_anything_is_sent(
    shop: Shop,
) -> None:
    shop.put("Other", CategoryId=1)
    shop.sell("EXP1", rate=0)
    [words] = warned(shop)
    assert "goes to category Services 25 %; 24SevenOffice does not tell" in words
    found = forecast(shop)
    assert found.outcome is Outcome.SENT
    assert "category Services 25 %, whose products have 25 %." in found.sentence
    assert "Choose a tax code" in found.sentence
    change_key(shop.desk, shop.key, TAX_CODES.to({"0": 5, "25": 3}))
    assert (warned(shop), forecast(shop).doubt) == ([], "")
    assert shop.export()[0].state is State.TRANSFERRED


def test_a_category_for_the_vat_leaves_no_warning_and_is_named_with_the_product(shop: Shop) -> None:
    change_key(shop.desk, shop.key, CATEGORIES_BY_VAT.to({"0": 3}))
    shop.sell("EXP1", rate=0)
    assert (warned(shop), forecast(shop).doubt) == ([], "")
    assert look(shop).products == (Creation("EXP1", "Ours", "Exempt 0 %"),)
    [lane] = preview_run(shop.desk, shop.ids[:1]).lanes
    assert lane.products == (Creation("EXP1", "Ours", "Exempt 0 %"),)
    assert shop.export()[0].state is State.TRANSFERRED


def test_one_product_at_two_rates_is_a_warning_as_soon_as_its_rate_is_known(shop: Shop) -> None:
    shop.put("1001")
    shop.sell("1001")
    shop.sell("1001", rate=0, place=1)
    assert shop.export()[0].state is State.TRANSFERRED
    assert warned(shop, 1) == ["Line 1 has 0 % VAT. 24SevenOffice has product 1001 with 25 %."]
    [found] = look(shop, 1).forecasts
    assert "24SevenOffice has product 1001 with 25 %" in found.doubt


@pytest.mark.parametrize("expired", [True, False])
def test_a_look_finds_what_has_become_of_linked_products_and_so_does_the_run_after_it(
    shop: Shop, expired: bool
) -> None:
    there = shop.put("513")
    shop.sell("513")
    shop.sell("513", place=1)
    shop.export()
    state = {"StatusId": 0} if expired else {"No": "777"}
    shop.put(**{"number": "513", "Id": there, **state})  # type: ignore[arg-type]
    [found] = look(shop, 1).forecasts
    assert found.state is State.BLOCKED
    [transfer] = shop.export(1)
    wanted = Reason.PRODUCT_EXPIRED if expired else Reason.PRODUCT_CHANGED
    assert (transfer.state, transfer.reason) == (State.BLOCKED, wanted)


def test_a_line_without_a_number_is_shown_as_the_keys_product_for_it(shop: Shop) -> None:
    there = shop.put("900")
    change_key(shop.desk, shop.key, DEFAULT_PRODUCT.to("900"))
    shop.sell("", rate=0)
    before = preview_run(shop.desk, shop.ids[:1]).shown
    seen = look(shop)
    assert "24SevenOffice has product 900 with 25 %." in seen.forecasts[0].doubt
    [row] = show_outgoing(shop.desk, shop.ids[0], seen).rows
    assert (row.product_number, row.product) == ("900", str(there))
    change_key(shop.desk, shop.key, DEFAULT_PRODUCT.to(""))
    assert preview_run(shop.desk, shop.ids[:1]).shown != before


def test_what_is_asked_of_a_product_is_told_by_a_look(shop: Shop) -> None:
    shop.put("Kons-1")
    shop.sell("KONS-1")
    found = forecast(shop)
    assert found.state is State.BLOCKED
    assert "Product KONS-1: it is not there, but product" in found.sentence
    assert "on the page Customers and products which product it is" in found.sentence
    assert look(shop).products == ()
