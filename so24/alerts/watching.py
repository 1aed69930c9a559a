"""The look for what is wrong, by one process of all, every half minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlmodel import Session

from so24.alerts.conditions import find_conditions
from so24.installation import Installation
from so24.store.alerts.deliveries import due_deliveries, plan_next
from so24.store.alerts.standing import raise_and_recover
from so24.store.tables.ground import now
from so24.store.transfers import workers

WATCH_SECONDS = 30.0
_QUEUED_AGAIN = dt.timedelta(minutes=10)  # where the job of a message was lost

Enqueue = Callable[[Session, int], None]


def watch(installation: Installation, enqueue: Enqueue) -> None:
    """Raise what is new, recover what is well again, and queue the messages that are due.

    All in one transaction: an alert is there together with its messages and their jobs, or not.
    """
    moment = now()
    with installation.db.lane_writing() as session:
        if not workers.lead(session):
            return
        raise_and_recover(session, find_conditions(installation, session, moment))
        due = due_deliveries(session, now())
        plan_next(session, due, moment + _QUEUED_AGAIN)
        for delivery_id in due:
            enqueue(session, delivery_id)
