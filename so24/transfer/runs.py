"""What people do with runs: press the button, stop, retry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlmodel import Session

from so24.errors import WrongUse
from so24.installation import Installation
from so24.language.said import join_said, say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.tables.transfer_tables import State
from so24.store.transfers import open_lanes, runs
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfers import LaneName
from so24.transfer.plan.plan import plan_in
from so24.transfer.preview.confirmation import Confirmation, require_unchanged, show_plan
from so24.transfer.preview.confirmed import fingerprint_confirmed
from so24.transfer.preview.read_only_pass import begin_lanes
from so24.transfer.receipt import existing_run, read_receipt
from so24.transfer.retries import count_stopped, drop_retries

Enqueue = Callable[[Session, LaneName], None]


def start_run(
    desk: Desk,
    invoice_ids: Collection[int],
    enqueue: Enqueue,
    *,
    retry_of: str | None = None,
    expected: Confirmation | None = None,
) -> str:
    """Plan the selected documents and hand the run's lanes to the engine; returns the run's id.

    The run, its transfers and its jobs are committed together. Raises :class:`NotAllowed`,
    :class:`NotActivated`, :class:`WrongUse` for an empty selection, and, with ``expected``,
    :class:`ChangedMeanwhile` where anything is not as a person has seen and confirmed it.
    """
    desk.require(Permission.EXPORT)
    if not invoice_ids:
        raise WrongUse(say("No invoice is selected."))
    with desk.writing(Permission.EXPORT) as session:
        planned = _plan_run(desk.installation, session, invoice_ids, expected)
        run = runs.create_run(session, desk.actor.name, planned, retry_of=retry_of)
        queued = [each for each in planned if each.state is State.QUEUED]
        for key_id in sorted({each.key_id for each in queued if each.key_id is not None}):
            enqueue(session, LaneName(run.id, key_id))
        counts = {"selected": len(planned), "queued": len(queued)}
        detail = say("{selected} selected, {queued} queued", **counts)
        if expected is not None:
            seen = expected.shown.fingerprint[:16]
            detail = say(
                "{selected} selected, {queued} queued, as previewed {fingerprint}",
                **counts,
                fingerprint=seen,
            )
        desk.record(session, "export", run.id, detail)
        return run.id


def _plan_run(
    installation: Installation,
    session: Session,
    invoice_ids: Collection[int],
    expected: Confirmation | None,
) -> list[NewTransfer]:
    """Plan the documents, each with the fingerprint of its order, just as they were confirmed."""
    plan = plan_in(installation, session, expected.chosen if expected else invoice_ids)
    lanes = begin_lanes(installation, session, plan)
    shown = show_plan(session, plan, lanes)
    if expected is not None:
        require_unchanged(expected.shown, shown)
    made = {each.invoice_id: each.made_hash for each in shown.documents}
    confirmed = fingerprint_confirmed(lanes, shown)
    wanted = set(invoice_ids)
    return [
        replace(
            each,
            made_hash=made.get(each.invoice_id, ""),
            confirmed_hash=confirmed.get(each.invoice_id, ""),
        )
        for each in plan.transfers
        if each.invoice_id in wanted
    ]


def plan_selection(desk: Desk, invoice_ids: Collection[int]) -> list[NewTransfer]:
    """What a run of these documents would do, without doing anything."""
    with desk.reading(Permission.EXPORT) as session:
        return list(plan_in(desk.installation, session, invoice_ids).transfers)


def tell_fault(desk: Desk, invoice_id: int) -> str:
    """Why a run would not send this document as things are now; empty where it would try.

    Raises as :func:`plan_selection`.
    """
    [planned] = plan_selection(desk, [invoice_id])
    if planned.state is State.QUEUED:
        return ""
    return join_said((planned.reason.card.sentence, planned.words))


def require_as_shown(desk: Desk, expected: Confirmation) -> None:
    """Raise :class:`ChangedMeanwhile` where a run would not do what was shown."""
    with desk.reading(Permission.EXPORT) as session:
        _plan_run(desk.installation, session, expected.chosen, expected)


def stop_run(desk: Desk, run_id: str) -> None:
    """Ask a run to stop before its next call; what is already sent is looked up, never undone.

    Nothing of it is tried again by itself any more. Raises :class:`WrongUse` for a run that is
    unknown or has ended.
    """
    with desk.writing(Permission.EXPORT) as session:
        existing_run(session, run_id)
        stopped = drop_retries(session, desk.actor.name, run_id)
        if stopped:
            desk.record(session, "stop retries", run_id, count_stopped(stopped))
        if open_lanes.count_open(session, run_id=run_id):
            if runs.request_cancel(session, run_id, desk.actor.name):
                desk.record(session, "stop run", run_id)
        elif not stopped:
            raise WrongUse(say("Run {run} has ended; there is nothing left to stop.", run=run_id))


def retryable(desk: Desk, run_id: str) -> list[int]:
    """The ids of the run's documents that failed and for which another try makes sense."""
    receipt = read_receipt(desk, run_id)
    return [line.invoice_id for line in receipt.lines if line.may_retry]


def ready_to_retry(desk: Desk, run_id: str) -> list[int]:
    """Of the documents that can be retried, those that a run would try to send as things are now.

    The others would only end as they did: their key is still missing, say.
    """
    desk.require(Permission.EXPORT)
    return _ready_of(desk, retryable(desk, run_id))


def retry_run(desk: Desk, run_id: str, enqueue: Enqueue) -> str:
    """Start a new run with what is ready of the failed documents; returns the new run's id.

    Raises :class:`WrongUse` where nothing is.
    """
    desk.require(Permission.EXPORT)
    failed = retryable(desk, run_id)
    if not failed:
        raise WrongUse(say("Nothing in this run can be retried."))
    ready = _ready_of(desk, failed)
    if not ready:
        raise WrongUse(
            say(
                "Nothing in this run can be sent yet: first do what its receipt says of each "
                "document."
            )
        )
    return start_run(desk, ready, enqueue, retry_of=run_id)


def _ready_of(desk: Desk, failed: Sequence[int]) -> list[int]:
    if not failed:
        return []
    planned = {each.invoice_id: each.state for each in plan_selection(desk, failed)}
    return [each for each in failed if planned.get(each) is State.QUEUED]


def open_transfers(installation: Installation, invoice_ids: Sequence[int]) -> int:
    """How many of these documents are still in transfer, in whichever run."""
    with installation.db.reading() as session:
        return open_lanes.count_open(session, invoice_ids=invoice_ids)
