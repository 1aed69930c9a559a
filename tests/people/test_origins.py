"""Each line of the audit trail says from where it came: address, login and browser; no secret."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.cli.terminal.opening import operating_system_user
from so24.errors import WrongUse
from so24.installation import Installation
from so24.people import logins, own_logins, users
from so24.people.desk import Desk
from so24.people.visitors import Visitor
from so24.sources.inbox.watch import inbox_actor
from so24.store.people.audit import latest_events
from so24.store.people.origins import Origin
from so24.store.tables.people_tables import (
    LONGEST_BROWSER,
    LONGEST_LOGIN,
    LONGEST_SOURCE,
    Role,
)
from tests.people.conftest import PASSWORD, AddPerson
from tests.test_architecture import PAGES, SOURCES

OFFICE = Visitor("203.0.113.7", "Firefox on Windows")
HOME = Visitor("198.51.100.1", "Safari on iPhone")


def lines(installation: Installation) -> list[tuple[str, Origin]]:
    """What was done and from where, oldest first."""
    with installation.db.reading() as session:
        found = latest_events(session)
    return [
        (each.action, Origin(each.source, each.login, each.browser)) for each in reversed(found)
    ]


def test_a_refused_login_says_from_where_and_one_that_is_let_in_says_which_it_became(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    logins.sign_in(installation, "fia", "wrong", OFFICE)
    logins.sign_in(installation, "nobody", "wrong", HOME)
    secret = logins.sign_in(installation, "fia", PASSWORD, OFFICE).secret
    [login] = own_logins.list_own_logins(installation, secret)
    assert lines(installation) == [
        ("login refused", OFFICE.origin),
        ("login refused", HOME.origin),
        ("login", Origin("203.0.113.7", login.mark, "Firefox on Windows")),
    ]


def test_what_is_done_in_a_login_has_its_mark_and_the_address_of_that_moment(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    secret = logins.open_session(installation, add_person("kari", Role.ADMIN), OFFICE)
    [login] = own_logins.list_own_logins(installation, secret)
    for visitor, origin in (
        (HOME, Origin("198.51.100.1", login.mark, "Safari on iPhone")),
        (None, Origin("203.0.113.7", login.mark, "Firefox on Windows")),
    ):
        user = logins.verify(installation, secret, visitor)
        assert user is not None
        users.change_role(Desk(installation, user.actor), "fia", Role.ANALYST)
        users.change_role(Desk(installation, user.actor), "fia", Role.FINANCE)
        assert lines(installation)[-2:] == [("role changed", origin)] * 2


def test_what_one_does_to_ones_own_logins_and_password_has_its_origin_too(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    secret, other = (logins.open_session(installation, "fia", HOME) for _ in range(2))
    latest, here = own_logins.list_own_logins(installation, secret)
    own_logins.end_own_login(installation, secret, latest.login_id, OFFICE)
    own_logins.end_other_logins(installation, secret, OFFICE)
    with pytest.raises(WrongUse):
        own_logins.prove_again(installation, secret, "wrong", OFFICE)
    own_logins.prove_again(installation, secret, PASSWORD, OFFICE)
    asking = replace(OFFICE, login=here.mark)
    after = users.change_password(installation, "fia", PASSWORD, "another-good-one-7", asking)
    logins.close_session(installation, after, OFFICE)
    told = lines(installation)
    assert [action for action, _ in told] == [
        "login ended",
        "other logins ended",
        "password not proved",
        "password given again",
        "password changed",
        "logout",
    ]
    marks = [here.mark] * 5 + [logins.mark_login(after)]
    assert [origin for _, origin in told] == [
        Origin("203.0.113.7", mark, "Firefox on Windows") for mark in marks
    ]
    assert logins.mark_login(other) == latest.mark


def test_a_mark_is_not_the_secret_nor_a_part_of_it_and_opens_nothing(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    secrets = [logins.open_session(installation, "fia") for _ in range(20)]
    marks = [logins.mark_login(secret) for secret in secrets]
    assert len(set(marks)) == len(marks)
    for secret, mark in zip(secrets, marks, strict=True):
        assert len(mark) <= LONGEST_LOGIN
        assert mark not in secret
        assert logins.verify(installation, mark) is None


def test_what_acts_without_a_login_says_what_of_so24_it_is() -> None:
    assert operating_system_user().origin == Origin("command line")
    assert inbox_actor().origin == Origin("drop folder")


@pytest.mark.slow
def test_nobody_acts_without_saying_from_where() -> None:
    """Every actor has its origin, but for the one by which only a password's age is asked."""
    makers = {
        f"{path.stem}: {ast.unparse(node)}"
        for path in [*SOURCES, *PAGES]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Actor"
        if len(node.args) < 4 and "origin" not in [each.arg for each in node.keywords]
    }
    assert makers == {"own_second_factor: Actor(user.name, user.role, login.proved_at)"}


@given(st.text(), st.text(), st.text())
def test_an_origin_is_bounded_and_has_nothing_that_a_terminal_obeys(
    source: str, login: str, browser: str
) -> None:
    origin = Origin("x" + source, login, browser)
    assert len(origin.source) <= LONGEST_SOURCE
    assert len(origin.login) <= LONGEST_LOGIN
    assert len(origin.browser) <= LONGEST_BROWSER
    for sign in origin.source + origin.login + origin.browser:
        assert unicodedata.category(sign) not in {"Cc", "Zl", "Zp"}


@pytest.mark.parametrize("empty", ["", " ", "\n\t"])
def test_a_line_without_a_source_cannot_be_made(empty: str) -> None:
    with pytest.raises(ValueError, match="source"):
        Origin(empty)


@pytest.mark.parametrize(
    "hostile", ["\x1b]0;PWNED\x07", "a\nforged, line", "\u202egnp.exe", "x" * 500]
)
def test_what_a_browser_says_of_itself_does_nothing_to_a_line(
    installation: Installation, add_person: AddPerson, hostile: str
) -> None:
    add_person("fia")
    make: tuple[Callable[[], Visitor], ...] = (
        lambda: Visitor(hostile, "x"),
        lambda: Visitor("203.0.113.7", hostile),
    )
    for visitor in make:
        logins.sign_in(installation, "fia", "wrong", visitor())
    for _, origin in lines(installation):
        told = origin.source + origin.browser
        assert not set(told) & {"\x1b", "\x07", "\n", "\u202e"}
        assert len(told) < 80
