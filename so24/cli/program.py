"""The program: it finds the command that is called, and tells what becomes of an error.

A command's module is loaded when it is called, and none for the list of commands: one that only
lists users need not wait for the engine, the spreadsheets and the interface descriptions.

It speaks the language that SO24_LANGUAGE names, chosen before anything else: the settings are read
by the commands that need them, later and with much that would be loaded for the list.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import signal
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from so24.cli.commands import COMMANDS, in_paragraphs
from so24.cli.terminal.printing import WRONG_USE, print_data, remark
from so24.errors import ConfigurationError, So24Error
from so24.language.reader import ENGLISH, LANGUAGES, SETTING, language, speaking
from so24.language.said import say
from so24.language.telling import tell
from so24.sources.garbage import spare_for_good

DESCRIPTION = in_paragraphs(
    say("Sends RecMan invoices to 24SevenOffice, each one exactly once, with a receipt."),
    say("Exit codes: 0 all well, 1 some documents need a person, 2 wrong use or configuration."),
)
_ENV_FILE = ".env"


class Program(TyperGroup):
    """Ends a command with one sentence on stderr and code 2 where so24 raises an error."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run in the reader's language; one that so24 does not speak ends with code 2."""
        try:
            wanted = read_language()
        except ConfigurationError as error:
            remark(error.words)
            sys.exit(WRONG_USE)
        with speaking(wanted):
            _tell_help(self)
            return super().main(*args, **options)

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Read what stands before the command."""
        with _told_errors():
            return super().make_context(*args, **options)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, its module loaded now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        home = typer.Typer(rich_markup_mode=None)
        importlib.import_module(f"so24.cli.commands.{COMMANDS[cmd_name].module}").add_to(home)
        if not gc.isenabled():
            _resume_collecting()
        command = get_group(home).commands[cmd_name]
        _tell_help(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of all commands without loading any of them."""
        listed = [TyperCommand(name, help=tell(each.summary)) for name, each in COMMANDS.items()]
        TyperGroup(commands=listed).format_commands(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            with _told_errors():
                return super().invoke(ctx)
        except So24Error as error:
            remark(error.words)
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


def _tell_version(wanted: bool) -> None:
    if wanted:
        print_data(f"so24 {version('so24')}")
        raise typer.Exit


@app.callback()
def describe(
    tell_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help=say("Say it and end.")
        ),
    ] = False,
) -> None:
    """Is there for the description and the options before a command."""


def read_language() -> str:
    """The language of SO24_LANGUAGE, in the environment or the ``.env`` file; else English.

    Raises :class:`ConfigurationError` for one that so24 does not speak.
    """
    wanted = _given(SETTING) or ENGLISH
    if wanted not in LANGUAGES:
        raise ConfigurationError(
            say(
                "{setting} is “{given}”; so24 speaks {languages}.",
                setting=SETTING,
                given=wanted,
                languages=", ".join(f"{code} ({name})" for code, name in LANGUAGES.items()),
            )
        )
    return wanted


def _given(setting: str) -> str:
    """What is given for a setting, the environment before the file, whatever case its name has."""
    given = [*os.environ.items(), *_in_file(setting).items()]
    return next((value.strip() for name, value in given if name.upper() == setting), "")


def _in_file(setting: str) -> dict[str, str]:
    """The variables of the ``.env`` file where this one may be among them.

    What reads such files is loaded only then.
    """
    file = Path(_ENV_FILE)
    if not file.is_file() or setting.encode() not in file.read_bytes().upper():
        return {}
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(file).items() if value is not None}


def _tell_help(command: Any) -> None:
    """Put the texts of a command into the reader's language; English ones are so already."""
    if language() != ENGLISH:
        from so24.cli.terminal.told_help import tell_help

        tell_help(command)


def _told_errors() -> AbstractContextManager[None]:
    """Let Typer's own errors be shown in the reader's language."""
    if language() == ENGLISH:
        return nullcontext()
    from so24.cli.terminal.told_help import told_errors

    return told_errors()


def main() -> None:
    """Run the command line of this process; what it writes is for its user only."""
    os.umask(0o077)
    # a sentence and a status are the command's whole answer; the libraries' chatter is not
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    logging.getLogger("so24.outage").setLevel(logging.WARNING)  # why nothing goes on, and when
    logging.getLogger("so24.inbox").setLevel(logging.INFO)  # what came in, and what is left
    signal.signal(signal.SIGTERM, _end_like_ctrl_c)
    gc.disable()  # until the command is loaded
    try:
        app()
    finally:
        _leave_lanes()
        gc.freeze()  # the process ends: there is nothing to collect for


def _resume_collecting() -> None:
    """Let the collector work again, and leave alone what has been loaded up to now.

    All that lives as long as the process; to walk it again and again, and once more at the exit,
    was a third of a short command's time.
    """
    spare_for_good()
    gc.enable()


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
