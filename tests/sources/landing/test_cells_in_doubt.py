"""What a list could not say of a customer is kept with the customer, and named when it matters."""

from __future__ import annotations

from typing import Any

import pytest

from so24.installation import Installation
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.transfer.checks import check_document
from so24.transfer.checks.finding import CheckContext, Finding
from tests.sources.acts import DATED, bring, stored
from tests.sources.landing.test_whose import bring_list, the_customer
from tests.sources.report_files import customer, line


def find(installation: Installation, reason: Reason) -> list[Finding]:
    found = check_document(stored(installation), CheckContext())
    return [each for each in found if each.reason == reason]


def doubted(installation: Installation) -> list[str]:
    return [each.words for each in find(installation, Reason.DETAIL_DOUBTED)]


def test_a_cell_that_is_not_needed_blocks_nothing_and_is_named_beside_the_document(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer({"Invoice e-mail": "faktura(at)a.example"}))
    bring(installation, finance, line(DATED))
    assert find(installation, Reason.CUSTOMER_INCOMPLETE) == []
    assert doubted(installation) == [
        "Row 2 of customers.xlsx: Invoice e-mail must be one e-mail address, or several with a "
        "semicolon between them."
    ]


@pytest.mark.parametrize(
    ("wrong", "lacks", "cause"),
    [
        ({"Address": "x" * 251}, "lacks address.", "Address is longer than 250 characters."),
        ({"Country": "XX"}, "lacks country.", "Country must be a country's two letters"),
        (
            {"Country": "", "Organization number": "556000-4615"},
            "lacks country.",
            "Organization number is no Norwegian organization number: “556000-4615”; fill in the "
            "country.",
        ),
        ({"Company": "x" * 201}, "lacks address, postal code, city.", "Company is longer than 200"),
    ],
)
@pytest.mark.parametrize("list_first", [True, False])
def test_a_block_names_the_cell_that_is_its_cause_until_a_list_has_mended_it(
    installation: Installation, finance: Actor, wrong: dict[str, Any], lacks: str, cause: str,
    list_first: bool,
) -> None:  # fmt: skip
    if list_first:
        bring_list(installation, finance, customer(wrong))
    bring(installation, finance, line(DATED))
    if not list_first:
        bring_list(installation, finance, customer(wrong))
    [found] = find(installation, Reason.CUSTOMER_INCOMPLETE)
    assert f"{lacks} Row 2 of customers.xlsx: {cause}" in found.words
    assert doubted(installation) == [], "each cell is named once"
    bring_list(installation, finance, customer())
    assert check_document(stored(installation), CheckContext()) == ()
    assert the_customer(installation).read_doubts() == {}


def test_a_later_list_forgets_only_what_it_states_itself(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer({"Invoice e-mail": "x", "Credit days": "soon"}))
    second = {name: value for name, value in customer().items() if name != "Credit days"}
    bring_list(installation, finance, second)
    assert list(the_customer(installation).read_doubts()) == ["credit_days"]


def test_a_country_that_cannot_be_read_leaves_the_known_one(
    installation: Installation, finance: Actor
) -> None:
    swedish = {"Country": "SE", "Organization number": "556000-4615"}
    bring_list(installation, finance, customer(swedish))
    bring_list(installation, finance, customer({**swedish, "Country": "SV"}))
    assert the_customer(installation).country == "SE"
    bring(installation, finance, line(DATED))
    assert find(installation, Reason.CUSTOMER_INCOMPLETE) == []
    assert "El Salvador" in doubted(installation)[0]


def test_a_number_that_stands_twice_in_a_list_is_the_cause_that_is_named(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(DATED))
    bring_list(installation, finance, customer(), customer({"City": "Bergen"}))
    [found] = find(installation, Reason.CUSTOMER_INCOMPLETE)
    assert "Row 2 of customers.xlsx: Customer no. stands twice" in found.words


def test_a_left_out_number_is_not_called_a_missing_one(
    installation: Installation, finance: Actor
) -> None:
    bring_list(installation, finance, customer({"Organization number": "01017012345"}))
    bring(installation, finance, line(DATED))
    assert find(installation, Reason.ORGANIZATION_NUMBER_MISSING) == []
    [words] = doubted(installation)
    assert "Organization number is no Norwegian organization number" in words
    assert "01017012345" not in words + the_customer(installation).doubts
