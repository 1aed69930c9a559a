"""The page *Inside 24SevenOffice*: read on a press, kept until the next."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.amounts import GROUP
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import Role
from so24.transfer.runs import start_run
from tests.pages.conftest import OpenApp
from tests.transfer.world import CLIENT, World

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
