"""``so24 receipt``: what became of the documents of an export."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.exits import end_with
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import say
from so24.cli.terminal.receipt_lines import exit_code, show_lines
from so24.errors import WrongUse
from so24.people.desk import Desk
from so24.store.transfers.transfer_list import ReceiptLine, TransferFilter
from so24.transfer.history import read_history
from so24.transfer.receipt import by_number, latest_run_id, read_receipt


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(receipt)


def receipt(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="The run's id.")] = None,
    latest: Annotated[bool, typer.Option("--latest", help="The newest run (the default).")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every document's latest transfer.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the receipt of a run; exit code 1 unless every document on it is transferred."""
    if (run is not None) + latest + everything > 1:
        raise WrongUse("Give a run's id, --latest or --all: one of them.")
    with open_desk() as desk:
        lines = _read_all(desk) if everything else read_run(desk, run or "latest")
    show_lines(lines, as_json)
    end_with(exit_code(lines))


def read_run(desk: Desk, run: str) -> list[ReceiptLine]:
    """The receipt's lines in number order; of the newest run where ``run`` is ``latest``."""
    if run == "latest" and _newest_run(desk) is None:
        say("There is no run yet.")
        return []
    found = read_receipt(desk, known_run(desk, run))
    return sorted(found.lines, key=by_number)


def known_run(desk: Desk, run: str) -> str:
    """The run's id as given, or the newest one's for ``latest``.

    Raises :class:`WrongUse` where there is no run yet.
    """
    if run != "latest":
        return run
    newest = _newest_run(desk)
    if newest is None:
        raise WrongUse("There is no run yet.")
    return newest


def _newest_run(desk: Desk) -> str | None:
    return latest_run_id(desk, own_first=False)


def _read_all(desk: Desk) -> list[ReceiptLine]:
    wanted = TransferFilter(latest_only=True)
    return sorted(read_history(desk, wanted), key=by_number)
