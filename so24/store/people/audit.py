"""The audit trail: written in the transaction of what it reports, read newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.language.said import say
from so24.letters import norwegian_order
from so24.store.database.dialects import among
from so24.store.people.origins import Origin
from so24.store.tables.people_tables import AuditEvent

# events that change nothing of any document, customer or key, and happen all day
CHANGE_REFUSED = say("change refused")
# by which nothing has changed
_COMING_AND_GOING = (
    say("login"),
    say("login refused"),
    say("logout"),
    say("access refused"),
    CHANGE_REFUSED,
)


@dataclass(frozen=True)
class LogFilter:
    """Which of the things that were done and noted; empty fields do not restrict.

    ``begins`` is included, ``ends`` is not.
    """

    begins: dt.datetime | None = None
    ends: dt.datetime | None = None
    actor: str = ""
    kinds: frozenset[str] = frozenset()

    @property
    def restricts(self) -> bool:
        """Whether it leaves anything out."""
        return self != type(self)()

    def conditions(self, at: Any, actor: Any, kind: Any) -> list[sa.ColumnElement[bool]]:
        """What it asks of the columns that say when, by whom and what."""
        conditions: list[sa.ColumnElement[bool]] = []
        if self.begins is not None:
            conditions.append(col(at) >= self.begins)
        if self.ends is not None:
            conditions.append(col(at) < self.ends)
        if self.actor:
            conditions.append(col(actor) == self.actor)
        if self.kinds:
            conditions.append(among(kind, self.kinds))
        return conditions


@dataclass(frozen=True)
class TrailFilter(LogFilter):
    """Which events of the audit trail; empty fields do not restrict."""

    source: str = ""
    login: str = ""


EVERYTHING = TrailFilter()
_INSERT = sa.insert(AuditEvent.__table__)  # type: ignore[attr-defined] # SQLModel hides it


def record(
    session: Session,
    actor: str,
    action: str,
    subject: str = "",
    detail: str = "",
    *,
    origin: Origin,
) -> None:
    """Append one event and where it came from; ``detail`` must hold no secret."""
    event = AuditEvent(
        actor=actor,
        action=action,
        subject=subject[:200],
        detail=detail,
        source=origin.source,
        login=origin.login,
        browser=origin.browser,
    )
    session.connection().execute(_INSERT, event.model_dump(exclude={"id"}))


def latest_events(
    session: Session,
    wanted: TrailFilter = EVERYTHING,
    *,
    limit: int | None = 200,
    offset: int = 0,
) -> list[AuditEvent]:
    """The newest events of a filter first, at most ``limit`` of those after the first ones."""
    statement = select(AuditEvent).where(*_conditions(wanted)).order_by(col(AuditEvent.id).desc())
    return list(session.exec(statement.limit(limit).offset(offset)))


def events_about(
    session: Session, subjects: Collection[str], actions: Collection[str]
) -> list[AuditEvent]:
    """The events of these kinds about any of these subjects, the oldest first."""
    statement = select(AuditEvent).where(
        among(AuditEvent.subject, subjects), among(AuditEvent.action, actions)
    )
    return list(session.exec(statement.order_by(col(AuditEvent.id))))


def count_events(session: Session, wanted: TrailFilter) -> int:
    """How many events the filter has."""
    statement = sa.select(sa.func.count(col(AuditEvent.id))).where(*_conditions(wanted))
    return int(session.execute(statement).scalar_one())


def known_actors(session: Session) -> list[str]:
    """Everybody whom the trail names, by name."""
    return sorted(session.exec(select(AuditEvent.actor).distinct()), key=norwegian_order)


def known_actions(session: Session) -> list[str]:
    """Every kind of event that the trail has, by name."""
    return sorted(session.exec(select(AuditEvent.action).distinct()), key=norwegian_order)


def known_sources(session: Session) -> list[str]:
    """Every place that the trail names; lines from before it did so name none."""
    return sorted(each for each in session.exec(select(AuditEvent.source).distinct()) if each)


def newest_change(session: Session) -> int:
    """The id of the newest event by which something has changed; 0 where there is none."""
    found: int | None = session.execute(_newest_change()).scalar()
    return found or 0


@cache
def _newest_change() -> sa.Select[Any]:
    statement = sa.select(col(AuditEvent.id)).where(~among(AuditEvent.action, _COMING_AND_GOING))
    return statement.order_by(col(AuditEvent.id).desc()).limit(1)


def _conditions(wanted: TrailFilter) -> list[sa.ColumnElement[bool]]:
    conditions = wanted.conditions(AuditEvent.at, AuditEvent.actor, AuditEvent.action)
    if wanted.source:
        conditions.append(col(AuditEvent.source) == wanted.source)
    if wanted.login:
        conditions.append(col(AuditEvent.login) == wanted.login)
    return conditions
