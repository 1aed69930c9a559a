"""A card that is merged or deleted by hand between a draft and its invoicing.

Nothing is booked on a card that nobody named; the question names the card that is gone, and its
answer leads on to one invoice each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from so24.crashpoints import arm
from so24.customer_cards.link import create_new_card, link_customer
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

PLACES = [
    "after compare",
    pytest.param("after draft answer", marks=pytest.mark.long),
    pytest.param("after invoicing intent", marks=pytest.mark.long),
]


@pytest.fixture
def ids(world: World) -> list[int]:
    """Two invoices of a customer whose card the invoice before them has made."""
    world.add_key([world.add_department()])
    first, *others = world.add_invoices(1, 3, customers=1)
    world.export([first])
    return others


@contextmanager
def striking(place: str, act: Callable[[], object]) -> Iterator[None]:
    """Have this done once, at this place of the lane."""
    waiting = [act]

    def strike(reached: str, _key: int | None) -> None:
        if reached == place and waiting:
            waiting.pop()()

    arm(strike)
    try:
        yield
    finally:
        arm(None)


def cards(world: World) -> list[int]:
    """The cards that are there."""
    return [each["Id"] for each in world.control.books()[CLIENT]["companies"]]


def merge(world: World, card: int) -> None:
    """Merge the card into a new one of the same name."""
    into = world.control.edit("edit_company", CLIENT, Name="Kunde 0 AS", Type="Business")
    world.control.edit("merge_companies", CLIENT, company_id=card, into=into["Id"])


def delete(world: World, card: int) -> None:
    """Delete the card."""
    world.control.edit("delete_company", CLIENT, company_id=card)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("move", [merge, delete])
def test_a_card_that_has_moved_is_a_question_and_its_answer_leads_on_to_one_invoice_each(
    world: World, ids: list[int], place: str, move: Callable[[World, int], None]
) -> None:
    [card] = cards(world)
    with striking(place, lambda: move(world, card)):
        world.export(ids)
    gone = f"{card} Kunde 0 AS, NO, linked, but the card is not in 24SevenOffice any more"
    for row in world.export(ids):
        assert row.reason is Reason.AMBIGUOUS_CUSTOMER
        assert gone in row.words
    answer(world)
    for row in world.export(ids):  # the draft was made for the card that is gone
        assert row.reason is Reason.DRAFT_OUTDATED
        world.control.edit("delete_draft", CLIENT, order_id=row.order_id)
    sent = world.export(ids)
    if {row.reason for row in sent} == {Reason.ORDER_GONE}:  # it was to be invoiced: a person says
        sent = world.export(ids)
    assert [row.state for row in sent] == [State.TRANSFERRED] * 2
    numbers = ["RM-10-1001", "RM-10-1002", "RM-10-1003"]
    assert booked_by_reference(world) == dict.fromkeys(numbers, 1)
    assert len(cards(world)) == 1


def answer(world: World) -> None:
    """Say that the one card that is there is the customer's, or that a new one is to be made."""
    desk = Desk(world.installation, ADMIN)
    if there := cards(world):
        link_customer(desk, 1, "7000", there[0], "merged there")
    else:
        create_new_card(desk, 1, "7000", "deleted there")
