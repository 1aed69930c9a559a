"""One's own second factor: set up, removed, its recovery codes renewed; and taken away by others.

Whoever sets one up or renews the codes has given the password within the last five minutes. A user
who has lost everything asks a System Administrator, who takes it away; that is in the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from so24.errors import PasswordNeeded, WrongUse
from so24.installation import Installation
from so24.language.said import say
from so24.people.attempts import count_own, try_to_prove
from so24.people.desk import Desk
from so24.people.logins import origin_of
from so24.people.own_logins import known_login
from so24.people.proof import prove_password
from so24.people.roles import Actor, Permission, is_proved
from so24.people.second_factor import (
    Enrolment,
    enrol,
    forget_second_factor,
    new_enrolment,
    renew_codes,
    take_code,
)
from so24.people.visitors import Visitor
from so24.store.people import people, recovery_codes
from so24.store.people.audit import record
from so24.store.people.failures import forget_failures_of
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession, User

_CODE_OF_REMOVAL = say("code of removal")


def begin_enrolment(installation: Installation, secret: str) -> Enrolment:
    """A second factor to be set up by whoever has this login; kept only when it is confirmed.

    Raises :class:`PasswordNeeded`, and :class:`WrongUse` for demo users and where there is one.
    """
    with installation.db.reading() as session:
        login, user = known_login(installation, session, secret)
        _require_proof(login, user)
        _refuse_demo(user)
        if user.second_factor_sealed:
            raise WrongUse(say("You have a second factor already; remove it first."))
        return new_enrolment(user.name)


def confirm_enrolment(
    installation: Installation,
    secret: str,
    enrolment: Enrolment,
    code: str,
    visitor: Visitor | None = None,
) -> tuple[str, ...]:
    """Keep the second factor, whose app has shown ``code``, and end all one's other logins.

    Returns the recovery codes, which nobody sees again. Raises as :func:`begin_enrolment` does, and
    :class:`WrongUse` where the code does not fit.
    """
    with _changing(installation, secret) as (session, login, user):
        _require_proof(login, user)
        _refuse_demo(user)
        if enrolment.name != user.name:
            raise WrongUse(say("This second factor was begun by another user; begin anew."))
        codes = enrol(session, installation.vault, user, enrolment.seed, code)
        for other in people.logins_of(session, user):
            if other.id != login.id:
                other.revoked_at = now()
        origin = origin_of(login, visitor)
        record(session, user.name, say("second factor set up"), user.name, origin=origin)
    return codes


def new_recovery_codes(
    installation: Installation, secret: str, visitor: Visitor | None = None
) -> tuple[str, ...]:
    """Replace one's own recovery codes; raises :class:`PasswordNeeded`."""
    with _changing(installation, secret) as (session, login, user):
        _require_proof(login, user)
        if not user.second_factor_sealed:
            raise WrongUse(say("You have no second factor."))
        codes = renew_codes(session, user)
        origin = origin_of(login, visitor)
        record(session, user.name, say("recovery codes renewed"), user.name, origin=origin)
    return codes


def count_recovery_codes(installation: Installation, secret: str) -> int:
    """How many recovery codes whoever has this login has left."""
    with installation.db.reading() as session:
        _, user = known_login(installation, session, secret)
        return recovery_codes.count_unused(session, user)


def remove_second_factor(
    installation: Installation,
    secret: str,
    password: str,
    code: str,
    visitor: Visitor | None = None,
) -> None:
    """Remove one's own second factor by the password and a code, or a recovery code.

    In a login by the company the provider has asked within the last five minutes instead of the
    password. Raises :class:`PasswordNeeded` where it has not, and :class:`WrongUse` where password
    or code is not right.
    """
    with installation.db.reading() as session:
        login, known = known_login(installation, session, secret)
    origin = origin_of(login, visitor)
    if login.by_company:
        _require_proof(login, known)
    else:
        prove_password(installation, known, password, origin)

    def check() -> bool:
        with _changing(installation, secret) as (session, _, user):
            taken = take_code(session, installation.vault, user, code)
            if taken:
                forget_second_factor(session, user)
                action = say("second factor removed")
                record(session, user.name, action, user.name, taken, origin=origin)
            return bool(taken)

    counted = count_own(installation, known.name, _CODE_OF_REMOVAL)
    if not try_to_prove(installation, counted, f"user {known.name}", check):
        raise WrongUse(say("The code is not right, or it was tried too often: then wait a little."))


def reset_second_factor(desk: Desk, name: str) -> None:
    """Take a user's second factor away, and end the user's logins; the password stays.

    Raises :class:`WrongUse` for an unknown user and for one who has none.
    """
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        if not user.second_factor_sealed:
            raise WrongUse(say("{user} has no second factor.", user=user.name))
        forget_second_factor(session, user)
        forget_failures_of(session, user)
        people.revoke_logins(session, user, now())
        desk.record(session, say("second factor reset"), user.name)


@contextmanager
def _changing(
    installation: Installation, secret: str
) -> Iterator[tuple[Session, LoginSession, User]]:
    with installation.db.writing() as session:
        login, user = known_login(installation, session, secret)
        yield session, login, user


def _require_proof(login: LoginSession, user: User) -> None:
    if not is_proved(Actor(user.name, user.role, login.proved_at), now()):
        raise PasswordNeeded(
            say(
                "You have shown who you are more than 5 minutes ago. Confirm it on this page; "
                "nothing was changed."
            )
        )


def _refuse_demo(user: User) -> None:
    if user.demo:
        raise WrongUse(say("Demo users cannot use a second factor."))
