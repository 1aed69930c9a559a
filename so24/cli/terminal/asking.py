"""What people type: passwords (never as an argument), dates, amounts."""

from __future__ import annotations

import datetime as dt
import getpass
import re
import sys
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from so24.errors import WrongUse

MOST_BYTES = 4096
_NORWEGIAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
DateFrom = Annotated[str | None, typer.Option("--from", help="First day.")]
DateTo = Annotated[str | None, typer.Option("--to", help="Last day.")]
Limit = Annotated[int, typer.Option(min=0, help="At most so many, the newest; 0: all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; amounts are texts.")]


def read_password(from_stdin: bool, prompt: str, what: str = "password") -> str:
    """The password from standard input, or asked for where a person sits at a terminal.

    ``what`` it is: RecMan's key is read like a password. Raises :class:`WrongUse` where there is
    neither.
    """
    if from_stdin:
        return _read_stdin(what)
    if not sys.stdin.isatty():
        raise WrongUse(
            f"Give the {what} on standard input, with --{what}-stdin; "
            "it is never taken as an argument."
        )
    return getpass.getpass(f"{prompt}: ")


def _read_stdin(what: str) -> str:
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        password = raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongUse(f"The {what} on standard input is not UTF-8 text.") from None
    if not password or len(raw) > MOST_BYTES:
        raise WrongUse(f"Standard input must hold the {what}, and nothing else.")
    return password


def read_date(option: str, text: str | None) -> dt.date | None:
    """``2026-11-22`` or ``22.11.2026``; None where the option was not given.

    Raises :class:`WrongUse` for anything else.
    """
    if text is None:
        return None
    norwegian = _NORWEGIAN_DATE.fullmatch(text.strip())
    try:
        if norwegian:
            day, month, year = map(int, norwegian.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise WrongUse(
            f"{option} takes a date such as 2026-11-22 or 22.11.2026, not “{text}”."
        ) from None


def read_period(
    date_from: str | None, date_to: str | None
) -> tuple[dt.date | None, dt.date | None]:
    """Both ends of a period; raises :class:`WrongUse` where it ends before it begins."""
    first, last = read_date("--from", date_from), read_date("--to", date_to)
    if first and last and last < first:
        raise WrongUse(f"The period ends ({last:%d.%m.%Y}) before it begins ({first:%d.%m.%Y}).")
    return first, last


def read_decimal(option: str, text: str) -> Decimal:
    """``0.05`` or ``0,05``; raises :class:`WrongUse` for anything else."""
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise WrongUse(f"{option} takes an amount such as 0.05, not “{text}”.") from None


def ask_to_delete(yes: bool) -> None:
    """Go on if a person says so at the terminal, or has said ``--yes``; else :class:`WrongUse`."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise WrongUse("Nothing is deleted: say --yes, or answer at a terminal.")
    if not typer.confirm("Delete them?", err=True):
        raise WrongUse("Nothing is deleted.")
