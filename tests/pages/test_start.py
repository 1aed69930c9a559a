"""The page *Today*: tiles, each a link to its list, and what a new installation begins with."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.transfer.runs import start_run
from tests.pages.conftest import OpenApp, press_number
from tests.transfer.world import World

PAGE = "start"


def links(at: AppTest) -> dict[str, str]:
    """The links of the page by their labels, with what they put into the address."""
    found = [each.proto for each in at.main.get("page_link")]
    return {each.label: each.query_string for each in found}


def texts(at: AppTest) -> str:
    """All that is said in words."""
    said = [*at.markdown, *at.caption, *at.header, *at.success]
    return "\n".join(each.value for each in said)


def tiles(at: AppTest) -> dict[str, str]:
    """The figure of each tile."""
    return {each.label: each.value for each in at.metric}


@pytest.mark.parametrize(
    ("role", "first", "ways"),
    [
        (Role.ADMIN, "Activate 24SevenOffice", ["Marketplace", "Credentials", "Invoice overview"]),
        (Role.FINANCE, "a System Administrator does that", ["Invoice overview"]),
        (Role.ANALYST, "Finance imports RecMan's reports", []),
    ],
)
def test_a_new_installation_says_where_to_begin(
    app: OpenApp, role: Role, first: str, ways: list[str]
) -> None:
    at = app(role)
    assert not at.exception
    assert first in texts(at)
    assert [each for each in links(at) if each in ("Marketplace", "Credentials", *ways)] == ways
    assert set(tiles(at).values()) == {"0", "–"}
    said = [each.value for each in at.caption]
    assert {"No document has come in yet.", "There is no key yet."} <= set(said)
    assert "All keys and departments can send." not in said


def test_each_tile_leads_to_just_its_list(economy: World, app: OpenApp) -> None:
    economy.add_invoices(economy.add_department("30"), 2)  # no key serves it
    at = app(Role.FINANCE)
    assert tiles(at)["Open problems"] == tiles(at)["Not transferred"] == "2"
    assert links(at)["System Administrator: 2"] == "list=administrator"
    assert links(at)["The oldest first"] == "list=not-transferred"
    assert links(at)["Which, and why"] == "list=cannot-send"
    assert not at.dataframe  # nothing of it is Finance's
    for name, rows in (("administrator", 2), ("not-transferred", 2), ("finance", 0)):
        at.query_params["list"] = name
        at.run()
        assert not at.exception
        assert sum(len(each.value) for each in at.dataframe) == rows
    at.query_params["list"] = "cannot-send"
    assert "Department 30" in texts(at.run())


def test_who_may_not_see_invoices_sees_the_causes_and_no_document(
    economy: World, app: OpenApp
) -> None:
    economy.add_invoices(economy.add_department("30"), 2)
    at = app(Role.ANALYST)
    at.query_params["list"] = "administrator"
    at.run()
    assert "Add a key for the department under Credentials" in texts(at)
    assert not at.dataframe


def test_a_cause_is_a_list_of_its_own_and_an_unknown_one_is_empty(
    economy: World, app: OpenApp
) -> None:
    economy.add_invoices(economy.add_department("30"), 2)
    at = app(Role.ADMIN)
    query = links(at)["No key for this department: 2"]
    assert query == "list=administrator&cause=no_key"
    at.query_params["list"], at.query_params["cause"] = "administrator", "no_such_cause"
    at.run()
    assert not at.exception
    assert not at.dataframe


def test_a_document_of_the_list_opens_and_leads_to_its_receipt(
    economy: World, finance: Actor, app: OpenApp
) -> None:
    ids = economy.add_invoices(economy.add_department("30"), 1)
    run_id = start(economy.installation, finance, ids)
    at = app(Role.ADMIN)
    press_number(at, grid=0, row=0)
    assert not at.exception
    assert f"run={run_id}" in [each.proto.query_string for each in at.get("page_link")]
    assert "No original is kept" in texts(at)  # which the drawer says of a document


def test_a_run_is_told_on_every_page_with_a_way_to_its_receipt(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    assert not any(each.startswith("Run:") for each in links(app(Role.ANALYST, "history")))
    run_id = start(economy.installation, finance, invoices)
    for page in ("start", "history", "help"):
        at = app(Role.ANALYST, page)
        (badge,) = (each for each in links(at) if each.startswith("Run: 0 of 5 transferred"))
        assert links(at)[badge] == f"run={run_id}"
    assert tiles(app(Role.FINANCE))["Runs under way"] == "1"


def test_the_end_of_a_run_is_told_with_a_button_that_shows_how_things_are_now() -> None:
    def page() -> None:
        import streamlit as st

        from so24.ui.frame.run_badge import draw_badge

        st.session_state["pages_drawn"] = st.session_state.get("pages_drawn", 0) + 1
        draw_badge([], tells_progress=True)

    at = AppTest.from_function(page).run()
    assert "The run has ended" in at.markdown[0].value
    at = at.button(key="run_badge_anew").click().run()
    assert not at.exception
    assert at.session_state["pages_drawn"] == 3  # the press, and the page anew


def start(installation: Installation, actor: Actor, ids: list[int]) -> str:
    """Press the button as this user, with nobody there to do the work."""
    return start_run(Desk(installation, actor), ids, lambda session, lane: None)


def test_an_address_of_a_list_that_there_is_not_says_so(economy: World, app: OpenApp) -> None:
    at = app(Role.FINANCE)
    at.query_params["list"] = "nothing"
    told = [each.value for each in at.run().info]
    assert any("the list “nothing”, which there is not" in each for each in told), told
