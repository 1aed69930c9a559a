"""Import, decisions and lists by the command line."""

from __future__ import annotations

import shlex

import pytest

from so24.store.tables.document_tables import Asks
from tests.cli.conftest import CommandLine
from tests.sources.ehf.bills import SELLER, Sample, pack
from tests.sources.report_files import as_report, line


def test_an_import_says_what_came_in_and_the_same_file_twice_changes_nothing(
    so24: CommandLine,
) -> None:
    report = so24.write_report(line(), line(number="1002"))
    [first] = so24.well("import", report, "--json").json
    assert (first["added"], first["refused"]) == (3, [])  # two invoices and their customer
    [second] = so24.well("import", report, "--json").json
    assert (second["added"], second["updated"], second["unchanged"]) == (0, 0, 3)
    assert "report.xlsx" in so24.well("import", report).out


def test_refused_rows_are_named_and_the_good_documents_come_in(so24: CommandLine) -> None:
    report = so24.write_report(line(), line({"Quantity": "many", "VAT %": "x"}, number="1002"))
    said = so24("import", report)
    assert said.code == 1
    assert "row 3, Quantity" in said.err
    assert "row 3, VAT %" in said.err
    [again] = so24("import", report, "--json").json
    assert (len(again["refused"]), again["rows_refused"]) == (2, 1)  # two cells of one row
    assert [each["refused"] for each in so24.well("imports", "--json").json] == [1, 1]
    assert [each["number"] for each in so24.well("invoices", "--json").json] == ["1001"]


def test_a_file_that_cannot_be_read_brings_nothing_in(so24: CommandLine) -> None:
    report = so24.write_report(line())
    broken = so24.folder / "broken.xlsx"
    broken.write_bytes(b"not a workbook")
    assert "broken.xlsx" in so24.refused("import", report, str(broken))
    assert "No such file" in so24.refused("import", report, str(so24.folder / "missing.xlsx"))
    assert "cannot be read" in so24.refused("import", str(so24.folder))
    assert so24.well("invoices", "--json").json == []


def test_what_waits_for_an_answer_is_listed_and_answered_at_once_by_department_or_import(
    so24: CommandLine,
) -> None:
    known = [line(number=str(number)) for number in range(1001, 1013)]
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(*known))
    moved = [{**each, "Department no.": "11"} for each in known]
    [import_id] = {
        each["import_id"]
        for each in so24("import", so24.write_report(*moved, name="moved.xlsx"), "--json").json
    }
    more = [{**known[0], "Department no.": "12"}]
    so24("import", so24.write_report(*more, name="more.xlsx"))
    assert len(so24.well("invoices", "--asked", "--json").json) == 13
    said = so24("export", "--all", "--dry-run")
    assert said.err.count(" --another): It is like invoice") == 10
    assert "11-1001 waits for an answer (so24 answer 11-1001 --same" in said.err
    assert "3 more wait for an answer: so24 invoices --asked lists them." in said.err
    assert said.code == 1
    chosen = so24.well("export", "10-1001", "--dry-run")  # about what was chosen, and ends with 0
    assert "an answer" not in chosen.err
    waiting = so24("export", "11-1001", "--dry-run")
    assert waiting.code == 1
    assert "11-1001 waits for an answer" in waiting.err
    assert "not both" in so24.refused("answer", "1001", "--all", "--same")
    assert "not both" in so24.refused("answer", "--same")
    assert "not both" in so24.refused("answer", "1001", "--department", "11", "--same")
    of_import = ("answer", "--all", "--import", str(import_id), "--same")
    assert "12 of 12 were asked about" in so24.well(*of_import).err
    assert "0 of 0 were asked" in so24.well("answer", "--all", "--department", "11", "--same").err
    assert "1 of 1 were asked" in so24.well("answer", "--all", "--another").err
    found = so24.well("invoices", "--json").json
    assert sum(each["excluded"] for each in found) == 12
    assert not any(each["question"] for each in found)


