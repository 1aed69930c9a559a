"""Products that may be meant, shown and linked by the command line."""

from __future__ import annotations

import pytest

from so24.sandbox.books.seed import OSLO
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line


@pytest.mark.slow
def test_a_product_that_may_be_meant_is_shown_linked_and_unlinked(so24: CommandLine) -> None:
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(line({"Product no.": "KONS-1"})))
    there = so24.office.edit("edit_product", OSLO, Name="There", No="Kons-1", CategoryId=1)["Id"]
    assert so24("export", "--all", "--wait").code == 1
    [receipt] = so24("receipt", "--latest", "--json").json
    assert receipt["state"] == "blocked"
    assert "Product KONS-1: it is not there, but product" in receipt["reason"]
    assert "so24 products link" in receipt["command"]
    assert "10-1001: so24 products candidates" in so24("receipt", "--latest").err
    [question] = so24.well("products", "candidates", "--json").json
    assert (question["number"], question["documents"]) == ("KONS-1", 1)
    assert "KONS-1" in so24.well("products", "candidates").out
    found = so24.well("products", "candidates", "KONS-1", "--json").json
    assert [(row["id"], row["number"]) for row in found["candidates"]] == [(there, "Kons-1")]
    assert "its number differs by case only" in so24.well("products", "candidates", "KONS-1").out
    assert "Say why" in so24.refused("products", "link", "KONS-1", str(there))
    assert "--new" in so24.refused("products", "link", "KONS-1", "--why", "x")
    said = so24.well("products", "link", "KONS-1", str(there), "--why", "The same")
    assert said.out == f"Product KONS-1: {there} Kons-1 There, by a person's word\n"
    assert "The same" in so24.well("products", "candidates", "KONS-1").err
    so24.well("products", "unlink", "KONS-1", "--why", "Not sure")
    assert "has no link" in so24.refused("products", "unlink", "KONS-1", "--why", "Not sure")
    said = so24.well("products", "link", "KONS-1", "--new", "--why", "Another one")
    assert "the next export creates it" in said.out
    so24.well("export", "--all", "--wait")
    numbers = [each["No"] for each in so24.office.books()[OSLO]["products"]]
    assert {"Kons-1", "KONS-1"} <= set(numbers)
    assert "No document waits" in so24.well("products", "candidates").err


def test_a_key_must_be_named_where_there_is_not_one(so24: CommandLine) -> None:
    assert "with --key" in so24.refused("products", "candidates")
