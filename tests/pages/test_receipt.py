"""The receipt page: live, reload-proof, with cards for what a person has to do."""

from __future__ import annotations

import datetime as dt

from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.invoices.declarations import declare_same, read_decisions
from so24.people import users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.store.tables.document_tables import Invoice
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import transfers_of_run
from so24.transfer.history import recent_runs
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run, stop_run
from so24.ui.frame.flash import in_red
from tests.pages.conftest import OpenApp
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import World

PAGE = "receipt"


def open_receipt(app: OpenApp, run_id: str, role: Role = Role.FINANCE) -> AppTest:
    """Open the receipt of this run, as its link does."""
    at = app(role, PAGE)
    at.query_params["run"] = run_id
    return at.run()


def start(installation: Installation, actor: Actor, ids: list[int]) -> str:
    """Press the button as this user, with nobody there to do the work."""
    return start_run(Desk(installation, actor), ids, lambda session, lane: None)


def states(at: AppTest) -> list[str]:
    """The states in the grid, in its order."""
    return [words for (words,) in at.dataframe[0].value["Status"]]


def button(at: AppTest, label: str) -> list[str]:
    """The labels of the buttons that begin so."""
    return [each.label for each in at.button if each.label.startswith(label)]


def press(at: AppTest, label: str) -> AppTest:
    """Press the one button whose label begins so."""
    (found,) = (each for each in at.button if each.label.startswith(label))
    return found.click().run()


def test_without_any_run_it_says_how_a_receipt_begins(economy: World, app: OpenApp) -> None:
    at = app(Role.FINANCE, PAGE)
    assert "No receipt to show" in at.info[0].value
    assert not at.dataframe


