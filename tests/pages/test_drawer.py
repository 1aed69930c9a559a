"""The drawer of a document: for each role what it may see, and what can be done about it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.transfer.runs import start_run
from tests.pages.conftest import OpenApp
from tests.transfer.world import World


@pytest.fixture
def keyless(economy: World, finance: Actor) -> list[int]:
    """An invoice that was refused for want of a key."""
    ids = economy.add_invoices(economy.add_department("30"), 1, first=2001)
    start_run(Desk(economy.installation, finance), ids, lambda session, lane: None)
    return ids


def open_first(app: OpenApp, role: Role) -> AppTest:
    """Tick the first transfer of the history and open its document."""
    at = app(role, "history")
    selection = {"rows": [0], "columns": [], "cells": []}
    at.session_state[str(at.dataframe[1].key)] = {"selection": selection}
    at.run()
    return at.button(key="history_open").click().run()


def texts(at: AppTest) -> str:
    """What stands on page and drawer, as text."""
    return "\n".join(each.value for each in (*at.markdown, *at.caption))


def test_finance_sees_its_way_its_lines_and_whom_to_tell(keyless: list[int], app: OpenApp) -> None:
    at = open_first(app, Role.FINANCE)
    assert not at.exception
    assert "**Invoice 2001, " in texts(at)
    assert [tab.label for tab in at.tabs] == ["Way", "Document", "What goes out", "Files"]
    steps = [each.label for each in at.expander]
    assert any("login" in label for label in steps)
    assert at.code[0].value.startswith("so24 could not send 1 document")
    assert any("Product no." in each.value.columns for each in at.dataframe)


def test_an_analyst_sees_the_way_and_no_lines(keyless: list[int], app: OpenApp) -> None:
    at = open_first(app, Role.ANALYST)
    assert not at.exception
    assert not at.tabs
    assert any("login" in each.label for each in at.expander)
    assert not any("Product no." in each.value.columns for each in at.dataframe)
