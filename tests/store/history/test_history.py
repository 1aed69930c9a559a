"""The history only grows, and whatever is changed or removed in it is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from so24.installation import Installation, open_installation
from so24.settings import Settings
from so24.store.history import events, verification
from so24.store.history.events import (
    append_events,
    latest_anchor,
    write_anchor_if_new,
    write_anchor_when_due,
)
from so24.store.history.hashes import GENESIS
from so24.store.history.verification import HistoryVerdict, verify_history
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import HistoryAnchor, State, TransferEvent
from so24.store.transfers.runs import NewTransfer, create_run
from so24.store.transfers.transfers import Move, move_transfers, transfers_of_run
from tests.transfer.world import World, make_world

pytestmark = pytest.mark.made_up


def breaks_of(world: World) -> tuple[str, ...]:
    with world.installation.db.reading() as session:
        return verify_history(session).breaks


def tamper(world: World, *statements: str) -> tuple[str, ...]:
    """What is found after somebody has changed the database by hand."""
    with world.installation.db.writing() as session:
        for statement in statements:
            session.execute(sa.text(statement))
    return breaks_of(world)


def try_out(world: World, *statements: str) -> tuple[str, ...]:
    """What would be found after somebody has changed the database by hand; nothing is kept."""
    with Session(world.installation.db.engine) as session:
        for statement in statements:
            session.execute(sa.text(statement))
        breaks = verify_history(session).breaks
        session.rollback()
    return breaks


def transfer(session: Session, ids: Sequence[int]) -> None:
    """A run of these documents that comes to its end: two events each."""
    run = create_run(session, "ada", [NewTransfer(each, State.QUEUED) for each in ids])
    rows = transfers_of_run(session, run.id)
    ended = Move(State.TRANSFERRED, words="booked", values={"order_id": 7})
    move_transfers(session, {row.id: ended for row in rows if row.id}, "ada")


def anchor(world: World) -> HistoryAnchor | None:
    with world.installation.db.writing() as session:
        write_anchor_if_new(session, latest_anchor(session))
        return latest_anchor(session)


@pytest.fixture
def exported(world: World) -> World:
    """Three exported documents, and an anchor over their chains."""
    department = world.add_department()
    world.add_key([department])
    world.export(world.add_invoices(department, 3))
    anchor(world)
    return world


@pytest.fixture
def anchored(world: World) -> World:
    """Documents 1 to 9 with two events each.

    The first anchor covers 1 to 3, the second 4 to 6, the third 7 and 8, and none covers 9.
    """
    ids = world.add_invoices(world.add_department(), 9)
    assert ids == list(range(1, 10))
    for part in (ids[:3], ids[3:6], ids[6:8]):
        with world.installation.db.writing() as session:
            transfer(session, part)
        anchor(world)
    with world.installation.db.writing() as session:
        transfer(session, ids[8:])
    return world


@pytest.mark.both
def test_an_untouched_history_verifies(exported: World) -> None:
    with exported.installation.db.reading() as session:
        verdict = verify_history(session)
    assert verdict.breaks == ()
    assert (verdict.chains, verdict.anchors) == (3, 1)
    assert verdict.events > 3


@pytest.mark.both
def test_a_history_of_several_anchors_verifies(anchored: World) -> None:
    with anchored.installation.db.reading() as session:
        verdict = verify_history(session)
    assert verdict == HistoryVerdict(chains=9, events=18, breaks=(), anchors=3)


def test_a_changed_event_is_seen(exported: World) -> None:
    breaks = tamper(exported, "UPDATE transfer_event SET words = 'all well' WHERE sequence = 2")
    assert any("was changed" in each for each in breaks)


def test_a_removed_event_is_seen(exported: World) -> None:
    breaks = tamper(exported, "DELETE FROM transfer_event WHERE sequence = 2")
    assert any("is missing" in each for each in breaks)


def test_a_removed_end_of_a_chain_is_seen_by_the_anchor(exported: World) -> None:
    breaks = tamper(
        exported,
        "DELETE FROM transfer_event WHERE id IN (SELECT max(id) FROM transfer_event)",
    )
    assert any("has lost events" in each for each in breaks)


def test_a_removed_chain_is_seen_by_the_anchor(exported: World) -> None:
    breaks = tamper(exported, "DELETE FROM transfer_event WHERE invoice_id = 1")
    assert any("has lost events" in each for each in breaks)


# what another value of each column would be, as SQL
CHANGES = {
    "transfer_id": "2",
    "at": "'2026-01-01 00:00:00+00'",
    "actor": "'eve'",
    "state": "'cancelled'",
    "reason": "'exists'",
    "order_id": "8",
    "office_invoice_id": "8",
    "payload_hash": "'00'",
    "words": "''",
    "hash_before": f"'{GENESIS}'",
    "hash": f"'{GENESIS}'",
    "after_anchor": "NULL",
    "invoice_id": "9, sequence = 3",  # its place in the other chain has to be free
    "sequence": "12",
    "anchor_id": "3",
}


@pytest.mark.both
def test_no_column_of_an_event_can_be_changed(anchored: World) -> None:
    assert set(CHANGES) == set(TransferEvent.model_fields) - {"id"}
    place = "invoice_id = 4 AND sequence = 2"
    changes = {
        column: f"UPDATE transfer_event SET {column} = {value} WHERE {place}"  # noqa: S608
        for column, value in CHANGES.items()
    }
    assert [each for each, change in changes.items() if not try_out(anchored, change)] == []


@pytest.mark.both
def test_no_column_of_an_anchor_can_be_changed(anchored: World) -> None:
    changed = {name: CHANGES[name] for name in ("at", "hash", "hash_before")}
    changes = {
        column: f"UPDATE history_anchor SET {column} = {changed.get(column, '13')} WHERE id = 2"  # noqa: S608
        for column in HistoryAnchor.model_fields
    }
    assert [each for each, change in changes.items() if not try_out(anchored, change)] == []


def without_chain(invoice_id: int) -> str:
    return f"DELETE FROM transfer_event WHERE invoice_id = {invoice_id}"  # noqa: S608


ALL_ANCHORS = "DELETE FROM history_anchor"
FIRST_ANCHOR, SECOND_ANCHOR, LAST_ANCHOR = (
    f"DELETE FROM history_anchor WHERE id = {number}"  # noqa: S608
    for number in (1, 2, 3)
)
ALL_MARKS = "UPDATE transfer_event SET anchor_id = NULL"
LAST_MARKS = "UPDATE transfer_event SET anchor_id = NULL WHERE anchor_id = 3"
REMOVALS = {
    "an event in the middle of all": ["DELETE FROM transfer_event WHERE id = 7"],
    "the beginning of a chain": ["DELETE FROM transfer_event WHERE invoice_id=4 AND sequence=1"],
    "the end of a chain": ["DELETE FROM transfer_event WHERE invoice_id=4 AND sequence=2"],
    "a chain": [without_chain(1)],
    "a chain that no anchor covers": [without_chain(9)],
    "all events": ["DELETE FROM transfer_event"],
    "the first anchor": [FIRST_ANCHOR],
    "an anchor in the middle": [SECOND_ANCHOR],
    "the last anchor": [LAST_ANCHOR],
    "all anchors": [ALL_ANCHORS],
    "the last anchor and its marks": [LAST_ANCHOR, LAST_MARKS],
    "all anchors and all marks": [ALL_ANCHORS, ALL_MARKS],
    "an anchor in the middle, its events given to the next": [
        SECOND_ANCHOR,
        "UPDATE transfer_event SET anchor_id = 3 WHERE anchor_id = 2",
    ],
    "an anchor in the middle, and the hash of it in the next": [
        "UPDATE history_anchor SET hash_before = (SELECT hash FROM history_anchor WHERE id = 1) "
        "WHERE id = 3",
        SECOND_ANCHOR,
    ],
    "a chain and the first anchor": [without_chain(1), FIRST_ANCHOR],
    "a chain and its anchor": [without_chain(4), SECOND_ANCHOR],
    "a chain and the last anchor": [without_chain(7), LAST_ANCHOR],
    "a chain, the last anchor and its marks": [without_chain(7), LAST_ANCHOR, LAST_MARKS],
    "a chain and all anchors": [without_chain(1), ALL_ANCHORS],
    "a chain, all anchors and all marks": [without_chain(1), ALL_ANCHORS, ALL_MARKS],
    "a chain with its transfer, all anchors and all marks": [
        without_chain(1),
        "DELETE FROM transfer WHERE invoice_id = 1",
        ALL_ANCHORS,
        ALL_MARKS,
    ],
}


@pytest.mark.both
def test_whatever_is_removed_is_missed(anchored: World) -> None:
    assert [each for each in REMOVALS if not try_out(anchored, *REMOVALS[each])] == []


@pytest.mark.parametrize("removed", ["a chain", "the last anchor", "all anchors"])
def test_what_was_removed_is_still_missed_when_the_history_has_grown(
    anchored: World, removed: str
) -> None:
    tamper(anchored, *REMOVALS[removed])
    with anchored.installation.db.writing() as session:
        session.execute(sa.text("UPDATE transfer SET state = 'cancelled' WHERE invoice_id > 7"))
        transfer(session, [8, 9])
    anchor(anchored)
    assert breaks_of(anchored) != ()


def test_a_removed_chain_is_missed_where_all_anchors_were_made_anew(anchored: World) -> None:
    tamper(
        anchored,
        without_chain(1),
        "DELETE FROM transfer WHERE invoice_id = 1",
        ALL_ANCHORS,
        ALL_MARKS,
    )
    anchor(anchored)
    assert any("events were written after" in each for each in breaks_of(anchored))


def test_a_chain_is_missed_where_nothing_was_written_after_its_anchor(exported: World) -> None:
    breaks = tamper(exported, without_chain(1), ALL_ANCHORS, ALL_MARKS)
    assert breaks == ("document 1: transfer 1 has lost its events",)


def test_a_transfer_that_was_put_in_by_hand_is_seen(anchored: World) -> None:
    breaks = tamper(
        anchored,
        "INSERT INTO transfer (run_id, invoice_id, state, reason, words, note, "
        "payload_hash, made_hash, confirmed_hash, retries, card, created_at, updated_at) "
        "SELECT run_id, 9, 'cancelled', '', '', '', '', '', '', 0, '', created_at, updated_at "
        "FROM transfer WHERE id = 1",
    )
    assert any("has lost its events" in each for each in breaks)


def test_a_break_is_told_once_and_not_by_every_later_anchor(anchored: World) -> None:
    breaks = tamper(anchored, "DELETE FROM transfer_event WHERE invoice_id=2 AND sequence=2")
    assert len(breaks) == 1


def test_very_many_breaks_are_counted_and_not_all_told(
    anchored: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_MOST_BREAKS", 5)
    breaks = tamper(anchored, "UPDATE transfer_event SET words = 'other'")
    assert len(breaks) == 6
    assert breaks[-1] == "and 13 more breaks"


def test_the_end_of_a_chain_is_unguarded_until_an_anchor_covers_it(anchored: World) -> None:
    cut = "DELETE FROM transfer_event WHERE invoice_id = 9 AND sequence = 2"
    assert tamper(anchored, cut) == ()


def test_an_anchor_is_written_only_when_something_happened(exported: World) -> None:
    with exported.installation.db.writing() as session:
        before = latest_anchor(session)
        write_anchor_if_new(session, before)
        after = latest_anchor(session)
    assert before is not None
    assert after is not None
    assert before.id == after.id


def test_an_anchor_counts_what_all_anchors_cover(anchored: World) -> None:
    with anchored.installation.db.reading() as session:
        anchors = session.exec(select(HistoryAnchor)).all()
    assert [(each.chains, each.events) for each in anchors] == [(3, 6), (6, 12), (8, 16)]


@pytest.mark.both
def test_an_anchor_is_due_after_an_hour(anchored: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert anchors_after_a_round(anchored) == 3
    in_an_hour = now() + dt.timedelta(minutes=61)
    monkeypatch.setattr(events, "now", lambda: in_an_hour)
    assert anchors_after_a_round(anchored) == 4


def test_an_anchor_is_due_sooner_where_much_has_happened(
    anchored: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_MOST_WAITING", 2)
    assert anchors_after_a_round(anchored) == 3, "two events wait, and so many may"
    monkeypatch.setattr(events, "_MOST_WAITING", 1)
    assert anchors_after_a_round(anchored) == 4


def anchors_after_a_round(world: World) -> int:
    with world.installation.db.writing() as session:
        write_anchor_when_due(session)
    with world.installation.db.reading() as session:
        return verify_history(session).anchors


@pytest.mark.both
def test_the_number_of_questions_does_not_grow_with_the_anchors(world: World) -> None:
    [invoice] = world.add_invoices(world.add_department(), 1)
    with world.installation.db.writing() as session:
        transfer(session, [invoice])
    few = count_statements(world)
    for _ in range(20):
        grow(world)
        anchor(world)
    assert count_statements(world) == few


def grow(world: World) -> None:
    """One more event of the first transfer."""
    with world.installation.db.writing() as session:
        last = session.exec(select(TransferEvent)).first()
        assert last is not None
        append_events(session, [{**last.model_dump(), "id": last.transfer_id}], "ada")


def count_statements(world: World) -> int:
    with listening(world.installation) as statements:
        assert breaks_of(world) == ()
    return len(statements)


@contextmanager
def listening(installation: Installation) -> Iterator[list[str]]:
    """Every statement that the installation's database is given meanwhile."""
    heard: list[str] = []

    def hear(*values: object) -> None:
        heard.append(str(values[2]))

    sa.event.listen(installation.db.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(installation.db.engine, "before_cursor_execute", hear)


@pytest.mark.both
def test_a_history_that_grows_while_it_is_verified_is_whole(anchored: World) -> None:
    grown: list[str] = []

    def write(*values: object) -> None:
        if "ORDER BY transfer_event.invoice_id" in str(values[2]) and not grown:
            grown.append("by events, an anchor over them, and an event that names it")
            grow(anchored)
            anchor(anchored)
            grow(anchored)

    engine = anchored.installation.db.engine
    sa.event.listen(engine, "before_cursor_execute", write)
    try:
        assert breaks_of(anchored) == ()
    finally:
        sa.event.remove(engine, "before_cursor_execute", write)
    assert grown, "nothing was written between the anchors and the events"
    assert breaks_of(anchored) == ()


@pytest.fixture
def on_postgresql(settings: Settings, postgres_url: str) -> Iterator[World]:
    installation = open_installation(settings.model_copy(update={"database_url": postgres_url}))
    yield make_world(installation, "")
    installation.close()


@pytest.mark.sqlite_only(reason="it opens a PostgreSQL database of its own")
@pytest.mark.postgresql
@pytest.mark.both
def test_an_event_that_is_committed_late_is_covered_by_the_next_anchor(
    on_postgresql: World,
) -> None:
    world = on_postgresql
    early, late = world.add_invoices(world.add_department(), 2)
    slow = Session(world.installation.db.engine)  # holds the lower ids, and commits last
    transfer(slow, [late])
    with Session(world.installation.db.engine) as session:
        transfer(session, [early])
        session.commit()
    assert anchored_events(world) == 2
    assert breaks_of(world) == ()
    slow.commit()
    slow.close()
    assert breaks_of(world) == ()
    assert anchored_events(world) == 4
    assert breaks_of(world) == ()
    assert tamper(world, without_chain(late)) != ()


def anchored_events(world: World) -> int:
    """Write an anchor; how many events are covered by then."""
    written = anchor(world)
    assert written is not None
    return written.events
