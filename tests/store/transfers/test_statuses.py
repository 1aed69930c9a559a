"""A transfer's status in SQL is the one that its line says, in sums and filters."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from so24.reasons import Reason
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.tallies import sum_transfers
from so24.store.transfers.transfer_list import STATUSES, TransferFilter, list_transfers
from so24.store.transfers.transfers import transfers_of_run
from tests.transfer.world import World


@pytest.mark.both
def test_sums_and_filters_go_by_the_words_of_the_lines(world: World) -> None:
    run_id = world.start(world.add_invoices(world.add_department(), len(State) + 3))
    with world.installation.db.writing() as session:
        rows = transfers_of_run(session, run_id)
        for row, state in zip(rows, State, strict=False):
            row.state, row.reason, row.retry_at = state, Reason.NONE, None
        later, approved, waiting = rows[-3:]
        later.state, later.reason = State.NOT_SENT, Reason.UNREACHABLE
        later.retry_at = now() + dt.timedelta(hours=1)
        approved.state, approved.reason = State.TRANSFERRED, Reason.WAITS_APPROVAL
        waiting.state, waiting.reason = State.QUEUED, Reason.WAITS_FOR_PASSWORD
    expected = dict.fromkeys((*STATUS_WORDS.values(), TRIED_LATER, FOR_APPROVAL, WAITS_FOR_KEY), 1)
    assert set(STATUSES) == set(expected)
    with world.installation.db.reading() as session:
        lines = list_transfers(session, TransferFilter())
        assert Counter(line.status for line in lines) == expected
        sums = sum_transfers(session, TransferFilter())
        assert {each.status: each.count for each in sums} == expected
        for words in STATUSES:
            found = list_transfers(session, TransferFilter(statuses=frozenset({words})))
            assert [line.status for line in found] == [words]
