"""How schedules stand: their next time, what became of the last one, and what holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from sqlmodel import Session

from so24.installation import Installation
from so24.keys.routing import why_parked
from so24.language.said import say
from so24.letters import fold
from so24.people.desk import Desk
from so24.people.logins import why_not_let_in
from so24.people.roles import PERMISSIONS, Actor, Permission
from so24.sources.recman.connection import NOT_CONNECTED
from so24.sources.recman.fetch import NOT_CONFIRMED
from so24.store.keys.keys import activation_row, connection_row, key_of_lane
from so24.store.people.origins import SCHEDULE
from so24.store.people.people import user_named
from so24.store.schedules.occasions import ends_of_run, latest_occasions, left_documents
from so24.store.schedules.schedules import list_schedules
from so24.store.tables.ground import now
from so24.store.tables.key_tables import KeyState
from so24.store.tables.people_tables import Role
from so24.store.tables.schedule_tables import Occasion, OccasionEnd, Schedule, ScheduleKind
from so24.store.transfers.runs import get_run
from so24.transfer.schedules.rules import EndedDocument, ScheduleFacts, find_hold
from so24.transfer.schedules.times import WeekTimes, next_time

BY_THE_COMMAND_LINE = "os:"  # how the name of who works there begins
LONGEST_ACTOR = 96
RECMAN = "RecMan"
# what held it is told of as long as it holds it, and not as what became of a time
NEEDS_A_PERSON = frozenset({OccasionEnd.OVER, OccasionEnd.MISSED, OccasionEnd.FAILED})


@dataclass(frozen=True)
class OccasionView:
    """A time of a schedule that has come, and what became of it; no ``ending``: it is under way.

    ``is_seen_to``: somebody has saved the schedule since.
    """

    moment: dt.datetime
    ending: OccasionEnd | None
    words: str
    run: str | None
    documents: int
    left: int
    is_seen_to: bool

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to see to it before the schedule does its work again."""
        return self.ending in NEEDS_A_PERSON and not self.is_seen_to


@dataclass(frozen=True)
class ScheduleView:
    """A schedule as people see it; times are aware UTC.

    ``name`` is its key's name, or RecMan. ``held``: why it does nothing now, with who sees to it
    how. ``next_at`` is None where it is off. ``quiet`` counts the times without anything to send up
    to the last one.
    """

    id: int
    kind: ScheduleKind
    key_id: int | None
    name: str
    times: WeekTimes
    most_documents: int
    most_amount: Decimal
    active: bool
    set_at: dt.datetime
    set_by: str
    held: str
    next_at: dt.datetime | None
    last: OccasionView | None
    quiet: int


@dataclass(frozen=True)
class LeftForPeople:
    """A document that a schedule has left for people at its last time, and why; it still waits."""

    invoice_id: int
    number: str
    why: str


def read_schedules(desk: Desk) -> list[ScheduleView]:
    """All schedules that were ever set, the fetch first, those of deleted keys left out."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return views_in(desk.installation, session, now())


def views_in(
    installation: Installation, session: Session, moment: dt.datetime
) -> list[ScheduleView]:
    """The same at a ``moment``, in a session that is open."""
    views = [_view(installation, session, each, moment) for each in list_schedules(session)]
    return sorted(views, key=lambda view: (view.key_id is not None, fold(view.name)))


def read_left(desk: Desk, schedule_id: int) -> list[LeftForPeople]:
    """What a schedule has left for people at its last time and still waits for them, by number."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        return [LeftForPeople(*each) for each in left_documents(session, schedule_id)]


def why_held(installation: Installation, session: Session, schedule: Schedule) -> str:
    """Why a schedule does nothing now, with who sees to it how; empty where it may."""
    setter = _judge_setter(installation, session, schedule)
    if schedule.kind is ScheduleKind.FETCH:
        return find_hold(ScheduleFacts(True, setter, _judge_connection(session)))
    row = activation_row(session)
    ended, stopped_by = _last_run(session, schedule)
    connection = _judge_key(installation, session, schedule)
    active = row is not None and row.active
    return find_hold(ScheduleFacts(active, setter, connection, ended, stopped_by))


