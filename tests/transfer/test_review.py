"""What the checks find in the store's own rows, with all that stands around them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.documents import neighbours
from so24.store.people.audit import record
from so24.store.people.origins import COMMAND_LINE
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.transfer_tables import State
from so24.transfer.checks.finding import Finding
from so24.transfer.preview.preview import preview_run
from so24.transfer.review import find_warnings, newest_change, read_findings, read_series
from tests.transfer.world import ADMIN, World


@pytest.fixture
def ids(world: World) -> list[int]:
    """Eight invoices of one customer, each of its own date, whose department has a key."""
    department = world.add_department()
    world.add_key([department])
    found = world.add_invoices(department, 8, customers=1)
    for place, each in enumerate(found):
        change(world, each, invoice_date=dt.date(2025, 10, 1) + dt.timedelta(days=place))
    with world.installation.db.writing() as session:
        for customer in session.exec(select(Customer)):
            customer.organization_number = "123456785"
    return found


def change(world: World, invoice_id: int, **values: Any) -> None:
    """Put other values into a document's row."""
    with world.installation.db.writing() as session:
        row = session.get(Invoice, invoice_id)
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)


def reasons(world: World, ids: list[int]) -> dict[int, list[str]]:
    """The reasons found, of those documents that have any."""
    found = read_findings(Desk(world.installation, ADMIN), ids)
    return {each: [one.reason for one in some] for each, some in found.items() if some}


def warnings_of(world: World, ids: list[int]) -> dict[int, tuple[Finding, ...]]:
    """The warnings of those that a preview lets go."""
    desk = Desk(world.installation, ADMIN)
    return find_warnings(desk, preview_run(desk, ids))


def test_a_preview_warns_of_just_what_the_checks_find_in_what_goes(
    world: World, ids: list[int]
) -> None:
    change(world, ids[0], kid="12345")
    change(world, ids[1], kid="12345", total=Decimal("99999.00"))
    change(world, ids[2], excluded=True)
    found = read_findings(Desk(world.installation, ADMIN), ids)
    told = warnings_of(world, ids)
    assert told == {each: found[each] for each in ids[:2]}
    assert [each.reason for each in told[ids[1]]] == ["kid_wrong", "amount_unusual"]


def test_in_sound_rows_nothing_is_found(world: World, ids: list[int]) -> None:
    assert read_findings(Desk(world.installation, ADMIN), ids) == dict.fromkeys(ids, ())
    assert warnings_of(world, ids) == {}


@pytest.mark.both
def test_the_same_again_names_the_other_number_both_ways(world: World, ids: list[int]) -> None:
    change(world, ids[1], invoice_date=dt.date(2025, 10, 1))
    assert reasons(world, ids) == {ids[0]: ["same_again"], ids[1]: ["same_again"]}
    found = read_findings(Desk(world.installation, ADMIN), ids[:1])
    assert found[ids[0]][0].words == "10-1002."


@pytest.mark.parametrize(
    "other",
    [
        {"excluded": True},
        {"kind": DocumentKind.CREDIT_NOTE},
        {"currency": "EUR"},
        {"total": Decimal("1.00")},
        {"invoice_date": dt.date(2025, 9, 1)},
    ],
)
def test_another_kind_currency_date_or_total_is_no_twin(
    world: World, ids: list[int], other: dict[str, Any]
) -> None:
    change(world, ids[1], **{"invoice_date": dt.date(2025, 10, 1), **other})
    assert "same_again" not in reasons(world, ids[:1]).get(ids[0], [])


def test_two_documents_of_nought_are_not_alike(world: World, ids: list[int]) -> None:
    for each in ids[:2]:
        change(world, each, invoice_date=dt.date(2025, 10, 1), total=Decimal("0.00"))
    with world.installation.db.reading() as session:
        assert neighbours.documents_alike(session, ids) == {}


def test_a_number_with_other_leading_zeros_is_named_both_ways(world: World, ids: list[int]) -> None:
    change(world, ids[1], number="001001")
    found = read_findings(Desk(world.installation, ADMIN), ids)
    assert [each.words for each in found[ids[0]]] == ["10-001001."]
    assert [each.words for each in found[ids[1]]] == ["10-1001."]
    change(world, ids[1], series="20")
    assert reasons(world, ids) == {}


