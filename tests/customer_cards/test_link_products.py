"""A person says which product it is: kept with the reason, believed, asked again, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

import pytest

from so24.customer_cards.link_products import (
    create_new_product,
    link_product,
    open_product_questions,
    read_product_match,
    unlink_product,
)
from so24.errors import WrongUse
from so24.keys.change import change_key
from so24.keys.product_settings import DEFAULT_PRODUCT
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import InvoiceLine
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State
from tests.transfer.shop import Shop
from tests.transfer.world import CLIENT, World

FIA = Actor("fia", Role.FINANCE)
WHY = "Rung up the accountant"
OURS = "KONS-1"


class Asked(Shop):
    """A shop in which product KONS-1 has led to a question about the office's Kons-1."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.there = self.put("Kons-1")
        for place in range(3):
            self.sell(OURS, place=place, name="Consulting")
        [self.transfer] = self.export()
        self.fia = Desk(world.installation, FIA)

    def sentence(self) -> str:
        """What the next export does."""
        return read_product_match(self.fia, self.key, OURS).sentence

    def state(self, place: int = 0) -> State:
        """What becomes of one of the invoices."""
        [transfer] = self.export(place)
        return transfer.state


@pytest.fixture
def asked(world: World) -> Asked:
    found = Asked(world)
    assert found.transfer.reason is Reason.PRODUCT_ALIKE
    return found


def test_what_waits_is_listed_with_the_question_and_the_products_that_come_near(
    asked: Asked,
) -> None:
    named = asked.put("901", Name="consulting")
    asked.put("902")
    [question] = open_product_questions(asked.fia, asked.key)
    assert (question.number, question.name, question.documents) == (OURS, "Consulting", 1)
    assert f"but product {asked.there} Kons-1 There" in question.words
    match = read_product_match(asked.fia, asked.key, " KONS\u20101 ")
    assert [(row.id, row.number, row.how) for row in match.candidates] == [
        (asked.there, "Kons-1", "its number differs by case only"),
        (named, "901", "the same name"),
    ]
    assert match.is_open
    assert match.sentence == f"The next export asks: {question.words}"


def test_a_document_that_asks_about_two_products_stands_with_both(asked: Asked) -> None:
    asked.put("101", StatusId=0)
    with asked.world.installation.db.writing() as session:
        more = InvoiceLine(
            invoice_id=asked.ids[0], position=2, product_number="101", product_name="Travel",
            quantity=Decimal(1), unit_price=Decimal(0), net=Decimal(0), vat_rate=Decimal(25),
        )  # fmt: skip
        session.add(more)
    asked.export()
    found = open_product_questions(asked.fia, asked.key)
    assert [(each.number, each.name) for each in found] == [("101", "Travel"), (OURS, "Consulting")]
    for each in found:
        assert each.words.startswith(f"Product {each.number}: ")
        assert each.words.count("Product ") == 1


def test_the_product_that_a_person_names_is_used_whatever_its_number(asked: Asked) -> None:
    other = asked.put("777")
    link_product(asked.fia, asked.key, OURS, other, WHY)
    assert asked.sentence() == f"It is linked to {other} 777 There, by a person's word."
    assert {asked.state(), asked.state(1)} == {State.TRANSFERRED}
    assert asked.sold == [other, other]
    assert open_product_questions(asked.fia, asked.key) == []


def test_a_product_that_is_none_of_these_is_created_once(asked: Asked) -> None:
    create_new_product(asked.fia, asked.key, OURS, WHY)
    assert asked.sentence().startswith("A product is created")
    assert {asked.state(), asked.state(1)} == {State.TRANSFERRED}
    assert sorted(asked.products.values()) == [OURS, "Kons-1"]
    assert "created by so24" in asked.sentence()


def test_a_link_that_is_taken_back_is_asked_about_again(asked: Asked) -> None:
    link_product(asked.fia, asked.key, OURS, asked.there, WHY)
    unlink_product(asked.fia, asked.key, OURS, "It was the wrong one")
    assert asked.sentence().startswith("The next export asks")
    assert asked.state() is State.BLOCKED
    with pytest.raises(WrongUse, match="KONS-1 has no link"):
        unlink_product(asked.fia, asked.key, OURS, WHY)


