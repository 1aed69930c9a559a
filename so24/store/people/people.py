"""Queries about users and their login sessions."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.errors import WrongUse
from so24.language.said import say
from so24.letters import norwegian_order
from so24.store.tables.people_tables import LoginSession, Role, User


def all_users(session: Session) -> list[User]:
    """Every user, by name."""
    return sorted(session.exec(select(User)), key=lambda user: norwegian_order(user.name))


def user_named(session: Session, name: str) -> User | None:
    """The user with exactly this name; PostgreSQL cannot even be asked for one with a NUL in it."""
    if "\0" in name:
        return None
    return session.exec(select(User).where(User.name == name)).one_or_none()


def known_user(session: Session, name: str) -> User:
    """The user with this name in any case; raises :class:`WrongUse` where there is none."""
    user = user_named(session, name.strip().lower())
    if user is None:
        raise WrongUse(say("There is no user named {name}.", name=name))
    return user


def count_other_administrators(session: Session, user: User, *, demo: bool) -> int:
    """How many active administrators there are besides ``user``; ``demo`` ones only if asked."""
    query = select(sa.func.count()).select_from(User)
    query = query.where(User.role == Role.ADMIN, col(User.active), User.id != user.id)
    return session.exec(query if demo else query.where(~col(User.demo))).one()


def login_with_user(session: Session, id_hash: str) -> tuple[LoginSession, User] | None:
    """The login session with this hash, and whose it is."""
    query = select(LoginSession, User).where(
        LoginSession.id_hash == id_hash, LoginSession.user_id == User.id
    )
    found = session.exec(query).one_or_none()
    return None if found is None else (found[0], found[1])


def logins_of(session: Session, user: User) -> list[LoginSession]:
    """The login sessions of ``user`` that nobody has ended, the latest first."""
    mine = select(LoginSession).where(
        LoginSession.user_id == user.id, col(LoginSession.revoked_at).is_(None)
    )
    return list(session.exec(mine.order_by(col(LoginSession.id).desc())))


def touch_login(
    session: Session, id_hash: str, moment: dt.datetime, *, seen_before: dt.datetime
) -> None:
    """Note that this login is in use, unless it was ended or noted by another since it was read."""
    session.execute(
        sa.update(LoginSession)
        .where(
            col(LoginSession.id_hash) == id_hash,
            col(LoginSession.revoked_at).is_(None),
            col(LoginSession.last_seen) == seen_before,
        )
        .values(last_seen=moment)
    )


def revoke_logins(session: Session, user: User, moment: dt.datetime) -> None:
    """End every login session of ``user`` that has not ended yet."""
    session.execute(
        sa.update(LoginSession)
        .where(col(LoginSession.user_id) == user.id, col(LoginSession.revoked_at).is_(None))
        .values(revoked_at=moment)
    )


def delete_ended_logins(session: Session, before: dt.datetime) -> None:
    """Forget login sessions that expired before this moment."""
    session.execute(sa.delete(LoginSession).where(col(LoginSession.expires_at) < before))
