"""``so24 export``: send documents to 24SevenOffice, each one exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from so24.cli.asking import AsJson
from so24.cli.choosing import choose_documents, choose_exportable
from so24.cli.exits import end_with
from so24.cli.opening import Desk, open_desk
from so24.cli.printing import say
from so24.cli.receipt_lines import exit_code, show_lines
from so24.cli.waiting import describe_future, wait_for
from so24.errors import WrongUse
from so24.store.overview import InvoiceRow
from so24.transfer.attendance import jobs_are_run
from so24.transfer.dispatch import (
    Dispatch,
    count_open,
    plan_dispatch,
    read_dispatch,
    send_dispatch,
)
from so24.transfer.jobs import job_enqueuer
from so24.transfer.receipt import WOULD_BE_SENT

Wait = Annotated[bool, typer.Option("--wait", help="Wait until nothing is in transfer any more.")]
Timeout = Annotated[
    float | None, typer.Option(min=0, help="Seconds to wait at most; exit code 1 after that.")
]


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(export)


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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen and change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send documents to 24SevenOffice; what is there already is not sent again.

    Exit code 0 when every document listed is transferred (or, without --wait, on its way), else 1.
    """
    check_waiting(wait, timeout)
    if bool(numbers) == everything:
        raise WrongUse("Give the numbers of documents, or --all, and not both.")
    with open_desk() as desk:
        rows = _choose(desk, numbers or (), department or ())
        dispatch = plan_dispatch(desk.installation, desk.actor, rows)
        if dry_run:
            _rehearse(desk, dispatch, as_json)
        enqueue = job_enqueuer(desk.installation)
        send_dispatch(desk.installation, desk.actor, dispatch, enqueue)
        finish(desk, dispatch.ids, wait, timeout)
        lines = read_dispatch(desk.installation, desk.actor, dispatch, sent=True)
        show_lines(lines, as_json)
    end_with(exit_code(lines, waited=wait))


def _rehearse(desk: Desk, dispatch: Dispatch, as_json: bool) -> None:
    """Show what an export would do, and end the command; what would go counts as well."""
    lines = read_dispatch(desk.installation, desk.actor, dispatch, sent=False)
    going = [line for line in lines if line.reason == WOULD_BE_SENT]
    show_lines(lines, as_json)
    say(f"{len(going)} would be sent; nothing is changed.")
    end_with(exit_code([line for line in lines if line not in going]))


def check_waiting(wait: bool, timeout: float | None) -> None:
    """Raise :class:`WrongUse` for a time-out of a command that does not wait."""
    if timeout is not None and not wait:
        raise WrongUse("--timeout is for --wait: without it the command does not wait.")


def finish(desk: Desk, invoice_ids: Sequence[int], wait: bool, timeout: float | None) -> None:
    """Wait for the documents, or say who will send them; says so where the time is up."""
    if wait:
        if not wait_for(desk, invoice_ids, timeout):
            say(f"Not finished within {timeout:g} seconds. {describe_future(desk)}")
        return
    waiting = count_open(desk.installation, invoice_ids)
    if waiting and not jobs_are_run(desk.installation):
        say(
            f"{waiting} queued, but no process runs the jobs: start the dashboard or "
            "`so24 worker`, or use --wait."
        )


def _choose(desk: Desk, numbers: Sequence[str], departments: Sequence[str]) -> list[InvoiceRow]:
    if numbers:
        return choose_documents(desk, numbers, departments)
    rows = choose_exportable(desk, departments)
    if not rows:
        say("There is nothing to export: import RecMan's report first, with `so24 import FILE`.")
    return rows
