"""Whose card a customer card is: by ExternalId, by number within one country, or a question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from so24.office.cards import Card
from so24.store.links.links import LinkedCard
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.transfer_tables import FoundBy
from so24.transfer.order.linked_card import doubt_buyer
from so24.transfer.order.whose_card import Ask, CardFile, CardFound, find_twins
from tests.transfer import papers

NORDVIK = "123456785"
GERMAN = "DE136695976"


def customer(
    name: str = "Nordvik Logistikk AS", number: str = NORDVIK, country: str = "NO", no: str = "7001"
) -> Customer:
    """A customer of ours."""
    return Customer(
        tenant="recman", number=no, name=name, organization_number=number, country=country
    )


def card(
    name: str = "Nordvik Logistikk AS",
    number: str = NORDVIK,
    home: str = "NO",
    *,
    place: int = 30001,
    external_id: str = "",
    kind: str = "Business",
) -> Card:
    """A card as it is read."""
    return Card(
        id=place, external_id=external_id, type=kind, name=name, organization_number=number,
        street="", postal_code="", city="", country=home, invoice_email="", credit_days=None,
        home=home,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (customer(), card()),
        (customer(number="NO 123 456 785 MVA"), card(number="123 456 785")),
        (customer(country=""), card(home="")),  # the number passes Norway's check
        (customer("NORDVIK"), card("Nordvik Logistikk A/S")),
        (customer("Deutsche Bau GmbH", GERMAN, "DE"), card("Deutsche Bau", "136695976", "DE")),
        (customer("Deutsche Bau GmbH", "136695976", "DE"), card("Bau, Deutsche", GERMAN, "")),
        (customer("Vänern AB", "SE556703748501", "SE"), card("Vänern", "556703-7485", "SE")),
        (customer("Lisboa Lda", NORDVIK, "PT"), card("Lisboa", NORDVIK, "PT")),
    ],
)
def test_one_number_in_one_country_and_a_shared_word_make_one_card(
    ours: Customer, theirs: Card
) -> None:
    assert CardFile([theirs]).whose_card(ours) == CardFound(theirs, FoundBy.NUMBER)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # the same digits in two countries are two numbers
        (customer("Müller GmbH", "DE123456785", "DE"), card("Fjellheim AS")),
        (
            customer("Müller GmbH", NORDVIK, "DE"),
            card("Fjellheim AS", home=""),
        ),
        (customer("Müller GmbH", "DE123456785", "NO"), card("Fjellheim AS")),
        (customer(number=NORDVIK, country="PT"), card()),
        (customer("Suomi Oy", "2077474-0", "FI"), card("Jyllands Montage ApS", "DK20774740", "")),
        # a placeholder is nobody's number
        (
            customer("Dansk Vikar ApS", "999999999", "DK"),
            card("Svenska Bygg AB", "999999999", "DK"),
        ),
        # nor is one that cannot be right, where the names say two firms
        (customer(number="123456786"), card("Fjelltopp Bygg AS", "123456786")),
        (customer(number="123456786", country=""), card("Fjelltopp Bygg AS", "123456786", "")),
        (customer("Deutsche Bau", "DE123456785", "DE"), card("Berliner Kies", "DE123456785", "DE")),
        (customer(number=""), card("Nordvik Regnskap AS", "")),
        (customer("Kunde 1 AS", ""), card("Kunde 2 AS", "")),
        # suppliers and other customers of RecMan
        (customer(), card(kind="Supplier")),
        (customer(number="923609016"), card()),
    ],
)
def test_what_is_another_firms_is_not_even_a_question(ours: Customer, theirs: Card) -> None:
    assert CardFile([theirs]).whose_card(ours) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (customer(), card("Fjellheim AS"), "shares no word with Nordvik Logistikk AS"),
        (customer(), card("Berg AS"), "30001 Berg AS, organization number 123456785, NO"),
        (customer(number="123456786"), card(number="123456786"), "no Norwegian organization"),
        (customer(number="DE123456785", country="DE"), card(number="DE123456785"), "no VAT"),
        (customer(number=GERMAN, country="DE"), card(number=GERMAN), "and the address is in NO"),
        (customer(number=GERMAN, country="NO"), card(number=GERMAN, home="DE"), "number of DE"),
        (customer(number="5567037485", country=""), card(number="5567037485", home="SE"), "says"),
        # no number can tell, and the name is the same
        (customer("Ola Nordmann", ""), card("NORDMANN, Ola", ""), "Ola, NO, the same name"),
        (customer("Ola Nordmann", ""), card("Ola Nordmann", "", external_id="RM-6"), "RM-6's"),
        (customer("Müller GmbH", "", "DE"), card("Müller", GERMAN, "DE"), "the same name"),
        (customer(), card(number="", home=""), "the same name"),
        (customer(number="000000000"), card(number="000000000"), "the same name"),
        (customer(number="123456789"), card(number="123456789"), "the same name"),
        # it has got another number in RecMan
        (customer(no="17001"), card(external_id="RM-7001"), "it is customer RM-7001's"),
        # or another name, or is a part of that firm
        (customer("Byen Skole"), card("Byen Barnehage", external_id="RM-7002"), "RM-7002's"),
        (customer("Havørn Helse"), card("Nordvik AS", external_id="RM-7002"), "RM-7002's"),
        # the ExternalId is ours, the firm is not
        (customer(), card("Eta Maler AS", external_id="RM-7001"), "its name shares no word"),
        (customer(), card(number="923609016", external_id="RM-7001"), "is not 123456785"),
        (customer(country="DE"), card(external_id="RM-7001"), "is not 123456785"),
    ],
)  # fmt: skip
def test_what_comes_near_without_being_sure_is_a_question(
    ours: Customer, theirs: Card, words: str
) -> None:
    question = CardFile([theirs]).whose_card(ours)
    assert isinstance(question, Ask)
    assert [each.card for each in question.candidates] == [theirs]
    assert words in str(question)


def test_an_external_id_goes_before_numbers() -> None:
    own = card(number="", place=30002, external_id="RM-7001")
    assert CardFile([card(), own]).whose_card(customer()) == CardFound(own, FoundBy.EXTERNAL_ID)


@pytest.mark.parametrize("external_id", ["", "RM-7001"])
def test_of_several_that_fit_none_is_taken_and_each_is_named(external_id: str) -> None:
    several = [card(place=each, external_id=external_id) for each in range(30001, 30008)]
    question = CardFile(several).whose_card(customer())
    assert isinstance(question, Ask)
    assert len(question.candidates) == 7
    assert "30005" in str(question)
    assert str(question).endswith("And 2 more.")


@pytest.mark.parametrize(
    ("number", "external_id", "asked"),
    [("", "", True), ("999999999", "", True), (NORDVIK, "", False), ("", "RM-7002", False)],
)
def test_an_e_mail_address_is_a_question_only_where_nothing_better_tells(
    number: str, external_id: str, asked: bool
) -> None:
    ours = customer("Ola Nordmann", number)
    ours.invoice_email = "Ola@eks.example"
    theirs = replace(
        card("Berg", "", external_id=external_id), emails=frozenset(["ola@EKS.example"])
    )
    question = CardFile([theirs]).whose_card(ours)
    assert isinstance(question, Ask) is asked
    if asked:
        assert "30001 Berg, NO, the same e-mail address" in str(question)


COUNTRIES = st.sampled_from(["NO", "DE", "GB", "PT", "DK", "FI", "SE", "EE", "US"])
DIGITS = st.sampled_from([NORDVIK, "136695976", "20774740", "5567037485", "999999999"])
NAMES = st.sampled_from(["Nordvik Logistikk AS", "Nordvik GmbH", "Nordvik", "Berg Oy"])
REFERENCES = st.sampled_from(["", "RM-7001", "RM-7002", "RM-7003", "K-17"])


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Digits, with any country's prefix or with none."""
    return draw(st.just("") | COUNTRIES) + draw(DIGITS)


