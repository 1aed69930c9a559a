"""Logins: who is let in, and login sessions that the server can end.

The browser's cookie holds a random secret, the store only its hash. A cookie therefore ends where
its row ends: at sign-out, after a change of password or role, on deactivation, and by time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, replace

from sqlmodel import Session

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.language.said import join_said, say
from so24.people.attempts import (
    PRESENT_PASSWORD,
    count_code,
    count_own,
    count_sign_in,
    try_to_prove,
)
from so24.people.half_logins import (
    CompanyProof,
    HalfLogin,
    mark_identity,
    mark_password,
    open_half,
    seal_half,
)
from so24.people.passwords import password_fits
from so24.people.roles import PROOF_LASTS, Actor
from so24.people.second_factor import take_code
from so24.people.visitors import Visitor
from so24.store.people import people
from so24.store.people.audit import record
from so24.store.people.company_identities import identity_of
from so24.store.people.failures import forget_failures
from so24.store.people.origins import Origin
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession, Role, User

_TOUCH = dt.timedelta(minutes=1)  # one write a minute and browser is enough for the idle limit
_KEEP_ENDED = dt.timedelta(days=30)
_LETTERS_OF_A_MARK = 8


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as the store says at this moment.

    ``language``: the one that the user has chosen, if any.
    """

    name: str
    role: Role
    must_change: bool
    demo: bool
    expires_at: dt.datetime
    proved_at: dt.datetime
    second_factor: bool
    must_enrol: bool
    by_company: bool
    password_off: bool
    origin: Origin
    language: str | None = None

    @property
    def is_held(self) -> bool:
        """Whether something has to be done before anything else: a password, a second factor."""
        return self.must_change or self.must_enrol

    @property
    def actor(self) -> Actor:
        """The person as the services want it."""
        return Actor(self.name, self.role, self.proved_at, self.origin)


@dataclass(frozen=True)
class Entrance:
    """What the right password, or the company login, opens: a login session, or half of one.

    ``secret`` is that of the session. ``half`` is no login: it is good for a code of the second
    factor, for five minutes. Where somebody is refused both are empty.
    """

    secret: str = ""
    half: str = ""

    def __bool__(self) -> bool:
        """Whether a login session has been opened."""
        return bool(self.secret)


def sign_in(
    installation: Installation, name: str, password: str, visitor: Visitor | None = None
) -> Entrance:
    """Open a login session for this user, or half of one where the user has a second factor.

    The attempt is counted, for the name from where the visitor is and for that place, and recorded
    unless it came before a delay had ended. Unknown, delayed, deactivated and demo users in live
    mode, and those whose one-time password has ended, are refused alike after the same time.
    """
    name, visitor = name.strip().lower(), visitor or Visitor()
    with installation.db.reading() as session:
        known = people.user_named(session, name)
    password_hash = known.password_hash if known else None
    tried: list[bool] = []

    def check() -> bool:
        # outside any transaction: bcrypt takes a quarter of a second
        tried.append(password_fits(password, password_hash))
        return tried[0] and known is not None and not _why_not(installation, known)

    counted = count_sign_in(installation, name, visitor)
    proved = try_to_prove(installation, counted, visitor.place, check)
    if not tried:
        return Entrance()
    with installation.db.writing() as session:
        user = people.user_named(session, name)
        if user is None or known is None:
            # the name is not kept: people type passwords into the wrong field
            words = say("unknown user")
            record(session, "somebody", say("login refused"), "", words, origin=visitor.origin)
            return Entrance()
        fits = tried[0] and user.password_hash == password_hash
        reason = _why_not(installation, user) if fits else say("wrong password")
        if reason or not proved:
            words = reason or say("changed meanwhile")
            _record(session, user, say("login refused"), visitor.origin, words)
            return Entrance()
        if user.second_factor_sealed:
            return _ask_for_code(installation, session, user, mark_password(user), visitor)
        return Entrance(_enter(installation, session, user, visitor))


