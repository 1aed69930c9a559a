"""What a command prints, in its reader's language, and the exit code that it ends with.

Results are aligned tables with Norwegian amounts, or JSON with amounts as text, in English and the
same in every language. One line on stderr tells how far a long command is, and makes way for its
result. The exit codes: 0 all well, 1 some documents need a person, 2 wrong use or configuration.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import typer

from so24 import amounts
from so24.dates import format_date, format_moment
from so24.language.said import SaidText, join_said, say
from so24.language.telling import tell
from so24.letters import show_plainly

ALL_WELL = 0
NEEDS_A_PERSON = 1
WRONG_USE = 2
LONGEST_CELL = 100
_COLUMNS = 79  # of a narrow terminal, less one


def end_with(code: int) -> None:
    """End the command with this exit code."""
    raise typer.Exit(code)


def remark(text: str) -> None:
    """A sentence for the person at the terminal; on stderr, so that results stay results."""
    typer.echo(_tell_plainly(text), err=True)


def print_line(text: str) -> None:
    """A line of a result that is no table: on stdout."""
    typer.echo(_tell_plainly(text))


def print_data(text: str) -> None:
    """Lines of a result that are the same in every language: an address, a password, XML."""
    typer.echo(show_plainly(text))


def print_json(value: object) -> None:
    """A value as JSON: amounts as text, times as ISO text in UTC, dataclasses as objects."""
    print_data(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """An aligned table; amounts and counts stand to the right, the last column may be long.

    The headings are told, and those cells that were said; a cell that is a name or a number is the
    same in every language, and what is stored as a word is told by whoever lists it.
    """
    headings = [tell(each) for each in headings]
    rows = [list(row) for row in rows]
    right = {place for place in range(len(headings)) if any(_is_number(row[place]) for row in rows)}
    cells = [[format_cell(value) for value in row] for row in rows]
    for row in cells:
        row[:-1] = [_shorten(cell) for cell in row[:-1]]
    widths = [max(len(row[place]) for row in [headings, *cells]) for place in range(len(headings))]
    for row in [headings, *cells]:
        parts = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print_line("  ".join(parts).rstrip())


def tell_listed(listed: int, found: int, nothing: str) -> None:
    """Say how many of the found ones were listed where that is not all, or ``nothing``."""
    if not found:
        remark(nothing)
    elif listed < found:
        remark(
            say("The newest {listed} of {found}; --limit 0 lists all.", listed=listed, found=found)
        )


def format_cell(value: object) -> str:
    """A value as people read it: ``1 234,50``, ``22.11.2026``, ``22.11.2026 09:05`` in Oslo."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return tell(say("yes")) if value else tell(say("no"))
    if isinstance(value, Decimal):
        return format_amount(value)
    if isinstance(value, dt.datetime):
        return format_moment(value)
    if isinstance(value, dt.date):
        return format_date(value)
    text = tell(value) if isinstance(value, SaidText) else str(value)
    return show_plainly(" ".join(text.split()))


def format_amount(amount: Decimal, currency: str = "") -> str:
    """``1 234,50 NOK`` with plain spaces and hyphens, so that it can be searched and copied."""
    text = amounts.format_amount(amount, currency)
    return text.replace(amounts.GROUP, " ").replace("\u2212", "-")


def list_all(texts: Iterable[str], by: str = ", ") -> str:
    """Names, numbers or said texts with commas between them; each said one is told by itself."""
    return join_said(texts, by)


def _tell_plainly(text: str) -> str:
    return show_plainly(tell(text))


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _shorten(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def show_line(words: str) -> None:
    """Replace the line by these words; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{tell(words):<{_COLUMNS}.{_COLUMNS}}", err=True, nl=False)


def clear_line() -> None:
    """Make way for what comes next."""
    if sys.stderr.isatty():
        typer.echo("\r\033[K", err=True, nl=False)
