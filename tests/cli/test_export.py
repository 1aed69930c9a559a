"""How an export begins, waits, stops and is tried again."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing

import pytest

from so24.sandbox.books.seed import OSLO
from so24.sandbox.wire.faults import Fault
from tests.cli.conftest import CommandLine
from tests.sources.ehf.bills import Item, Sample, Whole
from tests.sources.report_files import line

pytestmark = pytest.mark.slow


def test_what_is_only_queued_is_said_and_taken_up_by_the_next_that_waits(
    so24: CommandLine,
) -> None:
    so24.get_ready("1001")
    said = so24.well("export", "--all", "--json")
    assert said.json[0]["state"] == "in_transfer"
    assert "1 queued" in said.err
    assert "--wait" in said.err
    late = so24("export", "--all", "--wait", "--timeout", "0", "--json")
    assert (late.code, late.json[0]["state"]) == (1, "in_transfer")
    assert "Not finished within 0 seconds" in late.err
    assert so24("receipt", "--latest").code == 1
    assert so24.saves() == 0
    [done] = so24.well("export", "--all", "--wait", "--json").json
    assert (done["state"], done["run"]) == ("transferred", said.json[0]["run"])


def test_a_repeated_export_with_nothing_to_send_makes_no_new_run(so24: CommandLine) -> None:
    so24.well("activate")
    so24.well("import", so24.write_report(line()))
    said = so24("export", "--all", "--json")
    assert (said.code, said.json[0]["state"], said.json[0]["run"]) == (1, "login", "")
    assert "no run yet" in so24("receipt").err


def test_a_dry_run_says_what_would_happen_and_changes_nothing(so24: CommandLine) -> None:
    so24.get_ready("1001")
    requests = so24.office.calls()["requests"]
    said = so24.well("export", "--all", "--dry-run", "--json")
    [document] = said.json["documents"]
    assert document["state"] == "not_sent"
    assert document["reason"] == "Would be sent with key “Oslo”."
    assert "1 would be sent" in so24.well("export", "1001", "--dry-run").err
    assert so24.office.calls()["requests"] == requests
    assert so24.well("receipt", "--all", "--json").json == []


def test_a_transferred_document_that_changed_in_recman_says_so(so24: CommandLine) -> None:
    so24.get_ready("1001")
    before = so24.well("export", "1001", "--wait", "--json").json
    changed = line({"Price": "400", "Sum excl. VAT": "3000"})
    told = so24("import", so24.write_report(changed, name="changed.xlsx"))
    assert told.code == 1, "somebody has to see to it"
    assert "NOK 3\xa0867,19" in told.err
    assert "NOK 3\xa0750,00" in told.err
    after = so24.well("export", "1001", "--wait", "--json").json
    assert after == [{**before[0], "reason": "Changed in RecMan after it was exported."}]
    assert "Changed in RecMan after it was exported." in so24.well("receipt", "--latest").out


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_was_not_sent_says_when_it_is_tried_again_and_an_export_that_waits_does_it(
    so24: CommandLine,
) -> None:
    so24.get_ready("1001", "1002")
    so24.office.arm(Fault("html", "GetProducts", times=0, status=503))
    [failed] = so24("export", "1001", "--wait", "--json").json
    assert failed["state"] == "not_sent"
    assert dt.datetime.fromisoformat(failed["retry_at"]) > dt.datetime.now(dt.UTC)
    said = so24("receipt")
    assert said.code == 1
    assert "Will be tried again by itself at " in said.out
    assert "1 tried again later by itself" in said.err
    assert "tried again by itself: 1 document" in so24.well("today").out
    so24.office.set(clear=True)
    with closing(sqlite3.connect(so24.folder / "data" / "so24.db")) as store, store:
        store.execute("update transfer set retry_at = '2026-01-01 00:00:00.000000'")
    assert "Due to be tried again by itself since 01.01.2026" in so24("receipt").out
    checked = so24("check").out
    assert "1 document not sent, the next to be tried again by itself since 01.01.2026" in checked
    assert "no process runs the jobs; start one, or let `so24 export --wait` do it" in checked
    so24.well("export", "1002", "--wait")
    lines = so24.well("receipt", "--all", "--json").json
    assert [(each["state"], each["retry_at"]) for each in lines] == [("transferred", None)] * 2
    assert lines[0]["run"] == failed["run"]


def test_trying_again_by_itself_can_be_stopped(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.office.arm(Fault("html", "GetProducts", times=0, status=503))
    [failed] = so24("export", "--all", "--wait", "--json").json
    assert "Not tried again by itself: 1 document" in so24.well("stop", "latest", "--retries").err
    assert "is to be tried again" in so24.refused("stop", "latest", "--retries")
    assert "nothing left to stop" in so24.refused("stop", failed["run"])
    [line] = so24("receipt", "--json").json
    assert line["retry_at"] is None
    assert "has stopped that" in line["reason"]


def test_a_retry_sends_nothing_that_would_only_end_as_it_did(so24: CommandLine) -> None:
    so24.well("activate")
    so24.add_key("--department", "10")
    other = line({"Department no.": "20", "Department": "Bergen"}, number="2001")
    so24.well("import", so24.write_report(line(number="1001"), other))
    _, failed = so24("export", "--all", "--wait", "--json").json
    assert failed["state"] == "login"
    assert "first do what its receipt says" in so24.refused("retry", failed["run"])
    so24.well("keys", "set", "Oslo", "--all-departments")
    [done] = so24.well("retry", failed["run"], "--wait", "--json").json
    assert (done["number"], done["state"]) == ("2001", "transferred")


def test_a_stopped_run_sends_nothing_more(so24: CommandLine) -> None:
    so24.get_ready("1001")
    [queued] = so24.well("export", "--all", "--json").json
    so24.well("stop", queued["run"])
    [stopped] = so24("export", "--all", "--wait", "--json").json
    assert stopped["state"] == "cancelled"
    assert so24.saves() == 0


def test_an_ehf_file_goes_the_whole_way_with_its_charge_as_a_row(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_EHF_CHARGE_PRODUCT", "1099")
    so24.well("activate")
    so24.add_key()
    path = so24.folder / "a.xml"
    items = [Item(), Item(quantity="10", price="410", off=10_100, product="1004")]
    path.write_bytes(Sample(items=items, wholes=[Whole(10_000)]).content)
    so24.well("import", str(path), "--department", "10", "--new-department")
    [done] = so24.well("export", "--all", "--wait", "--json").json
    assert (done["number"], done["state"]) == ("1001", "transferred")


@pytest.mark.slow
def test_an_export_that_waits_takes_the_looks_that_are_due_though_it_sends_nothing(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_SETTLE_SECONDS", "0")
    so24.get_ready("1001")
    so24.office.arm(Fault("fault", "SaveInvoices", only="draft", performed=True))
    [refused] = so24("export", "--all", "--wait", "--json").json
    assert refused["state"] == "refused"
    so24.well("exclude", "1001", "--reason", "entered by hand")
    so24("export", "--all", "--wait")
    [order] = so24.office.books()[OSLO]["orders"]
    assert order["OrderStatus"] == "Inactive"
