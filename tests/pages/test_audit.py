"""The page of the audit trail: filters, pages, empty states, and no personal numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people.visitors import Visitor
from so24.store.people.audit import record
from so24.store.people.origins import COMMAND_LINE, Origin
from so24.store.tables.people_tables import Role
from so24.ui.parts import tables
from tests.pages.conftest import OpenApp, open_by_address
from tests.pages.test_users import press

PAGE = "audit"
OFFICE = Origin("203.0.113.7", "3f9a1c07", "Firefox on Windows")


@pytest.fixture
def trail(installation: Installation) -> Installation:
    """Four events of two people."""
    with installation.db.writing() as session:
        record(session, "fia", "import", "x.xlsx", "Kari 010190 12345", origin=COMMAND_LINE)
        record(session, "fia", "export", "run", "3 documents", origin=COMMAND_LINE)
        record(session, "ada", "user added", "kari", origin=COMMAND_LINE)
        record(session, "ada", "key added", "Oslo", origin=OFFICE)
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
    at = app(Role.ADMIN, PAGE)
    at.selectbox(key="audit_source").select(OFFICE.source).run()
    assert shown(at) == ["key added"]
    at.text_input(key="audit_login").input(" 3F9A1C07 ").run()
    assert shown(at) == ["key added"]
    at.text_input(key="audit_login").input("00000000").run()
    assert shown(at) == []


def test_what_a_page_does_says_in_which_login_and_from_where(
    app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Visitor("198.51.100.1", "Safari on iPhone")
    monkeypatch.setattr("so24.ui.frame.session.visitor", lambda: here)
    at = app(Role.ADMIN, "users")
    at.text_input(key="users_name").input("kari")
    press(at, "Add user")
    open_by_address(at, "account")
    [mine] = [text.value for text in at.run().main.markdown if "last seen" in text.value]
    at.switch_page("../../../pages/audit.py").run()
    first = at.dataframe[0].value.iloc[0]
    assert (first["What"], first["From"]) == ("user added", "198.51.100.1")
    assert first["Browser"] == "Safari on iPhone"
    assert first["Login"]
    assert f"login {first['Login']}]" in mine


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
    head, *lines = made[-2]().decode().splitlines()
    assert "Detail" in head
    assert [line.split(";")[2] for line in lines] == ["key added", "user added", "export", "import"]