@st.composite
def cards(draw: st.DrawFn) -> list[Card]:
    """A few cards of the same few numbers, names and countries."""
    size = draw(st.integers(1, 4))
    return [
        card(
            draw(NAMES), draw(numbers()), draw(st.just("") | COUNTRIES),
            place=30001 + each, external_id=draw(REFERENCES),
        )
        for each in range(size)
    ]  # fmt: skip


@given(cards(), NAMES, NAMES, numbers(), numbers(), COUNTRIES, COUNTRIES)
def test_two_customers_of_different_countries_never_have_one_card(
    file: list[Card], one: str, other: str, first: str, second: str, here: str, there: str
) -> None:
    assume(here != there)
    decide = CardFile(file).whose_card
    mine = decide(customer(one, first, here, "7001"))
    theirs = decide(customer(other, second, there, "7002"))
    if isinstance(mine, CardFound) and isinstance(theirs, CardFound):
        assert mine.card != theirs.card


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        (customer("Nordvik Shipping AS", no="8016"), True),
        (customer("Nordvik Shipping AS", "NO 123 456 785 MVA", no="8016"), True),
        (customer("NORDVIK logistikk", "", no="8016"), True),
        (customer("Nordvik Logistikk AS", "923609016", no="8016"), False),
        (customer("Nordvik Logistikk AS", "999999999", no="8016"), True),
        (customer("Nordvik Shipping AS", "999999999", no="8016"), False),
        (customer("Nordvik Shipping AS", country="DE", no="8016"), False),
        (customer("Nordvik Shipping AS", "", no="8016"), False),
    ],
)
def test_of_two_customers_who_may_be_one_firm_only_the_first_gets_a_card_at_once(
    other: Customer, asked: bool
) -> None:
    twins = find_twins({1: customer(), 2: other})
    assert list(twins) == [2] * asked
    if asked:
        assert "The card of customer 7001 Nordvik Logistikk AS" in twins[2]


LINKED = LinkedCard(30001, FoundBy.EXTERNAL_ID, "Lyng Transport AS", NORDVIK, "NO", NORDVIK)


def made_out_to(name: str, number: str = "", owner: str = "", owner_number: str = "") -> Invoice:
    """A document, and the firm that it surely is of."""
    return papers.invoice(
        buyer_name=name, buyer_number=number, owner_name=owner, owner_number=owner_number
    )


@pytest.mark.parametrize(
    ("invoice", "linked", "asked"),
    [
        (made_out_to("Bygg Oslo AS"), LINKED, True),
        (made_out_to("Bygg Oslo AS", "123456785"), LINKED, False),
        (made_out_to("Bygg Oslo AS", "999999999"), replace(LINKED, organization_number=""), True),
        (made_out_to("Bygg Oslo AS", owner="Bygg Oslo", owner_number=NORDVIK), LINKED, False),
        (made_out_to("Bygg Oslo AS", owner="Bygg Transport AS"), LINKED, False),  # a person's word
        (made_out_to("Oslo Transport AS"), LINKED, False),
        (made_out_to(""), LINKED, False),
        (made_out_to("Bygg Oslo AS"), replace(LINKED, by=FoundBy.PERSON), False),
    ],
)
def test_a_document_goes_to_no_card_that_shares_no_word_with_whom_it_is_made_out_to(
    invoice: Invoice, linked: LinkedCard, asked: bool
) -> None:
    assert (doubt_buyer(invoice, linked) is not None) is asked
