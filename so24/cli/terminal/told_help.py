"""The help of a command, and Typer's own words, in the reader's language where it is not English.

Loaded only then. Help texts are said where the commands are; they are told here, once the command
is made, paragraph by paragraph. Of its own words Typer passes some through ``gettext``, as ``_``:
those are served by our catalogue. The others are told as they leave: the usage and the help option
by a formatter, the sentences of an error by the templates below. What it writes of types, such as
``<list[str]>``, are Python's names, and stay.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import typer
import typer.core
from typer.core import TyperCommand, TyperGroup

from so24.cli.terminal.printing import remark
from so24.language.said import SaidText, say
from so24.language.telling import tell

_Context: Any = TyperCommand.context_class
_Formatter: Any = _Context.formatter_class
_UsageError: Any = typer.BadParameter.__base__

# what Typer hands to gettext
_HANDED_OVER = (
    say("Arguments"),
    say("Options"),
    say("Commands"),
    say("required"),
    say("default: {default}"),
    say("Missing command."),
    say("No such command {name!r}."),
    say("Aborted!"),
)
_HELP_OPTION = say("Show this message and exit.")  # of every command, and made when it is shown
# what it writes by itself; the first that fits is what was meant
_SENTENCES = (
    say("{sentence}. Did you mean {names}?"),
    say("{sentence} (Possible options: {names})"),
    say("Missing argument {name}."),
    say("Missing argument {name}. Choose from:{choices}"),
    say("Missing option {name}."),
    say("Missing option {name}. Choose from:{choices}"),
    say("Invalid value for {name}: {sentence}"),
    say("No such option: {name}"),
    say("Option {name} requires an argument."),
    say("Option {name} does not take a value."),
    say("Got unexpected extra argument(s) ({arguments})"),
    say("Value error, {value} is not one of {choices}."),
    say("Input should be a valid integer, unable to parse string as an integer"),
    say("Input should be a valid number, unable to parse string as a number"),
    say("Input should be a valid boolean, unable to interpret input"),
    say("Input should be greater than or equal to {number}"),
    say("Input should be less than or equal to {number}"),
)
_INSIDE = "sentence"  # the place of a sentence within another


class _ToldFormatter(_Formatter):  # type: ignore[misc] # of Typer's own class, which has no name
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{tell(say('Usage:'))} ")

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        told = [(name, tell(text) if text == _HELP_OPTION else text) for name, text in rows]
        super().write_dl(told, *args, **options)


class _ToldContext(_Context):  # type: ignore[misc] # of Typer's own class, which has no name
    formatter_class = _ToldFormatter


def tell_help(command: Any) -> None:
    """Put all texts of a command, of its options and of its own commands into the language."""
    typer.core._ = _tell_word  # type: ignore[attr-defined] # Typer's name for gettext
    command.context_class = _ToldContext
    command.help = _tell_paragraphs(command.help)
    command.epilog = _tell_paragraphs(command.epilog)
    command.options_metavar = tell(say("[OPTIONS]"))
    for each in command.params:
        _tell_parameter(each)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = tell(say("COMMAND [ARGS]..."))
        for inner in command.commands.values():
            tell_help(inner)


def _tell_word(message: str) -> str:
    return tell(message)


def _tell_parameter(parameter: Any) -> None:
    parameter.help = _tell_paragraphs(parameter.help)
    parameter.metavar = parameter.metavar and tell(parameter.metavar)
    if isinstance(parameter.default, SaidText):
        parameter.show_default = tell(parameter.default)


def _tell_paragraphs(text: str | None) -> str | None:
    return text and "\n\n".join(map(tell, text.split("\n\n")))


@contextmanager
def told_errors() -> Iterator[None]:
    """Let what Typer refuses meanwhile be shown in the language."""
    try:
        yield
    except _UsageError as error:
        if not _is_help(error):
            error.show = partial(_show, error)
        raise


def _is_help(error: Any) -> bool:
    """Whether the error is none, but the help of a group that was called without a command."""
    return bool(error.ctx is not None and error.message == error.ctx.get_help())


def _show(error: Any) -> None:
    if error.ctx is not None:
        hint = tell(
            "Try '{command} {option}' for help.",
            command=error.ctx.command_path,
            option=error.ctx.help_option_names[0],
        )
        remark(f"{error.ctx.get_usage()}\n{hint}\n")
    message = say_again(error.format_message())
    remark(say("Error: {message}", message=message))


def say_again(text: str) -> str:
    """A sentence that Typer has written, as one that was said; an unknown one as it is."""
    for template in _SENTENCES:
        found = _pattern(template).fullmatch(text)
        if found is not None:
            values = found.groupdict()
            if _INSIDE in values:
                values[_INSIDE] = say_again(values[_INSIDE])
            return say(str(template), **values)
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What fits a template: any text in each of its places."""
    parts = (
        re.escape(words) + (f"(?P<{name}>.*)" if name else "")
        for words, name, _, _ in string.Formatter().parse(template)
    )
    return re.compile("".join(parts), re.DOTALL)
