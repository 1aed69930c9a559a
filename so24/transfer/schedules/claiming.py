"""A time that has come is claimed in the store, once whoever looks, and its job is queued.

All in one transaction: the claim is there together with its job, or not. What is open and has lost
its job, with the process that was at it, is queued again when its next attempt is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlmodel import Session

from so24.crashpoints import reach
from so24.installation import Installation
from so24.store.schedules.occasions import claim_times, due_occasions, latest_claimed
from so24.store.schedules.schedules import list_schedules
from so24.store.tables.ground import now
from so24.store.tables.schedule_tables import Schedule
from so24.store.transfers import workers
from so24.transfer.schedules.times import WeekTimes, times_between

EnqueueJob = Callable[[Session], None]


def claim_what_is_due(
    installation: Installation, enqueue: EnqueueJob, has_job: Callable[[], bool]
) -> int:
    """Claim the times that have come, and queue a job for what is open; how many were claimed.

    ``has_job`` says whether a job for them is queued or under way.
    """
    moment = now()
    with installation.db.reading() as session:
        schedules = list_schedules(session, active=True)
        wanted = _is_wanted(session, schedules, moment)
    if not wanted:
        return 0  # nobody has to be alone in writing for that
    with installation.db.lane_writing() as session:
        if not workers.lead(session):
            return 0
        claimed = _claim_all(session, list_schedules(session, active=True), moment)
        if due_occasions(session, moment) and not has_job():
            enqueue(session)
        reach("schedule claiming", None)
    if claimed:
        reach("schedule claimed", None)
    return claimed


def _is_wanted(session: Session, schedules: Sequence[Schedule], moment: dt.datetime) -> bool:
    if due_occasions(session, moment):
        return True
    latest = latest_claimed(session)
    return any(_list_due(each, latest, moment) for each in schedules)


def _claim_all(session: Session, schedules: Sequence[Schedule], moment: dt.datetime) -> int:
    latest = latest_claimed(session)
    return sum(
        claim_times(session, each.row_id, _list_due(each, latest, moment), moment)
        for each in schedules
    )


def _list_due(
    schedule: Schedule, latest: dict[int, dt.datetime], moment: dt.datetime
) -> list[dt.datetime]:
    """The times of a schedule that have come and were not claimed, since it was set."""
    times = WeekTimes.stored(schedule.weekdays, schedule.minute)
    since = max(schedule.set_at, latest.get(schedule.row_id, schedule.set_at))
    return times_between(times, since, moment)
