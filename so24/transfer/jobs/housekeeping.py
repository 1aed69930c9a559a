"""Keeps house: jobs of the dead are given back, lanes taken up, looks and retries queued.

What a round does is decided by what the store says; the engine is only asked for its jobs and
given more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from so24.installation import Installation
from so24.keys.routing import Parked, why_parked
from so24.language.said import join_said, say
from so24.reasons import WAITING
from so24.store.history import events
from so24.store.keys.keys import key_of_lane
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import Transfer
from so24.store.transfers import workers
from so24.store.transfers.lost_writes import due_for_another_look, end_looks, plan_looks
from so24.store.transfers.open_lanes import lanes_at_rest, open_lanes
from so24.store.transfers.retries import count_retries
from so24.store.transfers.transfers import LaneName, transfers_by_ids
from so24.transfer.jobs import engine
from so24.transfer.lane.late_drafts import when_to_look
from so24.transfer.lane.waiting import After, Cause, Over, SoFar, next_attempt
from so24.transfer.retries import take_up_retries
from so24.transfer.schedules.claiming import claim_what_is_due

IDLE_HOUSEKEEPING_SECONDS = 5.0
NO_LOOK_WITHOUT_KEY = say(
    "so24 no longer looks what becomes of this document; the accountant looks in 24SevenOffice for "
    "an order with its reference."
)


def give_back_dropped(
    client: engine.EngineClient, executor: str, in_hand: frozenset[str], before: frozenset[str]
) -> frozenset[str]:
    """Give back to the queue what this process has begun and no thread of it is at any more.

    The engine could not note the end of such a job: the disk was full, or the database could not
    be written. One that is just being begun has no thread yet, so that it is given back when the
    round ``before`` has found it, too. Returns what this round has found for the first time.
    """
    began = {
        job.id
        for job in client.jobs(active=True)
        if job.status == "PENDING" and job.executor == executor
    }
    dropped = frozenset(began) - in_hand
    if dropped & before:
        client.take_over(sorted(dropped & before))
    return dropped - before


def keep_house(installation: Installation, client: engine.EngineClient) -> bool:
    """One round: take over, retire, take up what nobody works on, look again, anchor.

    Returns whether anything is under way, or will be soon.
    """
    # the engine writes by connections of its own: on SQLite it must find the write lock free
    with installation.db.reading() as session:
        if not workers.lead(session):
            return True
        moving = _clear_dead_jobs(installation, session, client)
    with installation.db.lane_writing() as session:
        if workers.lead(session):
            moving = _take_up_lanes(installation, session, client) or moving
            moving = _look_again(installation, session, client) or moving
            events.write_anchor_when_due(session)
    return moving


def _clear_dead_jobs(
    installation: Installation, session: Session, client: engine.EngineClient
) -> bool:
    """Give back the jobs of dead workers, and cancel those of a version that nobody has.

    Returns whether there are any jobs.
    """
    jobs = client.jobs(active=True)
    versions = {engine.VERSION}
    if not installation.db.embedded:
        lease = dt.timedelta(seconds=installation.settings.lease)
        living = workers.living_workers(session, lease)
        versions |= {worker.version for worker in living}
        ids = {worker.id for worker in living}
        dead = [job for job in jobs if job.status == "PENDING" and job.executor not in ids]
        if dead:
            workers.cut_off(session, {job.executor for job in dead})
            client.take_over([job.id for job in dead])
    outdated = [job.id for job in jobs if job.version not in versions]
    if outdated:
        client.retire(outdated)
    return bool(jobs)


def _take_up_lanes(
    installation: Installation, session: Session, client: engine.EngineClient
) -> bool:
    """Queue every lane with open transfers that no job works on, when its next attempt is due.

    Returns whether there are any that do not wait for a person.
    """
    lanes = open_lanes(session)
    if not lanes:
        return False
    busy = {job.id.rpartition(":")[0] for job in client.jobs(active=True)}
    parked = _parked_lanes(installation, session, lanes)
    for lane in lanes:
        name = f"{lane.run_id}:{lane.key_id}"
        if name in busy:
            continue
        why = parked.get(lane)
        jobs = [] if why else client.jobs(f"{name}:")
        made = max((int(job.id.rpartition(":")[2]) for job in jobs), default=0)
        ended = max((job.changed_at for job in jobs), default=None)
        # an outage is nothing that the lane does again and again: it goes on as soon as it can
        attempts = sum(not job.cut_short for job in jobs)
        following = next_attempt(Cause.LEFT_OPEN, SoFar(attempts), why)
        if isinstance(following, After) and (ended is None or ended + following.wait <= now()):
            client.enqueue_lane(session, lane, made + 1)
    return len(parked) < len(lanes)


def _parked_lanes(
    installation: Installation, session: Session, lanes: Sequence[LaneName]
) -> dict[LaneName, Parked]:
    """Why these lanes have to wait; one that is not among them may go on.

    A lane whose transfers do not say yet what they wait for is worked once more, to say so.
    """
    resting = lanes_at_rest(session, WAITING.values())
    parked: dict[LaneName, Parked] = {}
    for lane, reasons in resting.items():
        why = why_parked(key_of_lane(session, lane.key_id), installation.vault)
        if why is not None and reasons == {WAITING[why.reason]}:
            parked[lane] = why
    runs = {lane.run_id: why for lane, why in parked.items()}
    for lane in lanes:
        if resting.get(lane) == frozenset() and lane.run_id in runs:
            parked[lane] = runs[lane.run_id]
    return parked


def _look_again(installation: Installation, session: Session, client: engine.EngineClient) -> bool:
    """Queue the looks that are due; those of a parked key stay due, of a deleted one they end.

    Returns whether any is due soon.
    """
    moment, soon = now(), False
    horizon = moment + dt.timedelta(seconds=IDLE_HOUSEKEEPING_SECONDS)
    for key_id, ids in due_for_another_look(session, horizon).items():
        parked = why_parked(key_of_lane(session, key_id), installation.vault)
        following = next_attempt(Cause.NOT_LOOKED, SoFar(), parked)
        if isinstance(following, After):
            soon = True
            rows = transfers_by_ids(session, ids)
            _queue_looks(session, client, key_id, [row for row in rows if _is_due(row, moment)])
        elif isinstance(following, Over) and parked is not None:
            words = join_said([parked.words, NO_LOOK_WITHOUT_KEY])
            # in English: who wrote it, a code
            end_looks(session, ids, words, f"sweep of key {key_id}")
    return soon


def try_again(installation: Installation, client: engine.EngineClient) -> None:
    """Queue again what is to be tried again by itself by now."""
    take_up_retries(installation, lambda key: bool(client.jobs(f"sweep:{key}:", active=True)))


def claim_schedules(installation: Installation, client: engine.EngineClient) -> None:
    """Claim what is due by itself, and see to it that a job does it."""
    prefix = f"{engine.SCHEDULES}:"
    claim_what_is_due(
        installation,
        client.enqueue_schedules,
        lambda: bool(client.jobs(prefix, active=True)),
    )


def count_looks(installation: Installation) -> int:
    """How many later looks and retries are due at this moment, or under way.

    Those that wait for a person to mend their key are left out.
    """
    client = engine.engine_client(installation)
    with installation.db.reading() as session:
        due = due_for_another_look(session, now())
        keys = [key_of_lane(session, key_id) for key_id in due]
        retries = count_retries(session, now(), WAITING.values())
    free = [key for key in keys if why_parked(key, installation.vault) is None]
    return len(free) + len(client.jobs("sweep:", active=True)) + retries


def _is_due(row: Transfer, moment: dt.datetime) -> bool:
    return row.look_again_at is not None and row.look_again_at <= moment


def _queue_looks(
    session: Session, client: engine.EngineClient, key_id: int, rows: Sequence[Transfer]
) -> None:
    """Queue one look at these; it plans the next one, and is taken up again if it cannot."""
    if rows:
        client.enqueue_sweep(session, key_id, [row.row_id for row in rows])
    plan_looks(session, {row.row_id: when_to_look(row, Cause.NOT_LOOKED) for row in rows})
