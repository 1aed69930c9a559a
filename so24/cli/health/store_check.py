"""The database as `so24 check` sees it: reach, migrations, engine, workers, clock, secrets."""

from __future__ import annotations

import os
from collections.abc import Iterator

from so24.amounts import count_things
from so24.cli.health.surroundings import MEGABYTE, HealthFinding, judge_clock, obstacle
from so24.dates import format_moment
from so24.errors import ConfigurationError
from so24.installation import Installation
from so24.settings import Settings
from so24.store.database.migrate import known_revisions, newest_revision
from so24.store.tables.ground import now
from so24.store.transfers.retries import count_planned
from so24.store.transfers.transfers import count_open
from so24.store.transfers.workers import FORGET_AFTER
from so24.store.upkeep.upkeep import (
    Condition,
    Sighting,
    clock_offset,
    explain_outage,
    file_in,
    inspect_database,
    revision_of,
    sealed_values,
    sighted_workers,
)
from so24.transfer.jobs.engine import VERSION
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.transfer.standstill import Standstill, find_standstills


def look_at_migrations(settings: Settings) -> HealthFinding:
    """Whether the database can be reached, and at which revision it is; changes nothing."""
    try:
        with explain_outage():
            revision, newest = revision_of(settings.database), newest_revision()
    except ConfigurationError as error:
        return HealthFinding("database", "fault", str(error))
    if revision == newest:
        return HealthFinding("migrations", "ok", f"up to date ({revision})")
    if not revision:
        return _judge_absence(settings)
    if revision not in known_revisions():
        of = "a newer so24" if revision > newest else "a version between two releases"
        return HealthFinding("migrations", "fault", f"at {revision}, which is of {of}")
    words = f"at {revision}; the next command upgrades it to {newest}"
    return HealthFinding("migrations", "note", words)


def _judge_absence(settings: Settings) -> HealthFinding:
    file = file_in(settings.database)
    if file is not None and file.parent.absolute() != settings.data_dir.absolute():
        # only the data folder is made by itself
        trouble = (
            obstacle(file.parent) if os.path.exists(file.parent) else "its folder does not exist"
        )
    else:
        trouble = obstacle(settings.data_dir) if file is not None else ""
    if trouble:
        return HealthFinding(
            "database", "fault", f"{file} does not exist and cannot be made: {trouble}"
        )
    return HealthFinding("database", "note", "does not exist yet; the first command makes it")


def look_at_store(installation: Installation) -> Iterator[HealthFinding]:
    """What can be told of a database that is up to date."""
    try:
        with explain_outage():
            condition = inspect_database(installation.db)
            workers, waiting = _ask(installation)
            still = find_standstills(installation)
            retries = _judge_retries(installation)
            offset = clock_offset(installation.db)
    except ConfigurationError as error:
        yield HealthFinding("database", "fault", str(error))
        return
    yield _judge_database(condition)
    yield _judge_engine(condition)
    yield from _judge_workers(installation, workers, waiting)
    yield from map(_judge_standstill, still)
    yield from retries
    if offset is not None:
        yield judge_clock(offset, "the database's", "database clock")
    yield _look_at_secrets(installation)


def _ask(installation: Installation) -> tuple[list[Sighting], int]:
    with installation.db.reading() as session:
        workers = [] if installation.db.embedded else sighted_workers(session)
        return workers, count_open(session)


def _judge_database(condition: Condition) -> HealthFinding:
    words = f"{condition.product}, {condition.size / MEGABYTE:.1f} MB"
    if condition.refusal:
        return HealthFinding(
            "database", "fault", f"{words}, cannot be written: {condition.refusal}"
        )
    return HealthFinding("database", "ok", f"{words}, can be written")


def _judge_engine(condition: Condition) -> HealthFinding:
    if not condition.engine_version:
        return HealthFinding("engine", "note", "has no tables yet; the first run makes them")
    words = f"its tables are at {condition.engine_version}, {condition.jobs} jobs under way"
    return HealthFinding("engine", "ok", words)


def _judge_workers(
    installation: Installation, workers: list[Sighting], waiting: int
) -> Iterator[HealthFinding]:
    lease = installation.settings.lease
    for worker in workers:
        if worker.age <= lease or waiting or worker.age <= FORGET_AFTER.total_seconds():
            yield _judge_heartbeat(worker, lease, waiting)
    if jobs_are_run(installation):
        yield HealthFinding("jobs", "ok", f"a process runs them; {waiting} documents in transfer")
    elif waiting:
        words = f"{waiting} documents wait, and no process runs the jobs"
        yield HealthFinding("jobs", "warning", f"{words}: start the dashboard or `so24 worker`")
    else:
        words = "no process runs them: start the dashboard or `so24 worker`"
        yield HealthFinding("jobs", "note", words)


def _judge_retries(installation: Installation) -> list[HealthFinding]:
    """What is to be tried again by itself, and whether anybody is there to do it."""
    with installation.db.reading() as session:
        count, at = count_planned(session)
    if at is None:
        return []
    words = f"{count_things(count, 'document')} not sent, the next to be tried again by itself"
    when = format_moment(at)
    if at > now():
        return [HealthFinding("retries", "ok", f"{words} at {when}")]
    words += f" since {when}"
    if jobs_are_run(installation):
        return [HealthFinding("retries", "ok", words)]
    words += ": no process runs the jobs; start one, or let `so24 export --wait` do it"
    return [HealthFinding("retries", "warning", words)]


def _judge_standstill(still: Standstill) -> HealthFinding:
    words = (
        f"run {still.run_id}: {still.count} in transfer, and nothing of it has moved since "
        f"{format_moment(still.since)}: restart the process that runs the jobs; nothing is sent "
        "twice by that"
    )
    return HealthFinding("jobs", "warning", words)


def _judge_heartbeat(worker: Sighting, lease: float, waiting: int) -> HealthFinding:
    words = f"{worker.id} was heard of {_tell_age(worker.age)} ago"
    if worker.age > lease:
        named = "until nothing is in transfer" if waiting else "for a day at most"
        words += ": it is dead, and others take over its work"
        return HealthFinding("worker", "note", f"{words}; it is named here {named}")
    if worker.version != VERSION:
        return HealthFinding(
            "worker", "note", f"{words}; it runs another version ({worker.version})"
        )
    return HealthFinding("worker", "ok", words)


def _tell_age(seconds: float) -> str:
    """In seconds, from two minutes on in minutes, from two hours on in hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _look_at_secrets(installation: Installation) -> HealthFinding:
    with installation.db.reading() as session:
        sealed = list(sealed_values(session))
    readable = sum(map(installation.vault.opens, sealed))
    if readable == len(sealed):
        return HealthFinding("key material", "ok", f"opens all {readable} stored secrets")
    words = f"SO24_SECRET_KEYS opens {readable} of {len(sealed)} stored secrets"
    return HealthFinding(
        "key material", "fault", f"{words}: add the key that they were sealed with"
    )
