"""``so24 invoices --check`` and ``--gaps``."""

from __future__ import annotations

import pytest

from so24.demo import DEMO_FILES
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line

PAST = {"Invoice date": "18.11.2025"}


def get_ready(so24: CommandLine, *numbers: str) -> None:
    """Activate, add a key for everything, and import invoices of the past with these numbers."""
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(*(line(PAST, number=each) for each in numbers)))


def test_sound_documents_are_all_well(so24: CommandLine) -> None:
    get_ready(so24, "1001")
    said = so24.well("invoices", "--check")
    assert "1 document checked: 0 with errors, 0 with warnings only." in said.err
    assert so24.well("invoices", "--check", "--json").json == []


def test_errors_are_listed_with_their_field_and_end_with_one(so24: CommandLine) -> None:
    get_ready(so24, "1001")
    foreign = so24.write_report(line({**PAST, "Currency": "EUR"}, number="1002"))
    so24.well("import", foreign)
    said = so24("invoices", "--check", "--json")
    assert said.code == 1
    [found] = said.json
    assert (found["number"], found["severity"], found["check"]) == (
        "1002",
        "error",
        "foreign_currency",
    )
    assert found["field"] == "currency"
    assert "EUR" in found["finding"]
    table = so24("invoices", "--check")
    assert table.code == 1
    assert "10-1002" in table.out
    assert "by hand" in table.out


def test_warnings_alone_are_well(so24: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    get_ready(so24, "1001")
    monkeypatch.setenv("SO24_VAT_RATES", "15")
    [found] = so24.well("invoices", "--check", "--json").json
    assert (found["severity"], found["check"]) == ("warning", "vat_rate_unknown")
    assert "25 %" in found["finding"]


def test_the_same_again_is_a_warning_that_names_the_other(so24: CommandLine) -> None:
    get_ready(so24, "1001", "1002")
    said = so24.well("invoices", "--check", "--json")
    assert [(each["number"], each["check"]) for each in said.json] == [
        ("1001", "same_again"),
        ("1002", "same_again"),
    ]
    assert "10-1002." in said.json[0]["finding"]
    assert "0 with errors, 2 with warnings only." in said.err


def test_a_closed_period_is_an_error_here_and_in_an_export(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_ready(so24, "1001")
    monkeypatch.setenv("SO24_CLOSED_UNTIL", "2025-11-18")
    [found] = so24("invoices", "--check", "--json").json
    assert found["check"] == "closed_period"
    [planned] = so24("export", "--all", "--dry-run", "--json").json["documents"]
    assert planned["state"] == "blocked"
    assert "closed until 18.11.2025" in planned["reason"]


def test_the_check_lists_every_error_that_a_dry_run_of_the_demo_is_blocked_for(
    so24: CommandLine,
) -> None:
    so24.well("activate")
    so24.add_key()
    so24.well("keys", "set", "Oslo", "--credit-notes")
    so24.well("import", *map(str, DEMO_FILES))
    planned = so24("export", "--all", "--dry-run", "--json").json["documents"]
    blocked = {each["number"] for each in planned if each["state"] in ("blocked", "login")}
    found = so24("invoices", "--check", "--json").json
    errors = {each["number"] for each in found if each["severity"] == "error"}
    assert "9002" in blocked  # it credits an invoice that so24 has not transferred
    assert errors == blocked
    [credit] = [each for each in found if each["number"] == "9002" and each["severity"] == "error"]
    assert credit["check"] == "credit_original"


def test_a_check_goes_by_the_filters_and_leaves_out_what_is_excluded(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line(), line(number="1002"), line(number="1003")))
    so24.well("exclude", "1003")
    said = so24("invoices", "--check", "--json", "--search", "@no=1002")
    assert {each["number"] for each in said.json} == {"1002"}, "no key yet"
    assert {each["number"] for each in so24("invoices", "--check", "--json").json} == {
        "1001",
        "1002",
    }


def test_gaps_of_the_number_series_are_listed(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(*(line(number=each) for each in ("1001", "1004"))))
    [found] = so24.well("invoices", "--gaps", "--json").json
    assert (found["series"], found["missing"]) == ("10", 2)
    assert found["gaps"] == [{"first": "1002", "last": "1003"}]
    said = so24.well("invoices", "--gaps")
    assert "1002–1003" in said.out
    assert "2 numbers are missing." in said.err


def test_gaps_are_of_whole_series(so24: CommandLine) -> None:
    assert "whole number series" in so24.refused("invoices", "--gaps", "--search", "Fjell")
    assert "whole number series" in so24.refused("invoices", "--gaps", "--check")


def test_the_check_knows_which_number_comes_next(so24: CommandLine) -> None:
    so24.get_ready("2001", "2032", "2033")
    so24.well("keys", "set", "Oslo", "--numbers", "same", "--next-number", "2001")
    said = so24("invoices", "--check", "--json")
    assert said.code == 1
    errors = [each for each in said.json if each["severity"] == "error"]
    told = {each["number"]: each["check"] for each in errors}
    assert told == {"2032": "number_gap", "2033": "number_behind"}
    assert "3 documents checked: 2 with errors" in said.err
