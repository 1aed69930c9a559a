"""A customer number that a file states is believed only while its buyer can be that customer."""

from __future__ import annotations

import pytest

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import SourceFile
from so24.sources.ehf.buyers import CustomerIdentity, Likeness, Supplement, compare_customers
from so24.sources.intake import import_files
from tests.sources.acts import bring, counts, stored
from tests.sources.ehf.bills import BUYER, Sample, pack, read_all
from tests.sources.report_files import as_report, customer, line

OTHER = "923609016"
NORDVIK = CustomerIdentity("Nordvik Logistikk AS", BUYER)


def of_buyer(name: str, organization: str, number: str = "1001", customer: str = "5001") -> bytes:
    text = Sample(number=number, customer=customer).xml
    return text.replace("Nordvik Logistikk AS", name).replace(BUYER, organization).encode()


def read(content: bytes, known: CustomerIdentity) -> SourceFile:
    supplement = Supplement(department="10", known={"5001": known})
    (source,) = read_all(("a.xml", content), supplement=supplement)
    return source


@pytest.mark.parametrize(
    ("name", "organization", "likeness"),
    [
        ("Nordvik Logistikk AS", BUYER, Likeness.SAME),
        ("NORDVIK  LOGISTIKK A/S", "", Likeness.SAME),
        ("Nordvik Logistikk", BUYER, Likeness.SAME),
        ("Nordvik Logistikk AS avd. Oslo", "", Likeness.RENAMED),
        ("Nordvik Logistikk AS avd. Oslo", BUYER, Likeness.RENAMED),
        ("Fjordbygg AS", BUYER, Likeness.RENAMED),
        ("Fjordbygg AS", "", Likeness.OTHER),
        ("Fjordbygg AS", OTHER, Likeness.OTHER),
        ("Nordvik Logistikk AS", OTHER, Likeness.OTHER),
    ],
)
def test_organization_numbers_decide_and_names_only_where_one_is_missing(
    name: str, organization: str, likeness: Likeness
) -> None:
    other = CustomerIdentity(name, organization)
    assert compare_customers(NORDVIK, other) is compare_customers(other, NORDVIK) is likeness


def test_a_customer_known_by_its_number_only_may_have_any_name() -> None:
    assert compare_customers(CustomerIdentity("", ""), NORDVIK) is Likeness.SAME


def test_a_foreign_number_with_and_without_its_prefix_is_one_number() -> None:
    numbers = ["SE556000000001", "556000-0000", "5560000000"]
    known, *others = (CustomerIdentity("Vänern AB", each) for each in numbers)
    assert {compare_customers(known, each) for each in others} == {Likeness.SAME}


def test_a_number_of_a_customer_with_another_organization_number_is_refused_with_both() -> None:
    source = read(of_buyer("Fjordbygg AS", OTHER), NORDVIK)
    (refused,) = source.refused
    for words in ("5001", f"Nordvik Logistikk AS ({BUYER})", f"Fjordbygg AS ({OTHER})"):
        assert words in refused.reason
    assert (source.documents, source.customers) == ((), ())


def test_another_name_alone_is_refused_while_nothing_else_supports_the_number() -> None:
    source = read(of_buyer("Fjordbygg AS", OTHER), CustomerIdentity("Nordvik Logistikk AS", ""))
    (refused,) = source.refused
    assert "import the customers list" in refused.reason


def test_a_renamed_customer_comes_in_with_a_warning() -> None:
    source = read(of_buyer("Nordvik Gruppen AS", BUYER), NORDVIK)
    (warning,) = (each for each in source.warnings if "5001" in each)
    assert "Nordvik Logistikk AS" in warning
    assert "Nordvik Gruppen AS" in warning
    assert [each.number for each in source.documents] == ["1001"]


def test_two_buyers_of_one_number_that_nobody_knows_are_both_refused() -> None:
    files = pack(
        ("a.xml", Sample().content),
        ("b.xml", of_buyer("Fjordbygg AS", OTHER, "1002")),
        ("c.xml", Sample(number="1003", customer="5003").content),
    )
    (source,) = read_all(("a.zip", files))
    assert [each.number for each in source.documents] == ["1003"]
    assert [each.number for each in source.customers] == ["5003"]
    assert {each.sheet for each in source.refused} == {"a.xml", "b.xml"}
    assert all("Nordvik" in each.reason and "Fjordbygg" in each.reason for each in source.refused)


def test_of_two_buyers_of_one_number_the_known_customer_comes_in() -> None:
    files = pack(("a.xml", of_buyer("Fjordbygg AS", OTHER, "1002")), ("b.xml", Sample().content))
    source = read(files, NORDVIK)
    assert [each.number for each in source.documents] == ["1001"]


@pytest.mark.parametrize("by_list", [True, False])
def test_the_buyer_is_compared_with_what_is_here_and_with_what_comes_along(
    installation: Installation, finance: Actor, by_list: bool
) -> None:
    own = as_report(customer() if by_list else line(number="1"))
    alien = ("a.xml", of_buyer("Fjordbygg AS", OTHER))
    together = import_files(
        Desk(installation, finance), [alien, ("c.xlsx", own)], department="10", new_department=True
    )
    assert [len(each.refused) for each in together] == [1, 0]
    (later,) = import_files(
        Desk(installation, finance), [alien], department="10", new_department=True
    )
    assert (counts(later), len(later.refused)) == ((0, 0, 0, 0), 1)


def test_a_customer_of_a_refused_file_changes_nothing_of_the_known_one(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line())
    files = [("a.xml", of_buyer("Fjordbygg AS", OTHER, "1002"))]
    import_files(Desk(installation, finance), files, department="10", new_department=True)
    kept = stored(installation).customer
    assert (kept.name, kept.organization_number) == ("Nordvik Logistikk AS", "")
