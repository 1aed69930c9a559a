"""``so24 export``, ``retry``, ``stop`` and ``decide``: runs, and what is done about them later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from so24.amounts import GROUP
from so24.cli.commands import explain, in_paragraphs
from so24.cli.commands.dry_run import show_dry_run
from so24.cli.commands.receipts import exit_code, known_run, read_run, show_lines
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import choose_documents, choose_exportable
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import end_with, remark
from so24.cli.terminal.waiting import describe_future, wait_for
from so24.errors import ChangedMeanwhile, WrongUse
from so24.invoices import declarations
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
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

Wait = Annotated[
    bool, typer.Option("--wait", help=say("Wait until nothing is in transfer any more."))
]
Timeout = Annotated[
    float | None, typer.Option(min=0, help=say("Seconds to wait at most; exit code 1 after that."))
]
DryRunOnly = Annotated[
    bool, typer.Option("--dry-run", help=say("Say what would happen and change nothing."))
]
LookUp = Annotated[
    bool, typer.Option("--look-up", help=say("With --dry-run: look into 24SevenOffice, read only."))
]
Xml = Annotated[
    bool, typer.Option("--xml", help=say("With --dry-run: the rows and the XML that would go out."))
]
Confirm = Annotated[
    str | None,
    typer.Option(metavar=say("FINGERPRINT"), help=say("Send only what that dry run has shown.")),
]
MORE_HELP = in_paragraphs(
    say(
        "A dry run prints a fingerprint of all it has shown. An export with --confirm and the same "
        "choice of documents sends nothing, says what differs and ends with code 2 where anything "
        "has changed since."
    ),
    say(
        "\b\n"
        "--dry-run --json prints one object; amounts are texts, times are UTC:\n"
        "  fingerprint  what --confirm takes\n"
        "  documents    as an export's --json; outcome (by --look-up, or known before):\n"
        "               sent, for_approval, goes_on, adopted, confirmed, exists, probably,\n"
        "               blocked; with --xml: rows, xml,\n"
        "               unknown (the ids in it that are not known yet),\n"
        "               later (what it lacks: read when it is sent)\n"
        "  companies    company, sums (by currency)\n"
        "  lanes        key, company, documents, sums, looked_up, problem, series_doubt,\n"
        "               customers and products (number, name, category), requests,\n"
        "               quota_left, quota_resets_at, seconds\n"
        "  seconds      until all is done"
    ),
)
RunId = Annotated[str, typer.Argument(metavar=say("RUN"), help=say("The run's id, or `latest`."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    ends = say(
        "Exit code 0 when every document listed is transferred (or, without --wait, on its way), "
        "else 1."
    )
    nothing_again = say("Nothing of it is tried again by itself then.")
    app.command(help=explain("export", ends), epilog=MORE_HELP)(export)
    app.command(help=explain("retry"))(retry)
    app.command(help=explain("stop", nothing_again))(stop)
    app.command(help=explain("decide"))(decide)


def export(
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar=say("[NUMBER]..."), help=say("1001 or 10-1001."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=say("Every document that can be exported, or was."))
    ] = False,
    department: Annotated[
        list[str] | None, typer.Option(help=say("Only this department; may be repeated."))
    ] = None,
    wait: Wait = False,
    timeout: Timeout = None,
    dry_run: DryRunOnly = False,
    look: LookUp = False,
    xml: Xml = False,
    confirm: Confirm = None,
    as_json: AsJson = False,
) -> None:
    """Send the documents, or show by a dry run what would be sent; ends by their states."""
    check_waiting(wait, timeout)
    _check_dry_run(dry_run, look or xml, confirm)
    if bool(numbers) == everything:
        raise WrongUse(say("Give the numbers of documents, or --all, and not both."))
    with open_desk() as desk:
        _tell_practice(desk)
        rows = _choose(desk, numbers or (), department or ())
        dispatch = plan_dispatch(desk, rows)
        if dry_run:
            show_dry_run(desk, dispatch, look=look, xml=xml, as_json=as_json)
        _send(desk, dispatch, confirm)
        finish(desk, dispatch.ids, wait, timeout)
        lines = read_dispatch(desk, dispatch, sent=True)
        show_lines(lines, as_json)
    end_with(exit_code(lines, waited=wait))


def _tell_practice(desk: Desk) -> None:
    """Say that it is the sandbox, as pages do, and of which folder: a setting may be missing."""
    settings = desk.installation.settings
    if settings.practice:
        folder = say("The data folder is {folder}.", folder=settings.data_dir)
        remark(join_said((settings.practice, folder)))


def _check_dry_run(dry_run: bool, closer: bool, confirm: str | None) -> None:
    if closer and not dry_run:
        raise WrongUse(say("--look-up and --xml are for --dry-run: they show what would be sent."))
    if confirm is not None and dry_run:
        raise WrongUse(say("--confirm sends what a dry run has shown: give one or the other."))


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
            remark(tell(str(difference)).replace(GROUP, " "))
        raise


def check_waiting(wait: bool, timeout: float | None) -> None:
    """Raise :class:`WrongUse` for a time-out of a command that does not wait."""
    if timeout is not None and not wait:
        raise WrongUse(say("--timeout is for --wait: without it the command does not wait."))


def finish(desk: Desk, invoice_ids: Sequence[int], wait: bool, timeout: float | None) -> None:
    """Wait for the documents, or say who will send them; says so where the time is up."""
    if wait:
        if not wait_for(desk, invoice_ids, timeout):
            late = say("Not finished within {seconds} seconds.", seconds=f"{timeout:g}")
            remark(join_said([late, describe_future(desk)]))
        return
    waiting = open_transfers(desk.installation, invoice_ids)
    if waiting and not jobs_are_run(desk.installation):
        remark(
            say_count(
                "{number} queued, but no process runs the jobs: start the dashboard or `so24 "
                "worker`, or use --wait.",
                "{number} queued, but no process runs the jobs: start the dashboard or `so24 "
                "worker`, or use --wait.",
                waiting,
            )
        )


def _choose(desk: Desk, numbers: Sequence[str], departments: Sequence[str]) -> list[InvoiceRow]:
    if numbers:
        return choose_documents(desk, numbers, departments)
    rows = choose_exportable(desk, departments)
    if not rows:
        remark(
            say(
                "There is nothing to export: import RecMan's report first, with `so24 import FILE`."
            )
        )
    return rows


def retry(
    run: Annotated[
        str | None, typer.Argument(metavar=say("[RUN]"), help=say("The run's id, or `latest`."))
    ] = None,
    latest: Annotated[bool, typer.Option("--latest", help=say("The newest run."))] = False,
    wait: Wait = False,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> None:
    """Retry the run; ends by the states of what was sent again."""
    from so24.transfer.jobs.worker import job_enqueuer  # loads the engine: not to stop a run

    check_waiting(wait, timeout)
    if (run is not None) == latest:
        raise WrongUse(say("Give a run's id or --latest: one of them."))
    with open_desk() as desk:
        _tell_practice(desk)
        new_run = runs.retry_run(
            desk, known_run(desk, run or "latest"), job_enqueuer(desk.installation)
        )
        ids = [line.invoice_id for line in read_receipt(desk, new_run).lines]
        finish(desk, ids, wait, timeout)
        lines = read_run(desk, new_run)
    show_lines(lines, as_json)
    end_with(exit_code(lines, waited=wait))


def stop(
    run: RunId,
    retries: Annotated[
        bool,
        typer.Option("--retries", help=say("Only: try nothing of it again by itself.")),
    ] = False,
) -> None:
    """Stop the run, or only its retries."""
    with open_desk() as desk:
        name = known_run(desk, run)
        if retries:
            remark(
                say_count(
                    "Not tried again by itself: {number} document. `so24 retry {run}` sends what "
                    "may go.",
                    "Not tried again by itself: {number} documents. `so24 retry {run}` sends what "
                    "may go.",
                    stop_retries(desk, name),
                    run=name,
                )
            )
            return
        runs.stop_run(desk, name)
    remark(
        say(
            "Nothing more of the run is sent: it stops before its next call, and tries "
            "nothing again by itself. `so24 receipt` shows how its documents end."
        )
    )


def decide(
    number: Annotated[str, typer.Argument(metavar=say("NUMBER"), help=say("1001 or 10-1001."))],
    same: Annotated[
        bool, typer.Option("--same", help=say("The order found is this document: never send it."))
    ] = False,
    other: Annotated[
        bool,
        typer.Option("--other", help=say("The order found is another document: send this one.")),
    ] = False,
    credited: Annotated[
        str | None,
        typer.Option(
            "--credits",
            metavar=say("INVOICE"),
            help=say(
                "The invoice that this credit note credits, by its number in 24SevenOffice; "
                "`none` takes that back. One of several invoices is entered there by hand, and "
                "excluded here."
            ),
        ),
    ] = None,
) -> None:
    """Decide about the order that was found, or what a credit note credits."""
    if (same, other, credited is not None).count(True) != 1:
        raise WrongUse(say("Say either --same, --other or --credits."))
    with open_desk() as desk:
        [row] = choose_documents(desk, [number])
        if credited is not None:
            remark(_enter_credited(desk, row, credited))
            return
        declare = declarations.declare_same if same else declarations.declare_other
        declare(desk, row.id)
    name = _name(row)
    remark(
        say("{document} is left out of exports.", document=name)
        if same
        else say("{document} may be exported now.", document=name)
    )


def _enter_credited(desk: Desk, row: InvoiceRow, credited: str) -> str:
    """Say what a credit note credits; returns what that is, and what will be done by it."""
    if credited == "none":
        declarations.declare_credited(desk, row.id, None)
        return say("{document} credits what RecMan says.", document=_name(row))
    number = _read_number(credited)
    done = enter_credited(desk, row.id, number)
    now = say(
        "{document} credits invoice {invoice} in 24SevenOffice.",
        document=_name(row),
        invoice=number,
    )
    return join_said([now, done])


def _name(row: InvoiceRow) -> str:
    return f"{row.series}-{row.number}"


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise WrongUse(
            say(
                "“{text}” is no invoice number of 24SevenOffice; it has digits only.",
                text=text[:20],
            )
        )
    return int(text)
