"""Demo users: one of each role in the sandbox, and nobody in live mode."""

from __future__ import annotations

import pytest

from so24.installation import Installation
from so24.people import logins, users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.people.users import DEMO_USERS, ensure_demo_users, shown_demo_users
from so24.store.tables.people_tables import Role
from tests.people.conftest import AddPerson, stored, with_settings


@pytest.fixture
def demo_installation(installation: Installation) -> Installation:
    """The installation with the demo on."""
    return with_settings(installation, demo=True)


def test_there_is_one_of_each_role_and_the_shown_passwords_fit(
    demo_installation: Installation,
) -> None:
    ensure_demo_users(demo_installation)
    assert {user.role for user in shown_demo_users(demo_installation)} == set(Role)
    for user in shown_demo_users(demo_installation):
        assert logins.sign_in(demo_installation, user.name, user.password)
        assert stored(demo_installation, user.name).role is user.role


def test_making_them_twice_changes_nothing(demo_installation: Installation, admin: Actor) -> None:
    ensure_demo_users(demo_installation)
    before = users.list_users(Desk(demo_installation, admin))
    ensure_demo_users(demo_installation)
    assert users.list_users(Desk(demo_installation, admin)) == before


def test_a_real_user_of_the_same_name_is_left_alone(
    demo_installation: Installation, add_person: AddPerson
) -> None:
    before = stored(demo_installation, add_person("ada", Role.ANALYST))
    ensure_demo_users(demo_installation)
    assert stored(demo_installation, "ada") == before


@pytest.mark.parametrize("changes", [{"mode": "live"}, {"demo": False}])
def test_live_mode_or_demo_off_makes_and_shows_none(
    demo_installation: Installation, admin: Actor, changes: dict[str, object]
) -> None:
    place = with_settings(demo_installation, **changes)
    ensure_demo_users(place)
    assert shown_demo_users(place) == ()
    assert users.list_users(Desk(place, admin)) == []


def test_live_mode_refuses_those_that_an_earlier_sandbox_left(
    demo_installation: Installation,
) -> None:
    ensure_demo_users(demo_installation)
    secret = logins.open_session(demo_installation, "ada")
    live = with_settings(demo_installation, mode="live")
    for user in DEMO_USERS:
        assert not logins.sign_in(live, user.name, user.password)
    assert logins.verify(live, secret) is None
