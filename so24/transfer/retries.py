"""What was not sent for a passing cause is tried again by itself, in its own run.

::

    lane | waiting.next_attempt     plans it, with the end of the transfer
    judge_retry                     what is due goes, or is left to a person (pure)
    store.transfers.retries         begun or left in one transaction, alone in writing

What goes is queued in its run again, and the lane begins as every lane does: by looking. It goes
only as it was confirmed at the press; anything else is a person's to see first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import NotActivated, WrongUse
from so24.installation import Installation
from so24.keys.routing import why_parked
from so24.language.said import join_said, say, say_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import key_of_lane
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.retries import (
    begin_retries,
    due_lanes,
    due_of_lane,
    leave_retries,
    planned_retries,
)
from so24.store.transfers.runs import NewTransfer, is_cancelled
from so24.store.transfers.transfers import LaneName
from so24.transfer.plan.plan import plan_in
from so24.transfer.preview.confirmation import show_plan
from so24.transfer.preview.confirmed import fingerprint_confirmed
from so24.transfer.preview.read_only_pass import begin_lanes
from so24.transfer.receipt import existing_run

CHANGED = say(
    "it, its customer, its card or its key has changed since the button was pressed. Look at it, "
    "then retry."
)
SWITCHED_OFF = say("this installation does not (SO24_RETRY_BY_ITSELF). Retry when it shall go.")
STOPPED = say("its run was stopped. Retry when it shall go.")
NOT_ACTIVE = say("24SevenOffice is not activated in the Marketplace. Retry when it is.")


@dataclass(frozen=True)
class PlannedNow:
    """How a document would go now: the plan for it, its fingerprint, and its card if it has one."""

    new: NewTransfer
    confirmed_hash: str = ""
    company_id: int | None = None


def judge_retry(row: Transfer, planned: PlannedNow | None) -> str:
    """Why a transfer that is due is left to a person, in a few words; empty where it goes (pure).

    None: the document is not to be found any more.
    """
    if planned is None:
        return CHANGED
    new = planned.new
    if new.state is not State.QUEUED:
        return join_said((new.reason.card.sentence, new.words, new.reason.card.remedy))
    moved = (new.key_id, new.organization_id) != (row.key_id, row.organization_id)
    another_card = row.company_id is not None and planned.company_id != row.company_id
    confirmed = row.confirmed_hash and planned.confirmed_hash == row.confirmed_hash
    return "" if confirmed and not moved and not another_card else CHANGED


def take_up_retries(installation: Installation, is_swept: Callable[[int], bool]) -> int:
    """Try again what is due, lane by lane; returns how many documents were queued again.

    ``is_swept`` tells whether a look at earlier writes is under way by a key: its lanes wait for
    the end of that. Of several processes one does it, for each transaction is alone in writing.
    """
    with installation.db.reading() as session:
        lanes = due_lanes(session, now())
    count = 0
    for lane in lanes:
        if not is_swept(lane.key_id):
            reach("retry due", lane.key_id)
            with installation.db.writing() as session:
                count += _take_up_lane(installation, session, lane)
            reach("retry begun", lane.key_id)
    return count


def _take_up_lane(installation: Installation, session: Session, lane: LaneName) -> int:
    rows = due_of_lane(session, lane, now())
    if not rows:
        return 0  # taken up elsewhere, or stopped, meanwhile
    why = _find_hindrance(installation, session, lane)
    if why:
        kept = dict.fromkeys((row.row_id for row in rows), why)
    else:
        kept = _judge_all(installation, session, rows)
    actor = f"retry of key {lane.key_id}"  # in English: who wrote it, a code
    leave_retries(session, {each: _tell_left(words) for each, words in kept.items()}, actor)
    going = [row for row in rows if row.row_id not in kept]
    begin_retries(session, going, actor)
    return len(going)


def _tell_left(why: str) -> str:
    """That a transfer was left to a person, and why, as a sentence."""
    return say("It was not tried again by itself: {why}", why=why)


def _find_hindrance(installation: Installation, session: Session, lane: LaneName) -> str:
    """What keeps the whole lane from being tried again by itself; empty for nothing."""
    if not installation.settings.retry_by_itself:
        return SWITCHED_OFF
    if is_cancelled(session, lane.run_id):
        return STOPPED
    parked = why_parked(key_of_lane(session, lane.key_id), installation.vault)
    return parked.words if parked else ""


def _judge_all(
    installation: Installation, session: Session, rows: Sequence[Transfer]
) -> dict[int, str]:
    """Why each of these is left to a person, by transfer id; those that go are not among them."""
    try:
        planned = _plan_now(installation, session, [row.invoice_id for row in rows])
    except NotActivated:
        return dict.fromkeys((row.row_id for row in rows), NOT_ACTIVE)
    judged = {row.row_id: judge_retry(row, planned.get(row.invoice_id)) for row in rows}
    return {each: words for each, words in judged.items() if words}


def _plan_now(
    installation: Installation, session: Session, invoice_ids: Collection[int]
) -> Mapping[int, PlannedNow]:
    """How each of these documents would go by a press at this moment, by its id."""
    plan = plan_in(installation, session, invoice_ids)
    lanes = begin_lanes(installation, session, plan)
    cards = {
        doc.id: doc.card.id
        for lane in lanes
        for doc in lane.lane_pass.documents
        if doc.card is not None
    }
    hashes = fingerprint_confirmed(lanes, show_plan(session, plan, lanes))
    return {
        new.invoice_id: PlannedNow(new, hashes.get(new.invoice_id, ""), cards.get(new.invoice_id))
        for new in plan.transfers
    }


def stop_retries(desk: Desk, run_id: str, transfer_ids: Collection[int] | None = None) -> int:
    """Try the run's documents no more by themselves, all or those of these transfers; how many.

    They stay *not sent*, and can be sent by a retry. Raises :class:`WrongUse` for a run that is
    unknown, and where nothing of it is to be tried again.
    """
    with desk.writing(Permission.EXPORT) as session:
        existing_run(session, run_id)
        stopped = drop_retries(session, desk.actor.name, run_id, transfer_ids)
        if not stopped:
            raise WrongUse(say("Nothing of run {run} is to be tried again by itself.", run=run_id))
        desk.record(session, "stop retries", run_id, count_stopped(stopped))
        return stopped


def count_stopped(stopped: int) -> str:
    """How many documents are tried no more by themselves, as the audit trail has it."""
    return say_count("{number} document", "{number} documents", stopped)


def drop_retries(
    session: Session, who: str, run_id: str, transfer_ids: Collection[int] | None = None
) -> int:
    """Drop a run's planned retries, as somebody wishes, alone in writing; how many there were."""
    ids = planned_retries(session, run_id, transfer_ids)
    words = _tell_left(say("{who} has stopped that.", who=who))
    leave_retries(session, dict.fromkeys(ids, words), who)
    return len(ids)
