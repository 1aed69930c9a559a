"""Paid or not: in the lists, in the drawer, on *Today*, and read by a press; as of a moment."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.dates import format_date, format_moment
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.store.transfers.transfer_list import TransferFilter
from so24.transfer.history import read_history
from so24.transfer.runs import start_run
from so24.ui.parts.tables import write_csv
from so24.ui.receipts.receipt_lines import line_cells
from tests.ledger.payments.reading_world import pay, read_due, reading, rows_of
from tests.pages.conftest import OpenApp, press_number
from tests.pages.test_card_actions import links
from tests.transfer.world import World

pytestmark = pytest.mark.slow  # seconds each

READERS = [Role.ADMIN, Role.FINANCE, Role.ANALYST]


@pytest.fixture
def booked(economy: World, finance: Actor, invoices: list[int]) -> World:
    """Three invoices in 24SevenOffice, the first one paid there, and two that are not sent."""
    desk = Desk(economy.installation, finance)
    economy.work(start_run(desk, invoices[:3], lambda session, lane: None))
    pay(economy, invoices[0], on="2026-11-12")
    return economy


def texts(at: AppTest) -> str:
    """Sentences of the page, without the marks that keep them plain."""
    told = (each.value for kind in (at.caption, at.markdown) for each in kind)
    return " ".join(told).replace("\\", "")


def test_the_overview_has_the_day_or_that_it_was_due_and_says_as_of_when(
    booked: World, app: OpenApp
) -> None:
    read_due(booked)
    at = app(Role.FINANCE, "invoices")
    assert "Paid" not in at.dataframe[0].value  # of what is not sent there is nothing to say
    at.segmented_control(key="invoices_status").set_value("All").run()
    cells = dict(zip(*(at.dataframe[0].value[name] for name in ("Number", "Paid")), strict=True))
    due = f"was due {format_date(rows_of(booked)['1002'].due_date)}"
    assert cells == {"1001": "12.11.2026", "1002": due, "1003": due, "1004": "", "1005": ""}
    moment = format_moment(rows_of(booked)["1001"].payment_read_at)
    assert f"Payments as 24SevenOffice stated them at {moment}." in texts(at)


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [("Paid", ["1001"]), ("Not paid", ["1003", "1002"]), ("Overdue", ["1003", "1002"])],
)
def test_the_overview_is_filtered_by_what_is_paid(
    booked: World, app: OpenApp, choice: str, numbers: list[str]
) -> None:
    read_due(booked)
    at = app(Role.FINANCE, "invoices")
    at.segmented_control(key="invoices_status").set_value("All").run()
    at.pills(key="invoices_payments").set_value([choice]).run()
    assert not at.exception
    assert at.dataframe[0].value["Number"].tolist() == numbers


def test_what_was_never_read_is_called_so_everywhere(booked: World, app: OpenApp) -> None:
    at = app(Role.FINANCE, "invoices")
    at.segmented_control(key="invoices_status").set_value("All").run()
    assert "Whether these are paid has not been read from 24SevenOffice yet." in texts(at)
    assert set(at.dataframe[0].value["Paid"]) == {"not read yet", ""}
    at = app(Role.ANALYST)
    [tile] = [each for each in at.metric if each.label == "Not paid"]
    assert tile.value == "–"
    assert "Payments have not been read from 24SevenOffice yet." in texts(at)


@pytest.mark.parametrize("role", READERS)
def test_today_counts_what_is_not_paid_and_leads_to_its_list(
    booked: World, app: OpenApp, role: Role
) -> None:
    read_due(booked)
    at = app(role)
    [tile] = [each for each in at.metric if each.label == "Not paid"]
    assert tile.value == "2"
    page = "history" if role is Role.ANALYST else "invoices"
    found = links(at)
    assert found["Overdue: 2"].startswith(page)
    assert "payment=overdue" in found["Overdue: 2"]
    assert f"stated it at {format_moment(reading(booked).read_at)} or later" in texts(at)


def test_the_history_has_it_in_its_list_its_filter_and_its_file(
    booked: World, app: OpenApp, analyst: Actor
) -> None:
    read_due(booked)
    at = app(Role.ANALYST, "history")
    at.multiselect(key="history_payments").set_value(["Paid"]).run()
    assert at.dataframe[1].value["Paid"].tolist() == ["12.11.2026"]
    lines = read_history(Desk(booked.installation, analyst), TransferFilter())
    head, *rows = write_csv(map(line_cells, lines)).decode("utf-8-sig").splitlines()
    places = [head.split(";").index(name) for name in ("Number", "Paid", "Payment")]
    told = {tuple(row.split(";")[place] for place in places) for row in rows}
    assert told == {
        ("1001", "12.11.2026", "paid"),
        ("1002", "", "overdue"),
        ("1003", "", "overdue"),
    }


def test_the_drawer_says_it_with_its_moment(booked: World, app: OpenApp) -> None:
    read_due(booked)
    moment = format_moment(rows_of(booked)["1001"].payment_read_at)
    at = app(Role.ANALYST, "history")
    at.multiselect(key="history_payments").set_value(["Paid"]).run()
    press_number(at, grid=1, row=0)
    assert f"Paid on 12.11.2026, as 24SevenOffice stated it at {moment}." in texts(at)


@pytest.mark.parametrize("role", READERS)
def test_a_press_queues_a_reading_and_the_page_says_so(
    booked: World, app: OpenApp, role: Role
) -> None:
    at = app(role, "ledger")
    at.button(key="payments_read").click().run()
    assert not at.exception
    assert [each.value for each in at.toast] == ["The payments of 1 company are being read\\."]
    assert reading(booked).wanted_by
    assert "A reading was begun at" in texts(at)
