"""Signing in while others guess: strangers lock nobody out, and guessers get slower and slower."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from so24.installation import Installation
from so24.people import attempts, logins, passwords
from so24.people.attempts import count_own, try_to_prove
from so24.people.known_browsers import number_of_browser, remember_name
from so24.people.visitors import Visitor
from so24.store.tables.ground import now
from so24.store.tables.people_tables import FailureTally
from tests.people.conftest import PASSWORD, AddPerson, events, with_settings

STRANGER, COLLEAGUE = Visitor("203.0.113.7"), Visitor("198.51.100.1")
WRONG = "wrong-password"


class Checks:
    """Counts the passwords that are really checked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._fits = passwords.password_fits
        patch.setattr(logins, "password_fits", self)

    def __call__(self, password: str, password_hash: str | None) -> bool:
        self.count += 1
        return self._fits(password, password_hash)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    return Checks(monkeypatch)


@pytest.fixture(autouse=True)
def _own_queue_and_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_queue", attempts._Queue())
    moment = now()  # and no delay ends by itself because the machine is busy
    monkeypatch.setattr(attempts, "now", lambda: moment)


def guess(at: Installation, times: int, visitor: Visitor = STRANGER, name: str = "fia") -> None:
    for number in range(times):
        assert not logins.sign_in(at, name, f"{WRONG}-{number}", visitor)


def pass_time(at: Installation, seconds: float) -> None:
    """Let all that is counted be so much older."""
    with at.db.writing() as session:
        for row in session.exec(select(FailureTally)):
            row.last_at -= dt.timedelta(seconds=seconds)


