"""The requests that a preview announces are those that the sandbox counts, and time follows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import pytest
from sqlmodel import select

from so24.firms.norwegian_numbers import is_norwegian_number
from so24.keys.change import change_key
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import FIELDS
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Key, KeyMode, Numbers
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.transfers import LaneName, open_of_lane
from so24.transfer.lane.batches import in_chunks
from so24.transfer.lane.lane import work_lane
from so24.transfer.preview.preview import look_up, preview_run
from so24.transfer.preview.requests_and_time import (
    DocumentSteps,
    LaneSizes,
    count_requests,
    finish_of,
    reckon_seconds,
)
from tests.transfer.by_hand import enter_twin
from tests.transfer.credits import add_credit_note
from tests.transfer.shop import Shop
from tests.transfer.world import ADMIN, CLIENT, World

pytestmark = pytest.mark.slow  # seconds each


def export_counted(world: World, ids: Sequence[int]) -> int:
    """Export chunk by chunk, as the engine does; returns the requests that the sandbox counted."""
    run = world.start(ids)
    world.control.reset_calls()
    with world.installation.db.reading() as session:
        [lane] = open_lanes(session)
        rows = [row.id for row in open_of_lane(session, LaneName(run, lane.key_id)) if row.id]
    for chunk in in_chunks(rows, world.installation.settings.chunk_size):
        work_lane(world.installation, lane, chunk)
    return int(world.control.calls()["requests"])


def add_stranger(world: World) -> None:
    """Somebody else's card, so that there are cards to be read."""
    world.control.edit("edit_company", CLIENT, Name="Ukjent Firma AS", Type="Business")


def announced(world: World, ids: Sequence[int]) -> tuple[int, int]:
    """The requests that the plan announces, and those after a look."""
    [lane] = preview_run(Desk(world.installation, ADMIN), ids).lanes
    seen = look_up(Desk(world.installation, ADMIN), lane)
    assert not seen.problem
    return lane.requests, seen.requests


SIZES = [(5, 100, 50), (23, 10, 4), (7, 3, 50)]
ONCE = list(zip(cycle(KeyMode), SIZES, strict=False))  # each size in one of the modes


@pytest.mark.parametrize(
    ("mode", "count", "chunk", "batch"),
    [
        pytest.param(mode, *sizes, marks=[pytest.mark.long] * ((mode, sizes) not in ONCE))
        for mode in KeyMode
        for sizes in SIZES
    ],
)
def test_in_a_company_that_knows_nothing_of_us_both_are_exact(
    world: World, count: int, chunk: int, batch: int, mode: KeyMode
) -> None:
    cut(world, chunk, batch)
    add_stranger(world)
    department = world.add_department()
    world.add_key([department], mode=mode)
    ids = world.add_invoices(department, count, customers=11, products=13)
    planned, looked_up = announced(world, ids)
    assert planned == looked_up == export_counted(world, ids)


def test_a_company_without_any_card_takes_one_request_less_than_was_planned(world: World) -> None:
    cut(world, 3, 50)
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 7, customers=5)
    planned, looked_up = announced(world, ids)
    assert planned - 1 == looked_up == export_counted(world, ids)


def test_credit_notes_ask_for_what_they_credit_and_go_after_their_invoices(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 4)
    world.export(ids[:2])
    notes = [
        add_credit_note(world, ids[0], number="9001"),
        add_credit_note(world, ids[2], number="9002"),
    ]
    planned, looked_up = announced(world, [*ids[2:], *notes])
    assert planned == looked_up == export_counted(world, [*ids[2:], *notes])


@pytest.mark.parametrize(("chunk", "count"), [(100, 1), (100, 25), (7, 16)])
def test_by_recmans_numbers_the_first_goes_alone_and_each_call_is_preceded_by_a_look(
    world: World, chunk: int, count: int
) -> None:
    cut(world, chunk, 50)
    add_stranger(world)
    key = world.add_key([department := world.add_department()])
    ids = world.add_invoices(department, count)
    world.control.edit("set_invoice_series", CLIENT, number=1001)
    changes = NUMBERS.to(Numbers.SAME), NEXT_NUMBER.to("1001")
    change_key(Desk(world.installation, ADMIN), key, *changes)
    planned, looked_up = announced(world, ids)
    assert planned == looked_up == export_counted(world, ids)


def test_a_hundred_linked_invoices_take_nineteen_more_by_recmans_numbers() -> None:
    sizes = LaneSizes(chunk_size=100, batch_size=50, same_numbers=True)
    assert count_requests([DocumentSteps()] * 100, sizes) == 9 + 19


def test_a_list_of_the_company_is_a_request_in_every_chunk_that_needs_it(world: World) -> None:
    cut(world, 3, 50)
    add_stranger(world)
    department = world.add_department()
    key = world.add_key([department])
    ids = world.add_invoices(department, 6)
    change_key(Desk(world.installation, ADMIN), key, FIELDS.to([KeyField.PROJECT]))
    with world.installation.db.writing() as session:
        session.get_one(Invoice, ids[4]).project_number = "77"
    planned, looked_up = announced(world, ids)
    assert planned == looked_up == export_counted(world, ids)


