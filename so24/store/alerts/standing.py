"""What stands wrong: raised once, and recovered once, whoever looks and how often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.alerts.choices import wanting
from so24.store.database.dialects import insert_into
from so24.store.tables.alert_tables import Alert, AlertDelivery, AlertKind
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import OPEN, Run, State, Transfer
from so24.store.transfers.tallies import count_if

_ALERTS: sa.Table = Alert.__table__  # type: ignore[attr-defined] # SQLModel hides it
_ONCE = frozenset({AlertKind.RUN})  # kinds that happen, and do not stand
_ENDED_WITHIN = dt.timedelta(days=2)
NO_PROBLEM = (*OPEN, State.TRANSFERRED, State.EXISTS, State.CANCELLED)


@dataclass(frozen=True)
class AlertCondition:
    """Something that is wrong at this moment: of which kind, about what, in words.

    Another ``mark`` is another state of it, of which people are told anew.
    """

    kind: AlertKind
    subject: str
    words: str
    mark: str = ""


@dataclass(frozen=True)
class EndedRun:
    """A run that has come to its end with documents that were not transferred."""

    run_id: str
    created_by: str
    documents: int
    problems: int


def raise_and_recover(session: Session, found: Sequence[AlertCondition]) -> list[int]:
    """Raise what is new among the conditions, and recover what is not among them any more.

    Returns the deliveries, by id, that this makes. The caller is alone in this: two who raise the
    same at once make one of it, by the index.
    """
    standing = {
        (each.kind, each.subject): each
        for each in session.exec(select(Alert).where(col(Alert.recovered_at).is_(None)))
    }
    made: list[int] = []
    for condition in found:
        before = standing.get((condition.kind, condition.subject))
        if before is not None and before.mark in ("", condition.mark):
            before.mark = condition.mark  # one of an earlier so24 has none yet
            session.add(before)
            continue
        if before is not None:
            before.recovered_at = now()  # its place is another state's, which people are told of
            session.add(before)
            session.flush()
        made += _raise(session, condition)
    wrong = {(each.kind, each.subject) for each in found}
    for key, alert in standing.items():
        if key not in wrong and alert.kind not in _ONCE:
            alert.recovered_at = now()
            session.add(alert)
            made += _owe(session, alert.row_id, alert.kind, recovery=True)
    session.flush()
    return made


def _raise(session: Session, condition: AlertCondition) -> list[int]:
    insert = insert_into(session, _ALERTS).on_conflict_do_nothing().returning(_ALERTS.c.id)
    values = {**vars(condition), "raised_at": now()}
    raised = session.execute(insert, [values]).scalars().all()
    return [each for number in raised for each in _owe(session, number, condition.kind)]


def _owe(session: Session, alert_id: int, kind: AlertKind, *, recovery: bool = False) -> list[int]:
    rows = [
        AlertDelivery(alert_id=alert_id, choice_id=choice, recovery=recovery)
        for choice in wanting(session, kind)
    ]
    session.add_all(rows)
    session.flush()
    return [row.row_id for row in rows]


def runs_ended_badly(session: Session, moment: dt.datetime) -> list[EndedRun]:
    """The runs of the last days that have ended with problems and that no alert tells of yet.

    What is tried again by itself has not ended.
    """
    told = sa.exists().where(
        col(Alert.kind) == AlertKind.RUN, col(Alert.subject) == col(Transfer.run_id)
    )
    goes_on = sa.or_(col(Transfer.state).in_(OPEN), col(Transfer.retry_at).is_not(None))
    problem = col(Transfer.state).not_in(NO_PROBLEM)
    rows = session.execute(
        sa.select(
            col(Run.id), col(Run.created_by), sa.func.count(col(Transfer.id)), count_if(problem)
        )
        .join(Transfer, col(Transfer.run_id) == col(Run.id))
        .where(col(Run.created_at) > moment - _ENDED_WITHIN, ~told)
        .group_by(col(Run.id), col(Run.created_by))
        .having(count_if(goes_on) == 0, count_if(problem) > 0)
        .order_by(col(Run.id))
    )
    return [EndedRun(*row) for row in rows]


def latest_alerts(session: Session, *, limit: int) -> Sequence[Alert]:
    """The newest alerts, newest first."""
    return session.exec(select(Alert).order_by(col(Alert.id).desc()).limit(limit)).all()
