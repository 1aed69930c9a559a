"""EHF at the command line: checked without an import, and what a person decides goes its way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from so24.sources.ehf.release import RELEASE
from so24.sources.ehf.second_opinion import why_unavailable
from tests.cli.conftest import CommandLine
from tests.sources.ehf.bills import Sample, pack
from tests.sources.ehf.rule_files import found_if, write_rules
from tests.sources.ehf.test_rules import with_vat

PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")
needs_saxon = pytest.mark.skipif(bool(why_unavailable()), reason=why_unavailable())


def write(so24: CommandLine, name: str, content: bytes) -> str:
    path: Path = so24.folder / name
    path.write_bytes(content)
    return str(path)


def test_files_are_checked_without_being_imported_and_the_release_is_named(
    so24: CommandLine,
) -> None:
    bad = Sample(number="3", changes={">7.5<": ">7.6<"}).content
    other = Sample().xml.replace("poacc:billing:3.0<", "poacc:selfbilling:3.0<").encode()
    files = pack(("bad.xml", bad), ("other.xml", other), ("order.xml", b"<Order/>"))
    said = so24(
        "ehf", "check", "--json", write(so24, "good.xml", Sample().content),
        write(so24, "apart.xml", with_vat("365.14")), write(so24, "a.zip", files),
    )  # fmt: skip
    assert said.code == 1
    verdicts = {each["filename"]: each for each in said.json["bills"]}
    assert {name: each["verdict"] for name, each in verdicts.items()} == {
        "good.xml": "valid", "apart.xml": "held", "bad.xml": "refused", "other.xml": "refused",
        "order.xml": "refused",
    }  # fmt: skip
    assert "PEPPOL-EN16931-R120 (Peppol BIS Billing 3.0.21)" in verdicts["bad.xml"]["findings"][0]
    assert "It is an order" in verdicts["order.xml"]["findings"][0]
    table, besides = said.json["sources"]
    assert RELEASE in table
    assert besides == "no rule files besides: SO24_EHF_RULES names none"
    assert so24.well("invoices", "--json").json == []


def test_a_valid_file_is_exit_code_0_and_a_missing_one_2(so24: CommandLine) -> None:
    said = so24.well("ehf", "check", write(so24, "a.xml", Sample().content))
    assert "valid" in said.out
    assert "nowhere.xml cannot be read" in so24.refused("ehf", "check", "nowhere.xml")


@needs_saxon
def test_the_operators_rule_files_are_asked_at_the_check_and_at_the_import(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "/*/cbc:Note = 'Takk for oppdraget'"
    one = write_rules(so24.folder / "one.xslt", found_if(note, "OWN-01", "No thanks."))
    two = write_rules(so24.folder / "two.xslt", found_if(note, "OWN-02", "Hm.", flag="warning"))
    monkeypatch.setenv("SO24_EHF_RULES", f"{one}{os.pathsep}{two}")
    path = write(so24, "a.xml", Sample().content)
    said = so24("ehf", "check", path, "--json")
    (bill,) = said.json["bills"]
    assert (said.code, bill["verdict"], bill["remarks"]) == (1, "held", ["two.xslt: OWN-02: Hm"])
    assert said.json["sources"][1] == "the rule files of SO24_EHF_RULES besides: one.xslt, two.xslt"
    imported = so24("import", path, "--department", "10", "--new-department")
    assert "two.xslt: OWN-02: Hm (1001)." in imported.err
    (invoice,) = so24.well("invoices", "--json").json
    assert invoice["held"] == "The rule file one.xslt does not let it pass: OWN-01: No thanks."
    seen = [each for each in so24("check", "--json").json if each["subject"] == "EHF rules"]
    assert [each["standing"] for each in seen] == ["ok", "ok", "ok"]
    assert RELEASE in seen[0]["words"]
    assert "one.xslt (SHA-256 " in seen[1]["words"]
    monkeypatch.setenv("SO24_EHF_RULES", str(so24.folder / "gone.xslt"))
    seen = [each for each in so24("check", "--json").json if each["subject"] == "EHF rules"]
    assert [each["standing"] for each in seen] == ["ok", "warning"]


def test_vat_that_24sevenoffice_reckons_otherwise_waits_for_a_person_and_is_told_to_the_end(
    so24: CommandLine,
) -> None:
    so24.well("activate")
    so24.add_key()
    path = write(so24, "a.xml", with_vat("365.14"))
    so24.well("import", path, "--department", "10", "--new-department")
    [blocked] = so24("export", "--all", "--wait", "--json").json
    assert (blocked["state"], so24.saves()) == ("blocked", 0)
    so24.well("release", "1001", "--kind", "invoice")
    so24.well("import", path, "--department", "10")  # the same again asks nothing again
    [done] = so24.well("export", "--all", "--wait", "--json").json
    assert (done["state"], done["total"]) == ("transferred", "1825.63")
    words = "The source states 1\u00a0825,64\u00a0NOK as its total, 0,01\u00a0NOK more."
    assert (done["stated_total"], words in done["reason"]) == ("1825.64", True)
    [there] = so24.well("reconcile", *PERIOD, "--json").json
    assert (there["verdict"], there["office_total"], there["stated_total"]) == (
        "agrees", "1825.63", "1825.64",
    )  # fmt: skip
