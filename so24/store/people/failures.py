"""Queries about tries that have failed: told apart by the hash of who tried what from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.tables.people_tables import FailureTally, User


def read_tallies(session: Session, hashes: Iterable[str]) -> dict[str, FailureTally]:
    """The tallies that there are, by their hash."""
    found = session.exec(select(FailureTally).where(among(FailureTally.key_hash, hashes)))
    return {row.key_hash: row for row in found}


def forget_failures_of(session: Session, user: User) -> None:
    """Let the user begin anew wherever a delay is under way for this name."""
    session.execute(sa.delete(FailureTally).where(col(FailureTally.user_id) == user.id))


def forget_failures(session: Session, key_hash: str) -> None:
    """Forget one tally, if there is one."""
    session.execute(sa.delete(FailureTally).where(col(FailureTally.key_hash) == key_hash))


def forget_old_failures(session: Session, before: dt.datetime) -> None:
    """Forget the tallies to which nothing was added since this moment."""
    session.execute(sa.delete(FailureTally).where(col(FailureTally.last_at) < before))
