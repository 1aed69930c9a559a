"""What needs whom now, by the command line: ``so24 today``."""

from __future__ import annotations

from tests.cli.conftest import CommandLine
from tests.sources.report_files import line


def test_a_new_installation_is_told_where_to_begin(so24: CommandLine) -> None:
    said = so24.well("today", "--strict")
    assert "Activate 24SevenOffice in the Marketplace" in said.out
    assert "No open problem." in said.out
    assert "Nothing has been imported yet." in said.out


def test_it_says_whose_each_problem_is_until_there_is_none(so24: CommandLine) -> None:
    so24.well("activate")
    so24.well("import", so24.write_report(line()))
    told = so24.well("today")
    assert "System Administrator  No key for this department" in told.out
    assert "Not transferred: 1 document, " in told.out
    assert "No key for this department; 1 document, " in told.out
    assert so24("today", "--strict").code == 1
    [problem] = so24.well("today", "--json").json["problems"]
    assert (problem["who"], problem["reason"], problem["documents"]) == (
        "administrator", "no_key", 1,
    )  # fmt: skip
    assert set(problem["sums"]) == {"NOK"}
    so24.add_key()
    told = so24.well("today", "--strict")
    assert "No open problem." in told.out
    found = so24.well("today", "--json").json
    assert found["problems"] == found["departments"] == found["keys"] == []
    assert found["not_transferred"]["documents"] == 1
