"""The second factor: a code is good once, half a login is none, and the seed is kept sealed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from so24.errors import NotAllowed, PasswordNeeded, WrongUse
from so24.installation import Installation
from so24.people import attempts, half_logins, logins, second_factor, users
from so24.people.desk import Desk
from so24.people.half_logins import open_half
from so24.people.own_second_factor import (
    begin_enrolment,
    confirm_enrolment,
    count_recovery_codes,
    new_recovery_codes,
    remove_second_factor,
    reset_second_factor,
)
from so24.people.roles import PROOF_LASTS, Actor
from so24.people.second_factor import Enrolment, new_enrolment
from so24.people.visitors import Visitor
from so24.store.people.people import known_user, logins_of
from so24.store.tables.ground import now
from so24.store.tables.people_tables import RecoveryCode, Role
from so24.vault import Vault, new_secret_key
from tests.people.conftest import PASSWORD, AddPerson, events, stored, with_settings

MOMENT = dt.datetime(2026, 11, 30, 12, 0, 10, tzinfo=dt.UTC)
HALF_MINUTE = dt.timedelta(seconds=30)
WRONG = "000000"


class Phone:
    """An authenticator app that knows the user's seed, and the clock that so24 goes by."""

    def __init__(self, at: Installation, patch: pytest.MonkeyPatch) -> None:
        self.at, self.moment = at, MOMENT
        self.enrolment = Enrolment("", "")
        self.recovery: tuple[str, ...] = ()
        patch.setattr(second_factor, "now", lambda: self.moment)

    def enrol(self, name: str) -> str:
        """Set the second factor up; returns the secret of the login that did so."""
        secret = logins.open_session(self.at, name)
        self.enrolment = begin_enrolment(self.at, secret)
        self.recovery = confirm_enrolment(self.at, secret, self.enrolment, self.code())
        self.moment += HALF_MINUTE
        return secret

    def code(self, away: dt.timedelta = dt.timedelta(0)) -> str:
        return pyotp.TOTP(self.enrolment.seed).at(self.moment + away)

    def half(self, name: str = "fia") -> str:
        """Half a login, by the right password."""
        entrance = logins.sign_in(self.at, name, PASSWORD)
        assert not entrance
        assert entrance.half
        return entrance.half


