"""The audit trail as people read it: who did or was refused what, when, and from where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.people import audit
from so24.store.people.audit import TrailFilter


@dataclass(frozen=True)
class TrailEvent:
    """One thing that somebody did or was refused; ``at`` is aware UTC.

    ``source``, ``login`` and ``browser`` say from where, as
    :class:`so24.store.people.origins.Origin` does; lines from before they were kept say nothing.
    """

    at: dt.datetime
    actor: str
    action: str
    subject: str
    detail: str
    source: str
    login: str
    browser: str


@dataclass(frozen=True)
class TrailChoices:
    """What the trail names, each by name: everybody, every kind of event, every source."""

    actors: Sequence[str]
    actions: Sequence[str]
    sources: Sequence[str]


def read_trail(
    desk: Desk,
    wanted: TrailFilter,
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
            row.source,
            row.login,
            row.browser,
        )
        for row in rows
    ]
    return events, found


def trail_choices(desk: Desk) -> TrailChoices:
    """What there is to choose from for the filters."""
    with desk.reading(Permission.SEE_AUDIT) as session:
        return TrailChoices(
            audit.known_actors(session), audit.known_actions(session), audit.known_sources(session)
        )
