"""A run of which nothing moves is told of, and one that waits for a reason is not."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import col

from so24.people.desk import Desk
from so24.reasons import Reason
from so24.states import ASKED_TO_WAIT, State
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import Transfer
from so24.transfer.receipt import read_receipt
from so24.transfer.standstill import find_standstills, tell_standstill
from tests.transfer.world import ADMIN, World

pytestmark = [pytest.mark.both, pytest.mark.made_up]


def told_of(world: World, run: str) -> str:
    """What the receipt says; the check finds the same."""
    receipt = read_receipt(Desk(world.installation, ADMIN), run)
    words = tell_standstill(world.installation.settings, receipt)
    assert [each.run_id for each in find_standstills(world.installation)] == [run] * bool(words)
    return words


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, True),
        ({"note": "Trying again: no answer."}, True),
        ({"note": f"{ASKED_TO_WAIT} 12:00:00 UTC."}, False),
        ({"state": State.UNKNOWN, "reason": Reason.WAITS_FOR_PASSWORD}, False),
        ({"state": State.NOT_SENT}, False),
    ],
)
def test_a_run_is_at_a_standstill_when_nothing_of_it_has_moved_for_too_long(
    world: World, values: dict[str, object], told: bool
) -> None:
    department = world.add_department()
    world.add_key([department])
    run = world.start(world.add_invoices(department, 2))
    assert told_of(world, run) == ""
    long_ago = now() - dt.timedelta(hours=1)
    with world.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(updated_at=long_ago, **values))
    assert ("Nothing of this run has moved since" in told_of(world, run)) is told
    with world.installation.db.writing() as session:
        session.execute(sa.update(Transfer).where(col(Transfer.id) == 1).values(updated_at=now()))
    assert told_of(world, run) == ""
