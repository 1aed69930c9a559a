"""What people do with runs: press the button, stop, retry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlmodel import Session

from so24.errors import NotActivated, WrongUse
from so24.installation import Installation
from so24.keys.routing import scopes_of
from so24.people.roles import Actor, Permission, require
from so24.store.documents import documents
from so24.store.documents.credits import read_credited
from so24.store.keys import keys
from so24.store.people.audit import record
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State
from so24.store.transfers import runs, transfers
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfers import LaneName
from so24.transfer.checks.context import rules_of
from so24.transfer.plan.plan import plan_run
from so24.transfer.preview.confirmation import Confirmed, require_unchanged, see
from so24.transfer.preview.read_only_pass import rehearse_plan
from so24.transfer.receipt import existing_run, read_receipt

Enqueue = Callable[[Session, LaneName], None]


def start_run(
    installation: Installation,
    actor: Actor,
    invoice_ids: Collection[int],
    enqueue: Enqueue,
    *,
    retry_of: str | None = None,
    expected: Confirmed | None = None,
) -> str:
    """Plan the selected documents and hand the run's lanes to the engine; returns the run's id.

    The run, its transfers and its jobs are committed together. Raises :class:`NotAllowed`,
    :class:`NotActivated`, :class:`WrongUse` for an empty selection, and, with ``expected``,
    :class:`ChangedMeanwhile` where anything is not as a person has seen and confirmed it.
    """
    require(actor, Permission.EXPORT)
    if not invoice_ids:
        raise WrongUse("No invoice is selected.")
    with installation.db.writing() as session:
        if expected is not None:
            _require_as_seen(installation, session, expected)
        planned = plan_in(installation, session, invoice_ids)
        run = runs.create_run(session, actor.name, planned, retry_of=retry_of)
        queued = [each for each in planned if each.state is State.QUEUED]
        for key_id in sorted({each.key_id for each in queued if each.key_id is not None}):
            enqueue(session, LaneName(run.id, key_id))
        detail = f"{len(planned)} selected, {len(queued)} queued"
        if expected is not None:
            detail += f", as previewed {expected.seen.fingerprint[:16]}"
        record(session, actor.name, "export", run.id, detail)
        return run.id


def plan_selection(
    installation: Installation, actor: Actor, invoice_ids: Collection[int]
) -> list[NewTransfer]:
    """What a run of these documents would do, without doing anything."""
    require(actor, Permission.EXPORT)
    with installation.db.reading() as session:
        return plan_in(installation, session, invoice_ids)


def require_as_seen(installation: Installation, actor: Actor, expected: Confirmed) -> None:
    """Raise :class:`ChangedMeanwhile` where a run of these documents would not do what was seen."""
    require(actor, Permission.EXPORT)
    with installation.db.reading() as session:
        _require_as_seen(installation, session, expected)


def _require_as_seen(installation: Installation, session: Session, expected: Confirmed) -> None:
    planned = plan_in(installation, session, expected.chosen)
    plan = rehearse_plan(installation, session, planned)
    for lane in plan.lanes:
        lane.session = session  # whatever is read yet is what this transaction sees
    require_unchanged(expected.seen, see(plan))


def plan_in(
    installation: Installation, session: Session, invoice_ids: Collection[int]
) -> list[NewTransfer]:
    """Plan the documents by what this session sees; raises :class:`NotActivated`."""
    activation = keys.activation_row(session)
    if activation is None or not activation.active:
        raise NotActivated(
            "The integration is not activated. A System Administrator activates it in the "
            "Marketplace."
        )
    scopes = scopes_of(keys.living_keys(session), keys.served_departments(session))
    selected = documents.load_documents(session, invoice_ids)
    live = transfers.live_transfers(session, invoice_ids)
    known = transfers.known_orders(session, invoice_ids)
    notes = [each.invoice for each in selected if each.invoice.kind is DocumentKind.CREDIT_NOTE]
    rules = rules_of(installation.settings)
    return plan_run(selected, scopes, live, known, read_credited(session, notes), rules)


def stop_run(installation: Installation, actor: Actor, run_id: str) -> None:
    """Ask a run to stop before its next call; what is already sent is looked up, never undone.

    Raises :class:`WrongUse` for a run that is unknown or has ended.
    """
    require(actor, Permission.EXPORT)
    with installation.db.writing() as session:
        existing_run(session, run_id)
        if not transfers.is_open(session, run_id):
            raise WrongUse(f"Run {run_id} has ended; there is nothing left to stop.")
        if runs.request_cancel(session, run_id, actor.name):
            record(session, actor.name, "stop run", run_id)


def retryable(installation: Installation, actor: Actor, run_id: str) -> list[int]:
    """The ids of the run's documents that failed and for which another try makes sense."""
    receipt = read_receipt(installation, actor, run_id)
    return [line.invoice_id for line in receipt.lines if line.may_retry]


def retry_run(installation: Installation, actor: Actor, run_id: str, enqueue: Enqueue) -> str:
    """Start a new run with the failed documents of this one; returns the new run's id."""
    failed = retryable(installation, actor, run_id)
    if not failed:
        raise WrongUse("Nothing in this run can be retried.")
    return start_run(installation, actor, failed, enqueue, retry_of=run_id)


def open_transfers(installation: Installation, invoice_ids: Sequence[int]) -> int:
    """How many of these documents are still in transfer, in whichever run."""
    with installation.db.reading() as session:
        return transfers.count_open(session, invoice_ids)