def enter_by_company(
    installation: Installation, session: Session, user: User, visitor: Visitor, proof: CompanyProof
) -> Entrance:
    """Open a login session for a user whom the company's provider has recognised, or half of one.

    The provider's second factor, where these settings count it as one, stands for ours. The caller
    has asked :func:`why_not_let_in`.
    """
    if user.second_factor_sealed and not proof.second_factor:
        mark = mark_identity(identity_of(session, user))
        return _ask_for_code(installation, session, user, mark, visitor, proof)
    return Entrance(_enter(installation, session, user, visitor, "", proof))


def give_code(
    installation: Installation, half: str, code: str, visitor: Visitor | None = None
) -> str:
    """Open the login session of which this is the half, by a code, and return its secret.

    The code is one of the second factor or a recovery code, each good once. "" where it is not
    right, came before a delay had ended, or the half is none any more.
    """
    opened, visitor = open_half(installation.vault, half), visitor or Visitor()
    if opened is None:
        return ""
    secret = ""

    def check() -> bool:
        nonlocal secret
        with installation.db.writing() as session:
            user = people.known_user(session, opened.name)
            if _is_over(installation, session, user, opened):
                return False
            taken = take_code(session, installation.vault, user, code)
            if taken:
                secret = _enter(installation, session, user, visitor, taken, opened.company)
            else:
                _record(session, user, say("login refused"), visitor.origin, say("wrong code"))
        return bool(secret)

    counted = count_code(installation, opened.name, visitor)
    try_to_prove(installation, counted, f"user {opened.name}", check)
    return secret


def _ask_for_code(
    installation: Installation,
    session: Session,
    user: User,
    mark: str,
    visitor: Visitor,
    company: CompanyProof | None = None,
) -> Entrance:
    _record(session, user, say("code asked for"), visitor.origin)
    half = HalfLogin(user.name, mark, company)
    return Entrance(half=seal_half(installation.vault, half))


def _is_over(installation: Installation, session: Session, user: User, half: HalfLogin) -> bool:
    """Whether what has been proved first is worth nothing any more."""
    if half.company:
        mark, reason = mark_identity(identity_of(session, user)), why_not_let_in(installation, user)
    else:
        mark, reason = mark_password(user), _why_not(installation, user)
    return bool(reason) or mark != half.mark


def _enter(
    installation: Installation,
    session: Session,
    user: User,
    visitor: Visitor,
    how: str = "",
    company: CompanyProof | None = None,
) -> str:
    """Let the user in, who has proved everything; ``how`` goes into the audit trail."""
    user.last_login_at = now()
    how = join_said((say("by the company login") if company else "", how))
    for each in count_own(installation, user.name, PRESENT_PASSWORD):
        forget_failures(session, each.key_hash)
    secret = add_login(installation, session, user, visitor, company)
    here = replace(visitor, login=mark_login(secret))
    _record(session, user, say("login"), here.origin, how)
    return secret


def open_session(installation: Installation, name: str, visitor: Visitor | None = None) -> str:
    """Open a login session and return its secret, which only the browser keeps.

    Raises :class:`NotAllowed` where there is no such active user.
    """
    with installation.db.writing() as session:
        user = people.user_named(session, name)
        if user is None or not _may_enter(installation, user):
            raise NotAllowed(say("This user may not sign in. Ask a System Administrator."))
        return add_login(installation, session, user, visitor or Visitor())


def verify(
    installation: Installation, secret: str, visitor: Visitor | None = None
) -> SignedIn | None:
    """Who the secret belongs to, read afresh; None where the session has ended for any reason.

    ``visitor``: who shows it, to be known by the audit trail; else it is known where the login was
    opened.
    """
    with installation.db.reading() as session:
        found = find_login(installation, session, secret)
    if found is None:
        return None
    login, user = found
    return SignedIn(
        name=user.name,
        role=user.role,
        must_change=user.must_change and not login.by_company,
        demo=user.demo,
        expires_at=login.expires_at,
        proved_at=login.proved_at,
        second_factor=bool(user.second_factor_sealed),
        must_enrol=not login.company_second_factor and _must_enrol(installation, user),
        by_company=login.by_company,
        password_off=user.password_off,
        origin=origin_of(login, visitor),
        language=user.language,
    )


def mark_login(secret: str) -> str:
    """The short mark of a login, by which its owner and the audit trail name it; no secret."""
    return _mark(_hash(secret))


