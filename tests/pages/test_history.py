"""The transfer history: filters, sums, one document's events, the check of the record."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import col
from streamlit.testing.v1 import AppTest

from so24.evidence.month import Month, list_companies
from so24.evidence.pack import make_pack
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import TransferEvent
from so24.transfer.runs import start_run
from so24.ui.parts.tables import write_csv
from tests.pages.conftest import OpenApp, press_number
from tests.transfer.world import ADMIN, World

pytestmark = pytest.mark.slow  # seconds each

PAGE = "history"


@pytest.fixture
def ended(economy: World, finance: Actor, invoices: list[int]) -> World:
    """Three documents that fia has sent, and one more that has no key."""
    keyless = economy.add_invoices(economy.add_department("30"), 1, first=2001)
    ids = [*invoices[:3], *keyless]
    run_id = start_run(Desk(economy.installation, finance), ids, lambda session, lane: None)
    economy.work(run_id)
    return economy


def sums(at: AppTest) -> dict[str, tuple[int, Decimal]]:
    """Count and amount by state."""
    frame = at.dataframe[0].value
    rows = zip(frame["Status"], frame["Transfers"], frame["Sum incl. VAT"], strict=True)
    return {words[0]: (int(count), amount) for words, count, amount in rows}


def test_counts_and_amounts_are_by_state(ended: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    assert sums(at) == {
        "✔ transferred": (3, Decimal("19681.89")),
        "✖ login": (1, Decimal("6560.63")),
    }
    assert at.dataframe[1].value["Number"].tolist() == ["2001", "1003", "1002", "1001"]


def test_an_empty_history_says_so(economy: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    assert "No transfer matches" in at.info[0].value


def test_every_filter_narrows_list_and_sums(ended: World, app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    at.multiselect(key="history_states").set_value(["✖ login"]).run()
    assert set(sums(at)) == {"✖ login"}
    at.multiselect(key="history_states").set_value([]).run()
    at.multiselect(key="history_departments").set_value([1]).run()
    assert set(sums(at)) == {"✔ transferred"}
    at.multiselect(key="history_users").set_value(["fia"]).run()
    assert set(sums(at)) == {"✔ transferred"}
    at.date_input(key="history_period").set_value(
        (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    ).run()
    assert not at.dataframe


def test_a_press_on_a_number_tells_its_document_s_whole_history(ended: World, app: OpenApp) -> None:
    at = press_number(app(Role.ANALYST, PAGE), grid=1, row=3)
    told = [each.label for each in at.expander]
    assert "⟳ queued" in told[-1]
    assert "✔ transferred" in told[0]
    assert any("**Invoice 1001, " in each.value for each in at.markdown)


def test_a_whole_record_is_verified_and_a_changed_one_is_found(ended: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    verify = next(each for each in at.button if each.label == "Verify history")
    assert "The history is whole" in verify.click().run().success[0].value
    with ended.installation.db.writing() as session:
        session.execute(
            sa.update(TransferEvent).where(col(TransferEvent.id) == 2).values(actor="eve")
        )
    verify = next(each for each in at.button if each.label == "Verify history")
    assert "event 2 was changed" in verify.click().run().error[0].value


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(ended: World, finance: Actor) -> None:
    content = write_csv(
        [{"Customer": "=HYPERLINK(1)", "Total": Decimal("-1234.50"), "Order": None}]
    )
    assert content.decode("utf-8-sig") == "Customer;Total;Order\r\n'=HYPERLINK(1);-1234,50;\r\n"


def test_a_search_finds_transfers_by_what_is_known_of_their_documents(
    invoices: list[int], economy: World, app: OpenApp
) -> None:
    economy.export(invoices[:3])
    at = app(Role.ANALYST, "history")
    at.text_input(key="history_search").input("1002").run()
    assert at.dataframe[1].value["Number"].tolist() == ["1002"]
    there = int(at.dataframe[1].value["Invoice no."][0])
    at.text_input(key="history_search").input(str(there)).run()
    assert at.dataframe[1].value["Number"].tolist() == ["1002"]
    at.text_input(key="history_search").input("nobody").run()
    assert "No transfer matches these filters" in at.info[0].value
    assert at.query_params["search"] in ("nobody", ["nobody"])


def test_the_seals_of_packs_are_shown_to_whoever_sees_the_history(
    ended: World, app: OpenApp
) -> None:
    desk = Desk(ended.installation, ADMIN)
    [company] = list_companies(desk)
    report = make_pack(desk, company, Month(2026, 11), io.BytesIO())
    at = app(Role.ANALYST, PAGE)
    assert "Evidence packs that were made" in [each.label for each in at.expander]
    [told] = [each.value for each in at.dataframe if "Pack of" in each.value]
    assert told["Pack of"].tolist() == [f"{company.label}, 2026-11"]
    assert report.seal in told["Seal and what it holds"][0]


@pytest.mark.parametrize(("role", "offered"), [(Role.FINANCE, True), (Role.ANALYST, False)])
def test_an_evidence_pack_is_offered_to_those_who_may_have_originals(
    ended: World, app: OpenApp, role: Role, offered: bool
) -> None:
    at = app(role, PAGE)
    assert ("Evidence pack" in [each.label for each in at.expander]) == offered
    if offered:
        assert at.selectbox(key="evidence_month").options[0].split()[-1].isdigit()
        assert "10000001" in at.selectbox(key="evidence_company").options[0]
