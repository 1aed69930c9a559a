"""Users: one-time passwords, roles, deactivation, and the last administrator who always stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.people import attempts, logins, users
from so24.people.desk import Desk
from so24.people.proof import MOST_WRONG_PROOFS
from so24.people.roles import Actor
from so24.people.users import UserState
from so24.store.people.people import known_user
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from tests.people.conftest import PASSWORD, AddPerson, events, stored, with_settings

NEW = "another-good-password"


def test_a_new_user_signs_in_with_the_one_time_password_and_must_change_it(
    installation: Installation, admin: Actor
) -> None:
    once = users.add_user(Desk(installation, admin), " Kari.Normann ", Role.ANALYST)
    assert logins.sign_in(installation, "kari.normann", once)
    user = logins.verify(installation, logins.open_session(installation, "kari.normann"))
    assert user is not None
    assert (user.name, user.role, user.must_change) == ("kari.normann", Role.ANALYST, True)
    assert ("ada", "user added", "kari.normann") in events(installation)


def test_after_the_change_the_new_password_is_the_only_one(
    installation: Installation, admin: Actor
) -> None:
    once = users.add_user(Desk(installation, admin), "kari", Role.ANALYST)
    users.change_password(installation, "kari", once, NEW)
    assert not stored(installation, "kari").must_change
    assert not logins.sign_in(installation, "kari", once)
    assert logins.sign_in(installation, "kari", NEW)


def test_the_stored_text_is_a_hash_and_no_event_holds_the_password(
    installation: Installation, admin: Actor
) -> None:
    once = users.add_user(Desk(installation, admin), "kari", Role.ANALYST)
    assert stored(installation, "kari").password_hash.startswith("$2b$")
    assert once not in str(events(installation))


@pytest.mark.parametrize("name", ["", "k", "kari normann", "kåre", "../ada", "k" * 65, "<b>kari"])
def test_a_name_that_could_be_misread_is_refused(
    installation: Installation, admin: Actor, name: str
) -> None:
    with pytest.raises(WrongUse, match="user name has"):
        users.add_user(Desk(installation, admin), name, Role.ANALYST)
    assert users.list_users(Desk(installation, admin)) == []


@pytest.mark.both
def test_a_name_exists_once_whatever_its_case(installation: Installation, admin: Actor) -> None:
    users.add_user(Desk(installation, admin), "kari", Role.ANALYST)
    with pytest.raises(WrongUse, match="already"):
        users.add_user(Desk(installation, admin), "KARI", Role.ADMIN)
    assert [(row.name, row.role) for row in users.list_users(Desk(installation, admin))] == [
        ("kari", Role.ANALYST)
    ]


def test_a_given_password_keeps_the_rule_too(installation: Installation, admin: Actor) -> None:
    with pytest.raises(WrongUse, match="at least 12"):
        users.add_user(Desk(installation, admin), "kari", Role.ANALYST, "short")
    assert users.add_user(Desk(installation, admin), "kari", Role.ANALYST, PASSWORD) == PASSWORD


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
@pytest.mark.parametrize(
    "ask",
    [
        lambda place, actor: users.list_users(Desk(place, actor)),
        lambda place, actor: users.add_user(Desk(place, actor), "kari", Role.ADMIN),
        lambda place, actor: users.change_role(Desk(place, actor), "fia", Role.ADMIN),
        lambda place, actor: users.deactivate(Desk(place, actor), "fia"),
        lambda place, actor: users.reactivate(Desk(place, actor), "fia"),
        lambda place, actor: users.reset_password(Desk(place, actor), "fia"),
    ],
)
def test_only_administrators_manage_users(
    installation: Installation,
    add_person: AddPerson,
    role: Role,
    ask: Callable[[Installation, Actor], Any],
) -> None:
    add_person("fia")
    before = stored(installation, "fia")
    with pytest.raises(NotAllowed, match="System Administrator"):
        ask(installation, Actor("somebody", role))
    assert stored(installation, "fia") == before
    assert {action for _, action, _ in events(installation)} <= {"change refused"}


@pytest.mark.both
def test_the_last_active_administrator_stays(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    add_person("ada", Role.ADMIN)
    add_person("kari", Role.ADMIN)
    users.deactivate(Desk(installation, admin), "kari")
    with pytest.raises(WrongUse, match="last active System Administrator"):
        users.deactivate(Desk(installation, admin), "ada")
    with pytest.raises(WrongUse, match="last active System Administrator"):
        users.change_role(Desk(installation, admin), "ada", Role.FINANCE)
    users.reactivate(Desk(installation, admin), "kari")
    users.change_role(Desk(installation, admin), "ada", Role.FINANCE)
    assert stored(installation, "ada").role is Role.FINANCE


def test_a_demo_administrator_does_not_count_as_the_other_one_in_live_mode(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    add_person("kari", Role.ADMIN)
    add_person("ada", Role.ADMIN, demo=True)
    live = with_settings(installation, mode="live")
    with pytest.raises(WrongUse, match="last active"):
        users.deactivate(Desk(live, admin), "kari")


@pytest.mark.both
@pytest.mark.parametrize(
    "change",
    [
        lambda place, actor: users.change_role(Desk(place, actor), "fia", Role.ANALYST),
        lambda place, actor: users.deactivate(Desk(place, actor), "fia"),
        lambda place, actor: users.reset_password(Desk(place, actor), "fia"),
        lambda place, actor: users.change_password(place, "fia", PASSWORD, NEW),
    ],
)
def test_every_change_ends_the_logins_of_the_user(
    installation: Installation,
    admin: Actor,
    add_person: AddPerson,
    change: Callable[[Installation, Actor], Any],
) -> None:
    add_person("fia")
    add_person("kari")
    secrets = [logins.open_session(installation, "fia") for _ in range(2)]
    other = logins.open_session(installation, "kari")
    change(installation, admin)
    assert [logins.verify(installation, secret) for secret in secrets] == [None, None]
    assert logins.verify(installation, other) is not None


def test_a_role_that_is_given_again_changes_nothing(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    users.change_role(Desk(installation, admin), "fia", Role.FINANCE)
    assert logins.verify(installation, secret) is not None
    assert events(installation) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("not-the-password", NEW, "present password is not right"),
        (PASSWORD, PASSWORD, "must differ"),
        (PASSWORD, "short", "at least 12"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_and_a_good_new_one(
    installation: Installation, add_person: AddPerson, old: str, new: str, sentence: str
) -> None:
    add_person("fia")
    with pytest.raises(WrongUse, match=sentence):
        users.change_password(installation, "fia", old, new)
    assert logins.sign_in(installation, "fia", PASSWORD)


def test_guessing_the_present_password_ends_all_logins_of_the_user(
    installation: Installation, add_person: AddPerson
) -> None:
    here, elsewhere = (
        logins.open_session(installation, add_person(name)) for name in ("fia", "ola")
    )
    for number in range(MOST_WRONG_PROOFS):
        assert logins.verify(installation, here) is not None
        with pytest.raises(WrongUse):
            users.change_password(installation, "fia", f"guess-number-{number}", NEW)
    assert logins.verify(installation, here) is None
    assert logins.verify(installation, elsewhere) is not None
    # whoever knows the password comes in again, and may mistype it anew
    here = logins.sign_in(installation, "fia", PASSWORD).secret
    with pytest.raises(WrongUse):
        users.change_password(installation, "fia", "mistyped-password", NEW)
    assert logins.verify(installation, here) is not None


def test_an_administrator_lets_a_user_begin_anew_who_was_delayed(
    installation: Installation,
    admin: Actor,
    add_person: AddPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = now()
    monkeypatch.setattr(attempts, "now", lambda: moment)
    add_person("fia")
    desk = Desk(installation, admin)
    for begin_anew in (users.reactivate, users.reset_password):
        for _ in range(6):
            logins.sign_in(installation, "fia", "wrong-password")
        assert not logins.sign_in(installation, "fia", PASSWORD)
        password = begin_anew(desk, "fia") or PASSWORD
        assert logins.sign_in(installation, "fia", password)


def test_a_one_time_password_ends_after_three_days_and_the_page_says_so(
    installation: Installation, admin: Actor
) -> None:
    desk = Desk(installation, admin)
    once = users.add_user(desk, "kari", Role.ANALYST)
    until = stored(installation, "kari").password_until
    assert until is not None
    assert abs(until - now() - dt.timedelta(hours=72)) < dt.timedelta(minutes=1)
    assert logins.sign_in(installation, "kari", once)
    set_end(installation, now() - dt.timedelta(seconds=1))
    assert users.list_users(desk)[0].state is UserState.ENDED
    assert not logins.sign_in(installation, "kari", once)
    with pytest.raises(WrongUse, match="has ended"):
        users.change_password(installation, "kari", once, NEW)
    once = users.reset_password(desk, "kari")
    assert users.list_users(desk)[0].state is UserState.ONE_TIME
    users.change_password(installation, "kari", once, NEW)
    assert stored(installation, "kari").password_until is None


def set_end(installation: Installation, moment: dt.datetime) -> None:
    with installation.db.writing() as session:
        known_user(session, "kari").password_until = moment


def test_nobody_chooses_a_password_for_somebody_else_in_live_mode(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    add_person("fia")
    desk = Desk(with_settings(installation, mode="live"), admin)
    with pytest.raises(WrongUse, match="Nobody chooses"):
        users.add_user(desk, "kari", Role.ANALYST, NEW)
    with pytest.raises(WrongUse, match="Nobody chooses"):
        users.reset_password(desk, "fia", NEW)
    assert len(users.add_user(desk, "kari", Role.ANALYST)) == 19


def test_the_login_after_a_new_password_ends_with_what_comes_after_it(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    add_person("fia")
    here = users.change_password(installation, "fia", PASSWORD, NEW)
    assert logins.verify(installation, here) is not None
    users.reset_password(Desk(installation, admin), "fia")
    assert logins.verify(installation, here) is None


def test_demo_users_keep_the_passwords_that_the_login_page_shows(
    installation: Installation, admin: Actor, add_person: AddPerson
) -> None:
    add_person("fia", demo=True)
    with pytest.raises(WrongUse, match="demo users"):
        users.change_password(installation, "fia", PASSWORD, NEW)
    with pytest.raises(WrongUse, match="demo users"):
        users.reset_password(Desk(installation, admin), "fia")
    assert logins.sign_in(installation, "fia", PASSWORD)


def test_an_unknown_user_is_named_in_the_refusal(installation: Installation, admin: Actor) -> None:
    with pytest.raises(WrongUse, match="no user named nobody"):
        users.deactivate(Desk(installation, admin), "nobody")