def mark_of(login: LoginSession) -> str:
    """The mark of a login that is stored; see :func:`mark_login`."""
    return _mark(login.id_hash)


def origin_of(login: LoginSession, visitor: Visitor | None) -> Origin:
    """From where this login is used: where the visitor is, or else where it was opened."""
    here = visitor or Visitor(login.source, login.browser)
    return replace(here, login=mark_of(login)).origin


def find_login(
    installation: Installation, session: Session, secret: str
) -> tuple[LoginSession, User] | None:
    """The open login session with this secret, and whose it is; None where there is none."""
    found = people.login_with_user(session, _hash(secret))
    if found is None or not is_open(installation, found[0]):
        return None
    return found if _may_enter(installation, found[1]) else None


def touch(installation: Installation, secret: str) -> None:
    """Note that the person is still there; an ended session stays ended.

    Writes at most once a minute. Only what a person does should call this, never a timer.
    """
    with installation.db.reading() as session:
        found = people.login_with_user(session, _hash(secret))
    moment = now()
    if found is None or moment - found[0].last_seen < _TOUCH:
        return
    if is_open(installation, found[0]):
        with installation.db.lane_writing() as session:
            people.touch_login(session, _hash(secret), moment, seen_before=found[0].last_seen)


def close_session(installation: Installation, secret: str, visitor: Visitor | None = None) -> None:
    """End this login session (sign-out); an unknown or ended one is left as it is."""
    with installation.db.writing() as session:
        found = people.login_with_user(session, _hash(secret))
        if found is None or found[0].revoked_at is not None:
            return
        login, user = found
        login.revoked_at = now()
        _record(session, user, "logout", origin_of(login, visitor))


def add_login(
    installation: Installation,
    session: Session,
    user: User,
    visitor: Visitor,
    company: CompanyProof | None = None,
) -> str:
    """Add a login session of this user, who is stored already, and return its secret.

    One by the company login counts as proved when the provider last asked, however long ago.
    """
    secret = secrets.token_urlsafe(32)
    moment = now()
    asked_at = (company.asked_at or moment - PROOF_LASTS) if company else moment
    people.delete_ended_logins(session, moment - _KEEP_ENDED)
    session.add(
        LoginSession(
            id_hash=_hash(secret),
            user_id=user.row_id,
            created_at=moment,
            last_seen=moment,
            proved_at=min(asked_at, moment),
            expires_at=moment + dt.timedelta(hours=installation.settings.session_hours),
            source=visitor.source[:64],
            browser=visitor.browser[:64],
            by_company=company is not None,
            company_second_factor=company is not None and company.second_factor,
        )
    )
    return secret


def _why_not(installation: Installation, user: User) -> str:
    """Why the user is not let in though the password fits, or ""."""
    if user.password_off:
        return say("password is turned off")
    reason = why_not_let_in(installation, user)
    return reason or (say("one-time password has ended") if has_ended(user) else "")


def why_not_let_in(installation: Installation, user: User) -> str:
    """Why the user is not let in, whatever was proved, or ""."""
    if not user.active:
        return say("deactivated")
    return "" if _may_enter(installation, user) else say("demo user in live mode")


def has_ended(user: User) -> bool:
    """Whether the user's password was for one time and the time for that is over."""
    return user.password_until is not None and user.password_until <= now()


def _must_enrol(installation: Installation, user: User) -> bool:
    needed = user.role.value in installation.settings.second_factor_roles
    return needed and not user.demo and not user.second_factor_sealed


def _may_enter(installation: Installation, user: User) -> bool:
    return user.active and not (user.demo and installation.settings.live)


def is_open(installation: Installation, login: LoginSession) -> bool:
    """Whether the login session was not ended, neither by anybody nor by time."""
    moment = now()
    idle = dt.timedelta(minutes=installation.settings.idle_minutes)
    return (
        login.revoked_at is None and moment < login.expires_at and moment - login.last_seen < idle
    )


def _record(session: Session, user: User, action: str, origin: Origin, detail: str = "") -> None:
    record(session, user.name, action, user.name, detail, origin=origin)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _mark(id_hash: str) -> str:
    # of the hash, not of the secret: nobody gets from eight digits of a hash to 256 random bits
    return id_hash[:_LETTERS_OF_A_MARK]