def test_a_stranger_who_guesses_for_ever_keeps_nobody_else_out(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    guess(installation, 30)
    assert logins.sign_in(installation, "fia", PASSWORD, COLLEAGUE)


@pytest.mark.both
def test_a_guesser_may_not_even_try_the_right_password_until_the_delay_has_ended(
    installation: Installation, add_person: AddPerson, checks: Checks
) -> None:
    add_person("fia")
    guess(installation, 5)
    assert not logins.sign_in(installation, "fia", PASSWORD, STRANGER)
    assert checks.count == 5
    pass_time(installation, 2)
    assert logins.sign_in(installation, "fia", PASSWORD, STRANGER)


@pytest.mark.both
def test_four_mistakes_cost_nothing_and_the_right_password_clears_them(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    for _ in range(3):
        guess(installation, 4)
        assert logins.sign_in(installation, "fia", PASSWORD, STRANGER)
    with installation.db.reading() as session:
        left = session.exec(select(FailureTally)).all()
    assert [row.failures for row in left] == [12], "the place itself is not cleared"


def test_unknown_names_are_limited_by_place_and_no_other_place_notices(
    installation: Installation, add_person: AddPerson, checks: Checks
) -> None:
    add_person("fia")
    for number in range(40):
        guess(installation, 1, name=f"nobody-{number}")
    assert checks.count == 21
    assert not logins.sign_in(installation, "fia", PASSWORD, STRANGER)
    assert logins.sign_in(installation, "fia", PASSWORD, COLLEAGUE)


def test_an_unknown_name_is_delayed_like_a_known_one(
    installation: Installation, add_person: AddPerson, checks: Checks
) -> None:
    add_person("fia")
    counts: list[int] = []
    for name in ("fia", "nobody"):
        checks.count = 0
        guess(installation, 8, name=name, visitor=Visitor(f"192.0.2.{len(counts)}"))
        counts.append(checks.count)
    assert counts == [5, 5]


def test_one_who_has_an_account_does_not_clear_the_place_by_signing_in(
    installation: Installation, add_person: AddPerson, checks: Checks
) -> None:
    add_person("ola")
    for number in range(40):
        guess(installation, 1, name=f"nobody-{number}")
        logins.sign_in(installation, "ola", PASSWORD, STRANGER)
    assert not logins.sign_in(installation, "ola", PASSWORD, STRANGER)


def test_a_browser_that_has_signed_in_before_is_not_slowed_by_others_of_its_place(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    token = remember_name(installation, "", "fia")
    known = Visitor(STRANGER.source, known=number_of_browser(installation, token, "fia"))
    guess(installation, 30)
    for number in range(30):
        guess(installation, 1, name=f"nobody-{number}")
    assert not logins.sign_in(installation, "fia", PASSWORD, STRANGER)
    assert logins.sign_in(installation, "fia", PASSWORD, known)
    guess(installation, 5, known)
    assert not logins.sign_in(installation, "fia", PASSWORD, known), "its own failures count"


def test_a_browser_is_known_for_those_only_who_have_signed_in_with_it(
    installation: Installation,
) -> None:
    token = remember_name(installation, remember_name(installation, "", "Fia"), "ola")
    number = number_of_browser(installation, token, "fia")
    assert number == number_of_browser(installation, token, " OLA ") != ""
    assert number_of_browser(installation, token, "ada") == ""
    assert "fia" not in token
    another_key = with_settings(
        installation, cookie_key=type(installation.settings.cookie_key)("k" * 48)
    )
    for forged in ("", "rubbish", token[:-3], remember_name(another_key, "", "fia")):
        assert number_of_browser(installation, forged, "fia") == ""
    for name in map(str, range(8)):
        token = remember_name(installation, token, name)
    assert number_of_browser(installation, token, "fia") == "", "the latest eight are kept"


def test_what_is_counted_names_nobody(installation: Installation) -> None:
    guess(installation, 1, name="my-secret-password")
    with installation.db.reading() as session:
        kept = [row.model_dump_json() for row in session.exec(select(FailureTally))]
    assert len(kept) == 2
    assert not any("my-secret" in row or STRANGER.source in row for row in kept)


@pytest.mark.both
def test_what_is_a_day_old_is_not_even_kept(
    installation: Installation, add_person: AddPerson
) -> None:
    guess(installation, 6, name="nobody")
    pass_time(installation, 86_401)
    guess(installation, 1, COLLEAGUE, name="somebody")
    with installation.db.reading() as session:
        assert session.scalar(sa.select(sa.func.count(col(FailureTally.id)))) == 2


def test_tries_before_a_delay_has_ended_do_not_fill_the_audit_trail(
    installation: Installation, add_person: AddPerson
) -> None:
    add_person("fia")
    guess(installation, 20)
    assert [action for _, action, _ in events(installation)] == ["login refused"] * 5


def test_no_more_than_two_checks_are_made_at_once_and_one_for_each_place(
    installation: Installation,
) -> None:
    under_way: list[str] = []
    most: list[tuple[int, int]] = []
    watched = threading.Lock()

    def prove(number: int) -> bool:
        place = f"place {number % 3}"

        def check() -> bool:
            with watched:
                under_way.append(place)
                most.append((len(under_way), under_way.count(place)))
            threading.Event().wait(0.02)
            with watched:
                under_way.remove(place)
            return True

        return try_to_prove(installation, count_own(installation, str(number), "x"), place, check)

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(prove, range(12)))
    assert max(together for together, _ in most) == 2
    assert max(of_one_place for _, of_one_place in most) == 1


def test_who_waits_too_long_for_a_turn_is_refused_and_nothing_is_counted(
    installation: Installation, add_person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "WAIT_SECONDS", 0.05)
    add_person("fia")
    for busy in (attempts._queue.turn_of(COLLEAGUE.place), attempts._queue.slot()):
        with busy, attempts._queue.slot():
            assert not logins.sign_in(installation, "fia", PASSWORD, COLLEAGUE)
    assert events(installation) == []
    assert logins.sign_in(installation, "fia", PASSWORD, COLLEAGUE)


def test_of_one_place_only_so_many_wait_and_the_next_is_refused_at_once(
    installation: Installation, add_person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MOST_WAITING", 0)
    add_person("fia")
    with attempts._queue.turn_of(COLLEAGUE.place):
        assert not logins.sign_in(installation, "fia", PASSWORD, COLLEAGUE)
        assert logins.sign_in(installation, "fia", PASSWORD, STRANGER), "another place is free"
    assert logins.sign_in(installation, "fia", PASSWORD, COLLEAGUE)


class Clock:
    """In place of the module ``time``: only a check of a password and a pause take time."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def check(self, _password: str, _hash: str | None) -> bool:
        self.passed += 0.25
        return False


def test_a_delayed_answer_takes_as_long_as_a_wrong_or_an_unknown_one(
    installation: Installation, add_person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_person("fia")
    clock = Clock()
    monkeypatch.setattr(attempts, "time", clock)
    monkeypatch.setattr(logins, "password_fits", clock.check)
    took = []
    for name in (*["fia"] * 8, *["nobody"] * 8):
        began = clock.passed
        assert not logins.sign_in(installation, name, WRONG, STRANGER)
        took.append(clock.passed - began)
    assert took == [0.25] * 16
    # a code is checked in no time, and that is told of codes only
    assert not logins.give_code(installation, "", "000000")
    assert try_to_prove(installation, count_own(installation, "fia", "code"), "x", lambda: True)
    began = clock.passed
    assert not logins.sign_in(installation, "fia", WRONG, STRANGER)
    assert clock.passed - began == 0.25
