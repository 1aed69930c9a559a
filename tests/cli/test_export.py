"""The export by the command line, against an office over HTTP."""

from __future__ import annotations

from so24.sandbox.faults import Fault
from so24.sandbox.seed import OSLO
from tests.cli.conftest import CommandLine
from tests.sources.reports import line

RECORD = {
    "number", "kind", "department", "state", "reason", "order_id", "invoice_id", "total",
    "currency", "run",
}  # fmt: skip


def test_a_whole_export_reports_one_object_per_document(so24: CommandLine) -> None:
    so24.get_ready("1002", "1001")
    lines = so24.well("export", "--all", "--wait", "--json").json
    assert [each["number"] for each in lines] == ["1001", "1002"]
    for each in lines:
        assert set(each) == RECORD
        assert (each["state"], each["kind"], each["total"]) == ("transferred", "invoice", "3867.19")
        assert each["order_id"]
        assert each["invoice_id"]
    orders = so24.office.books()[OSLO]["orders"]
    assert sorted(each["ReferenceNumber"] for each in orders) == ["RM-10-1001", "RM-10-1002"]


def test_a_second_export_lists_the_same_and_sends_nothing(so24: CommandLine) -> None:
    so24.get_ready("1001")
    first = so24.well("export", "--all", "--wait", "--json").json
    so24.office.reset_calls()
    assert so24.well("export", "--all", "--wait", "--json").json == first
    assert so24.well("export", "10-1001", "--wait", "--json").json == first
    assert so24.office.calls()["requests"] == 0


def test_documents_that_cannot_go_are_listed_with_their_reason(so24: CommandLine) -> None:
    so24.well("activate")
    so24.add_key("--department", "10")
    other = {"Department no.": "20", "Department": "Bergen"}
    so24.well("import", so24.write_report(line(), line(other, number="2001")))
    said = so24("export", "--all", "--wait", "--json")
    assert said.code == 1
    assert {each["number"]: each["state"] for each in said.json} == {
        "1001": "transferred",
        "2001": "login",
    }
    assert "No key for this department" in said.json[1]["reason"]
    again = so24("export", "--all", "--wait", "--json")
    assert (again.code, again.json) == (1, said.json)
    assert so24.well("export", "--all", "--department", "Oslo", "--wait", "--json").json


def test_a_repeated_export_with_nothing_to_send_makes_no_new_run(so24: CommandLine) -> None:
    so24.well("activate")
    so24.well("import", so24.write_report(line()))
    said = so24("export", "--all", "--json")
    assert (said.code, said.json[0]["state"], said.json[0]["run"]) == (1, "login", "")
    assert "no run yet" in so24("receipt").err


def test_excluded_documents_are_no_part_of_all(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    so24.well("exclude", "1002")
    assert [each["number"] for each in so24.well("export", "--all", "--wait", "--json").json] == [
        "1001"
    ]
    named = so24("export", "1002", "--wait", "--json")
    assert (named.code, named.json[0]["state"]) == (1, "blocked")


def test_a_dry_run_says_what_would_happen_and_changes_nothing(so24: CommandLine) -> None:
    so24.get_ready("1001")
    requests = so24.office.calls()["requests"]
    said = so24.well("export", "--all", "--dry-run", "--json")
    assert said.json[0]["state"] == "not_sent"
    assert said.json[0]["reason"] == "Would be sent with key “Oslo”."
    assert "1 would be sent" in so24.well("export", "1001", "--dry-run").err
    assert so24.office.calls()["requests"] == requests
    assert so24.well("receipt", "--all", "--json").json == []


def test_without_waiting_it_says_that_nobody_runs_the_jobs(so24: CommandLine) -> None:
    so24.get_ready("1001")
    said = so24.well("export", "--all")
    assert "queued" in said.err
    assert "--wait" in said.err
    assert so24.saves() == 0


def test_waiting_takes_up_what_an_earlier_command_queued(so24: CommandLine) -> None:
    so24.get_ready("1001")
    [queued] = so24.well("export", "--all", "--json").json
    assert queued["state"] == "in_transfer"
    [done] = so24.well("export", "--all", "--wait", "--json").json
    assert (done["state"], done["run"]) == ("transferred", queued["run"])


def test_a_timeout_ends_the_waiting_with_exit_code_1(so24: CommandLine) -> None:
    so24.get_ready("1001")
    said = so24("export", "--all", "--wait", "--timeout", "0", "--json")
    assert said.code == 1
    assert "Not finished within 0 seconds" in said.err
    assert said.json[0]["state"] == "in_transfer"
    assert so24("receipt", "--latest").code == 1


def test_a_table_shows_norwegian_amounts_and_a_sum(so24: CommandLine) -> None:
    so24.get_ready("1001")
    said = so24.well("export", "--all", "--wait")
    assert "10-1001" in said.out
    assert "3 867,19" in said.out
    assert "1 of 1 transferred (3 867,19 NOK)." in said.err


def test_what_cannot_be_exported_is_one_sentence(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))
    assert "not activated" in so24.refused("export", "--all", "--wait")
    so24.well("activate")
    assert "and not both" in so24.refused("export")
    assert "and not both" in so24.refused("export", "1001", "--all")
    assert "--timeout is for --wait" in so24.refused("export", "--all", "--timeout", "5")
    assert "no document with the number 99" in so24.refused("export", "99")


