"""Queries about who a user is at the company's login provider."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.language.said import say
from so24.store.tables.people_tables import CompanyIdentity, UsedCompanyAnswer, User


def identities_by_user(session: Session) -> dict[int, CompanyIdentity]:
    """Every identity, by the id of its user."""
    return {each.user_id: each for each in session.exec(select(CompanyIdentity))}


def identity_of(session: Session, user: User) -> CompanyIdentity | None:
    """The identity of this user, if there is one."""
    mine = select(CompanyIdentity).where(CompanyIdentity.user_id == user.row_id)
    return session.exec(mine).one_or_none()


def user_of_subject(
    session: Session, issuer: str, subject: str
) -> tuple[CompanyIdentity, User] | None:
    """The identity with exactly this subject, and whose it is."""
    theirs = CompanyIdentity.issuer == issuer, CompanyIdentity.subject == subject
    return _with_user(session, *theirs)


def user_awaited(session: Session, issuer: str, email: str) -> tuple[CompanyIdentity, User] | None:
    """The identity that waits for whoever has this e-mail, and whose it is."""
    waiting = col(CompanyIdentity.subject).is_(None)
    theirs = CompanyIdentity.issuer == issuer, CompanyIdentity.awaited == email, waiting
    return _with_user(session, *theirs)


def delete_identity(session: Session, identity: CompanyIdentity) -> None:
    """Take the identity away from its user."""
    session.delete(identity)


def use_answer(session: Session, state_hash: str, moment: dt.datetime, keep: dt.timedelta) -> bool:
    """Note that an answer is taken; False where it was before. Old ones are forgotten.

    The session is alone in writing.
    """
    session.execute(sa.delete(UsedCompanyAnswer).where(col(UsedCompanyAnswer.at) < moment - keep))
    used = select(UsedCompanyAnswer).where(UsedCompanyAnswer.state_hash == state_hash)
    if session.exec(used).first() is not None:
        return False
    session.add(UsedCompanyAnswer(state_hash=state_hash, at=moment))
    return True


def describe_identity(identity: CompanyIdentity | None) -> str:
    """In short, whether there is one, and whether anybody has come by it."""
    if identity is None:
        return ""
    if identity.awaited:
        return say("waits for {email}", email=identity.awaited)
    return say("is linked")


def _with_user(session: Session, *which: object) -> tuple[CompanyIdentity, User] | None:
    query = select(CompanyIdentity, User).where(CompanyIdentity.user_id == User.id, *which)  # type: ignore[arg-type]
    found = session.exec(query).one_or_none()
    return None if found is None else (found[0], found[1])
