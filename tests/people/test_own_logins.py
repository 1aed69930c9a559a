"""One's own logins, seen and ended by oneself alone; and the proof that dangerous changes need."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.errors import NotAllowed, PasswordNeeded, WrongUse
from so24.installation import Installation
from so24.people import logins, own_logins, users
from so24.people.desk import Desk
from so24.people.roles import PROOF_LASTS, Actor, is_proved
from so24.people.visitors import Visitor
from so24.store.people.people import known_user, logins_of
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from tests.people.conftest import PASSWORD, AddPerson, events, stored

OFFICE = Visitor("203.0.113.7", "Firefox on Windows")
HOME = Visitor("198.51.100.1", "Safari on iPhone")
MOMENT = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


def test_the_open_logins_are_listed_with_where_they_are_and_which_one_asks(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    here = logins.sign_in(installation, "fia", PASSWORD, OFFICE).secret
    logins.open_session(installation, "fia", HOME)
    ended = logins.open_session(installation, "fia")
    logins.close_session(installation, ended)
    logins.open_session(installation, add_person("ola"))
    listed = own_logins.list_own_logins(installation, here)
    assert [(each.source, each.browser, each.here) for each in listed] == [
        ("198.51.100.1", "Safari on iPhone", False),
        ("203.0.113.7", "Firefox on Windows", True),
    ]


def test_an_idle_login_is_not_listed_for_it_has_ended(
    installation: Installation, add_person: AddPerson
) -> None:
    here, _ = (logins.open_session(installation, name) for name in (add_person("fia"), "fia"))
    with installation.db.writing() as session:
        latest, _ = logins_of(session, known_user(session, "fia"))
        latest.last_seen -= dt.timedelta(minutes=installation.settings.idle_minutes)
    assert [each.here for each in own_logins.list_own_logins(installation, here)] == [True]


@pytest.mark.both
def test_one_login_or_all_others_are_ended_and_that_is_recorded(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    here, *others = (logins.open_session(installation, "fia", HOME) for _ in range(4))
    latest = own_logins.list_own_logins(installation, here)[0]
    own_logins.end_own_login(installation, here, latest.login_id)
    assert [logins.verify(installation, each) is None for each in others] == [False, False, True]
    assert own_logins.end_other_logins(installation, here) == 2
    assert [logins.verify(installation, each) is None for each in others] == [True] * 3
    assert logins.verify(installation, here) is not None
    assert events(installation) == [
        ("fia", "login ended", "fia"),
        ("fia", "other logins ended", "fia"),
    ]


def test_nobody_ends_a_login_of_somebody_else(
    installation: Installation, add_person: AddPerson
) -> None:
    fias = logins.open_session(installation, add_person("fia"))
    olas = logins.open_session(installation, add_person("ola"))
    [login] = own_logins.list_own_logins(installation, fias)
    with pytest.raises(WrongUse, match="not one of yours"):
        own_logins.end_own_login(installation, olas, login.login_id)
    assert own_logins.end_other_logins(installation, olas) == 0
    assert logins.verify(installation, fias) is not None


@pytest.mark.parametrize("secret", ["", "made-up", "ended"])
def test_without_an_open_login_nothing_is_shown_or_ended(
    installation: Installation, add_person: AddPerson, secret: str
) -> None:
    if secret == "ended":
        secret = logins.open_session(installation, add_person("fia"))
        logins.close_session(installation, secret)
    for work in (
        lambda: own_logins.list_own_logins(installation, secret),
        lambda: own_logins.end_own_login(installation, secret, 1),
        lambda: own_logins.end_other_logins(installation, secret),
        lambda: own_logins.prove_again(installation, secret, PASSWORD),
    ):
        with pytest.raises(NotAllowed, match="has ended"):
            work()


@pytest.mark.parametrize(
    ("age", "proved"),
    [
        (dt.timedelta(0), True),
        (PROOF_LASTS - dt.timedelta(microseconds=1), True),
        (PROOF_LASTS, False),
        (dt.timedelta(hours=12), False),
        (-dt.timedelta(minutes=1), True),
        (None, True),
    ],
)
def test_a_password_proves_for_five_minutes_and_the_command_line_needs_none(
    age: dt.timedelta | None, proved: bool
) -> None:
    given = None if age is None else MOMENT - age
    assert is_proved(Actor("ada", Role.ADMIN, given), MOMENT) is proved


@pytest.mark.both
def test_a_dangerous_change_asks_for_the_password_and_goes_on_once_it_was_given(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    secret = logins.sign_in(installation, add_person("kari", Role.ADMIN), PASSWORD).secret
    assert desk_of(installation, secret).actor.proved_at is not None
    users.change_role(desk_of(installation, secret), "fia", Role.ANALYST)
    grow_old(installation)
    assert len(users.list_users(desk_of(installation, secret))) == 2, "reading asks nothing"
    for change in (
        lambda desk: users.change_role(desk, "fia", Role.ADMIN),
        lambda desk: users.add_user(desk, "ola", Role.ADMIN),
        lambda desk: users.reset_password(desk, "fia"),
    ):
        with pytest.raises(PasswordNeeded, match="nothing was changed"):
            change(desk_of(installation, secret))
    assert stored(installation, "fia").role is Role.ANALYST
    with pytest.raises(WrongUse, match="not right"):
        own_logins.prove_again(installation, secret, "wrong-password")
    own_logins.prove_again(installation, secret, PASSWORD)
    users.change_role(desk_of(installation, secret), "fia", Role.ADMIN)
    assert stored(installation, "fia").role is Role.ADMIN


def test_the_proof_of_one_login_is_none_of_another(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("kari", Role.ADMIN)
    first, other = (logins.sign_in(installation, "kari", PASSWORD).secret for _ in range(2))
    grow_old(installation)
    own_logins.prove_again(installation, first, PASSWORD)
    with pytest.raises(PasswordNeeded):
        users.add_user(desk_of(installation, other), "ola", Role.ANALYST)


def desk_of(installation: Installation, secret: str) -> Desk:
    """The desk of whoever has this login, as the pages make it."""
    user = logins.verify(installation, secret)
    assert user is not None
    return Desk(installation, user.actor)


def grow_old(installation: Installation) -> None:
    """Let the password have been given five minutes ago."""
    with installation.db.writing() as session:
        for login in logins_of(session, known_user(session, "kari")):
            login.proved_at = now() - PROOF_LASTS
