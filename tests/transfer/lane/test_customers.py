"""Which company of 24SevenOffice a customer is found to be, on a real sandbox."""

from __future__ import annotations

import pytest

from so24.crashpoints import arm
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.document_tables import Customer
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfer_list import TransferFilter
from so24.transfer.history import read_history
from so24.transfer.preview.preview import look_up, preview_run
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference


@pytest.mark.parametrize(
    ("number", "country", "same"),
    [
        ("123456785", "NO", True),
        ("NO 123 456 785 MVA", "NO", True),
        ("123456785", "PT", False),  # Portugal's numbers have nine digits as well
        ("DE123456785", "DE", False),
        ("123456786", "NO", False),  # the check digit is wrong: it may be another company's
        ("123456786", "", False),
        ("000000000", "NO", False),
        ("999999999", "DK", False),
    ],
)
def test_a_customer_is_matched_on_a_number_that_can_be_right_and_of_its_country(
    world: World, number: str, country: str, same: bool
) -> None:
    name = "Fjelltopp Bygg" if same else "Fjelltopp Regnskap"
    there = add_card(world, OrganizationNumber=number.removeprefix("DE"), Name=name)
    ids = sell_to(world, "Fjelltopp Bygg AS" if same else "Bau GmbH", number, country)
    [transfer] = world.export(ids)
    assert transfer.state is State.TRANSFERRED
    [order] = world.control.books()[CLIENT]["orders"]
    assert (order["CustomerId"] == there) is same


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"OrganizationNumber": "123456785", "Name": "Eta Maler AS"}, "shares no word"),
        ({"ExternalId": "RM-7000", "Name": "Eta Maler AS"}, "its ExternalId is RM-7000, but"),
        ({"ExternalId": "RM-7000", "OrganizationNumber": "923609016"}, "is not 123456785"),
        ({"ExternalId": "RM-6999", "OrganizationNumber": "123456785"}, "customer RM-6999's"),
    ],
)
def test_a_card_that_may_be_the_customers_is_a_question_with_its_name_and_nothing_is_written(
    world: World, fields: dict[str, str], words: str
) -> None:
    there = add_card(world, **fields)
    ids = sell_to(world, "Fjelltopp Bygg AS", "123456785", "NO")
    [transfer] = world.export(ids)
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.AMBIGUOUS_CUSTOMER)
    for told in (words, str(there), fields.get("Name", "Fjelltopp Bygg")):
        assert told in transfer.words
    books = world.control.books()[CLIENT]
    assert (len(books["companies"]), books["orders"]) == (1, [])


def test_a_question_names_the_draft_that_an_earlier_run_has_left(
    world: World, sandbox: SandboxServer
) -> None:
    ids = sell_to(world, "Fjelltopp Bygg AS", "123456785", "NO")
    sandbox.faults.arm(Fault("fault", "SaveInvoices", only="invoicing", times=1, text="Not today"))
    [refused] = world.export(ids)
    [card] = world.control.books()[CLIENT]["companies"]
    add_card(world, Id=card["Id"], Name="Eta Maler AS")
    [transfer] = world.export(ids)
    assert (refused.state, transfer.state) == (State.REFUSED, State.BLOCKED)
    assert "Eta Maler AS" in transfer.words
    assert f"Order {refused.order_id} was to be invoiced" in transfer.words


def test_a_cards_country_is_that_of_its_address(world: World) -> None:
    address = {"Street": "Strasse 1", "Country": "DE"}
    there = add_card(world, OrganizationNumber="136695976", Addresses={"Invoice": address})
    [transfer] = world.export(sell_to(world, "Fjelltopp Bygg", "DE136695976", "DE"))
    [order] = world.control.books()[CLIENT]["orders"]
    assert (transfer.state, order["CustomerId"]) == (State.TRANSFERRED, there)


