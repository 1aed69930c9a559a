"""The exit codes: 0 all well, 1 some documents need a person, 2 wrong use or configuration."""

from __future__ import annotations

import typer

ALL_WELL = 0
NEEDS_A_PERSON = 1
WRONG_USE = 2


def end_with(code: int) -> None:
    """End the command with this exit code."""
    raise typer.Exit(code)
