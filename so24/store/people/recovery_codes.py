"""Queries about recovery codes, of which only hashes are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.store.tables.people_tables import RecoveryCode, User


def replace_codes(session: Session, user: User, hashes: Iterable[str]) -> None:
    """Give the user these codes instead of all earlier ones."""
    session.execute(sa.delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    session.add_all(RecoveryCode(user_id=user.row_id, code_hash=each) for each in hashes)


def use_code(session: Session, user: User, code_hash: str, moment: dt.datetime) -> bool:
    """Use this code up; False where it is none of the user's, or was used before."""
    used = session.execute(
        sa.update(RecoveryCode)
        .where(
            col(RecoveryCode.user_id) == user.id,
            col(RecoveryCode.code_hash) == code_hash,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=moment)
        .returning(col(RecoveryCode.id))
    )
    return used.first() is not None


def count_unused(session: Session, user: User) -> int:
    """How many codes the user has left."""
    statement = sa.select(sa.func.count(col(RecoveryCode.id))).where(
        col(RecoveryCode.user_id) == user.id, col(RecoveryCode.used_at).is_(None)
    )
    return int(session.execute(statement).scalar_one())