def test_of_two_numbers_that_differ_by_capitals_only_the_exact_one_is_meant(
    so24: CommandLine,
) -> None:
    so24.well("activate")
    so24.add_key()
    so24("import", so24.write_report(line(number="F-1"), line(number="f-1"), line(number="G-1")))
    for number in ("f-1", "10-f-1", "RM-10-f-1"):
        [chosen] = so24("export", number, "--dry-run", "--json").json["documents"]
        assert chosen["number"] == "f-1"
    [chosen] = so24("export", "g-1", "--dry-run", "--json").json["documents"]
    assert chosen["number"] == "G-1"


def test_assumed_dates_are_confirmed_for_an_import_or_for_all(so24: CommandLine) -> None:
    path = so24.folder / "undated.xlsx"
    path.write_bytes(as_report(line(), line(number="1002")))
    said = so24("import", str(path), "--json")
    assert said.code == 1  # a person is asked for the dates
    [report] = said.json
    assert f"so24 dates confirm --import {report['import_id']}" in said.err
    assert all(each["date_assumed"] for each in so24.well("invoices", "--json").json)
    which = ("--import", str(report["import_id"]))
    listed = so24.well("dates", "list", *which, "--json").json
    assert [each["number"] for each in listed] == ["10-1001", "10-1002"]
    assert "10-1002" in so24.well("dates", "list").out
    told = so24.well("dates", "confirm", *which, "--date", "30.11.2026").err
    assert "10-1001: 30.11.2026\n10-1002: 30.11.2026\n2 invoice dates" in told
    found = so24.well("invoices", "--json").json
    assert {(each["invoice_date"], each["date_assumed"]) for each in found} == {
        ("2026-11-30", False)
    }
    assert "No invoice date" in so24.well("dates", "confirm").err
    assert "No invoice date" in so24.well("dates", "list").err


def test_dates_of_several_imports_are_not_confirmed_unasked(so24: CommandLine) -> None:
    for number in ("1001", "1002"):
        path = so24.folder / f"{number}.xlsx"
        path.write_bytes(as_report(line(number=number)))
        so24("import", str(path))
    said = so24("dates", "confirm")
    assert said.code == 2
    assert "more than one import" in said.err
    assert len(so24.well("dates", "list", "--json").json) == 2
    assert "2 invoice dates are confirmed" in so24.well("dates", "confirm", "--yes").err


def test_a_command_that_is_suggested_can_be_typed_as_it_stands() -> None:
    told = Asks.DOCUMENT.command("10-Faktura 1101", "7000")
    assert [shlex.split(each) for each in told.split(" or ")] == [
        ["so24", "answer", "10-Faktura 1101", "--same"],
        ["so24", "answer", "10-Faktura 1101", "--another"],
    ]
    assert [shlex.split(each)[3] for each in Asks.LIST.command("", "A 1").split(" or ")] == [
        "A 1",
        "A 1",
    ]


def test_the_import_may_be_told_the_invoice_date(so24: CommandLine) -> None:
    path = so24.folder / "undated.xlsx"
    path.write_bytes(as_report(line()))
    so24.well("import", str(path), "--invoice-date", "2026-11-22")
    [found] = so24.well("invoices", "--json").json
    assert (found["invoice_date"], found["date_assumed"]) == ("2026-11-22", False)
    assert "takes a date" in so24.refused("import", str(path), "--invoice-date", "soon")


def test_the_list_shows_norwegian_amounts_and_json_exact_texts(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))
    said = so24.well("invoices")
    assert "3 867,19" in said.out
    assert "18.11.2026" in said.out
    assert "1 documents, 3 867,19 NOK" in said.err
    [found] = so24.well("invoices", "--json").json
    assert (found["total"], found["state"]) == ("3867.19", None)