def test_more_than_fifty_new_customers_and_products_take_several_calls(world: World) -> None:
    add_stranger(world)
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 60, customers=60, products=60)
    planned, looked_up = announced(world, ids)
    assert planned == looked_up == export_counted(world, ids)


def test_with_everything_linked_it_takes_less(world: World) -> None:
    cut(world, 4, 3)
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 14)
    first = export_counted(world, ids[:4])
    planned, looked_up = announced(world, ids[4:])
    assert planned == looked_up == export_counted(world, ids[4:])
    assert looked_up < 3 * first


def test_linked_products_that_were_not_seen_for_a_while_cost_one_request(world: World) -> None:
    shop = Shop(world)
    for place in range(4):
        shop.sell("513", place=place)
    shop.export()
    planned, looked_up = announced(world, shop.ids[1:3])
    shop.grow_old()
    later = announced(world, shop.ids[1:3])
    assert later == (planned + 1, looked_up + 1)
    assert later[0] == later[1] == export_counted(world, shop.ids[1:3])
    shop.sell("NEW", place=3)
    shop.grow_old()
    planned, looked_up = announced(world, shop.ids[3:])
    assert planned == looked_up == export_counted(world, shop.ids[3:])


def test_organization_numbers_are_looked_for_among_the_cards(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    first, *ids = world.add_invoices(department, 4)
    world.export([first])
    with world.installation.db.writing() as session:
        numbers = (str(each) for each in range(987_654_300, 988_000_000))
        valid = filter(is_norwegian_number, numbers)
        for customer in session.exec(select(Customer)):
            customer.organization_number = next(valid)
    planned, looked_up = announced(world, ids)
    assert world.control.calls()["operations"]["GetCompanies"] == 1
    assert planned == looked_up == export_counted(world, ids)


def test_what_exists_there_asks_for_less_than_was_planned(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 6)
    enter_twin(world, ids)
    planned, looked_up = announced(world, ids[3:])
    assert looked_up == export_counted(world, ids[3:]) <= planned


def test_drafts_that_are_there_are_not_sent_again(world: World, sandbox: SandboxServer) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 6)
    sandbox.faults.arm(Fault("fault", "SaveInvoices", only="invoicing", times=0, text="Not today"))
    world.export(ids)
    sandbox.faults.clear()
    planned, looked_up = announced(world, ids)
    assert planned == looked_up == export_counted(world, ids)


def test_without_a_session_the_plan_counts_the_login(world: World) -> None:
    add_stranger(world)
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 2)
    [with_session] = preview_run(Desk(world.installation, ADMIN), ids).lanes
    with world.installation.db.writing() as session:
        session.get_one(Key, with_session.key_id).session_sealed = ""
    [without] = preview_run(Desk(world.installation, ADMIN), ids).lanes
    assert without.requests == with_session.requests + 1 == export_counted(world, ids)


def test_a_hundred_linked_invoices_take_nine_requests() -> None:
    assert count_requests([DocumentSteps()] * 100, LaneSizes(chunk_size=100, batch_size=50)) == 9
    assert (
        count_requests([DocumentSteps()] * 101, LaneSizes(chunk_size=100, batch_size=50)) == 9 + 7
    )
    assert count_requests([], LaneSizes(chunk_size=100, batch_size=50)) == 0


def test_a_hundred_invoices_take_thirteen_requests_and_nine_where_all_is_linked(
    world: World,
) -> None:
    add_stranger(world)
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 200, customers=40, products=20, lines=5)
    assert export_counted(world, ids[:100]) <= 13
    assert export_counted(world, ids[100:]) <= 9


@pytest.mark.parametrize(
    ("requests", "round_trip", "seconds"),
    [(8, 0.25, 2.0), (120, 0.1, 50.0), (120, 1.0, 120.0), (0, 0.25, 0.0)],
)
def test_the_slower_of_round_trips_and_pace_decides(
    requests: int, round_trip: float, seconds: float
) -> None:
    assert reckon_seconds(requests, round_trip, per_second=2.0, burst=20) == seconds


def test_lanes_of_one_company_wait_for_each_other() -> None:
    lanes = [(CLIENT, 10.0), (CLIENT, 5.0), (2, 4.0), (3, 4.0)]
    assert finish_of(lanes, at_once=8) == 15.0
    assert finish_of(lanes, at_once=1) == 23.0
    assert finish_of([], at_once=8) == 0.0


def cut(world: World, chunk: int, batch: int) -> None:
    """Let lanes be cut in smaller pieces than usual."""
    world.installation.settings.chunk_size = chunk
    world.installation.settings.batch_size = batch
