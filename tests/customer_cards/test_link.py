"""A person says whose card it is: kept with the reason, believed, and taken back."""

from __future__ import annotations

import pytest

from so24.customer_cards.link import (
    create_new_card,
    link_customer,
    open_questions,
    read_match,
    unlink_customer,
)
from so24.errors import WrongUse
from so24.invoices.declarations import declare_credited
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State, Transfer
from tests.transfer.credits import add_credit_note
from tests.transfer.world import CLIENT, World, booked_by_reference

NUMBER = "7000"
FIA = Actor("fia", Role.FINANCE)
WHY = "Rung up the firm"


class Asked:
    """A world in which customer 7000's one invoice has led to a question about a card."""

    def __init__(self, world: World, **card: object) -> None:
        fields = {"Name": "Eta Maler AS", "OrganizationNumber": "123456785", **card}
        self.world = world
        self.card = self.edit(**fields)
        department = world.add_department()
        self.key = world.add_key([department])
        self.ids = world.add_invoices(department, 3, customers=1)
        with world.installation.db.writing() as session:
            row = session.get_one(Customer, 1)
            row.name, row.organization_number = "Fjelltopp Bygg AS", "123456785"
        [self.transfer] = world.export(self.ids[:1])

    def edit(self, **fields: object) -> int:
        """A card by hand."""
        return int(self.world.control.edit("edit_company", CLIENT, **fields)["Id"])

    @property
    def desk(self) -> Desk:
        return Desk(self.world.installation, FIA)

    @property
    def billed(self) -> list[int]:
        """The cards that the orders in 24SevenOffice are of."""
        return [order["CustomerId"] for order in self.world.control.books()[CLIENT]["orders"]]

    def export(self, place: int = 0) -> Transfer:
        """Export one of the invoices."""
        [transfer] = self.world.export(self.ids[place : place + 1])
        return transfer


@pytest.fixture
def asked(world: World) -> Asked:
    """Customer 7000's number is a card's whose name shares no word with its own."""
    found = Asked(world)
    assert found.transfer.reason is Reason.AMBIGUOUS_CUSTOMER
    return found


def test_who_waits_is_listed_with_the_question_and_the_cards_that_come_near(asked: Asked) -> None:
    [question] = open_questions(asked.desk, asked.key)
    assert (question.number, question.documents) == (NUMBER, 1)
    assert "Eta Maler AS" in question.words
    match = read_match(asked.desk, asked.key, NUMBER)
    [row] = match.candidates
    assert (row.id, row.name, row.organization_number) == (asked.card, "Eta Maler AS", "123456785")
    assert "shares no word" in row.how
    assert match.is_open
    assert match.sentence.startswith("The next export asks: ")


def test_the_card_that_a_person_names_is_used_whatever_its_name(asked: Asked) -> None:
    link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)
    assert open_questions(asked.desk, asked.key) == [], "it is answered"
    unlink_customer(asked.desk, asked.key, NUMBER, WHY)
    assert len(open_questions(asked.desk, asked.key)) == 1, "it is asked again"
    link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)
    assert asked.export().state is State.TRANSFERRED
    assert asked.export(1).state is State.TRANSFERRED
    assert asked.billed == [asked.card, asked.card]
    assert open_questions(asked.desk, asked.key) == []
    match = read_match(asked.desk, asked.key, NUMBER)
    assert match.linked is not None
    assert match.word is not None
    assert (match.word.by, match.word.why, match.is_open) == ("fia", WHY, False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Active": False}, "inactive"),
        ({"OrganizationNumber": "923609016"}, "was 123456785 when it was linked"),
    ],
)
def test_a_persons_word_does_not_outlive_a_change_of_the_card(
    asked: Asked, change: dict[str, object], words: str
) -> None:
    link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)
    asked.edit(Id=asked.card, Name="Eta Maler AS", **change)
    transfer = asked.export()
    assert transfer.reason is Reason.AMBIGUOUS_CUSTOMER
    assert words in transfer.words
    assert asked.billed == []
    match = read_match(asked.desk, asked.key, NUMBER)
    assert match.is_open
    assert words in match.candidates[0].how


def test_a_person_may_have_a_new_card_created_and_it_is_created_once(
    asked: Asked, sandbox: SandboxServer
) -> None:
    create_new_card(asked.desk, asked.key, NUMBER, WHY)
    assert read_match(asked.desk, asked.key, NUMBER).sentence == "The next export creates a card."
    sandbox.faults.arm(Fault("lost_after", "SaveCompanies", times=1))
    assert asked.export().state is State.TRANSFERRED
    assert asked.export(1).state is State.TRANSFERRED
    made = asked.world.control.books()[CLIENT]["companies"][1:]
    assert [card["Name"] for card in made] == ["Fjelltopp Bygg AS"]
    assert asked.billed == [made[0]["Id"]] * 2


