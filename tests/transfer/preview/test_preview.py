"""The preview looks as a lane does, tells each document apart, and writes nothing anywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import select

from so24.errors import NotAllowed
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.links.links import customer_links
from so24.store.links.product_links import linked_products
from so24.store.tables.key_tables import Key, KeyMode
from so24.store.tables.transfer_tables import OrderLink, State, Transfer
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.look_up import read_bindings
from so24.transfer.preview.forecast import Creation, LookResult, Outcome
from so24.transfer.preview.preview import Preview, look_up, preview_run
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import ADMIN, CLIENT, DAY, World


def preview(world: World, ids: list[int]) -> Preview:
    """The plan of these documents."""
    return preview_run(Desk(world.installation, ADMIN), ids)


def look(world: World, ids: list[int]) -> LookResult:
    """A look at the only lane of these documents."""
    [lane] = preview(world, ids).lanes
    return look_up(Desk(world.installation, ADMIN), lane)


def outcomes(seen: LookResult) -> list[Outcome]:
    """The outcomes in the order of the run."""
    assert not seen.problem
    return [each.outcome for each in seen.forecasts]


def writes(world: World) -> dict[str, int]:
    """How many calls that save something the sandbox has seen."""
    calls = world.control.calls()["operations"]
    return {name: count for name, count in calls.items() if name.startswith("Save")}


def enter_order(world: World, reference: str, customer: str) -> int:
    """Enter a booked order with this reference by hand; returns its id."""
    companies = world.control.books()[CLIENT]["companies"]
    (company,) = (each["Id"] for each in companies if each.get("ExternalId") == f"RM-{customer}")
    row = {"product_number": "P1", "name": "Work", "quantity": "1", "price": "10"}
    order = world.control.edit(
        "create_order", CLIENT, customer_id=company, rows=[row], reference=reference,
        status="Invoiced", invoice_date=DAY.isoformat(),
    )  # fmt: skip
    return int(order["OrderId"])


def leave_drafts(world: World, sandbox: SandboxServer, ids: list[int]) -> None:
    """Export, with 24SevenOffice refusing to invoice: the drafts stay, bound."""
    sandbox.faults.arm(Fault("fault", "SaveInvoices", only="invoicing", times=0, text="Not today"))
    assert {row.state for row in world.export(ids)} == {State.REFUSED}
    sandbox.faults.clear()


@pytest.fixture
def ids(world: World) -> list[int]:
    """Five documents of three customers and four products, for an empty company."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 5)


def test_the_plan_names_what_has_no_link_yet_and_sums_up_by_company(
    world: World, ids: list[int]
) -> None:
    planned = preview(world, ids)
    [lane] = planned.lanes
    assert (planned.going, lane.invoice_ids) == (5, tuple(ids))
    assert planned.company_sums == {lane.company: {"NOK": Decimal("32803.15")}}
    assert lane.customers[0] == Creation("7000", "Kunde 0 AS")
    assert [each.number for each in lane.products] == ["P0", "P1", "P2", "P3"]
    assert lane.seconds > 0


def test_a_look_tells_what_will_be_created_and_saves_nothing(world: World, ids: list[int]) -> None:
    seen = look(world, ids)
    assert outcomes(seen) == [Outcome.SENT] * 5
    assert [each.number for each in seen.customers] == ["7000", "7001", "7002"]
    assert seen.products[0].name == "Product P0"
    assert seen.products[0].category != ""
    assert seen.quota.remaining is not None
    assert seen.round_trip > 0
    assert writes(world) == {}
    with world.installation.db.reading() as session:
        assert session.exec(select(Transfer)).all() == []
        assert customer_links(session, CLIENT, range(100)) == {}
        assert linked_products(session, CLIENT, ["P0", "P1", "P2", "P3"]) == {}


def test_what_is_there_already_is_told_with_its_order_and_whether_the_total_agrees(
    world: World, ids: list[int]
) -> None:
    hand_made = enter_twin(world, ids)
    reference = enter_order(world, "RM-10-1005", "7000")
    seen = look(world, ids[3:])
    assert outcomes(seen) == [Outcome.PROBABLY, Outcome.EXISTS]
    probably, exists = seen.forecasts
    assert probably.order_id == hand_made
    assert "invoice" in probably.words
    assert "The total agrees." in probably.words
    assert exists.order_id == reference
    assert "24SevenOffice" in exists.words  # the difference
    assert (seen.customers, seen.products) == ((), ())