def test_the_list_is_filtered(so24: CommandLine) -> None:
    other = {"Department no.": "20", "Department": "Bergen", "Invoice date": "01.10.2026"}
    so24.well("import", so24.write_report(line(), line(other, number="2001")))

    def numbers(*filters: str) -> list[str]:
        return [each["number"] for each in so24.well("invoices", *filters, "--json").json]

    assert numbers() == ["1001", "2001"]
    assert numbers("--department", "Bergen") == ["2001"]
    assert numbers("--from", "2026-11-01") == ["1001"]
    assert numbers("--to", "31.10.2026") == ["2001"]
    assert numbers("--status", "unsent") == ["1001", "2001"]
    assert numbers("--status", "transferred") == []
    assert numbers("--search", "@no=2001") == ["2001"]
    assert "no department 77" in so24.refused("invoices", "--department", "77")
    period = ("--from", "2026-12-01", "--to", "2026-01-01")
    assert "before it begins" in so24.refused("invoices", *period)
    assert "no search code" in so24.refused("invoices", "--search", "@x=1")


def test_a_document_is_left_out_and_taken_in_again(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))
    so24.well("exclude", "1001", "--reason", "Sent by post")
    assert "Sent by post" in so24.well("invoices").out
    so24.well("include", "10-1001")
    assert so24.well("invoices", "--json").json[0]["excluded"] is False


def test_a_number_of_two_departments_is_refused_with_both_named(so24: CommandLine) -> None:
    other = {"Department no.": "20", "Department": "Bergen", "Quantity": 2, "Sum excl. VAT": 825}
    so24.well("import", so24.write_report(line(), line(other)))
    sentence = so24.refused("exclude", "1001")
    assert "10-1001" in sentence
    assert "20-1001" in sentence
    so24.well("exclude", "20-1001")
    so24.well("exclude", "RM-10-1001")
    assert all(each["excluded"] for each in so24.well("invoices", "--json").json)


def test_an_unknown_number_is_refused(so24: CommandLine) -> None:
    assert "no document with the number 7" in so24.refused("exclude", "7")
    assert "no document with the number 10-" in so24.refused("exclude", "10-")


def test_ehf_files_come_in_with_the_department_that_is_named(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))  # department 10, Oslo
    path = so24.folder / "ehf.zip"
    bad = Sample(number="2002", changes={">7.5<": ">7.6<"})
    path.write_bytes(pack(("a.xml", Sample(number="2001").content), ("b.xml", bad.content)))
    said = so24("import", str(path), "--department", "oslo")
    assert said.code == 1
    assert "b.xml, row" in said.err
    assert "PEPPOL-EN16931-R120" in said.err
    found = {each["number"]: each for each in so24.well("invoices", "--json").json}
    assert sorted(found) == ["1001", "2001"]
    assert found["2001"]["department"] == found["1001"]["department"]


def test_ehf_files_without_a_department_say_what_to_do(so24: CommandLine) -> None:
    path = so24.folder / "a.xml"
    path.write_bytes(Sample().content)
    said = so24("import", str(path))
    assert said.code == 1
    assert "--department" in said.err
    assert "no department “Voss”" in so24.refused("import", str(path), "--department", "Voss")


def test_a_department_that_nobody_knows_is_opened_only_where_a_person_says_that_it_is_new(
    so24: CommandLine,
) -> None:
    so24.well("import", so24.write_report(line()))  # department 10, Oslo
    path = so24.folder / "a.xml"
    path.write_bytes(Sample(number="2001").content)
    slip = so24.refused("import", str(path), "--department", "99")
    assert "There is no department “99”. Departments: 10 Oslo." in slip
    assert "--new-department" in slip
    assert [each["number"] for each in so24.well("invoices", "--json").json] == ["1001"]
    so24.well("import", str(path), "--department", "99", "--new-department")
    found = {each["number"]: each["department"] for each in so24.well("invoices", "--json").json}
    assert found["2001"] == "99"


def test_warnings_of_the_standard_are_told_and_keep_nothing_out(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = so24.folder / "a.xml"
    path.write_text(Sample().xml.replace("Foretaksregisteret", "Ingen"), encoding="utf-8")
    said = so24.well("import", str(path), "--department", "10", "--new-department").err
    assert "NO-R-002" in said
    assert f"a.xml: The seller is Nordlys Bemanning AS ({SELLER}): make sure" in said
    monkeypatch.setenv("SO24_SELLERS", SELLER)
    said = so24.well("import", str(path), "--department", "10").err
    assert f"a.xml: Seller: Nordlys Bemanning AS ({SELLER})" in said
    assert "make sure" not in said
