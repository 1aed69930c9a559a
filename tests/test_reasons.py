"""The catalogue of reasons: each has its words, and one of another release is read all the same."""

from __future__ import annotations

import copy
import pickle

import pytest
import sqlalchemy as sa

from so24.reasons import ADMIN, Reason
from so24.states import OPEN, State
from so24.store.history.events import events_of
from so24.store.history.verification import verify_history
from so24.store.tables.transfer_tables import Transfer
from so24.store.transfers.transfers import Move, move_transfers, transfers_of_run
from tests.transfer.claims import CLAIMS
from tests.transfer.world import World

OF_ANOTHER_RELEASE = "lost_on_the_moon"


def test_what_the_store_keeps_of_a_reason_is_its_name_in_small_letters() -> None:
    assert all(reason.value == reason.name.lower() for reason in set(Reason) - {Reason.NONE})
    assert Reason.NONE.value == ""
    assert max(map(len, Reason)) <= 64


def test_every_reason_that_can_be_stored_says_what_happened_what_to_do_and_who_does_it() -> None:
    silent = {Reason.NONE, Reason.WOULD_BE_SENT, Reason.NOT_LOOKED_UP}
    cards = [reason.card for reason in set(Reason) - silent]
    assert all(card.title and card.remedy and card.who for card in cards)
    assert not any(reason.card.sentence for reason in silent)


@pytest.mark.parametrize("reason", list(Reason))
def test_who_is_told_of_a_page_or_a_setting_is_told_who_has_it(reason: Reason) -> None:
    told = f"{reason.card.who} {reason.card.remedy}"
    if reason.card.names_credentials or "SO24_" in told:
        assert ADMIN in told


def test_a_reason_of_another_release_stays_what_it_is_and_has_a_neutral_card() -> None:
    reason = Reason.stored(OF_ANOTHER_RELEASE)
    assert reason == OF_ANOTHER_RELEASE
    assert OF_ANOTHER_RELEASE in reason.card.title
    assert reason not in set(Reason)
    assert copy.deepcopy(reason) == pickle.loads(pickle.dumps(reason)) == reason  # noqa: S301 - just dumped


@pytest.mark.slow
def test_a_transfer_that_another_release_has_ended_is_shown_moved_and_verified(
    world: World,
) -> None:
    department = world.add_department()
    world.add_key([department])
    [invoice_id] = world.add_invoices(department, 1)
    run = world.start([invoice_id])
    with world.installation.db.writing() as session:
        [row] = transfers_of_run(session, run)
        told = Move(State.PREPARING, Reason.stored(OF_ANOTHER_RELEASE))
        move_transfers(session, {row.row_id: told}, "lane of another release")
        stored = sa.text("select reason from transfer")
        assert session.execute(stored).scalars().all() == [OF_ANOTHER_RELEASE]
    [line] = world.receipt(run)
    assert OF_ANOTHER_RELEASE in line.explanation
    assert [row.state for row in world.work(run)] == [State.TRANSFERRED]
    with world.installation.db.reading() as session:
        events = events_of(session, invoice_id)
        assert verify_history(session).breaks == ()
        assert session.get_one(Transfer, row.row_id).reason is Reason.NONE
    assert OF_ANOTHER_RELEASE in [event.reason for event in events]


def test_every_reason_has_a_claim_that_the_histories_of_all_tests_are_held_against() -> None:
    assert set(CLAIMS) == set(Reason)


def test_every_state_is_either_open_or_transferred_or_failed_or_cancelled() -> None:
    ends = {state for state in State if state.is_failed} | {State.TRANSFERRED, State.CANCELLED}
    assert ends == set(State) - set(OPEN)
    assert {state for state in State if state.is_live} == {*OPEN, State.TRANSFERRED}
    assert {state.public_name for state in OPEN} == {"in_transfer"}
