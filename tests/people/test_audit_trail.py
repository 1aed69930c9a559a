"""The audit trail is read by System Administrators alone, newest first, filtered and in parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from so24.errors import NotAllowed, PasswordNeeded, WrongUse
from so24.installation import Installation
from so24.invoices.declarations import declare_same
from so24.keys.upkeep import disable_key
from so24.people.audit_trail import read_trail, trail_choices
from so24.people.desk import Desk
from so24.people.roles import PROOF_LASTS, Actor, Permission
from so24.store.people.audit import TrailFilter
from so24.store.tables.ground import now
from so24.store.tables.people_tables import AuditEvent

EVERYTHING = TrailFilter()


def moment(day: int) -> dt.datetime:
    return dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC)


@pytest.fixture
def trail(installation: Installation) -> Installation:
    """Five events, one a day."""
    told = [
        ("ada", "user added", "kari", ""),
        ("fia", "import", "01019012345.xlsx", "of 010190 12345"),
        ("somebody", "login refused", "", "unknown user"),
        ("fia", "export", "run", "3 documents"),
        ("ada", "role changed", "kari", "finance -> analyst"),
    ]
    with installation.db.writing() as session:
        for day, (actor, action, subject, detail) in enumerate(told, 1):
            session.add(
                AuditEvent(
                    at=moment(day),
                    actor=actor,
                    action=action,
                    subject=subject,
                    detail=detail,
                    source="" if day == 1 else f"203.0.113.{day % 2}",
                    login="" if day == 1 else f"0000000{day}",
                )
            )
            session.flush()
    return installation


def read(trail: Installation, admin: Actor, wanted: TrailFilter) -> list[str]:
    events, found = read_trail(Desk(trail, admin), wanted)
    assert len(events) == found
    return [event.action for event in events]


def test_a_change_that_is_refused_is_noted_with_who_what_and_why_and_changes_nothing(
    installation: Installation, admin: Actor, finance: Actor
) -> None:
    long_ago = now() - 2 * PROOF_LASTS
    presses = (
        (Desk(installation, replace(admin, proved_at=long_ago)), Permission.MANAGE_KEYS),
        (Desk(installation, finance), Permission.MANAGE_USERS),
    )
    for desk, permission in presses:
        with pytest.raises((NotAllowed, PasswordNeeded)), desk.writing(permission) as session:
            desk.record(session, "done all the same", "")
    with pytest.raises(WrongUse, match="does not exist any more"):
        disable_key(Desk(installation, admin), 4711)
    with pytest.raises(WrongUse):
        declare_same(Desk(installation, finance), 4711)  # an answer: told, and not noted
    events, _ = read_trail(Desk(installation, admin), EVERYTHING)
    assert [(each.actor, each.action, each.subject) for each in events] == [
        ("ada", "change refused", "manage credentials"),
        ("fia", "change refused", "manage users"),
        ("ada", "change refused", "manage credentials"),
    ]
    assert "This key does not exist any more" in events[0].detail
    assert "You may not manage users. Ask a System Administrator." in events[1].detail
    assert "shown who you are" in events[2].detail


def test_the_newest_comes_first(trail: Installation, admin: Actor) -> None:
    everything = ["role changed", "export", "login refused", "import", "user added"]
    assert read(trail, admin, EVERYTHING) == everything


def test_every_filter_narrows_it(trail: Installation, admin: Actor) -> None:
    assert read(trail, admin, TrailFilter(begins=moment(4))) == ["role changed", "export"]
    assert read(trail, admin, TrailFilter(ends=moment(2))) == ["user added"]
    assert read(trail, admin, TrailFilter(actor="fia")) == ["export", "import"]
    kinds = frozenset({"login refused", "user added"})
    assert read(trail, admin, TrailFilter(kinds=kinds)) == ["login refused", "user added"]
    assert read(trail, admin, TrailFilter(actor="fia", kinds=kinds)) == []
    assert read(trail, admin, TrailFilter(source="203.0.113.1")) == [
        "role changed",
        "login refused",
    ]
    assert read(trail, admin, TrailFilter(login="00000004")) == ["export"]
    assert read(trail, admin, TrailFilter(source="203.0.113.1", login="00000004")) == []


def test_it_comes_in_parts_that_know_how_many_there_are(trail: Installation, admin: Actor) -> None:
    events, found = read_trail(Desk(trail, admin), EVERYTHING, limit=2, offset=2)
    assert [event.action for event in events] == ["login refused", "import"]
    assert found == 5


def test_personal_numbers_are_not_shown(trail: Installation, admin: Actor) -> None:
    [_, event], _ = read_trail(Desk(trail, admin), TrailFilter(actor="fia"))
    assert event.subject == "[personal number].xlsx"
    assert event.detail == "of [personal number]"


def test_the_choices_are_what_the_trail_names(trail: Installation, admin: Actor) -> None:
    known = trail_choices(Desk(trail, admin))
    assert known.actors == ["ada", "fia", "somebody"]
    assert known.sources == ["203.0.113.0", "203.0.113.1"]
    assert known.actions == ["export", "import", "login refused", "role changed", "user added"]


@pytest.mark.parametrize("who", ["finance", "analyst"])
def test_nobody_else_may_read_it(
    trail: Installation, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed, match="see the audit trail"):
        read_trail(Desk(trail, actor), EVERYTHING)
    with pytest.raises(NotAllowed, match="see the audit trail"):
        trail_choices(Desk(trail, actor))
