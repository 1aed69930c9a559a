"""Passwords: which may be chosen, how they are kept, and those that are handed over once.

bcrypt reads at most 72 bytes, so a longer password is refused instead of being cut. What is easily
guessed is found in two ways. Where nothing but a common word is left without the user's name, the
product's, digits and signs, it is refused: of the lists of zxcvbn (30,000 common passwords, names,
and words of English) and of our own, of Norwegian and of this trade. And zxcvbn's estimate finds
the rest: sequences, repetitions, rows of the keyboard, and what is put together of them.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import bcrypt

from so24.errors import WrongUse
from so24.language.said import say

SHORTEST = 12  # characters that people see
LONGEST_BYTES = 72
ROUNDS = 12
DEMO_PASSWORDS = {name: f"{name}-demo-2026" for name in ("ada", "fia", "ann")}
_READABLE = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ2345679"  # no 0/O, 1/l/I, 8/B, i/o
_FEWEST_GUESSES = 10**8  # zxcvbn's own bound of what withstands guessing at a slow hash
_UNSEEN = {"Cc", "Cf", "Mn", "Me"}
_DISGUISES = str.maketrans("@013457$!|", "aoieastsil")
_SHORTEST_PART = 3  # of a name, or what is left; shorter ones are in every other word
_estimating = threading.Lock()  # zxcvbn keeps the words of one estimate where others see them


def check_rule(name: str, password: str) -> None:
    """Raise :class:`WrongUse` with the reason where ``password`` may not be chosen by ``name``."""
    if _count_seen(password) < SHORTEST:
        raise WrongUse(
            say("The password must have at least {shortest} characters.", shortest=SHORTEST)
        )
    size = len(password.encode())
    if size > LONGEST_BYTES:
        raise WrongUse(
            say(
                "The password is too long: it has {size} bytes of at most {longest}. A letter "
                "such as å counts as two, other signs as up to four.",
                size=size,
                longest=LONGEST_BYTES,
            )
        )
    if password != password.strip() or "\0" in password:
        raise WrongUse(say("The password may not begin or end with a space."))
    if reason := _why_easy(name, password):
        raise WrongUse(
            say(
                "The password is easily guessed: {reason}. Choose another one, such as several "
                "words of your own.",
                reason=reason,
            )
        )


def hash_password(password: str) -> str:
    """The bcrypt hash of a password that passed :func:`check_rule`."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode()


def password_fits(password: str, password_hash: str | None) -> bool:
    """Whether the password fits the hash; takes the same time where there is no such user.

    ``password_hash`` is None for an unknown user: a dummy hash is then checked and False returned.
    """
    raw = password.encode()
    if len(raw) > LONGEST_BYTES or b"\0" in raw:
        raw = b""  # no stored password is empty, and bcrypt refuses what is longer
    fits = bcrypt.checkpw(raw, (password_hash or _dummy_hash(ROUNDS)).encode())
    return fits and password_hash is not None


def new_one_time_password() -> str:
    """A random password to be handed over once: four groups of four letters and digits."""
    letters = "".join(secrets.choice(_READABLE) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


@cache
def _dummy_hash(rounds: int) -> str:
    return bcrypt.hashpw(secrets.token_bytes(16).hex().encode(), bcrypt.gensalt(rounds)).decode()


def _count_seen(password: str) -> int:
    composed = unicodedata.normalize("NFC", password)
    return sum(unicodedata.category(sign) not in _UNSEEN for sign in composed)


def _why_easy(name: str, password: str) -> str:
    """What makes it easy to guess, or ""."""
    folded = _fold(password)
    if folded == _fold(name):
        return say("it is the user name")
    if any(_letters(folded) == _letters(shown) for shown in DEMO_PASSWORDS.values()):
        return say("the login page of the sandbox shows it")
    for left in _without_names(folded, name):
        bare = _letters(left)
        if not bare:
            return say("without your name, the product's, digits and signs nothing is left of it")
        words = "".join(each for each in re.split(r"[\W_]+", left) if not each.isdigit())
        if any(_is_common(each) for each in (bare, words, words.strip("0123456789"))):
            return say("without digits and signs a common word or password is left of it")
    if _estimate(name, password) < _FEWEST_GUESSES:
        return say("it is made of common words, rows of keys, sequences or repetitions")
    return ""


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _without_names(folded: str, name: str) -> Iterator[str]:
    """What is left of it without the user's name and the product's, disguises read both ways."""
    own = [part for part in re.split(r"[^\w]|_", _fold(name)) if len(part) >= _SHORTEST_PART]
    taken = sorted({*own, _fold(name), *_products()}, key=len, reverse=True)
    ends_cut = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    anywhere = "|".join(map(re.escape, taken))
    by_itself = rf"(?<![^\W\d_])(?:{anywhere})(?![^\W\d_])"  # Kari in Karina is none
    for text in dict.fromkeys((folded, ends_cut.translate(_DISGUISES))):
        yield re.sub(anywhere, " ", text)
        yield re.sub(by_itself, " ", text)


def _is_common(text: str) -> bool:
    """Whether it is a common word or password, perhaps several times."""
    return len(text) >= _SHORTEST_PART and bool({text, _repeated(text)} & _common_words())


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def _repeated(text: str) -> str:
    """The shortest text of which this is a repetition."""
    return text[: (text + text).find(text, 1)]


def _estimate(name: str, password: str) -> int:
    """How many guesses it takes, as zxcvbn estimates; user, product and our words are known."""
    from zxcvbn import zxcvbn  # its lists take a while to load, and hardly any command needs them

    known = [name, *re.split(r"[^\w]|_", name), *_products(), *_own_words()]
    with _estimating:
        return int(zxcvbn(password, [each for each in known if each])["guesses"])


@cache
def _own_words() -> tuple[str, ...]:
    lines = files("so24.people").joinpath("common_words.txt").read_text("utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _products() -> tuple[str, ...]:
    """What the product and those around it are called: the first line of our own words."""
    return _own_words()[: _own_words().index("passord")]


@cache
def _common_words() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = [_fold(word) for words in FREQUENCY_LISTS.values() for word in words]
    return frozenset({*listed, *map(_letters, listed), *map(_fold, _own_words())})