def name_schedule(session: Session, schedule: Schedule) -> str:
    """Its key's name, or RecMan."""
    return RECMAN if schedule.key_id is None else key_of_lane(session, schedule.key_id).name


def schedule_actor(name: str, set_by: str) -> Actor:
    """Under whom a schedule acts: it may what finance may, and its name says who has set it."""
    longest = LONGEST_ACTOR - len(f"schedule: ({set_by})")
    return Actor(f"schedule:{name[:longest]} ({set_by})", Role.FINANCE, origin=SCHEDULE)


def _view(
    installation: Installation, session: Session, schedule: Schedule, moment: dt.datetime
) -> ScheduleView:
    times = WeekTimes.stored(schedule.weekdays, schedule.minute)
    latest = latest_occasions(session, schedule.row_id)
    return ScheduleView(
        id=schedule.row_id,
        kind=schedule.kind,
        key_id=schedule.key_id,
        name=name_schedule(session, schedule),
        times=times,
        most_documents=schedule.most_documents,
        most_amount=schedule.most_amount,
        active=schedule.active,
        set_at=schedule.set_at,
        set_by=schedule.set_by,
        held=why_held(installation, session, schedule) if schedule.active else "",
        next_at=next_time(times, max(moment, schedule.set_at)) if schedule.active else None,
        last=_view_occasion(latest[0], schedule) if latest else None,
        quiet=_count_quiet(latest),
    )


def _view_occasion(row: Occasion, schedule: Schedule) -> OccasionView:
    return OccasionView(
        moment=row.moment,
        ending=row.ending,
        words=row.words,
        run=row.run_id,
        documents=row.documents,
        left=row.left_count,
        is_seen_to=row.claimed_at < schedule.set_at,
    )


def _count_quiet(latest: Sequence[Occasion]) -> int:
    return sum(1 for _ in takewhile(lambda row: row.ending is OccasionEnd.QUIET, latest))


def _judge_setter(installation: Installation, session: Session, schedule: Schedule) -> str:
    """Why who has set it may not any more; who works by the command line owns the key material."""
    name = schedule.set_by
    if name.startswith(BY_THE_COMMAND_LINE):
        return ""
    user = user_named(session, name)
    export = schedule.kind is ScheduleKind.EXPORT
    needed = Permission.MANAGE_KEYS if export else Permission.MANAGE_RECMAN
    if user is None or why_not_let_in(installation, user):
        return say(
            "{who}, who has set it, is no active user any more. A System Administrator saves it "
            "again under Credentials.",
            who=name,
        )
    if needed not in PERMISSIONS[user.role]:
        return say(
            "{who}, who has set it, is no System Administrator any more. A System Administrator "
            "saves it again under Credentials.",
            who=name,
        )
    return ""


def _judge_key(installation: Installation, session: Session, schedule: Schedule) -> str:
    key = key_of_lane(session, schedule.key_id or 0)
    if key.state is KeyState.DISABLED:
        return say(
            "Key “{key}” is disabled. A System Administrator enables it under Credentials.",
            key=key.name,
        )
    parked = why_parked(key, installation.vault)
    return parked.words if parked else ""


def _judge_connection(session: Session) -> str:
    row = connection_row(session)
    if row is None:
        return NOT_CONNECTED
    return "" if row.confirmed_at is not None else NOT_CONFIRMED


def _last_run(session: Session, schedule: Schedule) -> tuple[tuple[EndedDocument, ...], str]:
    """The documents of the last run since it was set, and who has stopped that run."""
    latest = latest_occasions(session, schedule.row_id)
    ran = [row for row in latest if row.run_id and row.claimed_at >= schedule.set_at]
    if not ran or ran[0].run_id is None:
        return (), ""
    run = get_run(session, ran[0].run_id)
    ended = tuple(
        EndedDocument(each.state, each.reason, each.state.is_open or each.retry_at is not None)
        for each in ends_of_run(session, ran[0].run_id)
    )
    return ended, run.cancelled_by if run and run.cancel_requested_at else ""
