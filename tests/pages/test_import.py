"""The import on the page: how far it is, what it says when a file is refused, and what stays."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from so24.amounts import GROUP
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import list_imports
from so24.sources.intake import import_files
from so24.store.people.audit import LogFilter
from so24.store.tables.people_tables import Role
from so24.ui.frame.refused_uploads import refused_uploads
from tests.pages.conftest import OpenApp
from tests.pages.test_invoices import PAGE, XLSX, press, texts
from tests.sources.ehf.bills import SELLER, Sample
from tests.sources.report_files import as_report, customer, line
from tests.transfer.world import World

pytestmark = pytest.mark.slow  # seconds each


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, str]]:
    """What the bar showed, one after the other; afterwards it is gone from the page."""
    shown: list[tuple[float, str]] = []
    draw = DeltaGenerator.progress

    def note(self: DeltaGenerator, value: float, text: str, **more: Any) -> DeltaGenerator:
        shown.append((value, text.replace(GROUP, " ").replace("\\", "")))
        return draw(self, value, text, **more)

    monkeypatch.setattr(DeltaGenerator, "progress", note)
    return shown


def test_the_bar_tells_reading_and_landing_in_words_and_only_ever_grows(
    economy: World, app: OpenApp, told: list[tuple[float, str]]
) -> None:
    at = app(Role.FINANCE, PAGE)
    rows = [line(number=str(number)) for number in range(1001, 1702)]
    at.file_uploader[0].set_value([("lines_2026.xlsx", as_report(*rows), XLSX)])
    at = press(at, "Import")
    words = [text for _, text in told]
    assert "Reading lines_2026.xlsx … 0 %" in words
    assert "Reading lines_2026.xlsx … 100 %" in words
    assert words[-2:] == [
        "500 of 701 documents and customers are in",
        "701 of 701 documents and customers are in",
    ]
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert "701 documents added" in texts(at)
    assert at.file_uploader[0].value == []  # ready for the next


def test_a_press_meanwhile_does_not_cut_the_import_off(
    economy: World, finance: Actor, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("a.xlsx", as_report(line(number="1001")), XLSX)])
    draw = DeltaGenerator.progress

    def interrupt(self: DeltaGenerator, value: float, text: str) -> DeltaGenerator:
        if value > 0:
            raise RerunException(RerunData())  # as by a press on *Today*
        return draw(self, value, text)

    monkeypatch.setattr(DeltaGenerator, "progress", interrupt)
    at = press(at, "Import")
    assert at.title[0].value == "Today", "what was pressed is done afterwards"
    assert len(list_imports(Desk(economy.installation, finance), LogFilter())[0]) == 1


def test_a_refused_file_leaves_its_sentence_and_the_page_usable(
    invoices: list[int], app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("bad.xlsx", b"PK\x03\x04 torn", XLSX)])
    at = press(at, "Import")
    assert "bad.xlsx cannot be imported. The workbook is damaged" in at.error[0].value.replace(
        "\\", ""
    )
    assert not at.get("progress")
    assert len(at.dataframe[0].value) == 5
    assert at.file_uploader[0].value == []  # the same file or another one can be chosen at once
    at = at.run()
    assert "The workbook is damaged" in at.error[0].value, "it stays until the next file"
    at.file_uploader[0].set_value([("good.xlsx", as_report(line(number="2001")), XLSX)])
    at = press(at, "Import")
    assert "1 document added" in texts(at)
    assert not at.error


def test_files_that_were_not_taken_in_leave_the_uploader_empty_and_their_sentence(
    invoices: list[int], app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = app(Role.FINANCE, PAGE)
    refusals = iter(["The file is larger than 20 MB."])
    monkeypatch.setattr(refused_uploads, "take", lambda: next(refusals, ""))
    at = press(at, "Import")
    for _ in range(2):
        assert "The file is larger than 20 MB" in at.error[0].value
        assert at.file_uploader[0].value == []
        at = at.run()


def test_a_typed_department_is_opened_only_where_it_is_said_to_be_new(
    economy: World, app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    choice = next(each for each in at.selectbox if each.label == "Department of EHF files")
    choice.options.append("99")  # as if it was typed
    choice.set_value("99")
    at.file_uploader[0].set_value([("a.xml", Sample(number="7001").content, "text/xml")])
    at = press(at, "Import")
    assert "There is no department “99”" in at.error[0].value
    next(each for each in at.selectbox if each.label == choice.label).options.append("99")
    next(each for each in at.checkbox if each.label == "It is a new department").check()
    at = press(at, "Import")
    assert "1 document added, 1 customer added" in texts(at)
    assert f"The seller is Nordlys Bemanning AS ({SELLER}): make sure" in texts(at).replace(
        "\\", ""
    )


def test_the_reasons_of_refused_rows_are_shown_whole_and_a_hundred_of_them_at_once(
    economy: World, app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    bad = [line({"Price": f"many #{number}"}, number=str(number)) for number in range(1001, 1121)]
    files = [("few.xlsx", as_report(*bad[:2]), XLSX), ("many.xlsx", as_report(*bad), XLSX)]
    at.file_uploader[0].set_value(files)
    at = press(at, "Import")
    few, many = (each.value for each in at.table[:2])
    assert (len(few), len(many)) == (2, 100)
    assert "“many \\#1001”" in few["Reason"][0]  # the cells are Markdown
    assert "The first 100 of 120 refused rows." in texts(at)
    assert len(at.get("download_button")) == 3  # what a table does not show is in a file


def test_the_documents_that_have_come_in_are_one_press_away(economy: World, app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    for number, price in (("1001", "100"), ("1002", "200")):
        report = as_report(line({"Price": price}, number=number))
        at.file_uploader[0].set_value([(f"{number}.xlsx", report, XLSX)])
        at = press(at, "Import")
    at = press(at, "Show it")
    grid = next(each for each in at.dataframe if "Number" in each.value)
    assert list(grid.value["Number"]) == ["1002"]
    assert "only" in texts(at)
    at = press(at, "Clear filters")
    assert "0 of 2 selected" in texts(at)


def test_a_file_that_cannot_be_read_does_not_stay_in_the_uploader(
    economy: World, app: OpenApp
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("a.xlsx", b"no workbook", XLSX)])
    before = at.file_uploader[0].key
    at = press(at, "Import")
    assert "cannot be imported" in at.error[0].value
    assert at.file_uploader[0].key != before


def test_that_a_list_is_right_is_asked_once_more_and_what_it_did_stays_on_the_page(
    economy: World, finance: Actor, app: OpenApp
) -> None:
    desk = Desk(economy.installation, finance)
    known = [("lines.xlsx", as_report(line())), ("list.xlsx", _list(customer()))]
    import_files(desk, known)
    delta = {"Company": "Delta Rør AS", "Organization number": "123456785"}
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("other.xlsx", _list(customer(delta)), XLSX)])
    at = press(at, "Import")
    assert "Is that right?" in texts(at)
    assert "Customer 5001 is “Delta Rør AS” (123456785) then, and no longer" in plain(at)
    at.button(key="right_5001").click().run()
    for _ in range(2):
        assert not at.exception
        assert "Is that right?" not in texts(at), "in the import's report neither"
        assert "Customer 5001 is “Delta Rør AS” (123456785) now; it was" in plain(at)
        assert "1 document of the customer is made out to another firm" in plain(at)
        at = at.run()
    at.button(key="list_answers_dismiss").click().run()
    assert "made out to another firm" not in plain(press(at, "Dismiss"))


def test_cells_that_cannot_be_read_are_no_refused_rows_and_are_not_told_of_the_next_file(
    economy: World, finance: Actor, app: OpenApp
) -> None:
    import_files(Desk(economy.installation, finance), [("lines.xlsx", as_report(line()))])
    doubtful = customer({"Organization number": "123"})
    at = app(Role.FINANCE, PAGE)
    at.file_uploader[0].set_value([("list.xlsx", _list(doubtful), XLSX)])
    at = press(at, "Import")
    assert "1 customer updated, 1 field not read or in doubt" in texts(at)
    assert "refused" not in texts(at)
    at.file_uploader[0].set_value([("bad.xlsx", b"no workbook", XLSX)])
    at = press(at, "Import")
    assert at.error
    assert "1 customer updated" not in texts(at)


def _list(*customers: dict[str, Any]) -> bytes:
    return as_report(*customers, sheet="Customers")


def plain(at: AppTest) -> str:
    """What stands on the page, without marks."""
    return texts(at).replace("\\", "")
