"""A lane's products: found, created in the right category, asked about, and looked at again."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from so24.crashpoints import arm
from so24.keys.change import change_key
from so24.keys.product_settings import CATEGORIES_BY_VAT, DEFAULT_PRODUCT
from so24.reasons import Reason
from so24.store.tables.document_tables import InvoiceLine
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import FoundBy, ProductLink, State
from tests.transfer.shop import Shop
from tests.transfer.world import CLIENT, World


class Struck(Exception):
    """The process ends here."""


def strike(point: str, _key: int | None) -> None:
    if point == "after draft result":
        raise Struck


def test_a_document_whose_product_is_there_twice_names_the_draft_that_was_made_before(
    world: World,
) -> None:
    department = world.add_department()
    world.add_key([department])
    run = world.start(world.add_invoices(department, 1))
    arm(strike)
    try:
        with pytest.raises(Struck):
            world.work(run)
    finally:
        arm(None)
    with world.installation.db.writing() as session:
        session.execute(sa.delete(ProductLink))
    [product, *_] = world.control.books()[CLIENT]["products"]
    world.control.edit("edit_product", CLIENT, Name="Again", No=product["No"], CategoryId=1)
    [transfer] = world.work(run)
    [order] = world.control.books()[CLIENT]["orders"]
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.AMBIGUOUS_PRODUCT)
    assert transfer.order_id == order["OrderId"]
    assert f"Draft order {transfer.order_id} stays in 24SevenOffice" in transfer.words


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


@pytest.mark.parametrize(
    ("ours", "theirs"), [("KONS-1", "Kons-1"), ("A 1", "A  1"), ("0101", "101"), ("1.1", "11")]
)
def test_a_number_that_looks_like_one_there_waits_and_nothing_is_created(
    shop: Shop, ours: str, theirs: str
) -> None:
    there = shop.put(theirs)
    shop.sell(ours)
    [transfer] = shop.export()
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.PRODUCT_ALIKE)
    named = f"Product {ours}: it is not there, but product {there} {theirs} There (its number"
    assert transfer.words.startswith(named)
    assert shop.products == {there: theirs}
    assert shop.sold == []


def test_two_new_numbers_that_look_alike_wait_for_each_other(shop: Shop) -> None:
    shop.sell("A 1")
    shop.sell("a1", place=1)
    shop.sell("B", place=2)
    *asked, sent = shop.export(0, 1, 2)
    assert {each.reason for each in asked} == {Reason.PRODUCT_ALIKE}
    assert sent.state is State.TRANSFERRED
    shop.say("A 1", None)
    [transfer] = shop.export()
    assert transfer.state is State.TRANSFERRED
    [transfer] = shop.export(1)
    assert transfer.words.endswith(" A 1 Ours (its number differs by case and blanks only).")
    assert sorted(shop.products.values()) == ["A 1", "B"]


def test_nothing_is_created_for_a_document_that_waits(shop: Shop) -> None:
    shop.put("Kons-1")
    shop.sell("KONS-1")
    with shop.world.installation.db.writing() as session:
        more = InvoiceLine(
            invoice_id=shop.ids[0], position=2, product_number="NEW", product_name="New",
            quantity=Decimal(1), unit_price=Decimal(0), net=Decimal(0), vat_rate=Decimal(25),
        )  # fmt: skip
        session.add(more)
    [transfer] = shop.export()
    assert transfer.reason is Reason.PRODUCT_ALIKE
    assert list(shop.products.values()) == ["Kons-1"]


def test_the_active_one_of_two_products_with_one_number_is_used(shop: Shop) -> None:
    shop.put("513", StatusId=0)
    active = shop.put("513")
    shop.sell("513")
    [transfer] = shop.export()
    assert transfer.state is State.TRANSFERRED
    assert shop.sold == [active]


def test_an_expired_product_alone_blocks_and_says_so_and_goes_when_it_is_active(shop: Shop) -> None:
    expired = shop.put("513", StatusId=0)
    shop.sell("513")
    [transfer] = shop.export()
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.PRODUCT_EXPIRED)
    assert f"only product {expired} 513 There, which is expired" in transfer.words
    shop.put("513", Id=expired, StatusId=1)
    [transfer] = shop.export()
    assert transfer.state is State.TRANSFERRED
    assert shop.sold == [expired]


def test_what_a_person_has_said_is_used_and_kept_when_it_is_created(shop: Shop) -> None:
    there = shop.put("Kons-1")
    shop.sell("KONS-1")
    shop.say("KONS-1", there)
    assert shop.export()[0].state is State.TRANSFERRED
    shop.sell("KONS-1", place=1)
    shop.say("KONS-1", None)
    assert shop.export(1)[0].state is State.TRANSFERRED
    [_, made] = shop.products
    assert shop.products[made] == "KONS-1"
    assert shop.sold == [there, made]
    with shop.world.installation.db.reading() as session:
        kept = session.get_one(ProductLink, (CLIENT, "KONS-1"))
        assert (kept.product_id, kept.found_by, kept.said_by) == (made, FoundBy.CREATED, "fia")


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_linked_product_that_has_expired_is_asked_about(shop: Shop, by_hand: bool) -> None:
    there = shop.put("513")
    shop.sell("513")
    shop.sell("513", place=1)
    if by_hand:
        shop.say("513", there)
    assert shop.export()[0].state is State.TRANSFERRED
    shop.put("513", Id=there, StatusId=0)
    shop.grow_old()
    [transfer] = shop.export(1)
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.PRODUCT_EXPIRED)
    assert len(shop.sold) == 1
    [transfer] = shop.export(1)
    assert transfer.reason is Reason.PRODUCT_EXPIRED, "what is in doubt is looked at at once"


def test_a_product_found_by_its_number_is_found_so_again(shop: Shop) -> None:
    there = shop.put("513")
    shop.sell("513")
    shop.sell("513", place=1)
    shop.export()
    shop.put("513", Id=there, StatusId=0)
    another = shop.put("513")
    shop.grow_old()
    assert shop.export(1)[0].state is State.TRANSFERRED
    assert shop.sold == [there, another]


def test_a_linked_product_with_another_number_by_now_is_asked_about(shop: Shop) -> None:
    there = shop.put("513")
    shop.sell("513")
    shop.sell("513", place=1)
    shop.export()
    shop.put("777", Id=there)
    shop.grow_old()
    [transfer] = shop.export(1)
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.PRODUCT_CHANGED)
    assert f"product {there} 777 There, whose number was 513" in transfer.words
    assert shop.products == {there: "777"}


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_product_deleted_after_the_link_is_refused_once_and_then_asked_about_or_found_anew(
    shop: Shop, by_hand: bool
) -> None:
    there = shop.put("513")
    shop.sell("513")
    shop.sell("513", place=1)
    if by_hand:
        shop.say("513", there)
    shop.export()
    shop.world.control.edit("delete_product", CLIENT, product_id=there)
    [refused] = shop.export(1)
    assert refused.reason is Reason.REFUSED_ORDER
    [transfer] = shop.export(1)
    if by_hand:
        assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.PRODUCT_CHANGED)
        assert "which is not there any more" in transfer.words
        assert shop.products == {}
    else:
        assert transfer.state is State.TRANSFERRED
        assert list(shop.products.values()) == ["513"]


def test_an_order_that_is_booked_is_confirmed_though_its_product_is_in_doubt(shop: Shop) -> None:
    def strike_at_the_end(point: str, _key: int | None) -> None:
        if point == "after invoicing answer":
            raise Struck

    there = shop.put("513")
    shop.sell("513")
    run = shop.world.start(shop.ids[:1])
    arm(strike_at_the_end)
    try:
        with pytest.raises(Struck):
            shop.world.work(run)
    finally:
        arm(None)
    shop.put("513", Id=there, StatusId=0)
    shop.grow_old()
    [transfer] = shop.world.work(run)
    assert transfer.state is State.TRANSFERRED


def test_the_list_of_products_is_read_again_only_after_a_while(shop: Shop) -> None:
    for place in range(3):
        shop.sell("513", place=place)

    def count(place: int) -> int:
        shop.world.control.reset_calls()
        assert shop.export(place)[0].state is State.TRANSFERRED
        return int(shop.world.control.calls()["operations"].get("GetProducts", 0))

    assert count(0) == 1
    assert count(1) == 0
    shop.grow_old()
    assert count(2) == 1


def test_a_new_product_goes_to_the_keys_category_for_its_lines_vat(shop: Shop) -> None:
    change_key(shop.desk, shop.key, CATEGORIES_BY_VAT.to({"15": "Food 15 %", "0": 3}))
    for place, (number, rate) in enumerate((("A", 25), ("B", 15), ("C", 0))):
        shop.sell(number, rate=rate, place=place)
    assert {each.state for each in shop.export(0, 1, 2)} == {State.TRANSFERRED}
    found = shop.world.control.books()[CLIENT]["products"]
    assert {each["No"]: each["CategoryId"] for each in found} == {"A": 1, "B": 2, "C": 3}


def test_without_a_category_for_others_only_the_kinds_that_have_one_are_created(shop: Shop) -> None:
    change_key(shop.desk, shop.key, CATEGORIES_BY_VAT.to({"15": 2}))
    with shop.world.installation.db.writing() as session:
        session.get_one(Key, shop.key).category_id = None
    shop.sell("A", rate=25)
    shop.sell("B", rate=15, place=1)
    blocked, sent = shop.export(0, 1)
    assert (blocked.state, blocked.reason) == (State.BLOCKED, Reason.NO_CATEGORY)
    assert blocked.words == "A"
    assert sent.state is State.TRANSFERRED


def test_a_draft_of_another_vat_names_what_keeps_it_from_happening_again(shop: Shop) -> None:
    shop.sell("A", rate=0)
    [transfer] = shop.export()
    assert transfer.reason is Reason.DRAFT_DIFFERS
    assert "choose tax codes for the key" in transfer.reason.card.remedy
    assert "category for each VAT rate" in transfer.reason.card.remedy


def test_a_line_without_a_number_goes_as_the_keys_product_for_it(shop: Shop) -> None:
    shop.sell("", name="Travel")
    assert shop.export()[0].reason is Reason.LINE_WITHOUT_PRODUCT
    there = shop.put("900")
    change_key(shop.desk, shop.key, DEFAULT_PRODUCT.to("900"))
    assert shop.export()[0].state is State.TRANSFERRED
    assert shop.sold == [there]
    [order] = shop.world.control.books()[CLIENT]["orders"]
    assert order["InvoiceRows"]["InvoiceRow"][0]["Name"] == "Work on line 1"


def test_the_product_for_lines_without_a_number_is_never_created(shop: Shop) -> None:
    there = shop.put("900")
    change_key(shop.desk, shop.key, DEFAULT_PRODUCT.to("900"))
    shop.world.control.edit("delete_product", CLIENT, product_id=there)
    shop.sell("")
    [transfer] = shop.export()
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.DEFAULT_PRODUCT_MISSING)
    assert transfer.words == "It is 900."
    assert shop.products == {}
