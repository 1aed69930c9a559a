"""Customers compared and updated by the command line."""

from __future__ import annotations

import pytest

from so24.sandbox.books.seed import OSLO
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line


@pytest.fixture
def exported(so24: CommandLine) -> CommandLine:
    """One exported invoice, whose customer has another name in 24SevenOffice since."""
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(line()))
    so24.well("export", "--all", "--wait")
    (company,) = so24.office.books()[OSLO]["companies"]
    so24.office.edit("edit_company", OSLO, Id=company["Id"], Name="Old name AS")
    return so24


def test_differences_are_shown_and_written_by_their_fingerprint(exported: CommandLine) -> None:
    so24 = exported
    found = so24.well("customers", "diff", "--json").json
    write = ("customers", "update", "--key", "Oslo", "--seen", found["fingerprint"])
    assert "does not allow" in so24.refused(*write)
    so24.well("keys", "options", "Oslo", "--update-customers")
    (customer,) = found["customers"]
    assert [each["field"] for each in customer["fields"]] == ["name"]
    shown = so24.well("customers", "diff")
    assert "Old name AS" in shown.out
    assert f"--seen {found['fingerprint']}" in shown.err
    assert "Nothing was written" in so24.refused("customers", "update", "--seen", "0" * 12)
    assert "not among those that differ" in so24.refused(*write, "--only", "no such")
    said = so24.well(*write, "--only", customer["number"])
    assert said.out == f"Updated: {customer['number']}\n"
    (company,) = so24.office.books()[OSLO]["companies"]
    assert company["Name"] == customer["name"]
    assert "Nothing differs" in so24.well("customers", "diff").err


def test_a_key_must_be_named_where_there_is_not_one(so24: CommandLine) -> None:
    assert "with --key" in so24.refused("customers", "diff")


@pytest.mark.slow
def test_a_card_that_may_be_a_customers_is_shown_linked_and_unlinked(so24: CommandLine) -> None:
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(line()))
    name = so24.well("invoices", "--json").json[0]["customer"]
    card = so24.office.edit("edit_company", OSLO, Name=name, Type="Business")["Id"]
    assert so24("export", "--all", "--wait").code == 1
    [question] = so24.well("customers", "candidates", "--json").json
    number = question["number"]
    found = so24.well("customers", "candidates", number, "--json").json
    assert [(row["id"], row["how"]) for row in found["candidates"]] == [(card, "the same name")]
    assert found["is_open"]
    assert "the same name" in so24.well("customers", "candidates", number).out
    assert "Say why" in so24.refused("customers", "link", number, str(card))
    assert "--new" in so24.refused("customers", "link", number, "--why", "x")
    said = so24.well("customers", "link", number, str(card), "--why", "The same person")
    assert said.out == f"Customer {number}: {card} {name}, by a person's word\n"
    so24.well("customers", "unlink", number, "--why", "Not sure")
    so24.well("customers", "link", number, "--new", "--why", "Another one")
    assert "The same person" not in so24.well("customers", "candidates", number).err
    so24.well("export", "--all", "--wait")
    assert len(so24.office.books()[OSLO]["companies"]) == 2
    assert "No customer waits" in so24.well("customers", "candidates").err
