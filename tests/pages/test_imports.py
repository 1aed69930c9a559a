"""The page of the imports: the list, and one import's report, for every role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.tables.document_tables import Import
from so24.store.tables.people_tables import Role
from tests.pages.conftest import OpenApp
from tests.pages.test_invoices import texts
from tests.sources.report_files import as_report, customer, line

PAGE = "imports"


@pytest.fixture
def past(installation: Installation, admin: Actor, finance: Actor) -> Installation:
    """Fia's lines, one of them refused, then ada's customers."""
    rows = as_report(line(), line({"Price": "01019012345 kr"}, number="1002"))
    import_files(Desk(installation, finance), [("lines.xlsx", rows)])
    import_files(Desk(installation, admin), [("customers.xlsx", as_report(customer()))])
    return installation


def files(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["File"]) if at.dataframe else []


def tick(at: AppTest, row: int) -> AppTest:
    selection = {"rows": [row], "columns": [], "cells": []}
    at.session_state[str(at.dataframe[0].key)] = {"selection": selection}
    return at.run()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_the_list_newest_first(
    past: Installation, app: OpenApp, role: Role
) -> None:
    at = app(role, PAGE)
    assert files(at) == ["customers.xlsx", "lines.xlsx"]
    assert at.dataframe[0].value["Rows refused"].tolist() == [0, 1]


def test_every_filter_narrows_it(past: Installation, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    at.selectbox(key="imports_actor").select("fia").run()
    assert files(at) == ["lines.xlsx"]
    at.multiselect(key="imports_kinds").set_value(["customers"]).run()
    assert files(at) == []
    assert "No import matches these filters" in at.info[0].value
    at.multiselect(key="imports_kinds").set_value([]).run()
    at.date_input(key="imports_period").set_value(
        (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    ).run()
    assert files(at) == []


def test_a_ticked_import_tells_what_landed_and_what_was_refused(
    past: Installation, app: OpenApp
) -> None:
    at = tick(app(Role.FINANCE, PAGE), 1)
    assert "1 document added, 1 row refused" in texts(at)
    [refused] = at.table[0].value.to_dict("records")
    assert (refused["Row"], refused["Column"]) == ("3", "Price")
    assert "personal number" in refused["Reason"]
    assert "01019012345" not in refused["Reason"]
    assert at.dataframe[1].value["Number"].tolist() == ["1001"]


def test_an_analyst_sees_the_report_and_not_the_documents(past: Installation, app: OpenApp) -> None:
    at = tick(app(Role.ANALYST, PAGE), 1)
    assert "1 document added, 1 row refused" in texts(at)
    assert len(at.table) == 1
    assert len(at.dataframe) == 1


def test_an_import_that_was_cut_off_says_so(past: Installation, app: OpenApp) -> None:
    with past.db.writing() as session:
        session.get_one(Import, 2).remarks = None
    at = tick(app(Role.FINANCE, PAGE), 0)
    assert at.dataframe[0].value["Remark"].tolist() == ["cut off, or under way", ""]
    assert at.dataframe[0].value["Added"].isna().tolist() == [True, False]
    assert "was cut off, or is under way" in at.warning[0].value


def test_where_nothing_was_imported_the_page_says_what_to_do(
    installation: Installation, app: OpenApp
) -> None:
    at = app(Role.ANALYST, PAGE)
    assert files(at) == []
    assert "Nothing has been imported yet" in at.info[0].value


def test_the_download_holds_every_import_of_the_filter(
    past: Installation, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr("streamlit.download_button", lambda *_, data, **_of: made.append(data))
    app(Role.ANALYST, PAGE)
    head, *lines = made[-2]().decode().splitlines()
    assert "Rows refused" in head
    assert [line.split(";")[3] for line in lines] == ["customers.xlsx", "lines.xlsx"]
