"""One line on a terminal that tells how far a long command is, and makes way for its result."""

from __future__ import annotations

import sys

import typer

_COLUMNS = 79  # of a narrow terminal, less one


def show_line(words: str) -> None:
    """Replace the line by these words; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{words:<{_COLUMNS}.{_COLUMNS}}", err=True, nl=False)


def clear_line() -> None:
    """Make way for what comes next."""
    if sys.stderr.isatty():
        typer.echo("\r\033[K", err=True, nl=False)
