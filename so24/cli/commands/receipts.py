"""``so24 receipt``: what became of the documents of an export, as all commands show it.

Documents in transfer are lines of a table, and they decide the exit code of a command.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    ALL_WELL,
    NEEDS_A_PERSON,
    end_with,
    format_amount,
    print_json,
    print_table,
    remark,
)
from so24.errors import WrongUse
from so24.language.said import join_said, say, say_as, say_count
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceRow
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.transfer_list import TransferFilter
from so24.transfer.history import read_history
from so24.transfer.receipt import as_record, by_number, full_run_id, latest_run_id, read_receipt
from so24.transfer.tally import tally

MOST_TOLD = 10
HEADINGS = (say("Number"), say("Kind"), say("Department"), say("Customer"), say("Card"),
            say("Total"), "", say("State"), say("Order"), say("Invoice"),
            say_as("of a state", "Reason"))  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(help=explain("receipt"))(receipt)


def receipt(
    run: Annotated[
        str | None, typer.Argument(metavar=say("[RUN]"), help=say("The run's id, or `latest`."))
    ] = None,
    latest: Annotated[
        bool, typer.Option("--latest", help=say("The newest run (the default)."))
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help=say("Every document's latest transfer."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the receipt; ends with 1 unless every document on it is transferred."""
    if (run is not None) + latest + everything > 1:
        raise WrongUse(say("Give a run's id, --latest or --all: one of them."))
    with open_desk() as desk:
        lines = _read_all(desk) if everything else read_run(desk, run or "latest")
    show_lines(lines, as_json)
    end_with(exit_code(lines))


def read_run(desk: Desk, run: str) -> list[ReceiptLine]:
    """The receipt's lines in number order; of the newest run where ``run`` is ``latest``."""
    if run == "latest" and _newest_run(desk) is None:
        remark(say("There is no run yet."))
        return []
    found = read_receipt(desk, known_run(desk, run))
    return sorted(found.lines, key=by_number)


def known_run(desk: Desk, run: str) -> str:
    """The id of the run that is named, by its beginning as well, or of the newest for ``latest``.

    Raises :class:`WrongUse` where there is no such run, or none yet.
    """
    if run != "latest":
        return full_run_id(desk, run)
    newest = _newest_run(desk)
    if newest is None:
        raise WrongUse(say("There is no run yet."))
    return newest


def _newest_run(desk: Desk) -> str | None:
    return latest_run_id(desk, own_first=False)


def _read_all(desk: Desk) -> list[ReceiptLine]:
    wanted = TransferFilter(latest_only=True)
    return sorted(read_history(desk, wanted), key=by_number)


def show_lines(lines: Sequence[ReceiptLine], as_json: bool) -> None:
    """Print the lines as a table with a sum on stderr, or as JSON."""
    if as_json:
        print_json([as_record(line) for line in lines])
        return
    if lines:
        print_table(HEADINGS, [_cells(line) for line in lines])
    tell_questions(lines)
    _tell_commands(lines)
    remark(sum_up(lines))


def tell_questions(lines: Sequence[ReceiptLine | InvoiceRow]) -> None:
    """Say in full what is asked about documents, for a table cuts it; of many about the first."""
    asked = [line for line in lines if line.question]
    for line in asked[:MOST_TOLD]:
        remark(
            say(
                "{document} waits for an answer ({command}): {question}",
                document=f"{line.series}-{line.number}",
                command=tell_command(line),
                question=line.question,
            )
        )
    if len(asked) > MOST_TOLD:
        remark(
            say_count(
                "{number} more waits for an answer: so24 invoices --asked lists it.",
                "{number} more wait for an answer: so24 invoices --asked lists them.",
                len(asked) - MOST_TOLD,
            )
        )


def _tell_commands(lines: Sequence[ReceiptLine]) -> None:
    """Say by which commands it is settled what keeps documents, each with the first of them."""
    numbers: dict[str, list[str]] = {}
    for line in lines:
        if line.command:
            numbers.setdefault(line.command, []).append(f"{line.series}-{line.number}")
    for command, of in numbers.items():
        names = ", ".join(of[:MOST_TOLD])
        if len(of) > MOST_TOLD:
            names = say("{names} and {more} more", names=names, more=len(of) - MOST_TOLD)
        remark(say("{documents}: {command}.", documents=names, command=command))


def tell_command(line: ReceiptLine | InvoiceRow) -> str:
    """The command that answers what is asked about a document."""
    return line.asks.command(f"{line.series}-{line.number}", line.customer_number)


def sum_up(lines: Sequence[ReceiptLine]) -> str:
    """How the lines stand, in one sentence."""
    sums = tally(lines)
    amounts = ", ".join(format_amount(amount, name) for name, amount in sums.amounts.items())
    counts = {"count": sums.transferred, "documents": sums.documents}
    transferred = (
        say("{count} of {documents} transferred ({amounts})", **counts, amounts=amounts)
        if amounts
        else say("{count} of {documents} transferred", **counts)
    )
    others = (
        (sums.for_approval, say("{count} of them wait for approval")),
        (sums.open, say("{count} in transfer")),
        (sums.waiting, say("{count} of them wait for their key")),
        (sums.tried_later, say("{count} tried again later by itself")),
        (sums.sendable, say("{count} can be sent now (so24 retry RUN)")),
        (sums.errors, say("{count} not transferred")),
        (sums.cancelled, say("{count} cancelled")),
        (sums.asked, say("{count} waiting for an answer (so24 invoices --asked)")),
    )
    parts = [transferred, *(say(words, count=count) for count, words in others if count)]
    return join_said([join_said(parts, ", "), "."], "")


def exit_code(lines: Sequence[ReceiptLine], *, waited: bool = True) -> int:
    """0 where every document is transferred and nothing is asked about it; else 1.

    Work that was only queued counts as well (``waited``).
    """
    sums = tally(lines)
    fine = sums.transferred + (0 if waited else sums.open)
    return ALL_WELL if fine == sums.documents and not sums.asked else NEEDS_A_PERSON


def _cells(line: ReceiptLine) -> tuple[object, ...]:
    return (
        f"{line.series}-{line.number}",
        tell(line.kind.replace("_", " ")),
        line.department,
        line.customer,
        line.customer_card,
        line.total,
        line.currency,
        tell(line.status),
        str(line.order_id or ""),
        str(line.office_invoice_id or ""),
        line.explanation,
    )
