"""``so24 export``, ``retry``, ``stop`` and ``decide``: runs, and what is done about them later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from so24.amounts import GROUP, count_things
from so24.cli.commands.dry_run import show_dry_run
from so24.cli.commands.receipts import exit_code, known_run, read_run, show_lines
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import choose_documents, choose_exportable
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import end_with, remark
from so24.cli.terminal.waiting import describe_future, wait_for
from so24.errors import ChangedMeanwhile, WrongUse
from so24.invoices import decisions
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceRow
from so24.transfer import runs
from so24.transfer.export_many import Dispatch, plan_dispatch, read_dispatch, send_dispatch
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.transfer.plan.entered import enter_credited
from so24.transfer.preview.confirmation import read_kept
from so24.transfer.receipt import read_receipt
from so24.transfer.retries import stop_retries
from so24.transfer.runs import open_transfers

Wait = Annotated[bool, typer.Option("--wait", help="Wait until nothing is in transfer any more.")]
Timeout = Annotated[
    float | None, typer.Option(min=0, help="Seconds to wait at most; exit code 1 after that.")
]
DryRunOnly = Annotated[
    bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")
]
LookUp = Annotated[
    bool, typer.Option("--look-up", help="With --dry-run: look into 24SevenOffice, read only.")
]
Xml = Annotated[
    bool, typer.Option("--xml", help="With --dry-run: the rows and the XML that would go out.")
]
Confirm = Annotated[
    str | None,
    typer.Option(metavar="FINGERPRINT", help="Send only what that dry run has shown."),
]
MORE_HELP = """
A dry run prints a fingerprint of all it has shown. An export with --confirm and the same
choice of documents sends nothing, says what differs and ends with code 2 where anything has
changed since.

\b
--dry-run --json prints one object; amounts are texts, times are UTC:
  fingerprint  what --confirm takes
  documents    as an export's --json; outcome (after --look-up): sent, for_approval,
               goes_on, adopted, confirmed, exists, probably, blocked; with --xml: rows, xml,
               unknown (the ids in it that are not known yet),
               later (what it lacks: read when it is sent)
  companies    company, sums (by currency)
  lanes        key, company, documents, sums, looked_up, problem, customers and products
               (number, name, category), requests, quota_left, quota_resets_at, seconds
  seconds      until all is done
