"""What needs whom now: problems, what is not transferred, runs, keys, import, ledger and jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from so24.keys.activation import activation
from so24.keys.routing import why_parked
from so24.language.said import say
from so24.ledger.keeping import newest_of_each
from so24.ledger.memory import PastResult, StillApart, still_apart, with_changes
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason
from so24.sources.import_reports import PastImport, list_imports
from so24.store.documents.overview import InvoiceFilter, list_invoices
from so24.store.keys.keys import all_departments, living_keys
from so24.store.ledger.results import kept_results
from so24.store.payments.readings import payment_readings
from so24.store.payments.stated import booked_companies, sum_payments
from so24.store.people.audit import EVERYTHING
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key, KeyState
from so24.store.transfers.retries import count_planned
from so24.store.transfers.standings import group_standings
from so24.today.piles import Pile, Piles, sort_groups
from so24.today.unpaid import Unpaid, pile_payments
from so24.transfer.circumstances import Circumstances, read_circumstances
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.transfer.progress import RunUnderWay
from so24.transfer.schedules.standing import ScheduleView, views_in
from so24.transfer.under_way import runs_under_way


@dataclass(frozen=True)
class ParkedKey:
    """A key by which nothing is sent, and why, with who mends it how."""

    name: str
    words: str


@dataclass(frozen=True)
class StuckDepartment:
    """A department from which nothing can be sent, why, and what of it is not transferred.

    ``key`` is the key that stands in the way, which is among those that cannot send; else empty.
    """

    label: str
    reason: Reason
    waiting: Pile
    key: str = ""


@dataclass(frozen=True)
class Beginning:
    """How far a new installation is: what has to be there before anything can be sent."""

    activated: bool
    has_key: bool
    has_documents: bool

    @property
    def is_over(self) -> bool:
        """Whether all of it is there."""
        return self.activated and self.has_key and self.has_documents


@dataclass(frozen=True)
class Today:
    """What needs whom at the moment ``at`` (aware UTC), and how the installation stands.

    ``readings``: what each company's last reconciliation said, by each witness, the newest first;
    ``apart``: what of all of them still does not agree. ``jobs_run``: whether some process runs
    the jobs. ``next_retry``: when so24 next tries again by itself what was not
    sent (aware UTC), None where nothing is planned. ``unpaid``: what 24SevenOffice had stated of
    payments when that was last read. ``schedules``: what is done by itself, those that are off
    left out.
    """

    at: dt.datetime
    beginning: Beginning
    piles: Piles
    runs: tuple[RunUnderWay, ...]
    keys: tuple[ParkedKey, ...]
    departments: tuple[StuckDepartment, ...]
    last_import: PastImport | None
    readings: tuple[PastResult, ...]
    jobs_run: bool
    next_retry: dt.datetime | None = None
    unpaid: Unpaid = field(default_factory=Unpaid)
    schedules: tuple[ScheduleView, ...] = ()
    apart: tuple[StillApart, ...] = ()

    @property
    def keyless(self) -> tuple[StuckDepartment, ...]:
        """The departments that no key stands in the way of: they have none."""
        return tuple(each for each in self.departments if not each.key)

    @property
    def stuck(self) -> int:
        """How many things must be mended before all can send: each key, each missing one."""
        return len(self.keys) + len(self.keyless)


def read_today(desk: Desk) -> Today:
    """What needs whom now; a dozen statements, however many documents there are."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        keys = living_keys(session)
        circumstances = read_circumstances(desk.installation, session)
        groups = group_standings(session, circumstances.answered)
        piles = sort_groups(groups, circumstances.blockades)
        beginning = Beginning(
            activated=activation(desk.installation).active,
            has_key=any(key.state is KeyState.USABLE for key in keys),
            has_documents=bool(list_invoices(session, InvoiceFilter(limit=1))),
        )
        departments = tuple(_stuck_departments(session, keys, circumstances, piles))
        runs = tuple(runs_under_way(session))
        kept = kept_results(session)
        _, retry_at = count_planned(session)
        unpaid = pile_payments(
            sum_payments(session), payment_readings(session), booked_companies(session)
        )
        schedules = views_in(desk.installation, session, now())
    imports, _ = list_imports(desk, EVERYTHING, limit=1)
    return Today(
        at=now(),
        beginning=beginning,
        piles=piles,
        runs=runs,
        keys=tuple(_parked_keys(desk, keys)),
        departments=departments,
        last_import=imports[0] if imports else None,
        readings=tuple(newest_of_each(with_changes(kept))),
        jobs_run=jobs_are_run(desk.installation),
        next_retry=retry_at,
        unpaid=unpaid,
        schedules=tuple(each for each in schedules if each.active),
        apart=tuple(still_apart(kept)),
    )


def _parked_keys(desk: Desk, keys: Sequence[Key]) -> Iterator[ParkedKey]:
    for key in keys:
        parked = why_parked(key, desk.vault)
        if key.state is KeyState.DISABLED:
            why = say("It is disabled. A System Administrator enables it under Credentials.")
            yield ParkedKey(key.name, why)
        elif parked is not None:
            yield ParkedKey(key.name, parked.words)


def _stuck_departments(
    session: Session, keys: Sequence[Key], circumstances: Circumstances, piles: Piles
) -> Iterator[StuckDepartment]:
    """Those that are active, or from which something waits."""
    names = {key.row_id: key.name for key in keys}
    for department in all_departments(session):
        found = circumstances.by_department.get(department.row_id)
        waiting = piles.departments.get(department.row_id, Pile())
        if found is not None and (department.active or waiting.count):
            name = names[found.key_id] if found.key_id is not None else ""
            yield StuckDepartment(department.label, found.reason, waiting, name)
