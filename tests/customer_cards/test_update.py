"""Customers are compared field by field and corrected only as a person has seen it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from so24.customer_cards.differences import compare_card, correction_of, find_differences
from so24.customer_cards.update import read_differences, update_customers
from so24.errors import NotAllowed, Unknown, WrongUse
from so24.keys.change import change_key
from so24.keys.key_settings import UPDATE_CUSTOMERS
from so24.office.cards import Card, Correction, write_correction
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Customer
from tests.transfer.papers import customer
from tests.transfer.world import ADMIN, CLIENT, World


def card(**changes: Any) -> Card:
    """The card that agrees with :func:`tests.transfer.papers.customer`."""
    address = {"Street": "Storgata 1", "PostalCode": "0155", "City": "Oslo", "Country": "NO"}
    values: dict[str, Any] = {
        "id": 30001,
        "external_id": "RM-5001",
        "type": "Business",
        "name": "Fjelltopp Bygg AS",
        "organization_number": "",
        "street": "Storgata 1",
        "postal_code": "0155",
        "city": "Oslo",
        "country": "NO",
        "invoice_email": "",
        "credit_days": 14,
        "record": {"Id": 30001, "Addresses": {"Invoice": address, "Post": {"Street": "PB 1"}}},
    }
    return Card(**{**values, **changes})


@pytest.mark.parametrize(
    ("ours", "theirs", "fields"),
    [
        ({}, {}, []),
        ({"address": "Storgata 2"}, {}, ["street"]),
        ({"address": ""}, {}, []),
        ({"address": " Storgata  1 "}, {}, []),
        ({"country": "no"}, {}, []),
        ({"organization_number": "NO 999 888 777 MVA"}, {"organization_number": "999888777"}, []),
        ({"organization_number": "999888777"}, {}, ["organization_number"]),
        ({"organization_number": "999999999"}, {"organization_number": ""}, []),
        ({"organization_number": "999999999"}, {"organization_number": "999888777"}, []),
        ({"invoice_email": "A@B.example"}, {"invoice_email": "a@b.example"}, []),
        ({"invoice_email": "a@b.example"}, {}, ["invoice_email"]),
        ({"credit_days": 30}, {}, ["credit_days"]),
        ({"credit_days": None}, {}, []),
        ({"credit_days": 14}, {"credit_days": None}, ["credit_days"]),
        ({"name": "New AS", "city": "Bergen"}, {}, ["name", "city"]),
        ({"name": "New AS"}, {"type": "Consumer"}, []),
    ],
)
def test_a_field_differs_where_recman_states_another_value(
    ours: dict[str, Any], theirs: dict[str, Any], fields: list[str]
) -> None:
    found = compare_card(customer(**ours), card(**theirs))
    assert [each.field for each in found] == fields


def correct(ours: Customer, theirs: Card) -> Correction:
    """The correction of everything that differs."""
    return correction_of(ours, theirs, compare_card(ours, theirs))


def test_a_correction_sends_the_id_and_what_changes_and_keeps_the_rest_of_an_address() -> None:
    sent = write_correction(correct(customer(address="Storgata 2"), card()))
    assert sent == {
        "Id": 30001,
        "Addresses": {
            "Invoice": {
                "Street": "Storgata 2", "PostalCode": "0155", "City": "Oslo", "Country": "NO"
            },
            "Post": {"Street": "PB 1"},
        },
    }  # fmt: skip
    assert write_correction(correct(customer(credit_days=30), card())) == {
        "Id": 30001,
        "PaymentTime": 30,
    }


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        ([], "is not in 24SevenOffice any more"),
        ([card(external_id="RM-9")], "card 30001 belongs to RM-9"),
    ],
)
def test_a_card_that_is_gone_or_anothers_is_left_alone(cards: list[Card], words: str) -> None:
    found = find_differences([(customer(address="Storgata 2"), 30001)], cards)
    assert (found.customers, found.fingerprint) == ((), "")
    assert words in found.left_alone[0]


def test_a_card_that_two_customers_are_linked_to_is_left_alone() -> None:
    linked = [(customer(), 30001), (customer(id=2, number="5002", address="Elsewhere 2"), 30001)]
    found = find_differences(linked, [card(external_id="")])
    assert found.customers == ()
    assert len(found.left_alone) == 2


@pytest.fixture
def key(world: World) -> int:
    """A key whose three customers were created by an export, and moved since."""
    department = world.add_department()
    key = world.add_key([department])
    world.export(world.add_invoices(department, 3))
    change_key(Desk(world.installation, ADMIN), key, UPDATE_CUSTOMERS.to(True))
    move(world, "7001", "Torget 5")
    return key


def move(world: World, number: str, street: str) -> None:
    """The customer's address changes in RecMan."""
    with world.installation.db.writing() as session:
        row = session.exec(select(Customer).where(Customer.number == number)).one()
        row.address = street