def test_a_document_that_waits_for_its_key_has_a_card_that_says_who_mends_it(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    with economy.installation.db.writing() as session:
        for row in transfers_of_run(session, run_id):
            row.state, row.reason = State.UNKNOWN, Reason.stored("waits_for_password")
            row.words = "Key “key oslo” could not log in on 22.11.2026."
    at = open_receipt(app, run_id)
    assert states(at) == ["⟳ waits for its key"] * 5
    assert "5 wait for their key" in [each.delta for each in at.metric]
    assert "What needs a person" in [each.value for each in at.header]
    card = " ".join(each.value for each in at.markdown)
    assert "24SevenOffice refused the key's password" in card
    assert "Replace the key's password under Credentials" in card
    assert "**Who:** System Administrator" in card
    assert button(at, "Retry") == []


def test_a_live_run_shows_its_states_and_can_be_stopped(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    at = open_receipt(app, run_id)
    assert states(at) == ["⟳ queued"] * 5
    assert at.progress[0].text.startswith("0 of 5 transferred, under way for ")
    at = press(press(at, "Stop"), in_red("Yes, stop"))
    assert read_receipt(Desk(economy.installation, finance), run_id).stopping
    assert "stopping" in at.progress[0].text
    moving = {each.label: each.delta for each in at.metric}
    assert moving["In transfer"] == "being stopped"


def test_a_run_of_which_nothing_moves_is_told_and_never_called_going_on_by_itself(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    at = open_receipt(app, run_id)
    assert not at.warning
    assert "goes on by itself" in [each.delta for each in at.metric]
    with economy.installation.db.writing() as session:
        for row in transfers_of_run(session, run_id):
            row.updated_at = now() - dt.timedelta(hours=1)
    at.run()
    assert "Nothing of this run has moved since" in at.warning[0].value
    assert "does not move" in [each.delta for each in at.metric]
    assert "goes on by itself" not in [each.delta for each in at.metric]


def test_the_end_of_the_run_is_told_once(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    at = open_receipt(app, run_id)
    economy.work(run_id)
    at.run()
    assert states(at) == ["✔ transferred"] * 5
    assert at.metric[0].value == "5"
    assert not button(at, "Stop")
    assert not button(at, "Retry")


def test_a_stopped_run_that_sent_nothing_says_so_everywhere(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    stop_run(Desk(economy.installation, finance), run_id)
    at = open_receipt(app, run_id)
    economy.work(run_id)
    at.run()
    assert states(at) == ["◌ cancelled"] * 5
    (cancelled,) = (each for each in at.metric if each.label == "Cancelled")
    assert (cancelled.value, cancelled.delta) == ("5", "not sent")
    assert button(at, "Retry") == ["Retry 5"]


def test_the_newest_run_of_the_user_is_the_default_and_the_address_keeps_it(
    economy: World, finance: Actor, admin: Actor, invoices: list[int], app: OpenApp
) -> None:
    own = start(economy.installation, finance, invoices[:1])
    other = start(economy.installation, admin, invoices[1:])
    at = app(Role.FINANCE, PAGE)
    assert at.query_params["run"] == own
    assert states(at) == ["⟳ queued"]
    at.selectbox[0].set_value(other).run()
    assert at.query_params["run"] == other
    assert len(states(at)) == 4


def test_an_unknown_run_gets_a_sentence_and_the_way_to_the_others(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    at = open_receipt(app, "doesnotexist")
    assert "There is no run “doesnotexist” here" in at.error[0].value
    assert "No run has been started here yet." in at.error[0].value
    assert not at.info
    run_id = start(economy.installation, finance, invoices[:1])
    at = open_receipt(app, "doesnotexist")
    assert "Choose one above." in at.error[0].value
    (choice,) = (each for each in at.selectbox if each.label == "Run")
    assert (choice.value, len(choice.options)) == (None, 1)
    at.query_params["run"] = run_id
    assert not at.run().error


def test_an_analyst_is_told_whose_receipts_come_here(economy: World, app: OpenApp) -> None:
    at = app(Role.ANALYST, PAGE)
    assert "Finance sends the documents" in at.info[0].value


def test_failed_documents_have_a_card_and_can_be_retried(
    economy: World, finance: Actor, app: OpenApp
) -> None:
    department = economy.add_department("30")
    ids = economy.add_invoices(department, 2)  # no key serves it
    run_id = start(economy.installation, finance, ids)
    at = open_receipt(app, run_id)
    assert states(at) == ["✖ login"] * 2
    text = "\n".join(each.value for each in at.markdown)
    assert "No key for this department** – 2 documents" in text
    assert "**Who:** System Administrator" in text
    assert not button(at, "Retry")  # nothing has changed: they would only end so again
    economy.add_key([department])
    at = press(at.run(), "Retry 2")
    at = press(at, "Send")
    [newest, *_] = recent_runs(Desk(economy.installation, finance))
    assert at.query_params["run"] == newest.run_id != run_id


def test_what_is_settled_since_is_no_problem_on_the_receipt_any_more(
    economy: World, finance: Actor, app: OpenApp
) -> None:
    department = economy.add_department("30")
    ids = economy.add_invoices(department, 3)
    run_id = start(economy.installation, finance, ids)  # no key serves it
    economy.add_key([department])
    economy.export(ids[:1])
    set_excluded(Desk(economy.installation, finance), ids[1:2], "sent by hand")
    at = open_receipt(app, run_id)
    assert states(at) == ["◌ transferred", "◌ left out", "◌ can be sent"]
    counts = {each.label: each.value for each in at.metric}
    stand = (counts["Errors"], counts["Can be sent now"], counts["Settled since"])
    assert stand == ("0", "1", "2")
    assert "What needs a person" not in [each.value for each in at.header]
    told = " ".join(each.value for each in at.caption)
    assert "Another run has transferred it" in told
    assert "sent by hand" in told
    assert button(at, "Retry") == ["Retry 1"]


def test_a_difference_says_of_what_it_is_where_not_all_is_there(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    with economy.installation.db.writing() as session:
        session.get_one(Invoice, invoices[4]).currency = "EUR"  # which the key does not carry
    run_id = economy.start(invoices)
    assert not [
        each.value for each in open_receipt(app, run_id).markdown if "difference" in each.value
    ]
    economy.work(run_id)
    [told] = [
        each.value for each in open_receipt(app, run_id).markdown if "difference" in each.value
    ]
    of_what = told.partition("difference ")[2]
    assert of_what.replace("\u00a0", " ").startswith("0,00 NOK in the 4 documents of which")
    assert "EUR" not in of_what


def test_only_problems_hides_what_went_well(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    keyless = economy.add_invoices(economy.add_department("30"), 1, first=2001)
    run_id = start(economy.installation, finance, [*invoices, *keyless])
    economy.work(run_id)
    at = open_receipt(app, run_id)
    assert len(states(at)) == 6
    at.toggle(key="receipt_only_problems").set_value(True).run()
    assert states(at) == ["✖ login"]


def test_a_person_says_that_it_is_another_document(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    order_id = enter_twin(economy, invoices)
    run_id = start(economy.installation, finance, invoices[3:4])
    economy.work(run_id)
    at = press(open_receipt(app, run_id), "Another document")
    assert not read_decisions(Desk(economy.installation, finance), invoices)[
        invoices[3]
    ].other_orders
    at = press(at, "Yes, another document")
    decided = read_decisions(Desk(economy.installation, finance), invoices)[invoices[3]]
    assert decided.other_orders == (order_id,)
    assert any("said to be another document" in each.value for each in at.caption)
    assert not button(at, "Same document")


def test_an_answer_that_comes_too_late_is_refused_in_sight(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices[:1])
    with economy.installation.db.writing() as session:
        [row] = transfers_of_run(session, run_id)
        row.state, row.reason, row.order_id = State.EXISTS, Reason.EXISTS_PROBABLY, 4711
    at = press(open_receipt(app, run_id), "Another document")
    declare_same(Desk(economy.installation, finance), invoices[0])
    at = press(at, "Yes, another document")
    [refused] = [each.value for each in at.error]
    assert refused in [each.value for each in at.toast], "the page may be long"


def test_an_analyst_sees_everything_and_changes_nothing(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    enter_twin(economy, invoices)
    run_id = start(economy.installation, finance, invoices[3:])
    economy.work(run_id)
    at = open_receipt(app, run_id, Role.ANALYST)
    assert states(at) == ["✖ exists", "✔ transferred"]
    changing = ("Stop", "Retry", "Same document", "Another document")
    assert not [each.label for each in at.button if each.label.startswith(changing)]


def test_a_receipt_closes_for_whoever_has_lost_the_login(
    economy: World, finance: Actor, admin: Actor, invoices: list[int], app: OpenApp
) -> None:
    at = open_receipt(app, start(economy.installation, finance, invoices))
    users.deactivate(Desk(economy.installation, admin), "fia")
    at.run()
    assert not at.dataframe


def test_a_search_shows_the_lines_that_it_means(
    invoices: list[int], economy: World, app: OpenApp
) -> None:
    economy.export(invoices)
    at = app(Role.ANALYST, "receipt")
    at.text_input(key="receipt_search").input("kunde 1").run()
    assert set(at.dataframe[0].value["Customer"]) == {"Kunde 1 AS"}
    at.text_input(key="receipt_search").input("6 560,63").run()
    assert len(at.dataframe[0].value) == 5
    at.text_input(key="receipt_search").input("1003").run()
    assert at.dataframe[0].value["Number"].tolist() == ["1003"]
