"""Messages that are owed: claimed before they are sent, ended when they were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.tables.alert_tables import Alert, AlertChoice, AlertDelivery, AlertKind, Channel
from so24.store.tables.ground import now
from so24.store.tables.people_tables import User

MOST_ATTEMPTS = 8
REASON_LENGTH = 200
_CLAIM_LASTS = dt.timedelta(minutes=2)  # longer than any sending may take


@dataclass(frozen=True)
class Owed:
    """A message that is to be sent: of what, to whom, and in the language of which user."""

    delivery_id: int
    channel: Channel
    address_sealed: str
    user: str
    language: str | None
    kind: AlertKind
    subject: str
    words: str
    at: dt.datetime
    recovery: bool
    attempts: int


def due_deliveries(session: Session, moment: dt.datetime) -> Sequence[int]:
    """The messages, by id, that are to be tried by now."""
    statement = select(col(AlertDelivery.id)).where(
        col(AlertDelivery.ended_at).is_(None), col(AlertDelivery.next_at) <= moment
    )
    return [each for each in session.exec(statement) if each is not None]


def plan_next(session: Session, ids: Sequence[int], at: dt.datetime) -> None:
    """Let nobody else queue these before this moment."""
    if ids:
        rows = [{"which": each} for each in ids]
        change = sa.update(AlertDelivery).where(col(AlertDelivery.id) == sa.bindparam("which"))
        session.connection().execute(change.values(next_at=at), rows)


def claim(session: Session, delivery_id: int) -> Owed | None:
    """Set about sending; None where it has ended, or somebody is at it at this moment."""
    moment = now()
    claimed = session.execute(
        sa.update(AlertDelivery)
        .where(
            col(AlertDelivery.id) == delivery_id,
            col(AlertDelivery.ended_at).is_(None),
            sa.or_(
                col(AlertDelivery.begun_at).is_(None),
                col(AlertDelivery.begun_at) < moment - _CLAIM_LASTS,
            ),
        )
        .values(begun_at=moment, attempts=col(AlertDelivery.attempts) + 1)
        .returning(col(AlertDelivery.id))
    ).first()
    if claimed is None:
        return None
    delivery, alert, choice, user = session.execute(
        sa.select(AlertDelivery, Alert, AlertChoice, User)
        .join(Alert, col(Alert.id) == col(AlertDelivery.alert_id))
        .join(AlertChoice, col(AlertChoice.id) == col(AlertDelivery.choice_id))
        .join(User, col(User.id) == col(AlertChoice.user_id))
        .where(col(AlertDelivery.id) == delivery_id)
    ).one()
    return Owed(
        delivery_id=delivery_id,
        channel=choice.channel,
        address_sealed=choice.address_sealed,
        user=user.name,
        language=user.language,
        kind=alert.kind,
        subject=alert.subject,
        words=alert.words,
        at=(alert.recovered_at or alert.raised_at) if delivery.recovery else alert.raised_at,
        recovery=delivery.recovery,
        attempts=delivery.attempts,
    )


def end_sent(session: Session, delivery_id: int) -> None:
    """Note that the message was sent."""
    _end(session, delivery_id, ended_at=now(), failure="")


def end_failed(session: Session, owed: Owed, failure: str, again: dt.datetime) -> None:
    """Note why it was not sent; it is tried again, unless that was the last attempt."""
    over = owed.attempts >= MOST_ATTEMPTS
    values: dict[str, object] = {"failure": failure[:REASON_LENGTH], "next_at": again}
    values |= {"begun_at": None, "ended_at": now() if over else None}
    _end(session, owed.delivery_id, **values)


def _end(session: Session, delivery_id: int, **values: object) -> None:
    where = col(AlertDelivery.id) == delivery_id
    session.execute(sa.update(AlertDelivery).where(where).values(**values))


def failures_of(session: Session, choice_ids: Sequence[int]) -> dict[int, str]:
    """Why the newest message to each of these choices was not sent, where it was not."""
    rows = session.exec(
        select(AlertDelivery)
        .where(among(AlertDelivery.choice_id, choice_ids))
        .order_by(col(AlertDelivery.id))
    )
    return {row.choice_id: row.failure for row in rows}
