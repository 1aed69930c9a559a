"""Passwords: 12 to 72 bytes, never cut, never the name; a check that takes its time for anybody."""

from __future__ import annotations

import time

import pytest

from so24.errors import WrongUse
from so24.people import logins


@pytest.mark.parametrize("password", ["twelve-bytes", "x" * 72, "å" * 36, "with spaces inside it"])
def test_twelve_to_seventy_two_bytes_are_accepted(password: str) -> None:
    logins.check_rule("fia", password)
    assert logins.password_fits(password, logins.hash_password(password))


@pytest.mark.parametrize("password", ["", "eleven-byte", "x" * 73, "å" * 37])
def test_shorter_and_longer_ones_are_refused_with_the_rule(password: str) -> None:
    with pytest.raises(WrongUse, match="12 to 72 characters"):
        logins.check_rule("fia", password)


def test_the_user_name_is_no_password_in_any_case() -> None:
    with pytest.raises(WrongUse, match="user name"):
        logins.check_rule("fia.finance.user", "Fia.Finance.User")


@pytest.mark.parametrize("password", [" leading-space", "trailing-space "])
def test_spaces_at_the_ends_are_refused_because_the_login_form_drops_them(password: str) -> None:
    with pytest.raises(WrongUse, match="space"):
        logins.check_rule("fia", password)


def test_a_longer_password_does_not_fit_by_its_first_72_bytes() -> None:
    hashed = logins.hash_password("x" * 72)
    assert not logins.password_fits("x" * 73, hashed)


@pytest.mark.parametrize("password", ["", "x" * 5000, "with\0zero-byte", "\ud7ff" * 100])
def test_odd_input_does_not_fit_and_does_not_break(password: str) -> None:
    assert not logins.password_fits(password, logins.hash_password("correct-horse-battery"))
    assert not logins.password_fits(password, None)


def test_one_time_passwords_keep_the_rule_and_differ() -> None:
    made = {logins.new_one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        logins.check_rule("fia", password)


def test_an_unknown_user_costs_the_check_as_much_time_as_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logins, "ROUNDS", 9)
    hashed = logins.hash_password("correct-horse-battery")
    logins.password_fits("wrong-password", None)  # makes the dummy hash once
    known = _processor_seconds(hashed)
    unknown = _processor_seconds(None)
    assert 0.5 < unknown / known < 2


def _processor_seconds(password_hash: str | None) -> float:
    started = time.thread_time()
    for _ in range(5):
        logins.password_fits("wrong-password", password_hash)
    return time.thread_time() - started
