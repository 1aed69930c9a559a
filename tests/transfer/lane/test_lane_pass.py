"""Two passes over the same documents: an old look ends nothing that another worker has written."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.store.documents.documents import load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.links.links import bind_orders, bindings, release_order
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.lost_writes import SENDING
from so24.store.transfers.transfers import Move, transfers_of_run
from so24.transfer.lane.bind import adopt_drafts, miss_order
from so24.transfer.lane.lane_document import begin_document
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.look_up import read_bindings
from so24.transfer.lane.store_recorder import StoreRecorder
from so24.transfer.order.what_is_there import Match, Presence
from tests.transfer.papers import order
from tests.transfer.world import CLIENT, World

ORDER = 20001
INVOICING = Move(State.INVOICING, values={"order_id": ORDER})


pytestmark = [pytest.mark.both, pytest.mark.made_up]


@pytest.fixture
def run(world: World) -> str:
    """A run of one document that nobody has worked on, though an order is bound to it."""
    department = world.add_department()
    world.add_key([department])
    [document] = ids = world.add_invoices(department, 1)
    with world.installation.db.writing() as session:
        bind_orders(session, CLIENT, {document: ORDER})
    return world.start(ids)


def begin(world: World, run: str) -> LanePass:
    """A pass over the run's document, as it stands now."""
    row = standing(world, run)
    with world.installation.db.reading() as session:
        [document] = load_documents(session, [row.invoice_id])
        key = key_of_lane(session, row.key_id or 0)
    recorder = StoreRecorder(world.installation.db, key.client_id, run, "lane")
    settle = dt.timedelta(seconds=world.installation.settings.settle)
    return LanePass(key, [begin_document(row, document)], recorder, settle, batch_size=50)


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
    [doc] = quick.documents
    assert quick.intend({doc: INVOICING}) == [doc]
    slow.move({slow.documents[0]: Move(end)})
    assert slow.documents == []
    assert standing(world, run).state is State.INVOICING


def test_what_was_seen_booked_is_transferred_whoever_has_written_since(
    world: World, run: str
) -> None:
    slow, quick = begin(world, run), begin(world, run)
    quick.intend({quick.documents[0]: INVOICING})
    slow.move({slow.documents[0]: Move(State.TRANSFERRED)})
    assert standing(world, run).state is State.TRANSFERRED


def test_a_worker_ends_what_it_has_written_itself(world: World, run: str) -> None:
    lane_pass = begin(world, run)
    [doc] = lane_pass.documents
    lane_pass.intend({doc: INVOICING})
    lane_pass.move({doc: Move(State.REFUSED)})
    assert standing(world, run).state is State.REFUSED


@pytest.mark.parametrize(
    ("end", "looks"), [(State.NOT_SENT, True), (State.CANCELLED, True), (State.TRANSFERRED, False)]
)
def test_what_was_sent_and_is_not_seen_booked_is_looked_at_once_more(
    world: World, run: str, end: State, looks: bool
) -> None:
    lane_pass = begin(world, run)
    [doc] = lane_pass.documents
    lane_pass.intend({doc: Move(State.PREPARING, values={"payload_hash": "of a draft"})})
    lane_pass.move({doc: Move(end)})
    assert (standing(world, run).look_again_at is not None) is looks


@pytest.mark.parametrize(
    "written",
    [Move(State.PREPARING, SENDING, values={"payload_hash": "of a draft"}), INVOICING],
    ids=["a draft", "an invoicing"],
)
def test_a_write_whose_answer_another_worker_has_noted_is_not_looked_up(
    world: World, run: str, written: Move
) -> None:
    quick = begin(world, run)
    [doc] = quick.documents
    quick.intend({doc: written})
    slow = begin(world, run)
    quick.move({doc: Move(State.DRAFTED, values={"order_id": ORDER})})
    slow.move({each: slow.look_up_later(each, "") for each in slow.documents})
    assert slow.documents == []
    assert standing(world, run).state is State.DRAFTED


def test_what_was_never_sent_needs_no_other_look(world: World, run: str) -> None:
    lane_pass = begin(world, run)
    lane_pass.move({lane_pass.documents[0]: Move(State.NOT_SENT)})
    assert standing(world, run).look_again_at is None


def test_an_order_that_is_no_longer_the_bound_one_is_not_invoiced(world: World, run: str) -> None:
    lane_pass = begin(world, run)
    [doc] = lane_pass.documents
    with world.installation.db.writing() as session:
        held = bindings(session, CLIENT, [doc.invoice_id])[doc.invoice_id]
        assert release_order(session, CLIENT, held)
        bind_orders(session, CLIENT, {doc.invoice_id: ORDER + 1})
    assert lane_pass.intend({doc: INVOICING}) == []
    assert lane_pass.documents == []
    assert standing(world, run).state is State.QUEUED


def test_a_draft_found_before_another_worker_set_about_invoicing_it_is_left_to_that_worker(
    world: World, run: str
) -> None:
    slow, quick = begin(world, run), begin(world, run)
    [late] = slow.documents
    late.match = Match(Presence.DRAFT, order(order_id=ORDER))
    quick.intend({quick.documents[0]: INVOICING})
    adopt_drafts(slow)
    assert slow.documents == []
    assert standing(world, run).state is State.INVOICING


def test_an_order_that_a_read_lacks_just_after_it_was_to_be_invoiced_stays_bound(
    world: World, run: str
) -> None:
    slow, quick = begin(world, run), begin(world, run)
    [late] = slow.documents
    quick.intend({quick.documents[0]: INVOICING})
    read_bindings(slow)
    miss_order(slow, late)
    assert late.binding is not None
    with world.installation.db.reading() as session:
        bound = bindings(session, CLIENT, [late.invoice_id])[late.invoice_id]
    assert bound.order_id == ORDER