"""
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or `latest`.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog=MORE_HELP)(export)
    for command in (retry, stop, decide):
        app.command()(command)


def export(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="[NUMBER]...", help="1001 or 10-1001.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every document that can be exported, or was.")
    ] = False,
    department: Annotated[
        list[str] | None, typer.Option(help="Only this department; may be repeated.")
    ] = None,
    wait: Wait = False,
    timeout: Timeout = None,
    dry_run: DryRunOnly = False,
    look: LookUp = False,
    xml: Xml = False,
    confirm: Confirm = None,
    as_json: AsJson = False,
) -> None:
    """Send documents to 24SevenOffice; what is there already is not sent again.

    Exit code 0 when every document listed is transferred (or, without --wait, on its way), else 1.
    """
    check_waiting(wait, timeout)
    _check_dry_run(dry_run, look or xml, confirm)
    if bool(numbers) == everything:
        raise WrongUse("Give the numbers of documents, or --all, and not both.")
    with open_desk() as desk:
        rows = _choose(desk, numbers or (), department or ())
        dispatch = plan_dispatch(desk, rows)
        if dry_run:
            show_dry_run(desk, dispatch, look=look, xml=xml, as_json=as_json)
        _send(desk, dispatch, confirm)
        finish(desk, dispatch.ids, wait, timeout)
        lines = read_dispatch(desk, dispatch, sent=True)
        show_lines(lines, as_json)
    end_with(exit_code(lines, waited=wait))


def _check_dry_run(dry_run: bool, closer: bool, confirm: str | None) -> None:
    if closer and not dry_run:
        raise WrongUse("--look-up and --xml are for --dry-run: they show what would be sent.")
    if confirm is not None and dry_run:
        raise WrongUse("--confirm sends what a dry run has shown: give one or the other.")


def _send(desk: Desk, dispatch: Dispatch, confirm: str | None) -> None:
    """Start the run; of a confirmation that no longer holds, say each difference first."""
    from so24.transfer.jobs.worker import job_enqueuer  # loads the engine: not for a dry run

    enqueue = job_enqueuer(desk.installation)
    seen = None
    if confirm is not None:
        seen = read_kept(desk, confirm)
    try:
        send_dispatch(desk, dispatch, enqueue, seen)
    except ChangedMeanwhile as changed:
        for difference in changed.differences:
            remark(str(difference).replace(GROUP, " "))
        raise


def check_waiting(wait: bool, timeout: float | None) -> None:
    """Raise :class:`WrongUse` for a time-out of a command that does not wait."""
    if timeout is not None and not wait:
        raise WrongUse("--timeout is for --wait: without it the command does not wait.")


def finish(desk: Desk, invoice_ids: Sequence[int], wait: bool, timeout: float | None) -> None:
    """Wait for the documents, or say who will send them; says so where the time is up."""
    if wait:
        if not wait_for(desk, invoice_ids, timeout):
            remark(f"Not finished within {timeout:g} seconds. {describe_future(desk)}")
        return
    waiting = open_transfers(desk.installation, invoice_ids)
    if waiting and not jobs_are_run(desk.installation):
        remark(
            f"{waiting} queued, but no process runs the jobs: start the dashboard or "
            "`so24 worker`, or use --wait."
        )


def _choose(desk: Desk, numbers: Sequence[str], departments: Sequence[str]) -> list[InvoiceRow]:
    if numbers:
        return choose_documents(desk, numbers, departments)
    rows = choose_exportable(desk, departments)
    if not rows:
        remark("There is nothing to export: import RecMan's report first, with `so24 import FILE`.")
    return rows


def retry(run: RunId, wait: Wait = False, timeout: Timeout = None, as_json: AsJson = False) -> None:
    """Send those documents of a run again that failed and may go now."""
    from so24.transfer.jobs.worker import job_enqueuer  # loads the engine: not to stop a run

    check_waiting(wait, timeout)
    with open_desk() as desk:
        new_run = runs.retry_run(desk, known_run(desk, run), job_enqueuer(desk.installation))
        ids = [line.invoice_id for line in read_receipt(desk, new_run).lines]
        finish(desk, ids, wait, timeout)
        lines = read_run(desk, new_run)
    show_lines(lines, as_json)
    end_with(exit_code(lines, waited=wait))


def stop(
    run: RunId,
    retries: Annotated[
        bool,
        typer.Option("--retries", help="Only: try nothing of it again by itself."),
    ] = False,
) -> None:
    """Stop a run before its next call; what is sent already is looked up, never undone.

    Nothing of it is tried again by itself then.
    """
    with open_desk() as desk:
        name = known_run(desk, run)
        if retries:
            stopped = count_things(stop_retries(desk, name), "document")
            remark(f"Not tried again by itself: {stopped}. `so24 retry {name}` sends what may go.")
            return
        runs.stop_run(desk, name)
    remark(
        "Nothing more of the run is sent: it stops before its next call, and tries nothing again "
        "by itself. `so24 receipt` shows how its documents end."
    )


def decide(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="1001 or 10-1001.")],
    same: Annotated[
        bool, typer.Option("--same", help="The order found is this document: never send it.")
    ] = False,
    other: Annotated[
        bool, typer.Option("--other", help="The order found is another document: send this one.")
    ] = False,
    credited: Annotated[
        str | None,
        typer.Option(
            "--credits",
            metavar="INVOICE",
            help="The invoice that this credit note credits, by its number in 24SevenOffice; "
            "`none` takes that back. One of several invoices is entered there by hand, and "
            "excluded here.",
        ),
    ] = None,
) -> None:
    """Say whether an order found is the document that so24 wanted to send, or what it credits."""
    if (same, other, credited is not None).count(True) != 1:
        raise WrongUse("Say either --same, --other or --credits.")
    with open_desk() as desk:
        [row] = choose_documents(desk, [number])
        if credited is not None:
            remark(f"{row.series}-{row.number} credits {_enter_credited(desk, row.id, credited)}")
            return
        declare = decisions.declare_same if same else decisions.declare_other
        declare(desk, row.id)
    future = "is left out of exports" if same else "may be exported now"
    remark(f"{row.series}-{row.number} {future}.")


def _enter_credited(desk: Desk, invoice_id: int, credited: str) -> str:
    """Say what a credit note credits; what that is, and what will be done by it."""
    if credited == "none":
        decisions.declare_credited(desk, invoice_id, None)
        return "what RecMan says."
    number = _read_number(credited)
    return f"invoice {number} in 24SevenOffice. {enter_credited(desk, invoice_id, number)}"


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise WrongUse(f"“{text[:20]}” is no invoice number of 24SevenOffice; it has digits only.")
    return int(text)
