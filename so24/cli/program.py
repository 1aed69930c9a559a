"""The program: all groups of commands, and what becomes of an error."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

from so24.cli import documents, export, keys, ledger, people, receipts, service, status, upkeep
from so24.cli.exits import WRONG_USE
from so24.cli.printing import say
from so24.errors import So24Error

DESCRIPTION = """Sends RecMan invoices to 24SevenOffice, each one exactly once, with a receipt.

Exit codes: 0 all well, 1 some documents need a person, 2 wrong use or configuration.
"""


class Program(TyperGroup):
    """Ends a command with one sentence on stderr and code 2 where so24 raises an error."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except So24Error as error:
            say(str(error))
            raise typer.Exit(WRONG_USE) from None


app = typer.Typer(
    cls=Program,
    name="so24",
    help=DESCRIPTION,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (people, keys, documents, export, receipts, ledger, service, status, upkeep):
    group.add_to(app)


def main() -> None:
    """Run the command line of this process."""
    # a sentence and a status are the command's whole answer; the libraries' chatter is not
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    signal.signal(signal.SIGTERM, _end_like_ctrl_c)
    try:
        app()
    finally:
        _leave_lanes()


def _leave_lanes() -> None:
    """Do not wait at the exit for a lane that was cut off: the next process takes it up."""
    ending = sys.exc_info()[1]
    code = ending.code if isinstance(ending, SystemExit) else None
    busy = [each for each in threading.enumerate() if not each.daemon and each.is_alive()]
    if isinstance(code, int) and len(busy) > 1:  # the main thread is one of them
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_like_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
