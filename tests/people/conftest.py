"""What the tests of people share: quick hashes, and a way to add a user who has a password."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from so24.installation import Installation
from so24.people import passwords
from so24.store.people.audit import latest_events
from so24.store.people.people import known_user
from so24.store.tables.people_tables import Role, User

PASSWORD = "correct-horse-battery"
AddPerson = Callable[..., str]


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)  # real bcrypt, in a thousandth of the time


@pytest.fixture
def add_person(installation: Installation) -> AddPerson:
    """Adds a user who has chosen :data:`PASSWORD` already; returns the name."""

    def add(name: str = "fia", role: Role = Role.FINANCE, *, demo: bool = False) -> str:
        hashed = passwords.hash_password(PASSWORD)
        with installation.db.writing() as session:
            user = User(name=name, role=role, password_hash=hashed, must_change=False, demo=demo)
            session.add(user)
        return name

    return add


def stored(installation: Installation, name: str) -> User:
    """The user's row as it is now."""
    with installation.db.reading() as session:
        return known_user(session, name)


def events(installation: Installation) -> list[tuple[str, str, str]]:
    """The audit trail, oldest first: actor, action, subject."""
    with installation.db.reading() as session:
        found = latest_events(session)
    return [(event.actor, event.action, event.subject) for event in reversed(found)]


def with_settings(installation: Installation, **changes: object) -> Installation:
    """The same store, as an installation with other settings would see it."""
    settings = installation.settings.model_copy(update=changes)
    return Installation(settings, installation.db, installation.vault)
