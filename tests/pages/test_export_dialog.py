"""The question before an export: what it shows, the look before it, and that just that is sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import Role
from so24.transfer.history import recent_runs
from so24.transfer.runs import start_run
from tests.pages.conftest import OpenApp, press_number
from tests.pages.test_invoices import PAGE, press, texts
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import World

pytestmark = pytest.mark.slow  # seconds each

SENT = "Will be created as a draft and invoiced."


def ask(app: OpenApp) -> AppTest:
    """Select everything and open the question."""
    return press(press(app(Role.FINANCE, PAGE), "Select all"), "24SevenOffice")


def rerun(at: AppTest) -> AppTest:
    """Run the page with the question still open: a browser would run the question alone."""
    at.button(key="invoices_send").click()
    at = at.run()
    assert not at.exception
    return at


def look(at: AppTest) -> AppTest:
    """Press *Look up in 24SevenOffice first*."""
    at.button(key="export_look").click()
    return rerun(at)


def documents(at: AppTest) -> Selectbox[str]:
    """The choice of a document in *What goes out*."""
    return next(each for each in at.selectbox if each.label == "Document")


def show(at: AppTest, place: int) -> AppTest:
    """Choose the document at this place in *What goes out*."""
    documents(at).select_index(place)
    return rerun(at)


def column(at: AppTest, name: str) -> list[Any]:
    """The only grid's column of this name, the page's own grid left out."""
    (found,) = (grid.value[name] for grid in at.dataframe[1:] if name in grid.value)
    return list(found)


def saves(world: World) -> int:
    """How many writes the sandbox has seen."""
    calls = world.control.calls()["operations"]
    return sum(count for name, count in calls.items() if name.startswith("Save"))


def test_first_it_shows_the_plan_without_any_call(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    economy.control.reset_calls()
    at = ask(app)
    assert [tab.label for tab in at.tabs] == [
        "Will be sent (5)", "Will not be sent (0)", "To be created (at most 7)",
        "Requests and time", "What goes out",
    ]  # fmt: skip
    assert column(at, "What will happen")[0].startswith("so24 looks it up in 24SevenOffice")
    assert "will be looked for, and created if missing" in texts(at)
    assert "at most" in at.table[1].value["Requests"].iloc[0]
    assert economy.control.calls()["requests"] == 0


def test_a_look_tells_what_will_happen_and_is_not_taken_again(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    at = look(ask(app))
    assert column(at, "What will happen") == [SENT + " Customer card: a new one."] * 5
    assert "5 will be created as a draft and invoiced" in texts(at)
    assert "will be created" in texts(at)
    assert "left" in at.table[1].value["Requests"].iloc[0]
    assert saves(economy) == 0
    requests = economy.control.calls()["requests"]
    at = show(at, 2)
    assert column(at, "What will happen") == [SENT + " Customer card: a new one."] * 5
    assert economy.control.calls()["requests"] == requests


def test_the_sources_own_total_is_told_before_and_after_a_look(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    with economy.installation.db.writing() as session:
        row = session.get_one(Invoice, invoices[0])
        row.stated_total = row.total + Decimal("0.10")
    at = ask(app)
    for _ in range(2):
        words = column(at, "What will happen")
        assert ["0,10\u00a0NOK more." in each for each in words] == [True] + [False] * 4
        at = look(at)


def test_what_is_there_already_is_told_before_anything_is_sent(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    enter_twin(economy, invoices)
    at = look(ask(app))
    (sent,) = column(at, "What will happen")
    assert sent == f"{SENT} Customer card: 30002 Kunde 0 AS, created by so24."
    told = column(at, "Why")[0]
    assert told.startswith("Will not be sent: probably there already. Order ")
    assert told.endswith("The total agrees.")
    assert at.table[0].value["Documents"].tolist() == ["1"]
    assert "**1** goes to 24SevenOffice; **1** will not go." in [each.value for each in at.markdown]


def test_a_look_while_a_run_is_under_way_says_so(
    installation: Installation, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    start_run(Desk(installation, finance), invoices[:1], lambda session, lane: None)
    at = look(ask(app))
    assert "is working in company" in texts(at).replace("\\", "")
    assert "Not everything could be looked up" in at.status[0].label


def test_a_look_that_24sevenoffice_refuses_leaves_the_plan(
    sandbox: SandboxServer, invoices: list[int], app: OpenApp
) -> None:
    sandbox.faults.arm(Fault("html", "GetProducts", times=0, status=503))
    at = look(ask(app))
    assert "503" in texts(at)
    assert "at most" in at.table[1].value["Requests"].iloc[0]
    assert not at.button(key="export_yes").disabled


def test_one_document_shows_the_rows_and_the_xml_that_go_out(
    invoices: list[int], app: OpenApp
) -> None:
    at = ask(app)
    assert documents(at).options[0] == "10-1001, Kunde 2 AS"
    assert column(at, "In 24SevenOffice") == ["will be looked for, else created"] * 2
    assert "RM-10-1001" in at.code[0].value
    at = show(look(at), 1)
    assert "RM-10-1002" in at.code[0].value
    assert column(at, "In 24SevenOffice") == ["will be created"] * 2


def exclude(installation: Installation, finance: Actor, ids: Sequence[int]) -> None:
    """Somebody else excludes a document meanwhile."""
    set_excluded(Desk(installation, finance), ids, "sent by hand")


def test_what_changed_since_is_shown_and_asked_again(
    installation: Installation, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    at = ask(app)
    exclude(installation, finance, invoices[1:2])
    at.button(key="export_yes").click()
    at = rerun(at)
    assert recent_runs(Desk(installation, finance)) == []
    told = texts(at).replace(chr(92), "")
    assert "Nothing was sent: 1 document is not as the preview has shown" in told
    (changed,) = (grid.value for grid in at.dataframe if "Was" in grid.value)
    assert changed.iloc[0, :3].tolist() == ["1002", "What happens", "will be sent"]
    assert column(at, "Is now") == ["Excluded from export. sent by hand"]
    assert "**4** go to 24SevenOffice; **1** will not go." in texts(at)
    assert (
        at.button(key="export_yes_1").label == "Send 4 as shown now"
    )  # not where Enter was pressed
    at.button(key="export_yes_1").click()
    at = rerun(at)
    assert len(recent_runs(Desk(installation, finance))) == 1
    assert at.title[0].value == "Receipts"


def test_what_was_looked_up_is_looked_up_anew_after_a_refusal(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    enter_twin(economy, invoices)
    at = look(ask(app))
    exclude(economy.installation, finance, invoices[4:])
    going = next(each for each in at.button if each.label.startswith("Send "))
    going.click()
    at = rerun(at)
    assert "Nothing was sent" in texts(at)
    assert any("probably there already" in each for each in column(at, "Why"))
    assert "Looked up " in texts(at)


def test_there_is_one_primary_button_in_the_question(invoices: list[int], app: OpenApp) -> None:
    at = ask(app)
    primary = {each.key for each in at.button if each.proto.type == "primary"}
    assert primary == {"export_yes", "invoices_send"}  # the page has the other


def test_warnings_are_named_before_anything_is_sent(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    with economy.installation.db.writing() as session:
        session.get_one(Invoice, invoices[0]).kid = "602244"
    at = ask(app)
    assert any("in spite of warnings" in each.label for each in at.expander)
    at.session_state["export_warnings"] = True  # opened by a press
    warnings = column(rerun(at), "Warning")
    assert any("602244" in each for each in warnings)


def test_a_press_on_a_number_shows_the_document_within_the_question(
    invoices: list[int], app: OpenApp
) -> None:
    at = ask(app)
    place = [index for index, grid in enumerate(at.dataframe) if "What will happen" in grid.value]
    press_number(at, place[0], 1)
    at = rerun(at)
    assert "**Invoice 1002, " in texts(at)
    assert "It was never sent." in texts(at)
    assert not any("Will be sent" in tab.label for tab in at.tabs)
    assert at.button(key="export_yes").label == "Send 5"
    at.button(key="export_back").click()
    assert rerun(at).tabs[0].label == "Will be sent (5)"
