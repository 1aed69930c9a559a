"""The page that says what is kept, gives out all about one person, and purges after a question."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.kept import purge
from so24.people import logins
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.people.audit import latest_events
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from so24.ui.frame.flash import in_red
from tests.pages.conftest import OpenApp
from tests.pages.test_invoices import press, texts
from tests.pages.test_originals import Downloads
from tests.sources.report_files import as_report, line

LINES = as_report(line({"Invoice date": "18.11.2026"}, number="900"))


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """What each download on the page reads when it is pressed, by the name of its file."""
    made: Downloads = {}

    def note(_label: str, data: Callable[[], bytes], file_name: str, **_: object) -> None:
        made[file_name] = data

    monkeypatch.setattr("streamlit.download_button", note)
    return made


@pytest.fixture
def past(installation: Installation, finance: Actor) -> Installation:
    """A report that was imported."""
    import_files(Desk(installation, finance), [("lines.xlsx", LINES)])
    return installation


def test_it_says_what_is_kept_why_and_how_long(past: Installation, app: OpenApp) -> None:
    at = app(Role.ADMIN, "kept")
    assert not at.exception
    table = at.table[0].value
    assert table.loc["Documents", "Rows"] == 2
    assert "5 years" in str(table.loc["Documents", "How long"])
    assert "No details' time is over" in texts(at)


def test_all_about_a_customer_or_a_user_is_downloaded_and_audited(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = app(Role.ADMIN, "kept")
    at.text_input(key="kept_customer").set_value("77").run()
    assert "There is no customer 77" in at.error[0].value
    at.text_input(key="kept_customer").set_value("5001").run()
    assert json.loads(downloads["customer.json"]())["about"] == "customer 5001"
    at.selectbox(key="kept_user").select("fia").run()
    assert json.loads(downloads["user.json"]())["about"] == "user fia"
    with past.db.reading() as database:
        event = latest_events(database)[0]
    assert (event.actor, event.action) == ("ada", "kept data given out")


def test_a_press_after_the_login_has_ended_gets_nothing(
    past: Installation, app: OpenApp, downloads: Downloads
) -> None:
    at = app(Role.ADMIN, "kept")
    at.text_input(key="kept_customer").set_value("5001").run()
    logins.close_session(past, at.session_state[session.SECRET])
    with pytest.raises(NotAllowed):
        downloads["customer.json"]()


def test_what_is_over_is_purged_after_the_question(
    past: Installation, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "today", lambda: dt.date(2032, 1, 1))
    at = app(Role.ADMIN, "kept")
    assert "1 documents, 1 customers, 0 imports, up to the year 2026" in texts(at)
    press(at, "Purge details")
    press(at, in_red("Yes, purge"))
    assert not at.exception
    assert "No details' time is over" in texts(at)