def street_of(world: World, number: str) -> str:
    """The street in the sandbox's own books."""
    (company,) = (
        each
        for each in world.control.books()[CLIENT]["companies"]
        if each["ExternalId"] == f"RM-{number}"
    )
    return str(company["Addresses"]["Invoice"]["Street"])


def test_what_was_seen_and_confirmed_is_written_and_audited(world: World, key: int) -> None:
    found = read_differences(Desk(world.installation, ADMIN), key)
    (difference,) = found.customers
    assert [(each.title, each.theirs, each.ours) for each in difference.fields] == [
        ("Street", "Storgata 1", "Torget 5")
    ]
    assert street_of(world, "7001") == "Storgata 1"
    done = update_customers(Desk(world.installation, ADMIN), key, found.fingerprint)
    assert (done.numbers, done.refused) == (("7001",), ())
    assert street_of(world, "7001") == "Torget 5"
    assert street_of(world, "7002") == "Storgata 1"
    with world.installation.db.reading() as session:
        last = latest_events(session)[0]
    assert (last.actor, last.action) == ("ada", "customer updated")
    assert last.detail == "Street: “Storgata 1” → “Torget 5”"
    assert read_differences(Desk(world.installation, ADMIN), key).customers == ()


def test_only_what_is_chosen_is_written(world: World, key: int) -> None:
    desk = Desk(world.installation, ADMIN)
    move(world, "7002", "Havna 3")
    with world.installation.db.writing() as session:
        row = session.exec(select(Customer).where(Customer.number == "7002")).one()
        row.invoice_email = "new@example.no"
    found = read_differences(desk, key)
    first, second = found.customers
    assert [each.field for each in second.fields] == ["street", "invoice_email"]
    with pytest.raises(WrongUse, match="Nothing was written"):
        update_customers(desk, key, found.fingerprint, [])
    chosen = [(second.customer_id, "invoice_email")]
    assert update_customers(desk, key, found.fingerprint, chosen).numbers == ("7002",)
    left = read_differences(desk, key)
    assert [[one.field for one in each.fields] for each in left.customers] == [["street"]] * 2
    assert left.customers[0] == first
    with world.installation.db.reading() as session:
        last, confirmed, *_ = latest_events(session)
    assert last.detail.endswith("→ “new@example.no”")
    assert confirmed.detail == f"fingerprint {found.fingerprint}, 1 of 3 fields"


def test_nothing_is_written_when_it_is_no_longer_what_was_seen(world: World, key: int) -> None:
    seen = read_differences(Desk(world.installation, ADMIN), key).fingerprint
    move(world, "7002", "Havna 3")
    with pytest.raises(WrongUse, match="Nothing was written"):
        update_customers(Desk(world.installation, ADMIN), key, seen)
    with pytest.raises(WrongUse, match="Nothing was written"):
        update_customers(Desk(world.installation, ADMIN), key, "")
    assert street_of(world, "7001") == "Storgata 1"


@pytest.mark.sqlite_only  # PostgreSQL would not keep a street that is too long
def test_a_refused_card_is_told_and_does_not_hold_up_the_others(world: World, key: int) -> None:
    move(world, "7002", "x" * 251)
    found = read_differences(Desk(world.installation, ADMIN), key)
    done = update_customers(Desk(world.installation, ADMIN), key, found.fingerprint)
    assert done.numbers == ("7001",)
    assert "Street cannot be longer" in done.refused[0]


def test_a_lost_answer_is_raised_and_another_look_shows_what_is_left(
    world: World, key: int, sandbox: SandboxServer
) -> None:
    found = read_differences(Desk(world.installation, ADMIN), key)
    sandbox.faults.arm(Fault("lost_after", "SaveCompanies"))
    with pytest.raises(Unknown):
        update_customers(Desk(world.installation, ADMIN), key, found.fingerprint)
    assert read_differences(Desk(world.installation, ADMIN), key).customers == ()


def test_looking_is_open_to_finance_and_writing_only_to_whom_and_where_it_is_allowed(
    world: World, key: int, finance: Actor
) -> None:
    seen = read_differences(Desk(world.installation, finance), key).fingerprint
    with pytest.raises(NotAllowed):
        update_customers(Desk(world.installation, finance), key, seen)
    change_key(Desk(world.installation, ADMIN), key, UPDATE_CUSTOMERS.to(False))
    assert read_differences(Desk(world.installation, finance), key).fingerprint == seen
    with pytest.raises(WrongUse, match="does not allow customer updates"):
        update_customers(Desk(world.installation, ADMIN), key, "x")


def test_a_lane_never_updates_a_customer(world: World, key: int) -> None:
    department = world.add_department("20")
    world.add_key([department], account="bergen", client=CLIENT)
    world.control.reset_calls()
    world.export(world.add_invoices(department, 3, first=2001))
    assert "SaveCompanies" not in world.control.calls()["operations"]
    assert street_of(world, "7001") == "Storgata 1"
