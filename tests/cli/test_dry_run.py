"""``so24 export --dry-run``: what would happen, by which fingerprint, and confirming just that."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from so24.sandbox.books.seed import OSLO
from so24.sandbox.wire.faults import Fault
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line

pytestmark = pytest.mark.slow  # seconds each


def test_it_names_what_goes_where_and_its_fingerprint(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    requests = so24.office.calls()["requests"]
    run = so24.well("export", "--all", "--dry-run", "--json").json
    assert [each["number"] for each in run["documents"]] == ["1001", "1002"]
    assert run["documents"][0]["reason"] == "Would be sent with key “Oslo”."
    [company] = run["companies"]
    assert company["sums"] == {"NOK": "7734.38"}
    [lane] = run["lanes"]
    assert (lane["documents"], lane["looked_up"], lane["quota_left"]) == (2, False, None)
    assert lane["customers"][0]["name"] == "Nordvik Logistikk AS"
    assert lane["requests"] > 5
    assert re.fullmatch("[0-9a-f]{64}", run["fingerprint"])
    assert so24.office.calls()["requests"] == requests


def test_a_look_reads_and_saves_nothing_and_its_requests_are_those_that_follow(
    so24: CommandLine,
) -> None:
    so24.get_ready("1001")
    run = so24.well("export", "1001", "--dry-run", "--look-up", "--json").json
    assert run["documents"][0]["outcome"] == "sent"
    [lane] = run["lanes"]
    assert lane["looked_up"]
    assert lane["quota_left"] > 0
    calls = so24.office.calls()["operations"]
    assert not [name for name in calls if name.startswith("Save")]
    so24.office.reset_calls()
    so24.well("export", "1001", "--wait")
    assert so24.office.calls()["requests"] == lane["requests"]
    [done] = so24.well("export", "1001", "--dry-run", "--look-up", "--json").json["documents"]
    assert done["state"] == "transferred"


def test_what_a_look_finds_in_the_way_is_no_success(so24: CommandLine) -> None:
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(line(number="1001")))
    so24.office.arm(Fault("fault", "SaveInvoices", only="invoicing", times=0, text="Not today"))
    so24("export", "1001", "--wait")
    so24.office.set(clear=True)
    [order] = [
        each for client in so24.office.books().values() for each in client["orders"]
        if (each.get("ReferenceNumber") or "").endswith("-1001")
    ]  # fmt: skip
    so24.office.edit("delete_draft", 10000001, order_id=order["OrderId"])
    said = so24("export", "1001", "--dry-run", "--look-up", "--json")
    assert said.code == 1
    [document] = said.json["documents"]
    assert (document["outcome"], document["state"]) == ("blocked", "blocked")
    assert "deleted or inactive" in document["reason"]
    assert "0 would be sent" in said.err
    assert said.json["companies"] == [] or said.json["companies"][0]["sums"] == {}
    assert [(each["documents"], each["sums"]) for each in said.json["lanes"]] == [(0, {})]


def test_what_goes_in_spite_of_a_warning_is_named(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("import", so24.write_report(line(number="5077")))
    [one, other] = so24.well("export", "--all", "--dry-run", "--json").json["documents"]
    for warned, twin in ((one, other), (other, one)):
        assert any(twin["number"] in words for words in warned["warnings"])
    said = so24.well("export", "--all", "--dry-run")
    assert "10-5077 goes in spite of a warning: " in said.err


def test_a_lane_that_cannot_be_looked_up_says_why(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.office.arm(Fault("html", "GetProducts", times=0, status=503))
    run = so24("export", "1001", "--dry-run", "--look-up", "--json").json
    [lane], [document] = run["lanes"], run["documents"]
    assert "503" in lane["problem"]
    assert not lane["looked_up"]
    assert "503" in document["reason"]
    said = so24("export", "1001", "--dry-run", "--look-up")
    assert said.code == 1
    assert "Not looked up" in said.err
    assert "0 would be sent" in said.err
    assert "not looked up" in said.out
    assert "would be sent" not in said.out


def test_a_number_that_is_not_the_next_one_is_told_without_a_look(so24: CommandLine) -> None:
    so24.get_ready("2001", "2032", "2033")
    so24.well("keys", "set", "Oslo", "--numbers", "same", "--next-number", "2001")
    requests = so24.office.calls()["requests"]
    said = so24("export", "--all", "--dry-run", "--json")
    assert said.code == 1
    assert [each["state"] for each in said.json["documents"]] == [
        "not_sent", "blocked", "blocked",
    ]  # fmt: skip
    assert "2002 is expected next; this is number 2032" in said.json["documents"][1]["reason"]
    assert "First comes invoice 10-2032" in said.json["documents"][2]["reason"]
    assert "1 would be sent" in said.err
    assert [lane["documents"] for lane in said.json["lanes"]] == [1]
    assert so24.office.calls()["requests"] == requests


def test_what_a_look_finds_goes_before_what_is_known_without_it(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    so24.well("keys", "set", "Oslo", "--numbers", "same", "--next-number", "1001")
    so24.office.edit("set_invoice_series", OSLO, number=1001)
    so24.well("export", "1001", "--wait")
    so24.well("keys", "set", "Oslo", "--next-number", "1001")  # mistyped: it is there already
    assert so24("export", "1002", "--dry-run").code == 1
    assert so24("export", "1002", "--dry-run", "--look-up").code == 0


def test_another_series_than_the_one_that_so24_has_booked_is_told_before_anything_is_sent(
    so24: CommandLine,
) -> None:
    so24.get_ready("2031", "2032")
    so24.well("export", "2031", "--wait")
    words = "expects invoice 2032 next, but the last one that so24 has booked in this company is"
    said = so24.well("keys", "set", "Oslo", "--numbers", "same", "--next-number", "2032")
    assert words in said.err
    assert words in so24.well("export", "2032", "--dry-run").err
    [lane] = so24.well("export", "2032", "--dry-run", "--json").json["lanes"]
    assert words in lane["series_doubt"]
    assert words in "".join(each["words"] for each in so24("check", "--json").json)
    last = int(so24.well("receipt", "--all", "--json").json[0]["invoice_id"])
    assert words[:15] not in so24.well("keys", "set", "Oslo", "--next-number", str(last + 1)).err


def test_the_xml_is_what_leaves_and_names_what_is_not_known_yet(so24: CommandLine) -> None:
    so24.get_ready("1001")
    [document] = so24.well("export", "1001", "--dry-run", "--xml", "--json").json["documents"]
    assert document["rows"][0]["product"] == "will be looked for, else created"
    assert "«id of customer" in document["xml"]
    assert len(document["unknown"]) == 2
    assert "Password" not in document["xml"]
    said = so24.well("export", "1001", "--dry-run", "--xml")
    assert etree.fromstring(said.out[said.out.index("<") :].encode()).tag.endswith("Envelope")


def test_what_was_shown_is_sent_by_its_fingerprint(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    shown = so24.well("export", "--all", "--dry-run")
    [fingerprint] = re.findall("Fingerprint: ([0-9a-f]{64})", shown.err)
    done = so24.well("export", "--all", "--confirm", fingerprint, "--wait", "--json").json
    assert {each["state"] for each in done} == {"transferred"}


def test_a_change_since_then_is_told_and_nothing_is_sent(so24: CommandLine) -> None:
    so24.get_ready("1001", "1002")
    fingerprint = so24.well("export", "--all", "--dry-run", "--json").json["fingerprint"]
    changed = line({"Price": "400", "Sum excl. VAT": "3000"}, number="1001")
    so24.well("import", so24.write_report(changed, name="changed.xlsx"))
    so24.well("exclude", "1002", "--reason", "by hand")
    said = so24("export", "--all", "--confirm", fingerprint, "--wait")
    assert said.code == 2
    assert said.out == ""
    assert "10-1001: Total was “3 867,19 NOK”, is now “3 750,00 NOK”." in said.err
    assert "10-1002: Selection was “selected”, is now “not selected”." in said.err
    assert "Nothing was sent: 2 documents are not as the preview has shown" in said.err
    assert so24.saves() == 0
    assert so24.well("receipt", "--all", "--json").json == []
    again = so24.well("export", "--all", "--dry-run", "--json").json["fingerprint"]
    so24.well("export", "--all", "--confirm", again, "--wait")


def test_what_cannot_be_confirmed_is_one_sentence(so24: CommandLine) -> None:
    so24.get_ready("1001")
    assert "make a new dry run" in so24.refused("export", "--all", "--confirm", "abc")
    assert "one or the other" in so24.refused("export", "1001", "--dry-run", "--confirm", "a")
    assert "are for --dry-run" in so24.refused("export", "1001", "--xml")
