"""Schedules are set and turned off, by who may change the key or the connection."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from so24.amounts import format_amount
from so24.errors import WrongUse
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys import keys
from so24.store.schedules.schedules import put_schedule, schedule_of
from so24.store.tables.ground import now
from so24.store.tables.schedule_tables import Schedule, ScheduleKind
from so24.transfer.schedules.rules import CURRENCY, Bounds
from so24.transfer.schedules.times import WeekTimes

MOST_DOCUMENTS = 10_000
MOST_AMOUNT = Decimal(1_000_000_000)
FETCH_SUBJECT = "RecMan"


def set_export(desk: Desk, key_id: int, times: WeekTimes, bounds: Bounds) -> None:
    """Send by this key at these times, within these bounds; in the place of what was set before.

    Times of before this moment count no more, and what has held the schedule up to now is taken as
    seen to. Raises :class:`WrongUse` for bounds that cannot be, and for a key that is gone.
    """
    desk.require(Permission.MANAGE_KEYS)
    _check_bounds(bounds)
    with desk.writing(Permission.MANAGE_KEYS) as session:
        key = keys.known_key(session, key_id)
        row = _make(ScheduleKind.EXPORT, key_id, times, bounds, desk.actor.name, now())
        put_schedule(session, row)
        detail = say(
            "{times}, at most {documents} documents of {amount} together",
            times=str(times),
            documents=bounds.documents,
            amount=format_amount(bounds.amount, CURRENCY),
        )
        desk.record(session, say("schedule of exports set"), key.name, detail)


def set_fetch(desk: Desk, times: WeekTimes) -> None:
    """Fetch from RecMan at these times, in the place of what was set before."""
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        nothing = Bounds(0, Decimal("0.00"))
        row = _make(ScheduleKind.FETCH, None, times, nothing, desk.actor.name, now())
        put_schedule(session, row)
        desk.record(session, say("schedule of the fetch set"), FETCH_SUBJECT, str(times))


def stop_export(desk: Desk, key_id: int) -> None:
    """Send nothing by this key by itself any more; raises :class:`WrongUse` where nothing is."""
    with desk.writing(Permission.MANAGE_KEYS) as session:
        row = _on(schedule_of(session, ScheduleKind.EXPORT, key_id))
        row.active = False
        name = keys.key_of_lane(session, key_id).name
        desk.record(session, say("schedule of exports turned off"), name)


def stop_fetch(desk: Desk) -> None:
    """Fetch nothing by itself any more; raises :class:`WrongUse` where nothing is fetched so."""
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        row = _on(schedule_of(session, ScheduleKind.FETCH, None))
        row.active = False
        desk.record(session, say("schedule of the fetch turned off"), FETCH_SUBJECT)


def _check_bounds(bounds: Bounds) -> None:
    if not 1 <= bounds.documents <= MOST_DOCUMENTS:
        raise WrongUse(say("Unasked go 1 to {most} documents at one time.", most=MOST_DOCUMENTS))
    if not 0 < bounds.amount <= MOST_AMOUNT or bounds.amount != round(bounds.amount, 2):
        raise WrongUse(
            say(
                "The amount that goes unasked is above 0, and at most {most}.",
                most=format_amount(MOST_AMOUNT, CURRENCY),
            )
        )


def _make(
    kind: ScheduleKind,
    key_id: int | None,
    times: WeekTimes,
    bounds: Bounds,
    set_by: str,
    set_at: dt.datetime,
) -> Schedule:
    return Schedule(
        kind=kind,
        key_id=key_id,
        weekdays=times.stored_days,
        minute=times.minute,
        most_documents=bounds.documents,
        most_amount=round(bounds.amount, 2),
        set_by=set_by,
        set_at=set_at,
    )


def _on(row: Schedule | None) -> Schedule:
    if row is None or not row.active:
        raise WrongUse(say("There is no such schedule, or it is off already."))
    return row
