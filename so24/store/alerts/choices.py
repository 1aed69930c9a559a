"""Who wants to be told of what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.tables.alert_tables import AlertChoice, AlertDelivery, AlertKind, Channel
from so24.store.tables.people_tables import User


def choices_of(session: Session, name: str) -> Sequence[AlertChoice]:
    """What this user has chosen, oldest first."""
    return session.exec(
        select(AlertChoice)
        .join(User, col(User.id) == col(AlertChoice.user_id))
        .where(User.name == name)
        .order_by(col(AlertChoice.id))
    ).all()


def language_of(session: Session, name: str) -> str | None:
    """The language that this user has chosen, if any."""
    return session.exec(select(User.language).where(User.name == name)).first()


def add_choice(
    session: Session,
    name: str,
    channel: Channel,
    sealed: str,
    shown: str,
    kinds: Iterable[AlertKind],
) -> int:
    """Keep a choice of this user's; returns its id."""
    [user_id] = session.exec(select(User.id).where(User.name == name)).all()
    choice = AlertChoice(
        user_id=user_id or 0,
        channel=channel,
        address_sealed=sealed,
        shown=shown,
        kinds=",".join(sorted(kinds)),
    )
    session.add(choice)
    session.flush()
    return choice.row_id


def remove_choice(session: Session, choice_id: int) -> None:
    """Forget a choice, with the messages to it."""
    session.execute(sa.delete(AlertDelivery).where(col(AlertDelivery.choice_id) == choice_id))
    session.execute(sa.delete(AlertChoice).where(col(AlertChoice.id) == choice_id))


def wanting(session: Session, kind: AlertKind) -> list[int]:
    """The choices, by id, of active users who want to be told of this kind."""
    rows = session.execute(
        sa.select(col(AlertChoice.id), col(AlertChoice.kinds))
        .join(User, col(User.id) == col(AlertChoice.user_id))
        .where(col(User.active))
        .order_by(col(AlertChoice.id))
    )
    return [choice_id for choice_id, kinds in rows if kind.value in kinds.split(",")]
