"""What is kept, by the command line: listed, given out, forgotten, purged after asking."""

from __future__ import annotations

import sqlalchemy as sa

from so24.installation import open_installation
from so24.settings import Settings
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line


def grow_old() -> None:
    """Let everything have been nine years ago."""
    installation = open_installation(Settings())
    with installation.db.writing() as session:
        session.execute(sa.text("UPDATE import_run SET at = '2017-01-01 12:00:00'"))
        session.execute(
            sa.text("UPDATE invoice SET invoice_date = '2017-01-01', created_at = '2017-01-02'")
        )
    installation.close()


def test_what_is_kept_is_listed_with_why_and_how_long(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))
    told = {each["name"]: each for each in so24.well("kept", "list", "--json").json}
    assert told["Documents"]["rows"] == 2
    assert "5 years" in told["Documents"]["how_long"]
    assert "bokføringsloven § 13" in so24.well("kept", "list").out


def test_all_about_a_customer_and_about_who_runs_the_command(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))
    account = so24.well("kept", "customer", "5001", "--json").json
    assert account["about"] == "customer 5001"
    [part] = [each for each in account["kept"] if each["kept"] == "Documents"]
    assert part["invoice"][0]["our_reference"] == "Avdeling Oslo"
    assert "Documents" in so24.well("kept", "customer", "5001").out
    [event, *_] = so24.well("audit", "--json").json
    mine = so24.well("kept", "user", event["actor"], "--json").json
    assert mine["about"] == f"user {event['actor']}"
    assert "There is no customer 9" in so24.refused("kept", "customer", "9")
    assert "Nothing is kept of a user nobody" in so24.refused("kept", "user", "nobody")


def test_a_purge_tells_what_would_go_and_blanks_it_only_when_it_is_told_to(
    so24: CommandLine,
) -> None:
    so24.well("import", so24.write_report(line()))
    assert "No details' time is over" in so24.well("kept", "purge").err
    grow_old()
    assert "the time of 1 documents, 1 customers, 0 imports is over" in so24("check").out
    so24.well("originals", "purge", "--yes")
    said = so24("kept", "purge")
    assert said.code == 2
    assert "1 documents, 1 customers, 1 imports" in said.err
    assert "Nothing is deleted: say --yes" in said.err
    assert "Purged: 1 documents, 1 customers, 1 imports" in so24.well("kept", "purge", "--yes").err
    [part, *_] = so24.well("kept", "customer", "5001", "--json").json["kept"]
    assert part["customer"][0]["name"] == ""
    assert "its details are purged" in so24.refused("include", "1001")
    assert so24.well("history", "verify")


def test_a_customer_is_forgotten_unless_a_document_has_to_be_kept(so24: CommandLine) -> None:
    so24.well("import", so24.write_customers())
    assert "say --yes" in so24("kept", "forget", "5001").err
    so24.well("kept", "forget", "5001", "--yes")
    account = so24.well("kept", "customer", "5001", "--json").json
    assert account["kept"][0]["customer"][0]["name"] == ""
    so24.well("import", so24.write_report(line()))
    assert "1 documents of it have to be" in so24("kept", "forget", "5001", "--yes").err
