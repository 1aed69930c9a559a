"""Orders with our references that this store does not know: another installation sends there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from so24.installation import open_installation
from so24.ledger.read import tell_unknown_orders
from so24.people.desk import Desk
from tests.transfer.world import ADMIN, World, make_world


@pytest.fixture
def other(world: World, tmp_path: Path) -> Iterator[World]:
    """A second installation that knows none of the first one's documents."""
    changed = {"data_dir": tmp_path / "other", "database_url": ""}
    installation = open_installation(world.installation.settings.model_copy(update=changed))
    yield make_world(installation, world.address)
    installation.close()


def test_orders_of_another_installation_are_told_and_its_own_are_not(
    world: World, other: World
) -> None:
    department = world.add_department()
    key = world.add_key([department])
    world.export(world.add_invoices(department, 3))
    theirs = other.add_key([other.add_department()])
    assert tell_unknown_orders(Desk(world.installation, ADMIN), key) == ""
    told = tell_unknown_orders(Desk(other.installation, ADMIN), theirs)
    assert "has 3 orders with references of so24 that this installation does not know" in told
    assert "RM-10-1003" in told
