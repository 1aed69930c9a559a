"""The figures of an installation at one moment: documents, runs, keys, jobs, calls."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from so24.calls.tally import OfficeCall, calls_made
from so24.installation import Installation
from so24.keys.routing import why_parked
from so24.sources.recman.client import read_budget
from so24.store.keys.keys import connection_row, living_keys
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key, KeyState
from so24.store.transfers.retries import count_planned
from so24.store.transfers.standings import group_standings
from so24.store.transfers.tallies import OpenRun, count_by_state, open_runs
from so24.store.transfers.workers import living_workers
from so24.today.piles import sort_groups
from so24.transfer.circumstances import read_circumstances
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.vault import Vault


@dataclass(frozen=True)
class InstallationFigures:
    """How an installation stands at the moment ``at`` (aware UTC).

    ``documents`` counts those of each state, those never sent as ``not_transferred``; ``piles``
    those that need somebody or something, by whose turn it is. ``oldest_run_seconds`` is the age of
    the oldest run that has something in transfer, 0 where there is none. ``keys`` counts the keys
    that can send, that are disabled, and that wait for somebody to mend them. ``recman_calls_left``
    is of today, None without a connection. ``calls`` are those to 24SevenOffice that this process
    has made, by operation and outcome.
    """

    at: dt.datetime
    documents: Mapping[str, int]
    piles: Mapping[str, int]
    runs: int
    oldest_run_seconds: float
    waiting_for_key: int
    planned_retries: int
    keys: Mapping[str, int]
    jobs_run: bool
    workers: int
    recman_calls_left: int | None
    calls: Mapping[OfficeCall, int]


def read_figures(installation: Installation) -> InstallationFigures:
    """The figures now; a dozen statements, however many documents there are."""
    moment = now()
    with installation.db.reading() as session:
        runs = open_runs(session)
        retries, _ = count_planned(session)
        lease = dt.timedelta(seconds=installation.settings.lease)
        return InstallationFigures(
            at=moment,
            documents=count_by_state(session),
            piles=_count_piles(installation, session),
            runs=len(runs),
            oldest_run_seconds=_age_of_oldest(runs, moment),
            waiting_for_key=sum(each.waiting for each in runs),
            planned_retries=retries,
            keys=_count_keys(living_keys(session), installation.vault),
            jobs_run=jobs_are_run(installation),
            workers=0 if installation.db.embedded else len(living_workers(session, lease)),
            recman_calls_left=_calls_left(installation, session),
            calls=calls_made(),
        )


def _count_piles(installation: Installation, session: Session) -> dict[str, int]:
    circumstances = read_circumstances(installation, session)
    groups = group_standings(session, circumstances.answered)
    piles = sort_groups(groups, circumstances.blockades)
    return {name.value: pile.count for name, pile in piles.whole.items()}


def _age_of_oldest(runs: Iterable[OpenRun], moment: dt.datetime) -> float:
    return max(((moment - each.created_at).total_seconds() for each in runs), default=0.0)


def _count_keys(keys: Iterable[Key], vault: Vault) -> dict[str, int]:
    counted = Counter({"usable": 0, "disabled": 0, "parked": 0})
    for key in keys:
        if key.state is KeyState.DISABLED:
            counted["disabled"] += 1
        else:
            counted["usable" if why_parked(key, vault) is None else "parked"] += 1
    return dict(counted)


def _calls_left(installation: Installation, session: Session) -> int | None:
    return None if connection_row(session) is None else read_budget(installation).left
