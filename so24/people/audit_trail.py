"""The audit trail as people read it: who did or was refused what, and when, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.norwegian_numbers import hide_personal_numbers
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.people import audit
from so24.store.people.audit import LogFilter


@dataclass(frozen=True)
class TrailEvent:
    """One thing that somebody did or was refused; ``at`` is aware UTC."""

    at: dt.datetime
    actor: str
    action: str
    subject: str
    detail: str


def read_trail(
    desk: Desk,
    wanted: LogFilter,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[TrailEvent], int]:
    """At most ``limit`` events of the filter, newest first, and how many it has in all.

    Personal numbers in them are not shown.
    """
    with desk.reading(Permission.SEE_AUDIT) as session:
        rows = audit.latest_events(session, wanted, limit=limit, offset=offset)
        found = audit.count_events(session, wanted)
    events = [
        TrailEvent(
            row.at,
            row.actor,
            row.action,
            hide_personal_numbers(row.subject),
            hide_personal_numbers(row.detail),
        )
        for row in rows
    ]
    return events, found


def trail_choices(desk: Desk) -> tuple[list[str], list[str]]:
    """Everybody and every kind of event that the trail names."""
    with desk.reading(Permission.SEE_AUDIT) as session:
        return audit.known_actors(session), audit.known_actions(session)