def test_a_key_for_approval_says_so(world: World, ids: list[int]) -> None:
    with world.installation.db.writing() as session:
        session.exec(select(Key)).one().mode = KeyMode.APPROVAL
    assert outcomes(look(world, ids)) == [Outcome.FOR_APPROVAL] * 5


def test_a_bound_draft_goes_on_and_one_that_nobody_has_bound_is_adopted(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    leave_drafts(world, sandbox, ids)
    before = writes(world)
    assert outcomes(look(world, ids)) == [Outcome.GOES_ON] * 5
    with world.installation.db.writing() as session:
        for link in session.exec(select(OrderLink)).all():
            session.delete(link)
    seen = look(world, ids)
    assert outcomes(seen) == [Outcome.ADOPTED] * 5
    assert seen.forecasts[0].order_id is not None
    assert writes(world) == before


def test_a_bound_order_that_was_deleted_there_is_told(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    leave_drafts(world, sandbox, ids)
    for order in world.control.books()[CLIENT]["orders"]:
        if order.get("ReferenceNumber") == "RM-10-1002":
            world.control.edit("delete_draft", CLIENT, order_id=order["OrderId"])
    seen = look(world, ids)
    assert outcomes(seen)[0] is Outcome.GOES_ON
    assert outcomes(seen)[1] is Outcome.BLOCKED  # so24 had asked to invoice it: a person decides
    assert "deleted or inactive" in seen.forecasts[1].words


def test_without_a_category_what_needs_a_new_product_is_blocked(
    world: World, ids: list[int]
) -> None:
    with world.installation.db.writing() as session:
        session.exec(select(Key)).one().category_id = None
    seen = look(world, ids)
    assert outcomes(seen) == [Outcome.BLOCKED] * 5
    assert "no category for new products" in seen.forecasts[0].words
    assert seen.products == ()


def test_documents_of_a_customer_that_several_companies_claim_are_blocked(
    world: World, ids: list[int]
) -> None:
    for _ in range(2):
        world.control.edit(
            "edit_company", CLIENT, Name="Twin", Type="Business", ExternalId="RM-7000"
        )
    seen = look(world, ids[1:3])
    assert outcomes(seen) == [Outcome.BLOCKED, Outcome.SENT]
    assert seen.forecasts[0].words.count("Twin, its ExternalId is RM-7000") == 2
    assert [each.number for each in seen.customers] == ["7001"]


def test_a_company_that_a_run_is_working_in_is_left_alone(world: World, ids: list[int]) -> None:
    planned = preview(world, ids[1:])
    run = world.start(ids[:1])
    world.control.reset_calls()
    seen = look_up(Desk(world.installation, ADMIN), planned.lanes[0])
    assert f"Run {run} is working in company {CLIENT}" in seen.problem
    assert world.control.calls()["requests"] == 0
    world.work(run)
    assert outcomes(look(world, ids[1:])) == [Outcome.SENT] * 4


def test_a_run_that_begins_meanwhile_has_the_company_for_itself(
    world: World, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.export(ids[:1])
    world.control.reset_calls()
    planned = preview(world, ids[2:])
    begun: list[str] = []

    def begin_run(lane_pass: LanePass) -> None:
        begun.append(world.start(ids[1:2]))
        read_bindings(lane_pass)

    monkeypatch.setattr("so24.transfer.lane.look_up.read_bindings", begin_run)
    seen = look_up(Desk(world.installation, ADMIN), planned.lanes[0])
    assert begun[0] in seen.problem
    assert "GetInvoices" not in world.control.calls()["operations"]


def test_what_24sevenoffice_says_against_a_look_is_its_problem(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    sandbox.faults.arm(Fault("html", "GetProducts", times=0, status=503))
    [lane] = preview(world, ids).lanes
    seen = look_up(Desk(world.installation, ADMIN), lane)
    assert "503" in seen.problem
    assert seen.forecasts == ()


def test_an_analyst_may_not_preview(world: World, ids: list[int], analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        preview_run(Desk(world.installation, analyst), ids)
