"""The database as `so24 check` sees it: reach, migrations, engine, workers, clock, secrets."""

from __future__ import annotations

import os
from collections.abc import Iterator

from so24.cli.health.surroundings import (
    DATABASE_CLOCK,
    MEGABYTE,
    HealthFinding,
    judge_clock,
    obstacle,
)
from so24.dates import format_moment
from so24.errors import ConfigurationError
from so24.installation import Installation
from so24.language.said import join_said, say, say_count
from so24.settings import Settings
from so24.store.database.migrate import known_revisions, newest_revision
from so24.store.tables.ground import now
from so24.store.transfers.open_lanes import count_open
from so24.store.transfers.retries import count_planned
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
        return HealthFinding(say("database"), "fault", error.words)
    if revision == newest:
        return HealthFinding(
            say("migrations"), "ok", say("up to date ({revision})", revision=revision)
        )
    if not revision:
        return _judge_absence(settings)
    if revision not in known_revisions():
        return HealthFinding(
            say("migrations"),
            "fault",
            say("at {revision}, which is of a newer so24", revision=revision)
            if revision > newest
            else say(
                "at {revision}, which is of a version between two releases", revision=revision
            ),
        )
    words = say(
        "at {revision}; the next command upgrades it to {newest}", revision=revision, newest=newest
    )
    return HealthFinding(say("migrations"), "note", words)


def _judge_absence(settings: Settings) -> HealthFinding:
    file = file_in(settings.database)
    if file is not None and file.parent.absolute() != settings.data_dir.absolute():
        # only the data folder is made by itself
        trouble = (
            obstacle(file.parent)
            if os.path.exists(file.parent)
            else say("its folder does not exist")
        )
    else:
        trouble = obstacle(settings.data_dir) if file is not None else ""
    if trouble:
        return HealthFinding(
            say("database"),
            "fault",
            say("{file} does not exist and cannot be made: {trouble}", file=file, trouble=trouble),
        )
    return HealthFinding(
        say("database"), "note", say("does not exist yet; the first command makes it")
    )


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
        yield HealthFinding(say("database"), "fault", error.words)
        return
    yield _judge_database(condition)
    yield _judge_engine(condition)
    yield from _judge_workers(installation, workers, waiting)
    yield from map(_judge_standstill, still)
    yield from retries
    if offset is not None:
        yield judge_clock(offset, DATABASE_CLOCK, say("database clock"))
    yield _look_at_secrets(installation)


def _ask(installation: Installation) -> tuple[list[Sighting], int]:
    with installation.db.reading() as session:
        workers = [] if installation.db.embedded else sighted_workers(session)
        return workers, count_open(session)


def _judge_database(condition: Condition) -> HealthFinding:
    words = f"{condition.product}, {condition.size / MEGABYTE:.1f} MB"
    if condition.refusal:
        return HealthFinding(
            say("database"),
            "fault",
            say("{database}, cannot be written: {why}", database=words, why=condition.refusal),
        )
    return HealthFinding(say("database"), "ok", say("{database}, can be written", database=words))


def _judge_engine(condition: Condition) -> HealthFinding:
    if not condition.engine_version:
        return HealthFinding(
            say("engine"), "note", say("has no tables yet; the first run makes them")
        )
    words = say_count(
        "its tables are at {version}, {number} jobs under way",
        "its tables are at {version}, {number} jobs under way",
        condition.jobs,
        version=condition.engine_version,
    )
    return HealthFinding(say("engine"), "ok", words)


def _judge_workers(
    installation: Installation, workers: list[Sighting], waiting: int
) -> Iterator[HealthFinding]:
    lease = installation.settings.lease
    for worker in workers:
        if worker.age <= lease or waiting or worker.age <= FORGET_AFTER.total_seconds():
            yield _judge_heartbeat(worker, lease, waiting)
    if jobs_are_run(installation):
        yield HealthFinding(
            say("jobs"),
            "ok",
            say_count(
                "a process runs them; {number} documents in transfer",
                "a process runs them; {number} documents in transfer",
                waiting,
            ),
        )
    elif waiting:
        words = say_count(
            "{number} documents wait, and no process runs the jobs: start the dashboard or "
            "`so24 worker`",
            "{number} documents wait, and no process runs the jobs: start the dashboard or "
            "`so24 worker`",
            waiting,
        )
        yield HealthFinding(say("jobs"), "warning", words)
    else:
        words = say("no process runs them: start the dashboard or `so24 worker`")
        yield HealthFinding(say("jobs"), "note", words)


def _judge_retries(installation: Installation) -> list[HealthFinding]:
    """What is to be tried again by itself, and whether anybody is there to do it."""
    with installation.db.reading() as session:
        count, at = count_planned(session)
    if at is None:
        return []
    when = format_moment(at)
    if at > now():
        words = say_count(
            "{number} document not sent, the next to be tried again by itself at {when}",
            "{number} documents not sent, the next to be tried again by itself at {when}",
            count,
            when=when,
        )
        return [HealthFinding(say("retries"), "ok", words)]
    words = say_count(
        "{number} document not sent, the next to be tried again by itself since {when}",
        "{number} documents not sent, the next to be tried again by itself since {when}",
        count,
        when=when,
    )
    if jobs_are_run(installation):
        return [HealthFinding(say("retries"), "ok", words)]
    nobody = say("no process runs the jobs; start one, or let `so24 export --wait` do it")
    return [HealthFinding(say("retries"), "warning", join_said([words, nobody], ": "))]


def _judge_standstill(still: Standstill) -> HealthFinding:
    words = say(
        "run {run}: {count} in transfer, and nothing of it has moved since {when}: restart the "
        "process that runs the jobs; nothing is sent twice by that",
        run=still.run_id,
        count=still.count,
        when=format_moment(still.since),
    )
    return HealthFinding(say("jobs"), "warning", words)


def _judge_heartbeat(worker: Sighting, lease: float, waiting: int) -> HealthFinding:
    words = say("{worker} was heard of {age} ago", worker=worker.id, age=_tell_age(worker.age))
    if worker.age > lease:
        dead = (
            say(
                "it is dead, and others take over its work; it is named here until nothing is in "
                "transfer"
            )
            if waiting
            else say(
                "it is dead, and others take over its work; it is named here for a day at most"
            )
        )
        return HealthFinding(say("worker"), "note", join_said([words, dead], ": "))
    if worker.version != VERSION:
        another = say("it runs another version ({version})", version=worker.version)
        return HealthFinding(say("worker"), "note", join_said([words, another], "; "))
    return HealthFinding(say("worker"), "ok", words)


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
        return HealthFinding(
            say("key material"), "ok", say("opens all {readable} stored secrets", readable=readable)
        )
    words = say(
        "SO24_SECRET_KEYS opens {readable} of {secrets} stored secrets: add the key that they were "
        "sealed with",
        readable=readable,
        secrets=len(sealed),
    )
    return HealthFinding(say("key material"), "fault", words)
