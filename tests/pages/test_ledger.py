"""The page *Inside 24SevenOffice*: read on a press, kept until the next."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.amounts import GROUP
from so24.people.desk import Desk
from so24.people.roles import Actor
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
        "NOK 19 681,89",
        "NOK 19 681,89",
        "NOK 0,00",
        "3 of 3 agree",
    ]


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