def test_a_new_card_is_created_beside_one_with_our_external_id_that_is_another_firms(
    world: World,
) -> None:
    asked = Asked(world, ExternalId="RM-7000")
    create_new_card(asked.desk, asked.key, NUMBER, WHY)
    assert asked.export().state is State.TRANSFERRED
    assert asked.card not in asked.billed
    assert len(world.control.books()[CLIENT]["companies"]) == 2


def test_what_was_said_can_be_taken_back(asked: Asked) -> None:
    link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)
    unlink_customer(asked.desk, asked.key, NUMBER, "Another firm after all")
    assert asked.export().reason is Reason.AMBIGUOUS_CUSTOMER
    with pytest.raises(WrongUse, match="has no link"):
        unlink_customer(asked.desk, asked.key, NUMBER, WHY)


def test_each_word_is_in_the_audit_trail_with_its_reason(asked: Asked) -> None:
    link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)
    unlink_customer(asked.desk, asked.key, NUMBER, "Wrong")
    create_new_card(asked.desk, asked.key, NUMBER, "New there")
    with asked.world.installation.db.reading() as session:
        events = latest_events(session)[:3]
    assert [each.action for each in events] == [
        "customer gets a new card", "customer unlinked", "customer linked",
    ]  # fmt: skip
    assert {each.actor for each in events} == {"fia"}
    assert f"{asked.card} Eta Maler AS" in events[2].detail
    assert events[2].detail.endswith(WHY)


def test_nothing_is_said_while_a_document_of_the_customer_is_in_transfer(asked: Asked) -> None:
    run = asked.world.start(asked.ids[1:2])
    for say in (
        lambda: link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY),
        lambda: create_new_card(asked.desk, asked.key, NUMBER, WHY),
        lambda: unlink_customer(asked.desk, asked.key, NUMBER, WHY),
    ):
        with pytest.raises(WrongUse, match="Document 1002 of customer 7000 is in transfer"):
            say()
    asked.world.work(run)
    link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"Active": False}, "is inactive"), ({"Type": "Supplier"}, "is a supplier's")],
)
def test_a_card_that_cannot_be_a_customers_is_refused(
    asked: Asked, fields: dict[str, object], words: str
) -> None:
    asked.edit(Id=asked.card, Name="Eta Maler AS", **fields)
    with pytest.raises(WrongUse, match=words):
        link_customer(asked.desk, asked.key, NUMBER, asked.card, WHY)


def test_a_card_or_a_customer_that_is_not_there_and_a_missing_reason_are_refused(
    asked: Asked,
) -> None:
    with pytest.raises(WrongUse, match="no customer card 99"):
        link_customer(asked.desk, asked.key, NUMBER, 99, WHY)
    with pytest.raises(WrongUse, match="no customer 99"):
        link_customer(asked.desk, asked.key, "99", asked.card, WHY)
    for why in ("", "  ", "x" * 501):
        with pytest.raises(WrongUse, match="reason"):
            link_customer(asked.desk, asked.key, NUMBER, asked.card, why)


def test_a_customer_with_another_number_in_recman_is_linked_to_its_old_card_and_goes_there(
    world: World,
) -> None:
    asked = Asked(world, Name="Fjelltopp Bygg AS", ExternalId="RM-6999")
    assert asked.transfer.reason is Reason.AMBIGUOUS_CUSTOMER
    assert "it is customer RM-6999's" in asked.transfer.words
    link_customer(asked.desk, asked.key, NUMBER, asked.card, "6999 has become 7000")
    assert asked.export().state is State.TRANSFERRED
    assert asked.billed == [asked.card]
    assert set(booked_by_reference(world)) == {"RM-10-1001"}


def test_its_credit_note_goes_to_the_card_of_the_invoice_by_the_number_that_a_person_enters(
    world: World,
) -> None:
    asked = Asked(world, Name="Fjelltopp Bygg AS", ExternalId="RM-6999")
    with world.installation.db.writing() as session:
        known = session.get_one(Customer, 1)
        before = Customer(
            **known.model_dump(exclude={"id", "number", "name_folded"}), number="6999"
        )
        session.add(before)
        session.flush()
        session.get_one(Invoice, asked.ids[2]).customer_id = before.row_id
    old = asked.export(2)
    assert (old.words, old.company_id) == ("", asked.card)
    note = add_credit_note(world, asked.ids[2], customer_id=1)
    link_customer(asked.desk, asked.key, NUMBER, asked.card, "6999 has become 7000")
    declare_credited(asked.desk, note, old.office_invoice_id)
    [transfer] = world.export([note])
    assert (transfer.state, transfer.company_id) == (State.TRANSFERRED, asked.card)
