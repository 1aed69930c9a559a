"""What is ticked in a tab lasts, for its user alone, but for what has gone meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.lists.ticks import KEPT, RecalledTicks, keep_ticks, recall_ticks
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role, TickedDocuments, User
from tests.transfer.world import World

pytestmark = pytest.mark.both


def desk_of(installation: Installation, name: str) -> Desk:
    with installation.db.writing() as session:
        session.add(User(name=name, role=Role.FINANCE, password_hash="", must_change=False))
    return Desk(installation, Actor(name, Role.FINANCE))


def test_ticks_are_kept_by_user_and_tab(world: World) -> None:
    ids = world.add_invoices(world.add_department(), 3)
    fia, eva = (desk_of(world.installation, name) for name in ("fia", "eva"))
    keep_ticks(fia, "tab", ids)
    keep_ticks(fia, "tab", ids[:2])
    keep_ticks(fia, "other tab", ids[2:])
    assert recall_ticks(fia, "tab") == RecalledTicks(frozenset(ids[:2]))
    assert recall_ticks(eva, "tab") == recall_ticks(fia, "") == RecalledTicks()
    keep_ticks(fia, "tab", ())
    assert recall_ticks(fia, "tab") == RecalledTicks()


def test_what_is_sent_or_gone_by_now_is_ticked_no_more(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 3)
    fia = desk_of(world.installation, "fia")
    keep_ticks(fia, "tab", [*ids, 999_999])
    world.start(ids[:1])
    assert recall_ticks(fia, "tab") == RecalledTicks(frozenset(ids[1:]), sent=1, missing=1)


def test_ticks_are_forgotten_after_two_days(world: World) -> None:
    ids = world.add_invoices(world.add_department(), 1)
    fia = desk_of(world.installation, "fia")
    keep_ticks(fia, "tab", ids)
    with world.installation.db.writing() as session:
        row = session.exec(select(TickedDocuments)).one()
        row.at -= KEPT + dt.timedelta(seconds=1)
        session.add(row)
    assert recall_ticks(fia, "tab") == RecalledTicks()
    keep_ticks(fia, "other tab", ids)
    with world.installation.db.reading() as session:
        assert [row.tab for row in session.exec(select(TickedDocuments))] == ["other tab"]
