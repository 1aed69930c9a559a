"""Logins: passwords, their check with its lock, and login sessions that the server can end.

bcrypt reads at most 72 bytes, so a longer password is refused instead of being cut; the lower
bound is ours. The browser's cookie holds a random secret, the store only its hash. A cookie
therefore ends where its row ends: at sign-out, after a change of password or role, on deactivation,
and by time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache

import bcrypt
from sqlmodel import Session

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.people.roles import Actor
from so24.store.people import people
from so24.store.people.audit import record
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession, Role, User

SHORTEST_BYTES = 12
LONGEST_BYTES = 72
ROUNDS = 12
_READABLE = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRSTUVWXYZ2345679"  # no 0/O, 1/l/I, 8/B, i/o
MOST_FAILURES = 5
LOCK = dt.timedelta(minutes=15)
_TOUCH = dt.timedelta(minutes=1)  # one write a minute and browser is enough for the idle limit
_KEEP_ENDED = dt.timedelta(days=30)


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


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as the store says at this moment."""

    name: str
    role: Role
    must_change: bool
    demo: bool
    expires_at: dt.datetime

    @property
    def actor(self) -> Actor:
        """The person as the services want it."""
        return Actor(self.name, self.role)


def sign_in(installation: Installation, name: str, password: str) -> str:
    """Open a login session for this user and return its secret, or "" where that is refused.

    The attempt is counted and recorded. After :data:`MOST_FAILURES` failures in a row the user is
    locked for :data:`LOCK`, whatever the password. Unknown, locked, deactivated and demo users in
    live mode get the same "" after the same time.
    """
    name = name.strip().lower()
    with installation.db.reading() as session:
        known = people.user_named(session, name)
    # outside any transaction: bcrypt takes a quarter of a second
    fits = password_fits(password, known.password_hash if known else None)
    with installation.db.writing() as session:
        user = people.user_named(session, name)
        if user is None or known is None:
            # the name is not kept: people type passwords into the wrong field
            record(session, "somebody", "login refused", "", "unknown user")
            return ""
        unchanged = user.password_hash == known.password_hash
        reason = _refusal(installation, user, fits=fits and unchanged)
        if reason:
            record(session, user.name, "login refused", user.name, reason)
            return ""
        user.failed_attempts, user.locked_until = 0, None
        user.last_login_at = now()
        record(session, user.name, "login", user.name)
        return _add_login(installation, session, user)


def open_session(installation: Installation, name: str) -> str:
    """Open a login session and return its secret, which only the browser keeps.

    Raises :class:`NotAllowed` where there is no such active user.
    """
    with installation.db.writing() as session:
        user = people.user_named(session, name)
        if user is None or not _may_enter(installation, user):
            raise NotAllowed("This user may not sign in. Ask a System Administrator.")
        return _add_login(installation, session, user)


def verify(installation: Installation, secret: str) -> SignedIn | None:
    """Who the secret belongs to, read afresh; None where the session has ended for any reason."""
    with installation.db.reading() as session:
        found = people.login_with_user(session, _hash(secret))
    if found is None:
        return None
    login, user = found
    if not (_is_open(installation, login) and _may_enter(installation, user)):
        return None
    return SignedIn(user.name, user.role, user.must_change, user.demo, login.expires_at)


def touch(installation: Installation, secret: str) -> None:
    """Note that the person is still there; an ended session stays ended.

    Writes at most once a minute. Only what a person does should call this, never a timer.
    """
    with installation.db.reading() as session:
        found = people.login_with_user(session, _hash(secret))
    moment = now()
    if found is None or moment - found[0].last_seen < _TOUCH:
        return
    if _is_open(installation, found[0]):
        with installation.db.lane_writing() as session:
            people.touch_login(session, _hash(secret), moment, seen_before=found[0].last_seen)


def close_session(installation: Installation, secret: str) -> None:
    """End this login session (sign-out); an unknown or ended one is left as it is."""
    with installation.db.writing() as session:
        found = people.login_with_user(session, _hash(secret))
        if found is None or found[0].revoked_at is not None:
            return
        login, user = found
        login.revoked_at = now()
        record(session, user.name, "logout", user.name)


def count_failure(user: User) -> bool:
    """Count a wrong password on ``user``, locked from the last one allowed on; True if locked."""
    user.failed_attempts += 1
    if user.failed_attempts < MOST_FAILURES:
        return False
    user.locked_until = now() + LOCK
    return True


def _add_login(installation: Installation, session: Session, user: User) -> str:
    """Add a login session of this user, who is stored already, and return its secret."""
    secret = secrets.token_urlsafe(32)
    moment = now()
    people.delete_ended_logins(session, moment - _KEEP_ENDED)
    session.add(
        LoginSession(
            id_hash=_hash(secret),
            user_id=user.row_id,
            created_at=moment,
            last_seen=moment,
            expires_at=moment + dt.timedelta(hours=installation.settings.session_hours),
        )
    )
    return secret


def _refusal(installation: Installation, user: User, *, fits: bool) -> str:
    """Why this attempt is refused, or ""; counts the failure on ``user``."""
    moment = now()
    if user.locked_until is not None:
        if user.locked_until > moment:
            user.failed_attempts += not fits  # every wrong password counts; the lock stays as it is
            return "locked"
        user.failed_attempts, user.locked_until = 0, None
    if not _may_enter(installation, user):
        return "deactivated" if not user.active else "demo user in live mode"
    if fits:
        return ""
    if not count_failure(user):
        return "wrong password"
    return f"wrong password, now locked for {LOCK.seconds // 60} minutes"


def _may_enter(installation: Installation, user: User) -> bool:
    return user.active and not (user.demo and installation.settings.live)


def _is_open(installation: Installation, login: LoginSession) -> bool:
    moment = now()
    idle = dt.timedelta(minutes=installation.settings.idle_minutes)
    return (
        login.revoked_at is None and moment < login.expires_at and moment - login.last_seen < idle
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
