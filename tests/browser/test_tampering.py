"""Widgets, fragments and pages of one user, sent back by others: nothing of it does anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from so24.people.users import DEMO_USERS
from so24.ui.frame.shell import ENTRIES
from tests.browser.conftest import RunningApp
from tests.browser.tabs import Tab, cookies_of, end_logins, greet, open_tab
from tests.browser.tampering import GRIDS, Drawn, press, sign_in

pytestmark = pytest.mark.slow

ADA, FIA, ANN = DEMO_USERS
NOBODY = "Forgotten your password?"
WATCHED = (
    "office_key", "key_department", "department", "activation", "recman_connection", "invoice",
    "customer", "product", "customer_link", "product_link", "order_link", "run", "transfer",
    "import_run", "original", "shown_preview", "credit_statement", "recovery_code",
    "company_identity",
)  # fmt: skip
USERS = "SELECT name, role, active, password_hash, second_factor_sealed FROM user_account"
COMING_AND_GOING = {"login", "login refused", "logout", "access refused"}


def draw_all(tab: Tab) -> Drawn:
    """Every page as this tab's user sees it, and with the first row of each list ticked."""
    drawn = Drawn()
    for entry in ENTRIES:
        tab.run(entry.name)
        drawn.add(tab.received)
        ticks = {each for each in drawn.widgets if each[0] in GRIDS}
        tab.answer(press(ticks))
        drawn.add(tab.received)
    return drawn


def tampered(drawn: Drawn) -> Iterator[BackMsg]:
    """Requests with all that was drawn for somebody else; what is pressed counts before a page."""
    for page in ("users", "credentials", "help"):
        yield press(drawn.widgets, page=drawn.pages[page])


def contents_of(app: RunningApp) -> dict[str, list[tuple[object, ...]]]:
    """What the tables hold that a press may change, and who has done what."""
    asked = {name: f"SELECT * FROM {name}" for name in WATCHED}  # noqa: S608 - names of ours
    asked |= {"users": USERS, "done": "SELECT DISTINCT actor, action FROM audit_event"}
    connection = sqlite3.connect(f"file:{app.data_dir / 'so24.db'}?mode=ro", uri=True)
    try:
        held = {name: connection.execute(each).fetchall() for name, each in asked.items()}
    finally:
        connection.close()
    held["done"] = sorted(each for each in held["done"] if each[1] not in COMING_AND_GOING)
    return held


def test_what_was_drawn_for_an_administrator_does_nothing_for_others(web_app: RunningApp) -> None:
    with open_tab(web_app, cookies_of(web_app, ADA.name)) as hers:
        drawn = draw_all(hers)
    assert len(drawn.widgets) > 60, "all that there is"
    before = contents_of(web_app)
    for name in (FIA.name, ANN.name, ""):
        cookies = cookies_of(web_app, name) if name else greet(web_app)
        with open_tab(web_app, cookies) as theirs:
            theirs.run()
            for asked in tampered(drawn):
                theirs.answer(asked)
    assert contents_of(web_app) == before


def test_nor_does_it_in_the_very_tab_when_somebody_else_has_signed_in_there(
    web_app: RunningApp,
) -> None:
    with open_tab(web_app, cookies_of(web_app, ADA.name)) as tab:
        drawn = draw_all(tab)
        end_logins(web_app, ADA.name)
        before = contents_of(web_app)
        assert NOBODY in tab.run()
        for asked in tampered(drawn):
            assert "**ada**" not in tab.answer(asked)
        assert f"**{ANN.name}**" in sign_in(tab, ANN)
        for asked in tampered(drawn):
            assert "**ada**" not in tab.answer(asked)
    assert contents_of(web_app) == before


def test_what_polls_for_an_administrator_stops_when_the_login_has_ended(
    web_app: RunningApp,
) -> None:
    with open_tab(web_app, cookies_of(web_app, ADA.name)) as tab:
        tab.run("invoices")
        drawn = Drawn()
        drawn.add(tab.received)
        [page] = {each.new_session.page_script_hash for each in tab.received} - {""}
        [fragment] = drawn.fragments
        before = contents_of(web_app)
        end_logins(web_app, ADA.name)
        assert NOBODY in tab.answer(press(drawn.widgets, page=page, fragment=fragment))
    assert contents_of(web_app) == before


def test_what_is_sent_so_counts_where_it_is_ones_own(web_app: RunningApp) -> None:
    with open_tab(web_app, cookies_of(web_app, ADA.name)) as tab:
        tab.run("users")
        drawn = Drawn()
        drawn.add(tab.received)
        [leave] = [each for each in drawn.widgets if each[1].endswith("so24_leave")]
        assert NOBODY in tab.answer(press([leave]))