STALE: dict[str, tuple[dict[str, object], str]] = {
    "inactive": ({"Active": False}, "the card is inactive"),
    "another name": ({"Name": "Eta Maler AS"}, "shares no word with Fjelltopp Bygg AS"),
    "another number": ({"OrganizationNumber": "923609016"}, "organization number was 123456785"),
    "another country": ({"Addresses": {"Invoice": {"Country": "PT"}}}, "is not 123456785"),
}


@pytest.mark.parametrize("made_by_hand", [True, False])
@pytest.mark.parametrize("change", STALE)
def test_a_linked_card_that_is_no_longer_the_firms_is_a_question_and_nothing_is_sent_to_it(
    world: World, change: str, made_by_hand: bool
) -> None:
    if made_by_hand:
        add_card(world, OrganizationNumber="123456785")
    first, second, third = sell_to(world, "Fjelltopp Bygg AS", "123456785", "NO", count=3)
    world.export([first])
    [card] = world.control.books()[CLIENT]["companies"]
    fields, words = STALE[change]
    add_card(world, **{"Id": card["Id"], "Name": card["Name"], **fields})
    for document in (second, third):  # what was read once is still known in the next pass
        [transfer] = world.export([document])
        assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.AMBIGUOUS_CUSTOMER)
        assert words in transfer.words
        assert str(card["Id"]) in transfer.words
    assert len(world.control.books()[CLIENT]["orders"]) == 1


def test_a_linked_card_that_was_deleted_is_a_question(world: World) -> None:
    first, second = sell_to(world, "Fjelltopp Bygg AS", "", "NO", count=2)
    world.export([first])
    [card] = world.control.books()[CLIENT]["companies"]
    world.control.edit("delete_company", CLIENT, company_id=card["Id"])
    [transfer] = world.export([second])
    assert transfer.reason is Reason.AMBIGUOUS_CUSTOMER
    assert "is not in 24SevenOffice any more" in transfer.words


def test_a_linked_card_is_known_by_the_list_alone_and_read_only_after_a_change(
    world: World,
) -> None:
    ids = sell_to(world, "Fjelltopp Bygg AS", "123456785", "NO", count=4)
    world.export(ids[:1])
    [card] = world.control.books()[CLIENT]["companies"]
    reads = []
    for each in ids[1:]:
        world.control.reset_calls()
        [transfer] = world.export([each])
        assert transfer.state is State.TRANSFERRED
        reads.append(world.control.calls()["operations"].get("GetCompanies", 0))
        if not reads[-1]:
            add_card(world, Id=card["Id"], Name="Fjelltopp Bygg og Anlegg AS")
    assert reads == [0, 1, 0]


def test_an_order_that_was_booked_is_confirmed_whatever_has_become_of_the_card(
    world: World, sandbox: SandboxServer
) -> None:
    ids = sell_to(world, "Fjelltopp Bygg AS", "123456785", "NO")
    sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="invoicing", times=1))

    def rename(point: str, _key: int | None) -> None:
        if point == "during invoicing call":
            [card] = world.control.books()[CLIENT]["companies"]
            add_card(world, Id=card["Id"], Name="Eta Maler AS")

    arm(rename)
    try:
        [transfer] = world.export(ids)
    finally:
        arm(None)
    assert transfer.state is State.TRANSFERRED
    assert booked_by_reference(world) == {"RM-10-1001": 1}


