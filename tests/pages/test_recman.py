"""RecMan connection: the key goes in and never comes out, fields are mapped, confirmed, used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from so24.amounts import GROUP
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.recman.connection import confirm_map, connect, view_connection
from so24.store.tables.people_tables import Role
from so24.ui.frame.flash import in_red
from tests.pages.conftest import OpenApp
from tests.sources.recman.papers import invoice, stand_in
from tests.sources.recman.standin import KEY, StandIn, serving

pytestmark = pytest.mark.slow

PAGE = "recman"


@pytest.fixture
def recman() -> Iterator[StandIn]:
    """A RecMan with two invoices."""
    with serving(stand_in(invoice("1001"), invoice("1002"))) as served:
        yield served


@pytest.fixture
def near(
    installation: Installation, recman: StandIn, monkeypatch: pytest.MonkeyPatch
) -> Installation:
    """The page's installation, with the stand-in as its RecMan."""
    monkeypatch.setattr(installation.settings, "recman_url", recman.address)
    return installation


def texts(at: AppTest) -> str:
    """All that stands on the page."""
    assert not at.exception
    found = [*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success, *at.toast]
    return "\n".join(each.value for each in found).replace(GROUP, " ").replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    """Press the one button with this label."""
    (button,) = (each for each in at.button if each.label == label)
    assert not button.disabled
    return button.click().run()


def test_a_key_connects_and_is_shown_nowhere_again(
    app: OpenApp, near: Installation, admin: Actor
) -> None:
    at = app(Role.ADMIN, PAGE)
    assert "RecMan is not connected" in texts(at)
    at.text_input(key="recman_key").input(KEY)
    press(at, "Connect")
    view = view_connection(Desk(near, admin))
    assert view is not None
    assert view.connected_by == "ada"
    assert "6 of 180 calls are used today" in texts(at).replace("*", "")
    assert KEY not in texts(at)
    assert at.text_input(key="recman_key").value == ""
    assert at.session_state["recman_key"] == ""


def test_a_refused_key_is_said_in_recmans_words_and_not_quoted(
    app: OpenApp, near: Installation
) -> None:
    at = app(Role.ADMIN, PAGE)
    at.text_input(key="recman_key").input("not-the-key-4711")
    press(at, "Connect")
    assert "Invalid key [key]" in texts(at)
    assert "not-the-key-4711" not in texts(at)
    assert at.session_state["recman_key"] == ""


def test_a_rerun_calls_nobody(
    app: OpenApp, near: Installation, admin: Actor, recman: StandIn
) -> None:
    connect(Desk(near, admin), KEY)
    made = len(recman.asked)
    at = app(Role.ADMIN, PAGE)
    for _ in range(3):
        at.run()
    fetching = app(Role.FINANCE, "invoices")
    fetching.run()
    assert not fetching.exception
    assert len(recman.asked) == made


def test_members_are_shown_with_their_types_and_no_value(
    app: OpenApp, near: Installation, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    shown = app(Role.ADMIN, PAGE).dataframe[0].value
    row = shown[(shown["Scope"] == "invoice") & (shown["Member"] == "lines.*.net")]
    assert list(row["Types"]) == ["number as text"]
    assert not any(value in shown.to_csv() for value in ("1001", "Nordvik", "1000.00", ",900"))


def test_guesses_stand_in_the_form_and_are_confirmed_by_a_press(
    app: OpenApp, near: Installation, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    at = app(Role.ADMIN, PAGE)
    assert field(at, "number").value == "invoiceNumber"
    press(at, "Confirm fields")
    assert "2 of 2 invoices reconcile" in texts(at)
    view = view_connection(Desk(near, admin))
    assert view is not None
    assert view.confirmed_by == "ada"


def test_a_field_that_is_taken_out_is_asked_for_and_withdraws_the_confirmation(
    app: OpenApp, near: Installation, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    confirm_map(Desk(near, admin))
    at = app(Role.ADMIN, PAGE)
    field(at, "total").select("")
    press(at, "Save fields")
    assert "Total (total)" in at.warning[0].value.replace("\\", "")
    assert "Confirm fields" not in [each.label for each in at.button]
    view = view_connection(Desk(near, admin))
    assert view is not None
    assert view.confirmed_at is None


def test_totals_that_do_not_reconcile_are_shown_and_not_confirmed(
    app: OpenApp, near: Installation, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    at = app(Role.ADMIN, PAGE)
    field(at, "net").select("total")
    press(at, "Save fields")
    press(at, "Confirm fields")
    assert "the nets of its lines add up to 1 000,00, but its net is 1 250,00" in texts(at)


def test_the_first_date_is_chosen_and_stands_beside_the_fetch(
    app: OpenApp, near: Installation, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    confirm_map(Desk(near, admin))
    at = app(Role.ADMIN, PAGE)
    at.date_input(key="recman_since_None").set_value(dt.date(2026, 11, 1))
    press(at, "Save first date")
    assert "Invoices dated before 01.11.2026 are left out." in texts(app(Role.FINANCE, "invoices"))


def test_disconnecting_asks_first(app: OpenApp, near: Installation, admin: Actor) -> None:
    connect(Desk(near, admin), KEY)
    at = press(app(Role.ADMIN, PAGE), "Disconnect")
    assert view_connection(Desk(near, admin)) is not None
    press(at, in_red("Yes, disconnect"))
    assert view_connection(Desk(near, admin)) is None


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
def test_nobody_else_opens_it(app: OpenApp, near: Installation, role: Role) -> None:
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app(role, PAGE)


def test_finance_fetches_in_the_invoice_overview_once_confirmed(
    app: OpenApp, near: Installation, admin: Actor, recman: StandIn
) -> None:
    assert "recman_fetch" not in [each.key for each in app(Role.FINANCE, "invoices").button]
    connect(Desk(near, admin), KEY)
    at = app(Role.FINANCE, "invoices")
    assert at.button(key="recman_fetch").disabled
    assert "RecMan's fields are not confirmed yet" in texts(at)
    confirm_map(Desk(near, admin))
    at = app(Role.FINANCE, "invoices")
    assert "Takes about 12 calls; 7 of today's 180 calls to RecMan are used." in texts(at)
    press(at, "Fetch from RecMan")
    assert set(at.dataframe[0].value["Number"]) == {"1001", "1002"}
    assert "RecMan (invoices by API): 2 documents added" in texts(at).replace("*", "")


def test_a_fetch_that_fails_says_why(
    app: OpenApp, near: Installation, admin: Actor, recman: StandIn
) -> None:
    connect(Desk(near, admin), KEY)
    confirm_map(Desk(near, admin))
    recman.refused_scopes.add("project")
    at = press(app(Role.FINANCE, "invoices"), "Fetch from RecMan")
    assert "RecMan refuses the scope “project”: Invalid scope" in texts(at)
    assert "There are no invoices yet" in texts(at)


def field(at: AppTest, name: str) -> Selectbox[str]:
    """The choice of one field."""
    (found,) = (each for each in at.selectbox if str(each.key).startswith(f"recman_field_{name}_"))
    return found
