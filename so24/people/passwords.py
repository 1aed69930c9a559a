"""Passwords: the rule, the hash, the check, and one-time passwords.

bcrypt reads at most 72 bytes, so a longer password is refused instead of being cut; the lower
bound is ours.
"""

from __future__ import annotations

import secrets
from functools import cache

import bcrypt

from so24.errors import WrongUse

SHORTEST_BYTES = 12
LONGEST_BYTES = 72
ROUNDS = 12
_READABLE = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ2345679"  # no 0/O, 1/l/I, 8/B, i/o


def check_rule(name: str, password: str) -> None:
    """Raise :class:`WrongUse` with the reason where ``password`` may not be chosen by ``name``."""
    size = len(password.encode())
    if not SHORTEST_BYTES <= size <= LONGEST_BYTES:
        raise WrongUse(
            f"The password must have {SHORTEST_BYTES} to {LONGEST_BYTES} characters "
            "(letters such as å count as two)."
        )
    if password != password.strip() or "\0" in password:
        raise WrongUse("The password may not begin or end with a space.")
    if password.casefold() == name.casefold():
        raise WrongUse("The password may not be the user name.")


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
