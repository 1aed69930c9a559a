"""What happened and what came in, by the command line: ``audit`` and ``imports``."""

from __future__ import annotations

import getpass

import pytest

from tests.cli.conftest import CommandLine
from tests.sources.report_files import line

ME = f"os:{getpass.getuser()}"


def bring(so24: CommandLine) -> None:
    """Two imports: a good one, and one with a refused row in a file named by a personal number."""
    so24.well("import", so24.write_report(line(), name="good.xlsx"))
    rows = (line(number="1002"), line({"Price": "01019012345 kr"}, number="1003"))
    assert so24("import", so24.write_report(*rows, name="01019012345.xlsx")).code == 1


def test_the_audit_trail_is_listed_newest_first_and_filtered(so24: CommandLine) -> None:
    so24.well("users", "add", "kari", "--role", "analyst")
    so24.well("activate")
    so24.well("users", "disable", "kari")
    events = so24.well("audit", "--json").json
    assert [event["action"] for event in events] == [
        "user deactivated",
        "integration activated",
        "user added",
    ]
    told = {"at", "actor", "action", "subject", "detail", "source", "login", "browser"}
    assert set(events[0]) == told
    assert events[0]["source"] == "command line"
    assert (events[0]["actor"], events[0]["subject"]) == (ME, "kari")
    [one] = so24.well("audit", "--kind", "user added", "--actor", ME, "--json").json
    assert one["action"] == "user added"
    assert so24.well("audit", "--from", "01.01.2020", "--json").json == events
    assert so24.well("audit", "--source", "command line", "--json").json == events
    said = so24.well("audit", "--limit", "1")
    assert "user deactivated" in said.out
    assert "user added" not in said.out
    assert said.err == "The newest 1 of 3; --limit 0 lists all.\n"
    assert len(so24.well("audit", "--limit", "0", "--json").json) == 3


def test_a_kind_that_no_event_has_is_answered_with_those_that_there_are(so24: CommandLine) -> None:
    so24.well("activate")
    said = so24.well("audit", "--kind", "integration activatd")
    assert said.err == "No event matches. The kinds that there are: integration activated.\n"


@pytest.mark.parametrize("filters", [("--source", "127.0.0.1"), ("--login", "3f9a1c07")])
def test_what_was_done_elsewhere_is_found_by_its_address_or_login(
    so24: CommandLine, filters: tuple[str, str]
) -> None:
    so24.well("activate")
    assert so24.well("audit", *filters).err == "No event matches.\n"


@pytest.mark.parametrize(
    "filters", [("--actor", "x"), ("--kind", "x"), ("--to", "2020-01-01"), ("--from", "2099-01-01")]
)
@pytest.mark.parametrize("command", ["audit", "imports"])
def test_where_nothing_matches_a_sentence_says_so(
    so24: CommandLine, command: str, filters: tuple[str, str]
) -> None:
    so24.well("import", so24.write_report(line()))
    said = so24.well(command, *filters)
    assert said.out == ""
    assert said.err.startswith(f"No {'event' if command == 'audit' else 'import'} matches.")
    assert so24.well(command, *filters, "--json").json == []


@pytest.mark.parametrize("command", ["audit", "imports"])
def test_a_period_that_cannot_be_is_refused(so24: CommandLine, command: str) -> None:
    assert "ends" in so24.refused(command, "--from", "2026-12-01", "--to", "2026-11-01")
    assert "takes a date" in so24.refused(command, "--from", "yesterday")


def test_the_imports_are_listed_newest_first(so24: CommandLine) -> None:
    bring(so24)
    newest, oldest = so24.well("imports", "--json").json
    assert (newest["import_id"], newest["filename"], newest["refused"]) == (
        2,
        "[personal number].xlsx",
        1,
    )
    assert (oldest["filename"], oldest["actor"], oldest["added"]) == ("good.xlsx", ME, 2)
    said = so24.well("imports", "--limit", "1")
    assert "[personal number].xlsx" in said.out
    assert "The newest 1 of 2" in said.err


def test_one_import_is_shown_with_its_refused_rows_and_its_documents(so24: CommandLine) -> None:
    bring(so24)
    said = so24("imports", "2", "--json")
    assert said.code == 1, "rows were refused"
    report = said.json
    [refused] = report["refused"]
    assert (refused["row"], refused["column"]) == (3, "Price")
    assert "01019012345" not in said.out
    assert [each["number"] for each in report["documents"]] == ["10-1002"]
    assert report["warnings"] == []
    told = so24("imports", "2")
    assert told.code == 1
    assert "row 3, Price" in told.err
    assert f"Imported by {ME}" in told.err
    assert so24.well("imports", "1", "--json").json["refused"] == []


def test_an_import_that_does_not_exist_or_a_muddle_is_refused(so24: CommandLine) -> None:
    assert "There is no import 7" in so24.refused("imports", "7")
    assert "not both" in so24.refused("imports", "7", "--actor", ME)
