"""Two passes over the same documents: an old look ends nothing that another worker has written."""

from __future__ import annotations

import pytest

from so24.store.documents.documents import load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.transfers import Move, transfers_of_run
from so24.transfer.lane.lane_document import begin_item
from so24.transfer.lane.lane_pass import Journey
from tests.transfer.world import World

pytestmark = pytest.mark.both


@pytest.fixture
def run(world: World) -> str:
    """A run of one document that nobody has worked on."""
    department = world.add_department()
    world.add_key([department])
    return world.start(world.add_invoices(department, 1))


def begin(world: World, run: str) -> Journey:
    """A pass over the run's document, as it stands now."""
    row = standing(world, run)
    with world.installation.db.reading() as session:
        [document] = load_documents(session, [row.invoice_id])
        key = key_of_lane(session, row.key_id or 0)
    return Journey(world.installation, key, [begin_item(row, document)], "lane", 50, set())


def standing(world: World, run: str) -> Transfer:
    with world.installation.db.reading() as session:
        [row] = transfers_of_run(session, run)
    return row


@pytest.mark.parametrize(
    "end", [State.NOT_SENT, State.CANCELLED, State.EXISTS, State.DIFFERS, State.REFUSED]
)
def test_an_end_seen_before_another_worker_wrote_is_left_to_that_worker(
    world: World, run: str, end: State
) -> None:
    slow, quick = begin(world, run), begin(world, run)
    [item] = quick.items
    assert quick.intend({item: Move(State.INVOICING)}) == [item]
    slow.move({slow.items[0]: Move(end)})
    assert slow.items == []
    assert standing(world, run).state is State.INVOICING


def test_what_was_seen_booked_is_transferred_whoever_has_written_since(
    world: World, run: str
) -> None:
    slow, quick = begin(world, run), begin(world, run)
    quick.intend({quick.items[0]: Move(State.INVOICING)})
    slow.move({slow.items[0]: Move(State.TRANSFERRED)})
    assert standing(world, run).state is State.TRANSFERRED


def test_a_worker_ends_what_it_has_written_itself(world: World, run: str) -> None:
    journey = begin(world, run)
    [item] = journey.items
    journey.intend({item: Move(State.INVOICING)})
    journey.move({item: Move(State.REFUSED)})
    assert standing(world, run).state is State.REFUSED


@pytest.mark.parametrize(
    ("end", "looks"), [(State.NOT_SENT, True), (State.CANCELLED, True), (State.TRANSFERRED, False)]
)
def test_what_was_sent_and_is_not_seen_booked_is_looked_at_once_more(
    world: World, run: str, end: State, looks: bool
) -> None:
    journey = begin(world, run)
    [item] = journey.items
    journey.intend({item: Move(State.PREPARING, values={"payload_hash": "of a draft"})})
    journey.move({item: Move(end)})
    assert (standing(world, run).look_again_at is not None) is looks


def test_what_was_never_sent_needs_no_other_look(world: World, run: str) -> None:
    journey = begin(world, run)
    journey.move({journey.items[0]: Move(State.NOT_SENT)})
    assert standing(world, run).look_again_at is None