def test_an_amount_far_from_the_customers_others_is_found(world: World, ids: list[int]) -> None:
    change(world, ids[7], total=Decimal("99999.00"))
    assert reasons(world, ids) == {ids[7]: ["amount_unusual"]}
    assert reasons(world, ids[7:]) == {ids[7]: ["amount_unusual"]}, "however few are asked for"


@pytest.mark.both
def test_the_median_is_the_customers_own_by_kind_and_currency(world: World, ids: list[int]) -> None:
    for place, each in enumerate(ids):
        change(world, each, total=Decimal(place), currency="NOK" if place < 5 else "EUR")
    with world.installation.db.reading() as session:
        found = neighbours.usual_totals(session, [1])
    medians = {habit.currency: (each.documents, each.median) for habit, each in found.items()}
    assert medians == {"NOK": (5, Decimal(2)), "EUR": (3, Decimal(6))}


def test_what_is_excluded_in_transfer_or_transferred_is_left_out(
    world: World, ids: list[int]
) -> None:
    world.export(ids[:1])
    world.start(ids[1:2])
    set_excluded(Desk(world.installation, ADMIN), ids[2:3], "Sent by hand.")
    assert list(read_findings(Desk(world.installation, ADMIN), ids)) == ids[3:]


def test_a_closed_period_blocks_a_real_run(world: World, ids: list[int]) -> None:
    closed = world.installation.settings.model_copy(update={"closed_until": dt.date(2025, 10, 1)})
    shut = World(Installation(closed, world.installation.db, world.installation.vault), "")
    first, second = sorted(shut.receipt(shut.start(ids[:2])), key=lambda row: row.number)
    assert (first.state, first.reason) == (State.BLOCKED, "closed_period")
    assert second.state is State.QUEUED


def test_a_department_without_a_key_is_told_before_anybody_presses_the_button(
    world: World,
) -> None:
    ids = world.add_invoices(world.add_department("30"), 1)
    assert "no_key" in reasons(world, ids)[ids[0]]
    assert warnings_of(world, ids) == {}, "what is blocked goes nowhere"


def test_a_key_without_a_category_is_told_until_its_company_has_the_products(
    world: World,
) -> None:
    department = world.add_department()
    world.add_key([department], category=None)
    ids = world.add_invoices(department, 2)
    assert "category_missing" in reasons(world, ids)[ids[1]]
    for number in range(4):
        world.control.edit("edit_product", 10000001, Name="Work", No=f"P{number}", CategoryId=1)
    world.export(ids[:1])  # meets P2 and P3 of the four
    [words] = [
        each.words for each in warnings_of(world, ids)[ids[1]] if each.reason == "category_missing"
    ]
    assert words == "It is not known yet whether the company of key “key oslo” has P0."


@pytest.mark.both
def test_series_are_read_from_the_rows_of_every_standing(world: World, ids: list[int]) -> None:
    world.export(ids[:1])
    set_excluded(Desk(world.installation, ADMIN), ids[1:2], "Sent by hand.")
    change(world, ids[2], number="1020")
    [found] = read_series(Desk(world.installation, ADMIN))
    assert (found.series, found.documents) == ("10", 8)
    assert found.describe_gaps() == "1003, 1009–1019"


def test_the_figure_of_changes_grows_with_decisions_and_not_with_logins(
    world: World, ids: list[int]
) -> None:
    before = newest_change(world.installation)
    with world.installation.db.writing() as session:
        record(session, "ada", "login", "ada", origin=COMMAND_LINE)
    assert newest_change(world.installation) == before
    set_excluded(Desk(world.installation, ADMIN), ids[:1], "Sent by hand.")
    assert newest_change(world.installation) > before


def test_an_analyst_is_told_nothing(world: World, ids: list[int], analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        read_findings(Desk(world.installation, analyst), ids)
    with pytest.raises(NotAllowed):
        read_series(Desk(world.installation, analyst))
