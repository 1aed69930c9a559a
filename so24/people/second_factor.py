"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and codes for when it is lost.

The app's secret is sealed in the store. A code is good for its half minute and the ones beside it,
and once: none is taken that is not later than the last one. Recovery codes are random, so that it
is enough to keep their hash; each is good once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

import pyotp
from sqlmodel import Session

from so24.errors import WrongUse
from so24.language.said import say
from so24.store.people import recovery_codes
from so24.store.tables.ground import now
from so24.store.tables.people_tables import User
from so24.vault import Vault

ISSUER = "so24"
RECOVERY_CODES = 10
_STEPS_BESIDE = 1  # clocks of telephones are off by seconds
_CODE = re.compile(r"\d{6}")
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # 31 signs, nearly five bits each; none like another


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is set up with; kept nowhere before a code of it was given."""

    name: str
    seed: str

    @property
    def address(self) -> str:
        """The ``otpauth:`` address that the app reads from a picture."""
        totp = pyotp.TOTP(self.seed)
        return totp.provisioning_uri(name=self.name, issuer_name=ISSUER)

    @property
    def readable(self) -> str:
        """The seed to be typed, in groups of four."""
        return " ".join(re.findall(".{1,4}", self.seed))


def new_enrolment(name: str) -> Enrolment:
    """A fresh seed for this user."""
    return Enrolment(name, pyotp.random_base32())


def enrol(session: Session, vault: Vault, user: User, seed: str, code: str) -> tuple[str, ...]:
    """Give the user this second factor, whose app has shown ``code``; returns the recovery codes.

    Raises :class:`WrongUse` where the code is not of this seed, or the user has one already.
    """
    if user.second_factor_sealed:
        raise WrongUse(say("You have a second factor already; remove it first."))
    step = _step_of(seed, _tidy(code), after=0)
    if step is None:
        raise WrongUse(
            say(
                "The code does not fit. Take the one that the app shows now, and see that the "
                "clock of the telephone is right."
            )
        )
    user.second_factor_sealed, user.second_factor_step = vault.seal(seed), step
    return renew_codes(session, user)


def renew_codes(session: Session, user: User) -> tuple[str, ...]:
    """Replace the user's recovery codes, and return the new ones, which nobody sees again."""
    made = tuple(_new_code() for _ in range(RECOVERY_CODES))
    recovery_codes.replace_codes(session, user, [_hash(_tidy(each)) for each in made])
    return made


def forget_second_factor(session: Session, user: User) -> None:
    """Take the second factor and the recovery codes away."""
    user.second_factor_sealed, user.second_factor_step = "", 0
    recovery_codes.replace_codes(session, user, [])


def take_code(session: Session, vault: Vault, user: User, code: str) -> str:
    """Use up a code of the user's second factor, or a recovery code; says which, "" for neither.

    The session is alone in writing, so that nobody else takes the same code.
    """
    code = _tidy(code)
    if not user.second_factor_sealed:
        return ""
    if _CODE.fullmatch(code):
        step = _step_of(vault.unseal(user.second_factor_sealed), code, user.second_factor_step)
        if step is None:
            return ""
        user.second_factor_step = step
        return say("with a code")
    if not recovery_codes.use_code(session, user, _hash(code), now()):
        return ""
    left = recovery_codes.count_unused(session, user)
    return say("with a recovery code, {left} left", left=left)


def _step_of(seed: str, code: str, after: int) -> int | None:
    """The half minute that the code is of, among those that may be and are later; else None."""
    totp, present = pyotp.TOTP(seed), pyotp.TOTP(seed).timecode(now())
    fitting = [
        step
        for step in range(present - _STEPS_BESIDE, present + _STEPS_BESIDE + 1)
        if step > after and hmac.compare_digest(totp.generate_otp(step), code)
    ]
    return fitting[0] if fitting else None


def _new_code() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(16))
    return "-".join(signs[start : start + 4] for start in range(0, 16, 4))


def _tidy(code: str) -> str:
    """The code as it is compared: people type blanks and dashes, and capital letters."""
    return re.sub(r"[^0-9a-z]", "", code.lower()) if code.isascii() else ""


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
