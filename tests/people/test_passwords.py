"""Passwords: 12 characters to 72 bytes, none easily guessed; a check that takes its time."""

from __future__ import annotations

import time

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from so24.errors import WrongUse
from so24.people import passwords
from so24.people.users import DEMO_USERS

NAME = "kari.normann"
GOOD = [
    "twelve-bytes",
    "correct-horse-battery",
    "fjorten blå sykler i regn",
    "x7!pQz-9vLk2",
    "jeg liker brunost på skiva",
    "blåbærtue ved øvre elv, og litt mer til deg som er med hjem idag",
    "ett hus til kari normann",
]
EASY_ONES = """
    123456789012 987654321098 111122223333 121212121212 000000000000 2026-11-30-2026 aaaaaaaaaaaa
    aaaabbbbcccc abcabcabcabc abcdefghijkl qwertyuiop12 qwertyuiopåæ asdfghjkløæ1 1q2w3e4r5t6y
    zaq12wsxcde3 zxcvbnmasdfghjkl qwertyqwerty Password1234 P@ssw0rd2026! Pa$$w0rd12345 pAsSwOrD!!!!
    p-a-s-s-w-o-r-d passordpassord Passord12345! Passord-2026 Sommer2026!! SOMMER!SOMMER!
    Høsten-2026! HØSTEN2026!! Trondheim2026 norge12345678 Velkommen2026 fotballfotball
    jegelskerdeg1 welcome12345 letmein123456 iloveyou1234 administrator Administrator1
    monkeymonkey1 trustno1trustno1 correcthorsebatterystaple kari12345678 kari-kari-kari
    kari.normann12 karinormann2026 KARI.NORMANN.1 K4r1-N0rm4nn! normann-normann nnamron.irak1
    24sevenoffice 24SevenOffice2026! so24so24so24 Kari-So24-2026! recman-2026-so24 RecMan1234567
    fia-demo-2026 ada-demo-2026 FIA-Demo-2026 ann.demo.2027! adademo20261
"""


@pytest.mark.parametrize("password", GOOD)
def test_twelve_characters_to_seventy_two_bytes_are_accepted(password: str) -> None:
    passwords.check_rule(NAME, password)
    assert passwords.password_fits(password, passwords.hash_password(password))


@pytest.mark.parametrize(
    "password",
    ["", "eleven-byte", "å" * 11, "åååååå", "😀😀😀", "👨‍👩‍👧‍👦" * 2, "zebra-lamp" + "\u200b" * 8,
     "e\u0301" * 11],
)  # fmt: skip
def test_what_people_see_as_fewer_than_twelve_characters_is_refused(password: str) -> None:
    with pytest.raises(WrongUse, match="at least 12 characters"):
        passwords.check_rule(NAME, password)


@pytest.mark.parametrize(
    ("password", "size"), [("x7!pQz-9vLk2" * 6 + "x", 73), ("æ-øå" * 11, 77), ("x" * 5000, 5000)]
)
def test_more_bytes_than_are_read_are_refused_with_how_many_there_are(
    password: str, size: int
) -> None:
    with pytest.raises(WrongUse, match=f"has {size} bytes of at most 72"):
        passwords.check_rule(NAME, password)


@pytest.mark.parametrize("password", EASY_ONES.split())
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(WrongUse, match="easily guessed"):
        passwords.check_rule(NAME, password)


def test_what_the_login_page_shows_is_nobodys_password() -> None:
    for user in DEMO_USERS:
        with pytest.raises(WrongUse, match="login page"):
            passwords.check_rule(NAME, user.password)


def test_the_words_of_common_passwords_are_refused_however_they_are_brought_to_length() -> None:
    common = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 4][:1000]
    accepted = [
        variant
        for number, word in enumerate(common)
        for variant in variants_of(word, number)
        if not is_refused(variant)
    ]
    assert accepted == []


def variants_of(word: str, number: int) -> tuple[str, ...]:
    """Four common ways to make twelve characters or more of a word."""
    year = f"{1990 + number % 40}"
    return (
        word.capitalize() + "123456789012"[: max(3, 12 - len(word))],
        f"{word.upper()}-{year}".ljust(12, "!"),
        f"{word}!{word}!{word}!"[: max(12, 2 * (len(word) + 1))],
        f"so24-{word}-kari".ljust(12, "1"),
    )


@pytest.mark.long
def test_all_common_passwords_of_twelve_characters_or_more_are_refused() -> None:
    listed = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 12]
    assert [word for word in listed if not is_refused(word)] == []


def is_refused(password: str) -> bool:
    try:
        passwords.check_rule(NAME, password)
    except WrongUse:
        return True
    return False


def test_a_check_of_the_rule_takes_no_longer_for_a_text_that_is_made_for_it() -> None:
    began = time.thread_time()
    for text in ("4@8({[<369!|1705$+7%2" * 3, "aA" * 36, "1q" * 36, "20" * 36, "kari" * 18):
        is_refused(text)
    assert time.thread_time() - began < 5


def test_the_user_name_is_no_password_in_any_case() -> None:
    with pytest.raises(WrongUse, match="user name"):
        passwords.check_rule("fia.finance.user", "Fia.Finance.User")


@pytest.mark.parametrize(
    "password", [" quiet-leading-blank", "quiet-trailing-blank ", "quiet\0zero-byte"]
)
def test_blanks_at_the_ends_are_refused_because_the_login_form_drops_them(password: str) -> None:
    with pytest.raises(WrongUse, match="space"):
        passwords.check_rule("fia", password)


def test_a_longer_password_does_not_fit_by_its_first_72_bytes() -> None:
    hashed = passwords.hash_password("x" * 72)
    assert not passwords.password_fits("x" * 73, hashed)


@pytest.mark.parametrize("password", ["", "x" * 5000, "with\0zero-byte", "\ud7ff" * 100])
def test_odd_input_does_not_fit_and_does_not_break(password: str) -> None:
    assert not passwords.password_fits(password, passwords.hash_password("correct-horse-battery"))
    assert not passwords.password_fits(password, None)


def test_one_time_passwords_keep_the_rule_and_differ() -> None:
    made = {passwords.new_one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check_rule("fia", password)


def test_an_unknown_user_costs_the_check_as_much_time_as_a_known_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 9)
    hashed = passwords.hash_password("correct-horse-battery")
    passwords.password_fits("wrong-password", None)  # makes the dummy hash once
    known = _processor_seconds(hashed)
    unknown = _processor_seconds(None)
    assert 0.5 < unknown / known < 2


def _processor_seconds(password_hash: str | None) -> float:
    started = time.thread_time()
    for _ in range(5):
        passwords.password_fits("wrong-password", password_hash)
    return time.thread_time() - started
