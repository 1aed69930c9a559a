"""The commands that a text tells people to type, and whether the program knows them."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Never
from unittest.mock import patch

import click
import typer.main

from so24.cli.program import app

BLOCK = re.compile(r"^( *)```(?:bash|sh)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
STEPS = re.compile(r"<!-- steps: (\w+) -->\n```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# within a sentence: a command with its options, or its name alone
INLINE = re.compile(r"`((?:so24|python -m tests\.)[^`]*)`")
_PROGRAMS = ("so24", ".venv/bin/so24")
_PARTS = re.compile(r"&&|\|\||;|\||(?<!\d)&(?!\d)")


def lines_of(text: str) -> Iterator[str]:
    """Every command line in the blocks of a text; one that goes on below is one."""
    for block in BLOCK.finditer(text):
        yield from block[2].replace("\\\n", " ").splitlines()


def calls_of(line: str) -> Iterator[list[str]]:
    """The words of each call of so24 in a command line, without those that only the shell reads."""
    told = line.partition(" #")[0]
    for part in _PARTS.split(told):
        words = shlex.split(re.sub(r"[<>] ?\S+", "", part), comments=True)
        if words and words[0] in _PROGRAMS:
            yield words[1:]


def fault_of(words: list[str]) -> str:
    """What the program would say of these words; empty where it knows them all."""
    command: Any = typer.main.get_command(app)
    rest, path = list(words), ["so24"]
    if rest == ["--help"] or (len(rest) == 2 and rest == ["COMMAND", "--help"]):
        return ""
    while rest and hasattr(command, "get_command"):
        found = command.get_command(None, rest[0])
        if found is None:
            return f"{' '.join(path)} knows no {rest[0]}"
        command = found
        path.append(rest.pop(0))
    known = {
        option
        for each in command.params
        for option in (*each.opts, *each.secondary_opts)
        if option.startswith("-")
    } | {"--help", "-h"}
    unknown = [each for each in rest if each.startswith("--") and each not in known]
    return f"{' '.join(path)} knows no {', '.join(unknown)}" if unknown else ""


def refusal_of(words: list[str]) -> str:
    """What the program says when it reads these words as they stand, without doing anything."""
    command: Any = typer.main.get_command(app)
    rest, path = list(words), ""
    while rest and hasattr(command, "get_command"):
        path = rest.pop(0)
        command = command.get_command(None, path)
    if command is None or hasattr(command, "get_command"):
        return f"no command {' '.join(words)}"
    try:
        _begin(command, command.make_context(path, rest))
    except _Opened:
        return ""
    except Exception as error:  # whichever of the program's own
        return f"{' '.join(words)}: {error.__class__.__name__} {getattr(error, 'message', error)}"
    return ""


class _Opened(BaseException):
    """The command has taken its options and would open the installation now."""


def _begin(command: Any, context: click.Context) -> None:
    """Let a command judge its options together, up to where it opens the installation.

    Left alone are those that do something before, or that open none.
    """
    begins = command.callback.__wrapped__
    if "open_desk" not in begins.__code__.co_names:
        return
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("so24.cli.commands") and hasattr(module, "open_desk"):
                stack.enter_context(patch.object(module, "open_desk", _open_nothing))
            if name.startswith("so24.cli.commands") and hasattr(module, "read_password"):
                stack.enter_context(patch.object(module, "read_password", _read_nothing))
        command.invoke(context)


def _open_nothing() -> Never:
    raise _Opened


def _read_nothing(*_: object) -> str:
    return "a password"
