"""The receipt's card for what is tried again by itself: when, and a way to stop that."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from so24.people.roles import Actor
from so24.reasons import Reason
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import transfers_of_run
from tests.pages.conftest import OpenApp
from tests.pages.test_receipt import button, open_receipt, press, start, states
from tests.transfer.world import World


def leave_for_later(world: World, run_id: str) -> None:
    """24SevenOffice did not answer; the time of the third retry is an hour from now."""
    with world.installation.db.writing() as session:
        for row in transfers_of_run(session, run_id):
            row.state, row.reason, row.words = State.NOT_SENT, Reason.UNREACHABLE, "No answer."
            row.retry_at, row.retries = now() + dt.timedelta(hours=1), 2


def test_a_card_says_when_it_is_tried_again_and_can_stop_that(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    leave_for_later(economy, run_id)
    at = open_receipt(app, run_id)
    assert states(at) == ["⟳ tried again later"] * 5
    assert [each.value for each in at.header] == ["Tried again by itself"]
    card = " ".join(each.value for each in at.markdown)
    assert "Will be tried again by itself at " in card
    assert "(attempt 3 of 6)" in card
    assert "**Who:** nobody" in card
    counts = {each.label: each.value for each in at.metric}
    assert (counts["Tried again later"], counts["Errors"]) == ("5", "0"), "not of the errors"
    assert at.progress[0].text == "0 of 5 transferred, 5 tried again later"
    at = press(press(at, "Stop trying"), "Yes, stop trying")
    assert states(at) == ["✖ not sent"] * 5
    assert [each.value for each in at.header] == ["What needs a person"]
    assert button(at, "Stop trying") == []
    assert button(at, "Retry") == ["Retry 5"]


def test_who_may_only_look_sees_when_and_cannot_stop_it(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    leave_for_later(economy, run_id)
    at = open_receipt(app, run_id, Role.ANALYST)
    assert "(attempt 3 of 6)" in " ".join(each.value for each in at.markdown)
    assert button(at, "Stop trying") == []


def test_today_tells_of_them_without_calling_them_problems(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    leave_for_later(economy, run_id)
    at = app(Role.FINANCE, "start")
    at.query_params["list"] = "tried-again"
    at.run()
    tiles = {each.label: each.value for each in at.metric}
    assert (tiles["Open problems"], tiles["Not transferred"]) == ("0", "5")
    told = " ".join(each.value for each in (*at.caption, *at.markdown, *at.header))
    assert "Not sent, and tried again by itself" in told
    assert "the receipt says when, and can stop that" in told
    assert "status page" not in told


def test_the_history_sums_and_filters_by_the_words_of_its_list(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    run_id = start(economy.installation, finance, invoices)
    leave_for_later(economy, run_id)
    with economy.installation.db.writing() as session:
        first, second, third, *_ = transfers_of_run(session, run_id)
        first.retry_at = None
        second.state, second.reason = State.QUEUED, Reason.WAITS_FOR_PASSWORD
        third.state, third.reason = State.TRANSFERRED, Reason.WAITS_APPROVAL
    at = app(Role.ANALYST, "history")
    counts, lines = at.dataframe[0].value, at.dataframe[1].value
    summed = {status[0]: int(count) for status, count in zip(counts["Status"],
              counts["Transfers"], strict=True)}  # fmt: skip
    assert summed == Counter(status[0] for status in lines["Status"])
    assert summed == {
        "✔ transferred, waits for approval": 1,
        "⟳ tried again later": 2,
        "⟳ waits for its key": 1,
        "✖ not sent": 1,
    }
    for status, count in summed.items():
        at.multiselect(key="history_states").set_value([status]).run()
        assert [each[0] for each in at.dataframe[1].value["Status"]] == [status] * count