@pytest.fixture
def phone(
    installation: Installation, add_person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> Phone:
    """The phone of Fia, who has set up her second factor."""
    phone = Phone(installation, monkeypatch)
    phone.enrol(add_person("fia"))
    return phone


@pytest.mark.both
def test_password_and_code_let_in_and_the_password_alone_does_not(
    installation: Installation, phone: Phone
) -> None:
    half = phone.half()
    assert logins.verify(installation, half) is None
    user = logins.verify(installation, logins.give_code(installation, half, phone.code()))
    assert user is not None
    assert (user.name, user.second_factor) == ("fia", True)
    assert events(installation)[-2:] == [("fia", "code asked for", "fia"), ("fia", "login", "fia")]


def test_half_a_login_can_do_nothing_but_take_a_code(
    installation: Installation, phone: Phone
) -> None:
    half = phone.half()
    before = len(open_logins(installation))
    for work in (
        lambda: begin_enrolment(installation, half),
        lambda: remove_second_factor(installation, half, PASSWORD, phone.code()),
        lambda: new_recovery_codes(installation, half),
    ):
        with pytest.raises(NotAllowed):
            work()
    logins.touch(installation, half)
    logins.close_session(installation, half)
    assert len(open_logins(installation)) == before


def open_logins(installation: Installation) -> list[object]:
    with installation.db.reading() as session:
        return list(logins_of(session, known_user(session, "fia")))


@pytest.mark.both
def test_a_code_is_good_once_for_however_many_try_it_at_the_same_moment(
    installation: Installation, phone: Phone
) -> None:
    halves, code = [phone.half() for _ in range(4)], phone.code()
    begun = Barrier(4)

    def give(half: str) -> str:
        begun.wait()
        return logins.give_code(installation, half, code)

    with ThreadPoolExecutor(4) as pool:
        given_out = list(pool.map(give, halves))
    assert sum(map(bool, given_out)) == 1


def test_a_code_that_set_it_up_signs_nobody_in(installation: Installation, phone: Phone) -> None:
    assert not logins.give_code(installation, phone.half(), phone.code(-HALF_MINUTE))


@pytest.mark.parametrize(
    ("away", "taken"), [(-2, False), (-1, False), (0, True), (1, True), (2, False)]
)
def test_a_code_is_taken_in_its_half_minute_and_beside_it_if_none_later_was(
    installation: Installation, phone: Phone, away: int, taken: bool
) -> None:
    # the code of half a minute ago is the one that has set the second factor up
    code = phone.code(away * HALF_MINUTE)
    assert bool(logins.give_code(installation, phone.half(), code)) is taken


def test_an_earlier_code_is_not_taken_after_a_later_one(
    installation: Installation, phone: Phone
) -> None:
    phone.moment += 10 * HALF_MINUTE
    assert logins.give_code(installation, phone.half(), phone.code(HALF_MINUTE))
    for away in (-1, 0, 1):
        assert not logins.give_code(installation, phone.half(), phone.code(away * HALF_MINUTE))
    phone.moment += 2 * HALF_MINUTE
    assert logins.give_code(installation, phone.half(), phone.code())


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
def test_a_code_may_be_typed_in_groups(
    installation: Installation, phone: Phone, typed: str
) -> None:
    code = phone.code()
    assert logins.give_code(installation, phone.half(), typed.format(code[:3], code[3:]))


@pytest.mark.parametrize(
    "code", ["", WRONG, "12345", "1234567", "x" * 5000, "１２３４５６", "'; --", "a\0b"]
)
def test_what_is_no_code_is_refused_and_recorded(
    installation: Installation, phone: Phone, code: str
) -> None:
    assert logins.give_code(installation, phone.half(), code) == ""
    assert events(installation)[-1] == ("fia", "login refused", "fia")


@given(st.text(max_size=40))
def test_only_digits_and_letters_of_a_code_count(text: str) -> None:
    tidy = second_factor._tidy(text)
    assert tidy == second_factor._tidy(tidy)
    assert set(tidy) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@pytest.mark.both
def test_a_recovery_code_stands_in_once(installation: Installation, phone: Phone) -> None:
    assert len(set(phone.recovery)) == 10
    first, second, *_ = phone.recovery
    secret = logins.give_code(installation, phone.half(), first.upper().replace("-", " "))
    assert logins.verify(installation, secret) is not None
    assert count_recovery_codes(installation, secret) == 9
    assert not logins.give_code(installation, phone.half(), first)
    assert logins.give_code(installation, phone.half(), second)


def test_new_recovery_codes_end_the_earlier_ones(installation: Installation, phone: Phone) -> None:
    secret = logins.give_code(installation, phone.half(), phone.code())
    fresh = new_recovery_codes(installation, secret)
    assert not logins.give_code(installation, phone.half(), phone.recovery[0])
    assert logins.give_code(installation, phone.half(), fresh[0])


def test_the_store_holds_the_seed_sealed_and_of_recovery_codes_only_hashes(
    installation: Installation, phone: Phone
) -> None:
    user = stored(installation, "fia")
    assert phone.enrolment.seed not in user.model_dump_json()
    assert installation.vault.unseal(user.second_factor_sealed) == phone.enrolment.seed
    with installation.db.reading() as session:
        kept = [row.model_dump_json() for row in session.exec(select(RecoveryCode))]
        told = json.dumps([str(event) for event in events(installation)])
    for code in phone.recovery:
        assert not any(code in row or code.replace("-", "") in row for row in [*kept, told])


def test_half_a_login_ends_after_five_minutes(
    installation: Installation, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = phone.half()
    assert open_half(installation.vault, half)
    later = now() + dt.timedelta(minutes=5)
    monkeypatch.setattr(half_logins, "now", lambda: later)
    assert not open_half(installation.vault, half)
    assert not logins.give_code(installation, half, phone.code())


@pytest.mark.parametrize(
    "end",
    [
        lambda desk: users.deactivate(desk, "fia"),
        lambda desk: users.reset_password(desk, "fia"),
        lambda desk: reset_second_factor(desk, "fia"),
        lambda desk: users.change_password(
            desk.installation, "fia", PASSWORD, "another-good-password"
        ),
    ],
)
def test_half_a_login_ends_with_what_takes_the_password_or_the_access_away(
    installation: Installation, phone: Phone, admin: Actor, end: Callable[[Desk], object]
) -> None:
    half = phone.half()
    end(Desk(installation, admin))
    assert not logins.give_code(installation, half, phone.code())


@pytest.mark.parametrize(
    "half", ["", "made-up", "other key", "another secret", "7", "[1, 2]", '["x", "fia", "y", "z"]']
)
def test_half_a_login_that_was_not_made_here_is_none(
    installation: Installation, phone: Phone, half: str
) -> None:
    until = (now() + dt.timedelta(hours=1)).isoformat()
    if half == "other key":
        half = Vault(new_secret_key()).seal(json.dumps(["half a login", "fia", "x", until]))
    elif half not in ("", "made-up"):
        half = installation.vault.seal(half)
    assert not open_half(installation.vault, half)
    assert logins.give_code(installation, half, phone.code()) == ""


def test_guessed_codes_are_delayed_wherever_they_are_guessed_but_not_in_a_known_browser(
    installation: Installation, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()
    monkeypatch.setattr(attempts, "now", lambda: moment)
    half = phone.half()
    for number in range(5):
        visitor = Visitor(f"192.0.2.{number}")
        assert not logins.give_code(installation, half, WRONG, visitor)
    assert not logins.give_code(installation, half, phone.code(), Visitor("198.51.100.1"))
    assert logins.give_code(installation, half, phone.code(), Visitor(known="fias own"))


def test_a_wrong_code_does_not_set_it_up(installation: Installation, add_person: AddPerson) -> None:
    secret = logins.open_session(installation, add_person("fia"))
    with pytest.raises(WrongUse, match="does not fit"):
        confirm_enrolment(installation, secret, begin_enrolment(installation, secret), WRONG)
    assert logins.sign_in(installation, "fia", PASSWORD)


def test_setting_it_up_ends_the_other_logins_which_had_the_password_only(
    installation: Installation, add_person: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = logins.open_session(installation, add_person("fia"))
    secret = Phone(installation, monkeypatch).enrol("fia")
    assert logins.verify(installation, other) is None
    assert logins.verify(installation, secret) is not None


def test_it_is_set_up_by_oneself_with_the_password_given_a_moment_ago_and_once(
    installation: Installation, phone: Phone, add_person: AddPerson
) -> None:
    secret = logins.open_session(installation, add_person("ola"))
    with pytest.raises(WrongUse, match="by another user"):
        confirm_enrolment(installation, secret, new_enrolment("fia"), WRONG)
    with installation.db.writing() as session:
        logins_of(session, known_user(session, "ola"))[0].proved_at -= PROOF_LASTS
    for work in (
        lambda: begin_enrolment(installation, secret),
        lambda: confirm_enrolment(installation, secret, new_enrolment("ola"), WRONG),
        lambda: new_recovery_codes(installation, secret),
    ):
        with pytest.raises(PasswordNeeded):
            work()
    fias = logins.give_code(installation, phone.half(), phone.code())
    with pytest.raises(WrongUse, match="already"):
        begin_enrolment(installation, fias)


def test_demo_users_have_none(installation: Installation, add_person: AddPerson) -> None:
    secret = logins.open_session(installation, add_person("fia", demo=True))
    with pytest.raises(WrongUse, match="Demo users"):
        begin_enrolment(installation, secret)


@pytest.mark.parametrize(
    ("password", "code", "sentence"),
    [("wrong-password", "right", "password is not right"), (PASSWORD, WRONG, "code is not right")],
)
def test_it_is_removed_by_password_and_code_and_not_by_one_of_them(
    installation: Installation, phone: Phone, password: str, code: str, sentence: str
) -> None:
    secret = logins.give_code(installation, phone.half(), phone.recovery[0])
    code = phone.code() if code == "right" else code
    with pytest.raises(WrongUse, match=sentence):
        remove_second_factor(installation, secret, password, code)
    assert stored(installation, "fia").second_factor_sealed
    remove_second_factor(installation, secret, PASSWORD, phone.recovery[1])
    assert logins.sign_in(installation, "fia", PASSWORD)
    assert ("fia", "second factor removed", "fia") in events(installation)


def test_an_administrator_takes_it_away_from_who_has_lost_it(
    installation: Installation, phone: Phone, admin: Actor
) -> None:
    secret = logins.give_code(installation, phone.half(), phone.code())
    desk = Desk(installation, admin)
    assert users.list_users(desk)[0].second_factor
    reset_second_factor(desk, "fia")
    assert logins.verify(installation, secret) is None
    assert logins.sign_in(installation, "fia", PASSWORD)
    assert ("ada", "second factor reset", "fia") in events(installation)
    with pytest.raises(WrongUse, match="has no second factor"):
        reset_second_factor(desk, "fia")


@pytest.mark.parametrize(
    ("setting", "role", "demo", "held"),
    [
        ("", Role.ADMIN, False, False),
        ("admin", Role.ADMIN, False, True),
        ("admin", Role.FINANCE, False, False),
        ("admin, finance", Role.FINANCE, False, True),
        ("admin,finance,analyst", Role.ANALYST, False, True),
        ("admin", Role.ADMIN, True, False),
    ],
)
def test_a_role_that_needs_one_is_held_until_it_is_set_up(
    installation: Installation,
    add_person: AddPerson,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    role: Role,
    demo: bool,
    held: bool,
) -> None:
    add_person("fia", role, demo=demo)
    place = with_settings(installation, second_factor=setting)
    user = logins.verify(place, logins.open_session(place, "fia"))
    assert user is not None
    assert (user.must_enrol, user.is_held) == (held, held)
    if held:
        user = logins.verify(place, Phone(place, monkeypatch).enrol("fia"))
        assert user is not None
        assert not user.is_held


def test_a_seed_that_no_key_opens_lets_nobody_in_and_says_why(
    installation: Installation, phone: Phone
) -> None:
    half = phone.half()
    with installation.db.writing() as session:
        user = known_user(session, "fia")
        user.second_factor_sealed = Vault(new_secret_key()).seal("x")
    with pytest.raises(WrongUse, match="SO24_SECRET_KEYS"):
        logins.give_code(installation, half, phone.code())
    assert logins.give_code(installation, half, phone.recovery[0])


def test_the_address_for_the_app_names_user_and_product() -> None:
    made = new_enrolment("kari@example.com")
    assert made.address.startswith("otpauth://totp/so24:kari%40example.com?secret=")
    assert made.readable.replace(" ", "") == made.seed
