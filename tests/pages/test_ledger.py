"""The page *Inside 24SevenOffice*: read on a press, kept until the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from so24.amounts import GROUP, format_amount
from so24.ledger.keeping import past_results
from so24.ledger.read import reconcile_period
from so24.ledger.saft.files import GivenFile
from so24.ledger.saft.witness import reconcile_saft
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.ledger.booked import booked_documents
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import Role
from so24.transfer.runs import start_run
from tests.ledger.saft.writer import OWN, Entries, Export, sale, write_saft
from tests.pages.conftest import OpenApp
from tests.transfer.world import CLIENT, World

pytestmark = pytest.mark.slow  # seconds each

PAGE = "ledger"
NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))


@pytest.fixture
def sent(economy: World, finance: Actor, invoices: list[int]) -> World:
    """Three documents in 24SevenOffice, and two that are not sent."""
    opened = economy.installation
    run_id = start_run(Desk(opened, finance), invoices[:3], lambda session, lane: None)
    economy.work(run_id)
    economy.control.reset_calls()
    return economy


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
def test_pressing_read_shows_both_sides(sent: World, app: OpenApp, role: Role) -> None:
    at = app(role, PAGE)
    assert sent.control.calls()["operations"] == {}
    at.date_input(key="ledger_period").set_value(NOVEMBER)
    next(each for each in at.button if each.label == "Read").click().run()
    assert not at.exception
    lines = at.dataframe[0].value
    assert lines["Our number"].tolist() == ["1001", "1002", "1003"]
    assert [words for (words,) in lines["Verdict"]] == ["agrees"] * 3
    assert [each.value.replace(GROUP, " ") for each in at.metric] == [
        "19 681,89",
        "19 681,89",
        "0,00",
        "3 of 3 agree",
    ]


def test_a_total_that_the_source_states_otherwise_is_shown_and_counted(
    sent: World, app: OpenApp, invoices: list[int]
) -> None:
    with sent.installation.db.writing() as session:
        for place, apart in enumerate(("0.10", "0.00")):
            row = session.get_one(Invoice, invoices[place])
            row.stated_total = row.total + Decimal(apart)
    at = app(Role.ANALYST, PAGE)
    at.date_input(key="ledger_period").set_value(NOVEMBER)
    next(each for each in at.button if each.label == "Read").click().run()
    assert not at.exception
    lines = at.dataframe[0].value
    assert lines["Stated total"].isna().tolist() == [False, False, True]
    assert lines["Stated total"][0] - lines["24SO total"][0] == Decimal("0.10")
    [said] = [each.value for each in at.caption if "states another total" in each.value]
    assert "24SevenOffice has: 1." in said


def test_a_mere_rerun_asks_24sevenoffice_nothing(sent: World, app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    at.date_input(key="ledger_period").set_value(NOVEMBER)
    next(each for each in at.button if each.label == "Read").click().run()
    asked = sent.control.calls()["operations"]
    at.run()
    assert len(at.dataframe[0].value) == 3
    assert sent.control.calls()["operations"] == asked


def test_trouble_with_24sevenoffice_is_a_sentence(sent: World, app: OpenApp) -> None:
    sent.control.edit("set_maintenance", CLIENT, on=True)
    at = app(Role.FINANCE, PAGE)
    at.date_input(key="ledger_period").set_value(NOVEMBER)
    next(each for each in at.button if each.label == "Read").click().run()
    assert not at.exception
    assert "24SevenOffice" in at.error[0].value
    assert not at.dataframe


def test_without_a_key_it_says_who_adds_one(economy: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    assert "A System Administrator adds one" in at.info[0].value


def test_a_search_finds_lines_by_number_customer_amount_and_reference(
    sent: World, app: OpenApp, invoices: list[int]
) -> None:
    at = app(Role.FINANCE, PAGE)
    at.date_input(key="ledger_period").set_value(NOVEMBER)
    next(each for each in at.button if each.label == "Read").click().run()
    for text, found in (("1002", 1), ("RM-10-1001", 1), ("kunde", 3), ("6 560,63", 3), ("x", 0)):
        at.text_input(key="ledger_search").input(text).run()
        assert (len(at.dataframe[0].value) if at.dataframe else 0) == found, text


def test_what_reconciliations_have_said_is_listed_with_what_is_new(
    sent: World, app: OpenApp
) -> None:
    at = app(Role.ANALYST, PAGE)
    at.segmented_control(key="ledger_part").set_value("Past reconciliations").run()
    assert "Nothing is reconciled yet" in at.info[0].value
    desk = Desk(sent.installation, Actor("fia", Role.FINANCE))
    reconcile_period(desk, *NOVEMBER)
    with sent.installation.db.writing() as session:
        invoice = session.exec(select(Invoice).where(Invoice.number == "1002")).one()
        invoice.total += 1
    reconcile_period(desk, *NOVEMBER)
    at.run()
    assert not at.exception
    results, lines = (each.value for each in at.dataframe)
    assert results["Result"].tolist() == ["2 of 3 agree, 1 needs a look", "3 of 3 agree"]
    assert results["New"].tolist() == ["1", ""]
    assert lines["Since before"].tolist() == ["new"]
    assert lines["Verdict"].tolist() == ["differs"]
    told = " ".join(each.value.replace("\\", "") for each in at.markdown)
    assert "As last reconciled: 1 line of" in told


def test_a_saft_export_is_brought_in_by_those_who_may_import(sent: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    at.segmented_control(key="ledger_part").set_value("SAF-T export").run()
    assert at.info[0].value == "Finance brings the files in."
    at = app(Role.FINANCE, PAGE)
    at.segmented_control(key="ledger_part").set_value("SAF-T export").run()
    press(at, "Compare")
    assert "Choose at least one file" in at.error[0].value
    content = write_saft(Export(vouchers_of(sent)))
    at.file_uploader[0].set_value([("a.xml", content, "text/xml")])
    press(at, "Compare")
    assert "give this organization number" in at.error[0].value
    at.text_input(key="saft_number").input(OWN)
    press(at, "Compare")
    assert not at.error
    assert [words for (words,) in at.dataframe[0].value["Verdict"]] == ["agrees"] * 3


def press(at: AppTest, label: str) -> None:
    """Press the button with this label."""
    next(each for each in at.button if each.label == label).click().run()
    assert not at.exception


def vouchers_of(world: World) -> list[Entries]:
    """What 24SevenOffice would have booked of the documents that were sent."""
    with world.installation.db.reading() as session:
        documents = booked_documents(session, CLIENT, *NOVEMBER)
    return [
        sale("1", each.office_invoice_id or 0, each.invoice.net, each.invoice.vat,
             customer=str(each.company_id), day=each.invoice.invoice_date)
        for each in documents
    ]  # fmt: skip


def test_what_a_saft_export_says_is_shown_line_by_line(sent: World, app: OpenApp) -> None:
    files = [GivenFile("a.xml", write_saft(Export(vouchers_of(sent)[1:])))]
    desk = Desk(sent.installation, Actor("fia", Role.FINANCE))
    found = reconcile_saft(desk, files, stated_number=OWN)
    at = app(Role.FINANCE, PAGE)
    at.session_state["saft_result"] = found
    at.segmented_control(key="ledger_part").set_value("SAF-T export").run()
    assert not at.exception
    lines = at.dataframe[0].value
    assert [words for (words,) in lines["Verdict"]] == ["not in the export", "agrees", "agrees"]
    assert lines["Our number"].tolist() == ["1001", "1002", "1003"]
    assert [each.value for each in at.metric][-1] == "2 of 3 agree, 1 needs a look"


def test_a_vat_that_is_another_stands_first_and_both_vats_are_remembered(
    sent: World, app: OpenApp
) -> None:
    *booked, last = vouchers_of(sent)
    lines = tuple(
        replace(each, tax=Decimal("10.00")) if each.tax is not None else each for each in last.lines
    )
    files = [GivenFile("a.xml", write_saft(Export([*booked, replace(last, lines=lines)])))]
    desk = Desk(sent.installation, Actor("fia", Role.FINANCE))
    found = reconcile_saft(desk, files, stated_number=OWN)
    at = app(Role.FINANCE, PAGE)
    at.session_state["saft_result"] = found
    at.segmented_control(key="ledger_part").set_value("SAF-T export").run()
    shown = at.dataframe[0].value
    assert [words for (words,) in shown["Verdict"]] == ["other VAT", "agrees", "agrees"]
    assert shown["SAF-T VAT"][0] == Decimal("10.00")
    at.segmented_control(key="ledger_part").set_value("Past reconciliations").run()
    assert not at.exception
    _, kept = (each.value for each in at.dataframe)
    assert kept["Their VAT"].tolist() == [Decimal("10.00")]
    assert kept["Our VAT"].tolist() == [found.lines[2].our_vat]


def test_what_was_read_of_one_company_is_not_shown_under_another(sent: World, app: OpenApp) -> None:
    sent.add_key([sent.add_department("77")], client=CLIENT + 1, account="bergen")
    at = app(Role.FINANCE, PAGE)
    at.date_input(key="ledger_period").set_value(NOVEMBER)
    options = at.selectbox(key="ledger_key").options
    mine = next(place for place, name in enumerate(options) if f"({CLIENT})" in name)
    at.selectbox(key="ledger_key").select_index(mine)
    press(at, "Read")
    [heading] = [each.value for each in at.subheader]
    assert heading.replace("\\", "") == f"{options[mine]}, 01.11.2026–30.11.2026"
    assert len(at.metric) == 4
    at.selectbox(key="ledger_key").select_index(1 - mine).run()
    assert not at.exception
    assert (list(at.metric), list(at.subheader)) == ([], [])
    at.selectbox(key="ledger_key").select_index(mine).run()
    assert "press *Read*" in at.info[0].value


def test_a_link_opens_exactly_the_result_that_it_names(sent: World, app: OpenApp) -> None:
    desk = Desk(sent.installation, Actor("fia", Role.FINANCE))
    files = [GivenFile("a.xml", write_saft(Export(vouchers_of(sent)[1:])))]
    reconcile_saft(desk, files, stated_number=OWN)
    reconcile_period(desk, *NOVEMBER)
    newest, saft = past_results(desk)
    at = app(Role.ANALYST, address=PAGE, part="past-reconciliations", result=str(saft.result.id))
    assert not at.exception
    assert at.dataframe[1].value["Verdict"].tolist() == ["not in the export"]
    at = app(Role.ANALYST, address=PAGE, part="past-reconciliations", result=str(newest.result.id))
    assert [each.value for each in at.success] == ["Everything that was compared agreed."]


def test_a_difference_is_seen_on_today_with_its_amount_and_the_way_to_it(
    sent: World, app: OpenApp
) -> None:
    desk = Desk(sent.installation, Actor("fia", Role.FINANCE))
    files = [GivenFile("a.xml", write_saft(Export(vouchers_of(sent)[1:])))]
    found = reconcile_saft(desk, files, stated_number=OWN)
    reconcile_period(desk, *NOVEMBER)
    at = app(Role.ANALYST, "start")
    [link] = [each.proto for each in at.get("page_link") if ":red[" in each.proto.label]
    label = link.label.replace("\\", "")
    assert "1 line of" in label
    assert "does not agree with its SAF-T export" in label
    _, saft = past_results(desk)
    assert f"result={saft.result.id}" in link.query_string
    assert found.lines[0].our_total is not None
    amount = format_amount(found.lines[0].our_total, "NOK")
    assert amount in [each.value for each in at.caption]


def test_an_export_of_another_year_says_that_nothing_was_compared(
    sent: World, app: OpenApp
) -> None:
    desk = Desk(sent.installation, Actor("fia", Role.FINANCE))
    year = Export([], first=dt.date(2024, 1, 1), last=dt.date(2024, 12, 31))
    found = reconcile_saft(desk, [GivenFile("a.xml", write_saft(year))], stated_number=OWN)
    at = app(Role.FINANCE, PAGE)
    at.session_state["saft_result"] = found
    at.segmented_control(key="ledger_part").set_value("SAF-T export").run()
    assert at.warning[0].value.startswith("Nothing was compared")