@pytest.mark.parametrize("deleted", [True, False])
def test_a_product_that_is_linked_by_hand_and_is_gone_or_expired_is_asked_about_at_once(
    asked: Asked, deleted: bool
) -> None:
    link_product(asked.fia, asked.key, OURS, asked.there, WHY)
    if deleted:
        asked.world.control.edit("delete_product", CLIENT, product_id=asked.there)
    else:
        asked.put("Kons-1", Id=asked.there, StatusId=0)
    assert asked.sentence().startswith("The next export asks: Product KONS-1: it is linked to")
    [transfer] = asked.export()
    wanted = Reason.PRODUCT_CHANGED if deleted else Reason.PRODUCT_EXPIRED
    assert (transfer.state, transfer.reason) == (State.BLOCKED, wanted)
    [question] = open_product_questions(asked.fia, asked.key)
    assert question.number == OURS
    assert asked.sold == []


def test_what_a_person_says_is_audited_with_the_reason(asked: Asked) -> None:
    link_product(asked.fia, asked.key, OURS, asked.there, WHY)
    create_new_product(asked.fia, asked.key, OURS, WHY)
    unlink_product(asked.fia, asked.key, OURS, WHY)
    with asked.world.installation.db.reading() as session:
        told = [(each.actor, each.action, each.subject) for each in latest_events(session)[:3]]
        details = [each.detail for each in latest_events(session)[:3]]
    assert told == [
        ("fia", "product unlinked", "product KONS-1"),
        ("fia", "product is a new one", "product KONS-1"),
        ("fia", "product linked", "product KONS-1"),
    ]
    assert all(each.endswith(f"in company {CLIENT}: {WHY}") for each in details)
    assert details[2].startswith(f"{asked.there} Kons-1 There, by a person's word")


def test_the_word_of_a_person_is_shown_with_who_gave_it(asked: Asked) -> None:
    link_product(asked.fia, asked.key, OURS, asked.there, f"  {WHY}  ")
    word = read_product_match(asked.fia, asked.key, OURS).word
    assert word is not None
    assert (word.by, word.why) == ("fia", WHY)


@pytest.mark.parametrize("do", ["link", "new", "unlink"])
def test_nothing_is_said_while_a_document_with_the_product_is_in_transfer(
    asked: Asked, do: str
) -> None:
    asked.world.start(asked.ids[1:2])
    say: Mapping[str, Callable[..., object]] = {
        "link": partial(link_product, product_id=asked.there),
        "new": create_new_product,
        "unlink": unlink_product,
    }
    with pytest.raises(WrongUse, match=f"Document 1002 with product {OURS} is in transfer"):
        say[do](asked.fia, asked.key, OURS, why=WHY)


def test_what_cannot_be_said_is_refused_with_a_sentence(asked: Asked) -> None:
    expired = asked.put("Old", StatusId=0)
    refused = {
        (OURS, asked.there, " "): "Say why",
        (OURS, asked.there, "x" * 501): "500 characters",
        (OURS, expired, WHY): "Old There is expired",
        (OURS, 99999, WHY): "no product with the id 99999",
        ("Nowhere", asked.there, WHY): "No document has a product Nowhere",
    }
    for (number, product, why), words in refused.items():
        with pytest.raises(WrongUse, match=words):
            link_product(asked.fia, asked.key, number, product, why)
    with pytest.raises(WrongUse, match="No document has a product"):
        read_product_match(asked.fia, asked.key, "")


def test_the_product_for_lines_without_a_number_is_asked_about_and_linked_as_well(
    asked: Asked,
) -> None:
    there = asked.put("900")
    change_key(asked.desk, asked.key, DEFAULT_PRODUCT.to("900"))
    asked.put("900", Id=there, StatusId=0)
    asked.sell("", place=1)
    [transfer] = asked.export(1)
    assert transfer.reason is Reason.PRODUCT_EXPIRED
    assert ("900", 1) in [
        (each.number, each.documents) for each in open_product_questions(asked.fia, asked.key)
    ]
    other = asked.put("905")
    link_product(asked.fia, asked.key, "900", other, WHY)
    assert asked.state(1) is State.TRANSFERRED
    assert asked.sold == [other]
    asked.sell("", place=2)
    asked.world.start(asked.ids[2:3])
    with pytest.raises(WrongUse, match="is in transfer"):
        unlink_product(asked.fia, asked.key, "900", WHY)
