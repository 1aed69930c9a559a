"""What blocked a document is gone as soon as so24's own store shows it: then it can be sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from so24.customer_cards.link import create_new_card
from so24.customer_cards.link_products import create_new_product
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.states import Since
from so24.store.tables.document_tables import Customer, Invoice, InvoiceLine
from so24.store.tables.ground import Stored, now
from so24.store.tables.key_tables import Key, Numbers
from so24.store.tables.transfer_tables import Transfer
from so24.today.piles import PileName
from so24.transfer.runs import retryable
from tests.customer_cards.test_link import NUMBER, WHY
from tests.customer_cards.test_link import Asked as AskedForCard
from tests.customer_cards.test_link_products import OURS
from tests.customer_cards.test_link_products import Asked as AskedForProduct
from tests.today.test_today import problems, today_of
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, World

pytestmark = pytest.mark.slow


def stands(world: World, run_id: str) -> tuple[Since, int, int]:
    """What the receipt says of its first line, and how many are open and sendable on *Today*."""
    line = world.receipt(run_id)[0]
    sendable = today_of(world).piles.of(PileName.SENDABLE).count
    return line.since, sum(problems(world).values()), sendable


OPEN, SENDABLE = (Since.NOTHING, 1, 0), (Since.MENDED, 0, 1)


@pytest.fixture
def sold(world: World) -> tuple[World, int]:
    """A world with one invoice that nothing is wrong with, and a key."""
    department = world.add_department()
    world.add_key([department])
    return world, world.add_invoices(department, 1, customers=1)[0]


def change(world: World, kind: type[Stored], row_id: int, **values: object) -> None:
    """Other values in a row, as an import or a setting gives them."""
    with world.installation.db.writing() as session:
        row = session.get_one(kind, row_id)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.both
def test_a_customer_that_a_list_has_completed_blocks_nothing_any_more(
    sold: tuple[World, int],
) -> None:
    world, id_ = sold
    change(world, Customer, 1, address="", city="")
    run_id = world.start([id_])
    assert world.receipt(run_id)[0].reason is Reason.CUSTOMER_INCOMPLETE
    assert stands(world, run_id) == OPEN
    change(world, Customer, 1, address="Storgata 1")
    assert stands(world, run_id) == OPEN
    change(world, Customer, 1, city="Oslo")
    assert stands(world, run_id) == SENDABLE
    assert retryable(Desk(world.installation, ADMIN), run_id) == [id_]


def test_what_a_plan_would_block_for_another_cause_stays_open(sold: tuple[World, int]) -> None:
    world, id_ = sold
    change(world, Customer, 1, address="")
    change(world, Invoice, id_, due_date=dt.date(2020, 1, 1))
    run_id = world.start([id_])
    change(world, Customer, 1, address="Storgata 1")
    assert stands(world, run_id) == OPEN
    change(world, Invoice, id_, due_date=None, updated_at=now())
    assert stands(world, run_id) == SENDABLE


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"due_date": dt.date(2020, 1, 1)}, {"due_date": None}, Reason.DUE_BEFORE_DATE),
        ({"currency": "EUR"}, {"currency": "NOK"}, Reason.FOREIGN_CURRENCY),
    ],
)
def test_what_its_source_has_stated_anew_can_be_sent(
    sold: tuple[World, int], before: dict[str, object], after: dict[str, object], reason: Reason
) -> None:
    world, id_ = sold
    change(world, Invoice, id_, **before)
    run_id = world.start([id_])
    assert world.receipt(run_id)[0].reason is reason
    assert stands(world, run_id) == OPEN
    change(world, Invoice, id_, **after, updated_at=now())
    assert stands(world, run_id) == SENDABLE


def test_what_the_key_carries_by_now_can_be_sent(sold: tuple[World, int]) -> None:
    world, id_ = sold
    change(world, Invoice, id_, currency="EUR")
    run_id = world.start([id_])
    assert stands(world, run_id) == OPEN
    change(world, Key, 1, carried="currency")
    assert stands(world, run_id) == SENDABLE


@pytest.mark.parametrize(
    ("reason", "setting"),
    [(Reason.NO_CATEGORY, {"category_id": 2}), (Reason.NUMBER_GAP, {"numbers": Numbers.OWN})],
)
def test_what_a_lane_missed_of_the_key_and_it_has_now_can_be_sent(
    sold: tuple[World, int], reason: Reason, setting: dict[str, object]
) -> None:
    world, id_ = sold
    change(world, Key, 1, category_id=None, numbers=Numbers.SAME)
    run_id = world.start([id_])
    change(world, Transfer, 1, state="blocked", reason=reason)
    assert stands(world, run_id) == OPEN
    change(world, Key, 1, **setting)
    assert stands(world, run_id) == SENDABLE


def test_a_credit_note_whose_invoice_has_been_transferred_since_can_be_sent(
    sold: tuple[World, int],
) -> None:
    world, id_ = sold
    change(world, Key, 1, credit_notes=True)
    run_id = world.start([add_credit_note(world, id_)])
    assert world.receipt(run_id)[0].reason is Reason.CREDIT_ORIGINAL
    assert stands(world, run_id) == OPEN
    world.export([id_])
    assert stands(world, run_id) == SENDABLE


@pytest.mark.both
def test_a_customer_whose_card_is_said_can_be_sent_and_asks_again_when_it_is_asked_again(
    world: World,
) -> None:
    asked = AskedForCard(world)
    assert stands(world, asked.transfer.run_id) == OPEN
    create_new_card(asked.desk, asked.key, NUMBER, WHY)
    assert stands(world, asked.transfer.run_id) == SENDABLE
    change(world, Transfer, asked.transfer.row_id, updated_at=now())
    assert stands(world, asked.transfer.run_id) == OPEN


@pytest.mark.both
def test_a_document_can_be_sent_when_each_product_that_it_asks_about_is_said(world: World) -> None:
    asked = AskedForProduct(world)
    asked.put("101", StatusId=0)
    more = InvoiceLine(
        invoice_id=asked.ids[0], position=2, product_number="101", product_name="Travel",
        quantity=Decimal(1), unit_price=Decimal(0), net=Decimal(0), vat_rate=Decimal(25),
    )  # fmt: skip
    with world.installation.db.writing() as session:
        session.add(more)
    [transfer] = world.export(asked.ids[:1])
    answer: Callable[[str], None] = lambda number: create_new_product(  # noqa: E731
        asked.fia, asked.key, number, WHY
    )
    assert stands(world, transfer.run_id) == OPEN
    answer(OURS)
    assert stands(world, transfer.run_id) == OPEN
    answer("101")
    assert stands(world, transfer.run_id) == SENDABLE
