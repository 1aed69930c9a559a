"""The page of the audit trail: filters, pages, empty states, and no personal numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.store.people.audit import record
from so24.store.tables.people_tables import Role
from so24.ui.parts import tables
from tests.pages.conftest import OpenApp

PAGE = "audit"


@pytest.fixture
def trail(installation: Installation) -> Installation:
    """Four events of two people."""
    with installation.db.writing() as session:
        record(session, "fia", "import", "x.xlsx", "Kari 010190 12345")
        record(session, "fia", "export", "run", "3 documents")
        record(session, "ada", "user added", "kari")
        record(session, "ada", "key added", "Oslo")
    return installation


def shown(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["What"]) if at.dataframe else []


def test_the_trail_is_shown_newest_first(trail: Installation, app: OpenApp) -> None:
    at = app(Role.ADMIN, PAGE)
    assert shown(at) == ["key added", "user added", "export", "import"]
    assert at.dataframe[0].value["Detail"].tolist()[-1] == "Kari [personal number]"
    assert "**4 events**" in [text.value for text in at.markdown]


def test_every_filter_narrows_it(trail: Installation, app: OpenApp) -> None:
    at = app(Role.ADMIN, PAGE)
    at.selectbox(key="audit_actor").select("fia").run()
    assert shown(at) == ["export", "import"]
    at.multiselect(key="audit_kinds").set_value(["import", "key added"]).run()
    assert shown(at) == ["import"]
    at.date_input(key="audit_period").set_value((dt.date(2025, 1, 1), dt.date(2025, 12, 31))).run()
    assert shown(at) == []
    assert "No event matches these filters" in at.info[0].value


def test_a_long_trail_is_turned_page_by_page(
    trail: Installation, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = app(Role.ADMIN, PAGE)
    assert not at.pagination, "one page is enough"
    monkeypatch.setattr("so24.ui.parts.tables.ROWS", 3)
    assert tables.ROWS == 3
    at = app(Role.ADMIN, PAGE)
    assert shown(at) == ["key added", "user added", "export"]
    at.pagination[0].set_value(2).run()
    assert shown(at) == ["import"]
    at.selectbox(key="audit_actor").select("ada").run()
    assert shown(at) == ["key added", "user added"], "this filter has one page only"


def test_where_there_is_no_event_the_page_says_so(installation: Installation, app: OpenApp) -> None:
    at = app(Role.ADMIN, PAGE)
    assert shown(at) == []
    assert "No event matches these filters" in at.info[0].value


def test_the_download_holds_every_event_of_the_filter(
    trail: Installation, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr("streamlit.download_button", lambda *_, data, **_of: made.append(data))
    app(Role.ADMIN, PAGE)
    head, *lines = made[-1]().decode().splitlines()
    assert "Detail" in head
    assert [line.split(";")[2] for line in lines] == ["key added", "user added", "export", "import"]
