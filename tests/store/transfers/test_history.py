"""The history only grows, and whatever is changed or removed in it is seen."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from so24.store.transfers.history import latest_anchor, verify_history, write_anchor_if_new
from tests.transfer.world import World


def tamper(world: World, statement: str) -> tuple[str, ...]:
    with world.installation.db.writing() as session:
        session.execute(sa.text(statement))
    with world.installation.db.reading() as session:
        return verify_history(session).breaks


@pytest.fixture
def exported(world: World) -> World:
    """Three exported documents, and an anchor over their chains."""
    department = world.add_department()
    world.add_key([department])
    world.export(world.add_invoices(department, 3))
    with world.installation.db.writing() as session:
        write_anchor_if_new(session, latest_anchor(session))
    return world


def test_an_untouched_history_verifies(exported: World) -> None:
    with exported.installation.db.reading() as session:
        verdict = verify_history(session)
    assert verdict.breaks == ()
    assert verdict.chains == 3
    assert verdict.events > 3


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


def test_an_anchor_is_written_only_when_something_happened(exported: World) -> None:
    with exported.installation.db.writing() as session:
        before = latest_anchor(session)
        write_anchor_if_new(session, before)
        after = latest_anchor(session)
    assert before is not None
    assert after is not None
    assert before.id == after.id
