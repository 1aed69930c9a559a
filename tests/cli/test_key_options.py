"""What a key carries, by the command line."""

from __future__ import annotations

from tests.cli.conftest import CommandLine


def test_a_new_key_shows_what_it_carries(so24: CommandLine) -> None:
    so24.add_key()
    shown = so24.well("keys", "options", "Oslo", "--json").json
    assert shown["carried"] == ["kid", "your_reference"]
    assert (shown["tax_codes"], shown["update_customers"]) == ({}, False)
    said = so24.well("keys", "options", "Oslo").out
    assert "24SevenOffice decides about VAT" in said
    assert "project_must_exist" in said


def test_fields_are_added_and_taken_out(so24: CommandLine) -> None:
    so24.add_key()
    shown = so24.well(
        "keys", "options", "Oslo", "--carry", "project", "--carry", "invoice_text",
        "--no-carry", "kid", "--update-customers", "--json",
    ).json  # fmt: skip
    assert shown["carried"] == ["your_reference", "invoice_text", "project"]
    assert shown["update_customers"] is True
    assert so24("keys", "options", "Oslo", "--carry", "colour").code == 2


def test_tax_codes_are_added_one_by_one_and_left_to_24sevenoffice_again(so24: CommandLine) -> None:
    so24.add_key()
    so24.well("keys", "options", "Oslo", "--tax-code", "25=3")
    shown = so24.well("keys", "options", "Oslo", "--tax-code", "15=31", "--json").json
    assert shown["tax_codes"] == {"25": 3, "15": 31}
    assert "not for 25 %" in so24.refused("keys", "options", "Oslo", "--tax-code", "25=31")
    assert "25=3" in so24.refused("keys", "options", "Oslo", "--tax-code", "25=high")
    assert "between them" in so24.refused("keys", "options", "Oslo", "--tax-code", "25")
    so24.well("keys", "options", "Oslo", "--tax-code", "ae=5")
    assert "0 %, reverse charge (AE) = 5" in so24.well("keys", "options", "Oslo").out
    assert "not for 0 %" in so24.refused("keys", "options", "Oslo", "--tax-code", "G=3")
    shown = so24.well("keys", "options", "Oslo", "--json").json
    assert shown["tax_codes"] == {"25": 3, "15": 31, "AE": 5}
    shown = so24.well("keys", "options", "Oslo", "--no-tax-codes", "--json").json
    assert shown["tax_codes"] == {}


def test_departments_are_mapped_by_id_or_name(so24: CommandLine) -> None:
    so24.add_key("--department", "10")
    shown = so24.well("keys", "options", "Oslo", "--department", "10=bergen", "--json").json
    (mapped,) = shown["departments"]
    assert (mapped["office_id"], mapped["office_name"]) == (3, "Bergen")
    assert "Bergen (3)" in so24.well("keys", "options", "Oslo").out
    assert "Tromsø" in so24.refused("keys", "options", "Oslo", "--department", "10=Tromsø")
    assert "no department 99" in so24.refused("keys", "options", "Oslo", "--department", "10=99")
    shown = so24.well("keys", "options", "Oslo", "--no-department", "10", "--json").json
    assert shown["departments"][0]["office_id"] is None


def test_options_given_together_are_changed_as_a_whole_or_not_at_all(so24: CommandLine) -> None:
    so24.add_key("--department", "10")
    before = so24.well("keys", "options", "Oslo", "--json").json
    several = ("keys", "options", "Oslo", "--carry", "project", "--update-customers")
    for wrong in (("--tax-code", "25=31"), ("--department", "10=Tromsø"), ("--tax-code", "x=3")):
        so24.refused(*several, *wrong)
        assert so24.well("keys", "options", "Oslo", "--json").json == before
    shown = so24.well(*several, "--tax-code", "25=3", "--department", "10=3", "--json").json
    assert shown["carried"] == ["kid", "your_reference", "project"]
    assert (shown["tax_codes"], shown["update_customers"]) == ({"25": 3}, True)
    assert shown["departments"][0]["office_name"] == "Bergen"
