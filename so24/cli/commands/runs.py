"""``so24 retry``, ``stop`` and ``decide``: what is done about a run after it has begun."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.commands.export import Timeout, Wait, check_waiting, finish
from so24.cli.commands.receipts import exit_code, known_run, read_run, show_lines
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import choose_documents
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import end_with, say
from so24.errors import WrongUse
from so24.invoices import decisions
from so24.transfer import runs
from so24.transfer.receipt import read_receipt

RunId = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or `latest`.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (retry, stop, decide):
        app.command()(command)


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


def stop(run: RunId) -> None:
    """Stop a run before its next call; what is sent already is looked up, never undone."""
    with open_desk() as desk:
        runs.stop_run(desk, known_run(desk, run))
    say("The run stops before its next call. `so24 receipt` shows how its documents end.")


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
            "`none` takes that back.",
        ),
    ] = None,
) -> None:
    """Say whether an order found is the document that so24 wanted to send, or what it credits."""
    if (same, other, credited is not None).count(True) != 1:
        raise WrongUse("Say either --same, --other or --credits.")
    with open_desk() as desk:
        [row] = choose_documents(desk, [number])
        if credited is not None:
            office_id = None if credited == "none" else _read_number(credited)
            decisions.declare_credited(desk, row.id, office_id)
            what = f"invoice {office_id} in 24SevenOffice" if office_id else "what RecMan says"
            say(f"{row.series}-{row.number} credits {what}.")
            return
        declare = decisions.declare_same if same else decisions.declare_other
        declare(desk, row.id)
    future = "is left out of exports" if same else "may be exported now"
    say(f"{row.series}-{row.number} {future}.")


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise WrongUse(f"“{text[:20]}” is no invoice number of 24SevenOffice; it has digits only.")
    return int(text)