@pytest.mark.parametrize(
    ("name", "number", "kind"),
    [
        ("Ola Nordmann", "", "Consumer"),
        ("Fjelltopp Bygg AS", "", "Business"),
        ("Müller", "DE136695976", "Business"),
        ("Fjelltopp", "123456785", "Business"),
    ],
)
def test_firms_and_private_persons_are_created_as_what_they_are(
    world: World, name: str, number: str, kind: str
) -> None:
    [transfer] = world.export(sell_to(world, name, number, "NO"))
    [card] = world.control.books()[CLIENT]["companies"]
    assert (transfer.state, card["Type"], card["Name"]) == (State.TRANSFERRED, kind, name)


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [("Ola Nordmann", "NO", "Consumer"), ("Dansk Byg ApS", "DK", "Business")],
)
def test_a_placeholder_is_told_of_before_and_stands_on_no_card(
    world: World, name: str, country: str, kind: str
) -> None:
    ids = sell_to(world, name, "999999999", country)
    preview = preview_run(Desk(world.installation, ADMIN), ids)
    [shown] = preview.shown.documents
    assert "999999999" not in dict(shown.details)["Customer's card"]
    [lane] = preview.lanes
    for creations in (lane.customers, look_up(Desk(world.installation, ADMIN), lane).customers):
        [made] = creations
        assert made.name == f"{name}, without organization number: 999999999 is a placeholder"
    [transfer] = world.export(ids)
    [card] = world.control.books()[CLIENT]["companies"]
    assert (transfer.state, card["Type"]) == (State.TRANSFERRED, kind)
    assert not card.get("OrganizationNumber")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Name": "Nordmann", "FirstName": "Ola", "Type": "Consumer"}, "the same name"),
        ({"Name": "Ola Nordmann"}, "the same name"),
        ({"EmailAddresses": {"Home": {"Value": "ola@eks.example"}}}, "the same e-mail address"),
    ],
)
def test_a_private_person_who_is_there_already_is_proposed_before_a_card_is_created(
    world: World, fields: dict[str, object], words: str
) -> None:
    there = add_card(world, **fields)
    ids = sell_to(world, "Ola Nordmann", "", "NO")
    with world.installation.db.writing() as session:
        session.get_one(Customer, 1).invoice_email = "ola@eks.example"
    [transfer] = world.export(ids)
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.AMBIGUOUS_CUSTOMER)
    assert words in transfer.words
    assert str(there) in transfer.words
    assert len(world.control.books()[CLIENT]["companies"]) == 1


def test_an_inactive_card_is_not_proposed(world: World) -> None:
    there = add_card(world, Name="Ola Nordmann", Active=False)
    [transfer] = world.export(sell_to(world, "Ola Nordmann", "", "NO"))
    [order] = world.control.books()[CLIENT]["orders"]
    assert transfer.state is State.TRANSFERRED
    assert order["CustomerId"] != there


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"OrganizationNumber": "123456785"}, "organization number"),
        ({"ExternalId": "RM-7000"}, "external id"),
        ({"Name": "Berg AS"}, "created"),
    ],
)
def test_preview_receipt_and_history_say_which_card_and_by_what_it_was_found(
    world: World, fields: dict[str, object], by: str
) -> None:
    there = add_card(world, **fields)
    ids = sell_to(world, "Fjelltopp Bygg AS", "123456785", "NO")
    desk = Desk(world.installation, ADMIN)
    [lane] = preview_run(desk, ids).lanes
    [forecast] = look_up(desk, lane).forecasts
    run = world.start(ids)
    [transfer] = world.work(run)
    card = f"{transfer.company_id} {'Fjelltopp Bygg AS' if by == 'created' else 'Fjelltopp Bygg'}"
    expected = "a new one" if by == "created" else f"{there} Fjelltopp Bygg, by {by}"
    assert f"Customer card: {expected}." in forecast.sentence
    assert transfer.card == f"{card}, {'created by so24' if by == 'created' else f'by {by}'}"
    assert (transfer.company_id == there) is (by != "created")
    [line] = world.receipt(run)
    [past] = read_history(desk, TransferFilter())
    assert line.customer_card == past.customer_card == transfer.card


def add_card(world: World, **fields: object) -> int:
    """A card that somebody has made in 24SevenOffice by hand."""
    card = {"Name": "Fjelltopp Bygg", "Type": "Business", **fields}
    return int(world.control.edit("edit_company", CLIENT, **card)["Id"])


def sell_to(world: World, name: str, number: str, country: str, *, count: int = 1) -> list[int]:
    """Invoices to a customer who is this one, ready to be exported; its number is 7000."""
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, count, customers=1)
    with world.installation.db.writing() as session:
        customer = session.get_one(Customer, 1)
        customer.name, customer.organization_number, customer.country = name, number, country
    return ids