def test_an_empty_installation_has_nothing_to_export(so24: CommandLine) -> None:
    so24.well("activate")
    said = so24.well("export", "--all", "--wait", "--json")
    assert said.json == []
    assert "so24 import" in said.err


def test_receipts_show_a_run_the_latest_or_every_documents_latest(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    [first] = so24.well("export", "1001", "--wait", "--json").json
    [second] = so24.well("export", "1002", "--wait", "--json").json
    assert so24.well("receipt", first["run"], "--json").json == [first]
    assert so24.well("receipt", "--json").json == [second]
    assert so24.well("receipt", "--latest", "--json").json == [second]
    assert so24.well("receipt", "--all", "--json").json == [first, second]
    assert "no run" in so24.refused("receipt", "nonsense")
    assert "one of them" in so24.refused("receipt", "--latest", "--all")


def test_the_failed_ones_of_a_run_are_retried(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.office.arm(Fault("fault", "SaveInvoices", only="invoicing", times=1))
    so24.office.arm(Fault("fault", "GetProducts", times=0, text="Not today"))
    [failed] = so24("export", "--all", "--wait", "--json").json
    assert failed["state"] == "not_sent"
    so24.office.set(clear=True)
    [done] = so24.well("retry", failed["run"], "--wait", "--json").json
    assert done["state"] == "transferred"
    assert "Nothing in this run can be retried" in so24.refused("retry", "latest")


def test_a_stopped_run_sends_nothing_more(so24: CommandLine) -> None:
    so24.get_ready("1001")
    [queued] = so24.well("export", "--all", "--json").json
    so24.well("stop", queued["run"])
    [stopped] = so24("export", "--all", "--wait", "--json").json
    assert stopped["state"] == "cancelled"
    assert so24.saves() == 0


def test_a_person_decides_about_an_order_that_was_entered_by_hand(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("export", "1001", "--wait")
    assert "waits for no such decision" in so24.refused("decide", "1001", "--same")
    assert "either" in so24.refused("decide", "1001")


def test_both_sides_are_reconciled_and_the_history_is_verified(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("export", "--all", "--wait")
    period = ("--from", "2026-11-01", "--to", "30.11.2026")
    [found] = so24.well("reconcile", *period, "--json").json
    assert (found["verdict"], found["our_total"], found["difference"]) == (
        "agrees",
        "3867.19",
        "0.00",
    )
    assert "1 of 1 agree" in so24.well("reconcile", *period, "--key", "oslo").err
    assert so24.well("history", "verify", "--json").json["breaks"] == []
    assert "before it begins" in so24.refused("reconcile", "--from", "2026-12-01", "--to",
                                              "2026-11-01")  # fmt: skip
