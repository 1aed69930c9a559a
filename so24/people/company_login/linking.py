"""Which person of the company a user is: linked and unlinked by a System Administrator.

A link changes who comes in as the user, and so ends the user's logins.
"""

from __future__ import annotations

import re

from sqlmodel import Session

from so24.errors import WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.people import people
from so24.store.people.company_identities import (
    delete_identity,
    identity_of,
    user_awaited,
    user_of_subject,
)
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LONGEST_SUBJECT, CompanyIdentity, User

_EMAIL = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,189}")


def link_by_email(desk: Desk, name: str, email: str) -> None:
    """Let the first person of the company with this e-mail, verified there, be this user.

    From the first sign-in on it is that person and no other one, whoever has the e-mail later.
    Raises :class:`WrongUse` where the company login is off, the user is unknown or linked already,
    or the e-mail is none or waited for already.
    """
    desk.require(Permission.MANAGE_USERS)
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise WrongUse(
            say("This is no e-mail as the company login knows it, such as kari@example.com.")
        )
    with desk.writing(Permission.MANAGE_USERS) as session:
        user, identity = _new_identity(desk, session, name)
        if (taken := user_awaited(session, identity.issuer, email)) is not None:
            raise WrongUse(
                say(
                    "{email} is entered for {taken} already; unlink that one first.",
                    email=email,
                    taken=taken[1].name,
                )
            )
        identity.awaited = email
        session.add(identity)
        people.revoke_logins(session, user, now())
        desk.record(
            session,
            say("company identity linked"),
            user.name,
            say("to whoever has {email}", email=email),
        )


def link_by_subject(desk: Desk, name: str, subject: str) -> None:
    """Let the person with this subject at the company's provider be this user.

    Raises :class:`WrongUse` as :func:`link_by_email` does.
    """
    desk.require(Permission.MANAGE_USERS)
    subject = subject.strip()
    plain = subject.isascii() and subject.isprintable()
    if not plain or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise WrongUse(
            say("This is no subject: the audit trail names it where somebody was refused.")
        )
    with desk.writing(Permission.MANAGE_USERS) as session:
        user, identity = _new_identity(desk, session, name)
        if (taken := user_of_subject(session, identity.issuer, subject)) is not None:
            raise WrongUse(
                say("This subject is {taken} already; unlink that one first.", taken=taken[1].name)
            )
        identity.subject, identity.bound_at = subject, now()
        session.add(identity)
        people.revoke_logins(session, user, now())
        desk.record(
            session,
            say("company identity linked"),
            user.name,
            say("to the subject {subject}", subject=subject),
        )


def unlink(desk: Desk, name: str) -> None:
    """Take the company identity away, end the user's logins, and let the password count again.

    Raises :class:`WrongUse` for an unknown user and for one who has none.
    """
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        identity = identity_of(session, user)
        if identity is None:
            raise WrongUse(say("{user} has no company identity.", user=user.name))
        delete_identity(session, identity)
        user.password_off = False
        people.revoke_logins(session, user, now())
        desk.record(session, say("company identity unlinked"), user.name)


def turn_password_off(desk: Desk, name: str) -> None:
    """Let the user in by the company login only, and end the user's logins.

    Raises :class:`WrongUse` for an unknown user, a demo user, and one who has not signed in by the
    company login yet, whom it would lock out.
    """
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        identity = identity_of(session, user)
        if user.demo:
            raise WrongUse(say("The demo users keep the passwords that the login page shows."))
        if identity is None or identity.subject is None or not _is_present(desk, identity):
            raise WrongUse(
                say(
                    "{user} has not signed in by the company login yet, and would be locked out.",
                    user=user.name,
                )
            )
        if not user.password_off:
            user.password_off = True
            people.revoke_logins(session, user, now())
            desk.record(session, say("password turned off"), user.name)


def turn_password_on(desk: Desk, name: str) -> None:
    """Let the user's password count again, which is the one of before.

    Raises :class:`WrongUse` for an unknown user.
    """
    with desk.writing(Permission.MANAGE_USERS) as session:
        user = people.known_user(session, name)
        if user.password_off:
            user.password_off = False
            desk.record(session, say("password turned on"), user.name)


def _new_identity(desk: Desk, session: Session, name: str) -> tuple[User, CompanyIdentity]:
    """The user who is to be linked, and an identity that says to whose provider."""
    issuer = desk.settings.oidc_issuer
    if not issuer:
        raise WrongUse(
            say("The company login is off: set SO24_OIDC_ISSUER first (see Help, Settings).")
        )
    user = people.known_user(session, name)
    if identity_of(session, user) is not None:
        raise WrongUse(
            say("{user} has a company identity already; unlink it first.", user=user.name)
        )
    linked_by = desk.actor.name[:96]
    return user, CompanyIdentity(user_id=user.row_id, issuer=issuer, linked_by=linked_by)


def _is_present(desk: Desk, identity: CompanyIdentity) -> bool:
    """Whether it is one of the provider that is set now."""
    return identity.issuer == desk.settings.oidc_issuer
