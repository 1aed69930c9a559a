"""One whole export, fed only through the command line, and everything that is told about it.

Invoice 1001 and 1002 go by the key of their department, 2001 has no key, 1003 was excluded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.cli.conftest import CommandLine, Said, live_environment
from tests.conftest import put_database
from tests.ledger.saft.writer import OWN, Export, sale, write_saft
from tests.sources.report_files import line

RECORD = {
    "number", "kind", "department", "company", "state", "reason", "order_id", "invoice_id", "total",
    "stated_total",
    "currency", "run", "command", "retry_at",
}  # fmt: skip
PERIOD = ("--from", "2026-11-01", "--to", "30.11.2026")


@dataclass(frozen=True)
class Exported:
    """The command line, and what the first export said."""

    so24: CommandLine
    first: Said


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, migrated_file: bytes) -> Iterator[Exported]:
    """An installation that has exported once."""
    folder = tmp_path_factory.mktemp("exported")
    with pytest.MonkeyPatch.context() as patch, SandboxServer(world=None) as office:
        patch.chdir(folder)
        put_database(folder / "data", migrated_file)
        for name, value in live_environment(folder, office).items():
            patch.setenv(name, value)
        so24 = CommandLine(folder, Control(office.address))
        so24.well("activate")
        so24.add_key("--department", "10")
        bergen = {"Department no.": "20", "Department": "Bergen"}
        numbers = ("1002", "1001", "1003")
        rows = [*(line(number=each) for each in numbers), line(bergen, number="2001")]
        so24.well("import", so24.write_report(*rows))
        so24.well("exclude", "1003", "--reason", "Sent by post")
        yield Exported(so24, so24("export", "--all", "--wait", "--json"))


def test_an_export_reports_one_object_per_document_by_number(exported: Exported) -> None:
    assert exported.first.code == 1
    lines = exported.first.json
    assert [each["number"] for each in lines] == ["1001", "1002", "2001"]
    assert all(set(each) == RECORD for each in lines)
    for each in lines[:2]:
        assert (each["state"], each["kind"], each["total"]) == ("transferred", "invoice", "3867.19")
        assert each["order_id"]
        assert each["invoice_id"]


def test_each_invoice_is_in_the_office_once(exported: Exported) -> None:
    orders = exported.so24.office.books()[OSLO]["orders"]
    found = sorted((each["ReferenceNumber"], each["OrderStatus"]) for each in orders)
    assert found == [("RM-10-1001", "Invoiced"), ("RM-10-1002", "Invoiced")]


def test_a_document_that_cannot_go_says_why(exported: Exported) -> None:
    stuck = exported.first.json[2]
    assert stuck["state"] == "login"
    assert "No key for this department" in stuck["reason"]


def test_a_second_export_lists_the_same_and_sends_nothing(exported: Exported) -> None:
    so24, first = exported.so24, exported.first
    so24.office.reset_calls()
    again = so24("export", "--all", "--wait", "--json")
    assert (again.code, again.json) == (1, first.json)
    assert so24.well("export", "10-1001", "--wait", "--json").json == first.json[:1]
    assert so24.office.calls()["requests"] == 0


def test_the_exit_code_is_0_where_every_document_listed_is_transferred(exported: Exported) -> None:
    lines = exported.so24.well("export", "--all", "--department", "Oslo", "--wait", "--json").json
    assert lines == exported.first.json[:2]


def test_an_excluded_document_is_listed_only_when_it_is_named(exported: Exported) -> None:
    said = exported.so24("export", "1003", "--wait", "--json")
    assert (said.code, said.json[0]["state"]) == (1, "blocked")
    assert "Sent by post" in said.json[0]["reason"]


def test_a_document_that_was_sent_is_not_excluded_and_the_exit_code_says_so(
    exported: Exported,
) -> None:
    said = exported.so24("exclude", "1001")
    assert said.code == 1
    assert "1 left as they are: in transfer, or transferred already." in said.err + said.out


def test_the_table_has_norwegian_amounts_and_a_sum(exported: Exported) -> None:
    said = exported.so24("export", "--all", "--wait")
    assert "10-1001" in said.out
    assert "3 867,19  NOK  ✔ transferred" in said.out
    assert "2 of 3 transferred (7 734,38 NOK), 1 not transferred." in said.err


def test_a_receipt_is_of_a_run_the_latest_or_every_documents_latest(exported: Exported) -> None:
    so24, lines = exported.so24, exported.first.json
    for choice in (lines[0]["run"], lines[0]["run"][:8], "--latest", "--all"):
        said = so24("receipt", choice, "--json")
        assert (said.code, said.json) == (1, lines)
    assert so24("receipt", "--json").json == lines
    assert "no run" in so24.refused("receipt", "nonsense")
    assert "one of them" in so24.refused("receipt", "--latest", "--all")


def test_only_a_document_that_may_exist_already_waits_for_a_decision(exported: Exported) -> None:
    assert "waits for no such decision" in exported.so24.refused("decide", "1001", "--same")
    assert "either" in exported.so24.refused("decide", "1001")
    assert "either" in exported.so24.refused("decide", "1001", "--same", "--credits", "5")


def test_what_a_credit_note_credits_is_entered_by_its_number(exported: Exported) -> None:
    assert "no credit note" in exported.so24.refused("decide", "1001", "--credits", "5")
    for text in ("", "five", "-5", "0"):
        assert "number" in exported.so24.refused("decide", "1001", "--credits", text)


def test_both_sides_are_reconciled(exported: Exported) -> None:
    lines = exported.so24.well("reconcile", *PERIOD, "--json").json
    assert [(each["verdict"], each["our_total"], each["difference"]) for each in lines] == [
        ("agrees", "3867.19", "0.00"),
        ("agrees", "3867.19", "0.00"),
    ]
    assert "2 of 2 agree" in exported.so24.well("reconcile", *PERIOD, "--key", "oslo").err
    turned = ("--from", "2026-12-01", "--to", "2026-11-01")
    assert "before it begins" in exported.so24.refused("reconcile", *turned)


def test_a_saft_export_is_read_as_a_second_witness(exported: Exported, tmp_path: Path) -> None:
    so24 = exported.so24
    booked = [
        sale(
            str(each["order_id"]), each["office_invoice_id"], Decimal("3093.75"), Decimal("773.44"),
            customer=str(each["office_customer_id"]), reference=each["reference"],
            day=dt.date.fromisoformat(each["date"]),
        )
        for each in so24.well("reconcile", *PERIOD, "--json").json
    ]  # fmt: skip
    whole, half, rest = (tmp_path / name for name in ("whole.xml", "half.xml", "rest.xml"))
    whole.write_bytes(write_saft(Export(booked)))
    half.write_bytes(write_saft(Export(booked[:1])))
    rest.write_bytes(write_saft(Export(booked[1:])))
    assert "give this organization number" in so24.refused("reconcile", "--saft", str(whole))
    number = ("--organization-number", OWN)
    lines = so24.well("reconcile", "--saft", str(whole), *number, "--json").json
    assert [(each["verdict"], each["their_total"], each["our_vat"]) for each in lines] == [
        ("agrees", "3867.19", "773.44"),
        ("agrees", "3867.19", "773.44"),
    ]
    said = so24("reconcile", "--saft", str(half), *PERIOD)
    assert (said.code, "not in the export" in said.out) == (1, True)
    assert "1 new, 0 gone, 0 as before" in said.err
    said = so24.well("reconcile", "--saft", str(half), str(rest))
    assert "2 of 2 agree" in said.err
    assert "0 new, 1 gone, 0 as before" in said.err
    told = so24("today", "--json").json["readings"][0]
    assert (told["witness"], told["orders"], told["gone"]) == ("SAF-T", 2, 1)
    empty = tmp_path / "empty.xml"
    empty.write_bytes(write_saft(Export([], first=dt.date(2024, 1, 1), last=dt.date(2024, 12, 31))))
    said = so24("reconcile", "--saft", str(empty))
    assert (said.code, said.out) == (1, "")
    assert "Nothing was compared" in said.err
    assert "go with --saft" in so24.refused("reconcile", str(whole), *PERIOD)
    assert "or neither" in so24.refused("reconcile", "--saft", str(whole), *PERIOD[:2])
    assert "cannot be read" in so24.refused("reconcile", "--saft", str(tmp_path / "none.xml"))


def test_the_history_is_whole(exported: Exported) -> None:
    verdict = exported.so24.well("history", "verify", "--json").json
    assert verdict["breaks"] == []
    assert verdict["chains"] == 3


def test_the_invoices_are_listed_by_their_state(exported: Exported) -> None:
    def numbers(status: str) -> list[str]:
        found = exported.so24.well("invoices", "--status", status, "--json").json
        return [each["number"] for each in found]

    assert numbers("transferred") == ["1001", "1002"]
    assert numbers("login") == ["2001"]
    assert numbers("unsent") == ["2001"]
    assert numbers("left_out") == ["1003"]
    assert numbers("problem") == ["2001"]


def test_what_would_go_into_the_sandbox_says_so_first_and_a_live_export_does_not(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = "A practice 24SevenOffice: nothing here reaches real books. The data folder is "
    assert practice not in exported.first.err
    monkeypatch.setenv("SO24_MODE", "sandbox")
    said = exported.so24("export", "--all", "--dry-run")
    assert said.err.startswith(practice)
