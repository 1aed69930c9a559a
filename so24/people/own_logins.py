"""One's own logins: proved anew, looked at, and ended.

Whoever asks is known by the secret of an open login, so nobody sees or ends those of others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.language.said import say
from so24.people.logins import find_login, is_open, mark_of, origin_of
from so24.people.proof import prove_password
from so24.people.visitors import Visitor
from so24.store.people import people
from so24.store.people.audit import record
from so24.store.people.company_identities import describe_identity, identity_of
from so24.store.tables.ground import now
from so24.store.tables.people_tables import LoginSession, User


@dataclass(frozen=True)
class OwnLogin:
    """One open login of the user who asks; ``here`` is the one that asks. Times are aware UTC.

    ``mark``: the short name by which the audit trail knows it.
    """

    login_id: int
    mark: str
    opened_at: dt.datetime
    last_seen: dt.datetime
    source: str
    browser: str
    here: bool


def list_own_logins(installation: Installation, secret: str) -> list[OwnLogin]:
    """The open logins of whoever has this one, the latest first."""
    with installation.db.reading() as session:
        here, user = known_login(installation, session, secret)
        found = people.logins_of(session, user)
    return [
        OwnLogin(
            login_id=each.row_id,
            mark=mark_of(each),
            opened_at=each.created_at,
            last_seen=each.last_seen,
            source=each.source,
            browser=each.browser,
            here=each.id == here.id,
        )
        for each in found
        if is_open(installation, each)
    ]


def end_own_login(
    installation: Installation, secret: str, login_id: int, visitor: Visitor | None = None
) -> None:
    """End one of one's own logins; :class:`WrongUse` where it is not one of them."""
    with installation.db.writing() as session:
        here, user = known_login(installation, session, secret)
        chosen = {each.id: each for each in people.logins_of(session, user)}.get(login_id)
        if chosen is None:
            raise WrongUse(say("This login is not one of yours, or has ended already."))
        chosen.revoked_at = now()
        words = f"{mark_of(chosen)}, {chosen.browser}" if chosen.browser else mark_of(chosen)
        origin = origin_of(here, visitor)
        record(session, user.name, say("login ended"), user.name, words, origin=origin)


def end_other_logins(
    installation: Installation, secret: str, visitor: Visitor | None = None
) -> int:
    """End all of one's own logins but the one that asks; returns how many were open."""
    with installation.db.writing() as session:
        here, user = known_login(installation, session, secret)
        mine = people.logins_of(session, user)
        others = [each for each in mine if each.id != here.id and is_open(installation, each)]
        for each in others:
            each.revoked_at = now()
        words, origin = say("{count} of them", count=len(others)), origin_of(here, visitor)
        record(session, user.name, say("other logins ended"), user.name, words, origin=origin)
    return len(others)


def prove_again(
    installation: Installation, secret: str, password: str, visitor: Visitor | None = None
) -> None:
    """Note that the user of this login has given the password now.

    Raises :class:`WrongUse` where it is not right, and :class:`NotAllowed` for an ended login.
    """
    with installation.db.reading() as session:
        login, known = known_login(installation, session, secret)
    origin = origin_of(login, visitor)
    prove_password(installation, known, password, origin)
    with installation.db.writing() as session:
        login, user = known_login(installation, session, secret)
        if user.password_hash != known.password_hash:
            raise WrongUse(say("The password was changed meanwhile; sign in again."))
        login.proved_at = now()
        record(session, user.name, say("password given again"), user.name, origin=origin)


def describe_own_identity(installation: Installation, secret: str) -> str:
    """Whether whoever has this login is linked to the company's provider, in short; "" for no."""
    with installation.db.reading() as session:
        _, user = known_login(installation, session, secret)
        return describe_identity(identity_of(session, user))


def known_login(
    installation: Installation, session: Session, secret: str
) -> tuple[LoginSession, User]:
    """The open login with this secret, and whose it is; raises :class:`NotAllowed` without one."""
    found = find_login(installation, session, secret)
    if found is None:
        raise NotAllowed(say("Your login has ended. Please sign in again."))
    return found
