"""Logins: attempts are counted and locked by the store, sessions end when the server says so."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.people import logins, users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.people.people import known_user
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession, Role
from tests.people.conftest import PASSWORD, AddPerson, events, stored

pytestmark = pytest.mark.both


def test_the_right_password_lets_in_and_is_recorded(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    assert logins.sign_in(installation, " FIA ", PASSWORD)
    assert stored(installation, "fia").last_login_at is not None
    assert events(installation) == [("fia", "login", "fia")]


def test_an_unknown_name_is_refused_and_not_kept_because_it_may_be_a_password(
    installation: Installation,
) -> None:
    assert not logins.sign_in(installation, "my-secret-password", "fia")
    assert events(installation) == [("somebody", "login refused", "")]


def test_a_deactivated_user_is_refused(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    add_person("fia")
    users.deactivate(Desk(installation, admin), "fia")
    assert not logins.sign_in(installation, "fia", PASSWORD)
    with pytest.raises(NotAllowed):
        logins.open_session(installation, "fia")
    users.reactivate(Desk(installation, admin), "fia")
    assert logins.sign_in(installation, "fia", PASSWORD)


def test_a_session_belongs_to_its_user_and_shows_the_role_of_this_moment(
    installation: Installation, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    with installation.db.writing() as session:
        known_user(session, "fia").role = Role.ANALYST
    user = logins.verify(installation, secret)
    assert user is not None
    assert user.actor == Actor("fia", Role.ANALYST)


def test_the_store_does_not_hold_the_secret_of_the_cookie(
    installation: Installation, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    login = _only_login(installation)
    assert secret not in login.model_dump_json()
    assert logins.verify(installation, login.id_hash) is None


@pytest.mark.parametrize("secret", ["", "made-up", "x" * 10_000])
def test_a_made_up_secret_is_nobody(installation: Installation, secret: str) -> None:
    assert logins.verify(installation, secret) is None
    logins.touch(installation, secret)
    logins.close_session(installation, secret)
    assert events(installation) == []


@pytest.mark.both
def test_a_name_that_no_database_takes_is_an_unknown_one(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    assert not logins.sign_in(installation, "fia\0", PASSWORD)
    assert not logins.sign_in(installation, "\0", PASSWORD)
    assert [each[:2] for each in events(installation)] == [("somebody", "login refused")] * 2


def test_signing_out_ends_this_login_only_and_for_ever(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    here, elsewhere = (logins.open_session(installation, "fia") for _ in range(2))
    logins.close_session(installation, here)
    logins.touch(installation, here)
    assert logins.verify(installation, here) is None
    assert logins.verify(installation, elsewhere) is not None
    assert events(installation) == [("fia", "logout", "fia")]


def test_a_login_ends_after_its_hours_whatever_the_activity(
    installation: Installation, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    lifetime = _only_login(installation).expires_at - now()
    hours = installation.settings.session_hours
    assert abs(lifetime - dt.timedelta(hours=hours)) < dt.timedelta(minutes=1)
    _move(installation, expires_at=now() - dt.timedelta(seconds=1))
    assert logins.verify(installation, secret) is None


def test_an_idle_login_ends_and_no_later_activity_revives_it(
    installation: Installation, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    idle = dt.timedelta(minutes=installation.settings.idle_minutes)
    _move(installation, last_seen=now() - idle + dt.timedelta(minutes=1))
    assert logins.verify(installation, secret) is not None
    _move(installation, last_seen=now() - idle)
    assert logins.verify(installation, secret) is None
    logins.touch(installation, secret)
    assert logins.verify(installation, secret) is None


def test_activity_moves_the_idle_limit_but_writes_at_most_once_a_minute(
    installation: Installation, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    before = _only_login(installation).last_seen
    logins.touch(installation, secret)
    assert _only_login(installation).last_seen == before
    _move(installation, last_seen=now() - dt.timedelta(minutes=30))
    logins.touch(installation, secret)
    assert now() - _only_login(installation).last_seen < dt.timedelta(minutes=1)


def test_a_refused_page_is_in_the_audit_trail(installation: Installation, analyst: Actor) -> None:
    Desk(installation, analyst).note("access refused", "manage users")
    assert events(installation) == [("ann", "access refused", "manage users")]


def _only_login(installation: Installation) -> LoginSession:
    with installation.db.reading() as session:
        login = session.get(LoginSession, 1)
    assert login is not None
    return login


def _move(installation: Installation, **moments: dt.datetime) -> None:
    with installation.db.writing() as session:
        login = session.get(LoginSession, 1)
        for name, moment in moments.items():
            setattr(login, name, moment)
