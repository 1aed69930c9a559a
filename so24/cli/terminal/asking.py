"""What people type: passwords (never as an argument), dates, amounts."""

from __future__ import annotations

import datetime as dt
import getpass
import re
import sys
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from so24.errors import WrongUse
from so24.language.said import say
from so24.language.telling import tell

MOST_BYTES = 4096
_YES = ("y", "yes", "j", "ja")
_NORWEGIAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help=say("Read the password from standard input."))
]
DateFrom = Annotated[str | None, typer.Option("--from", help=say("First day."))]
DateTo = Annotated[str | None, typer.Option("--to", help=say("Last day."))]
Limit = Annotated[int, typer.Option(min=0, help=say("At most so many, the newest; 0: all."))]
AsJson = Annotated[bool, typer.Option("--json", help=say("Print JSON; amounts are texts."))]


@dataclass(frozen=True)
class Secret:
    """What is read and never shown, and the sentences about it where it is not there."""

    not_given: str
    not_text: str
    not_alone: str


PASSWORD = Secret(
    say(
        "Give the password on standard input, with --password-stdin; it is never taken as an "
        "argument."
    ),
    say("The password on standard input is not UTF-8 text."),
    say("Standard input must hold the password, and nothing else."),
)
RECMAN_KEY = Secret(
    say("Give the key on standard input, with --key-stdin; it is never taken as an argument."),
    say("The key on standard input is not UTF-8 text."),
    say("Standard input must hold the key, and nothing else."),
)


def read_password(from_stdin: bool, prompt: str, what: Secret = PASSWORD) -> str:
    """The password from standard input, or asked for where a person sits at a terminal.

    ``what`` it is: RecMan's key is read like a password. Raises :class:`WrongUse` where there is
    neither.
    """
    if from_stdin:
        return _read_stdin(what)
    if not sys.stdin.isatty():
        raise WrongUse(what.not_given)
    return getpass.getpass(f"{tell(prompt)}: ")


def _read_stdin(what: Secret) -> str:
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        password = raw.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise WrongUse(what.not_text) from None
    if not password or len(raw) > MOST_BYTES:
        raise WrongUse(what.not_alone)
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
            say(
                "{option} takes a date such as 2026-11-22 or 22.11.2026, not “{text}”.",
                option=option,
                text=text,
            )
        ) from None


def read_period(
    date_from: str | None, date_to: str | None
) -> tuple[dt.date | None, dt.date | None]:
    """Both ends of a period; raises :class:`WrongUse` where it ends before it begins."""
    first, last = read_date("--from", date_from), read_date("--to", date_to)
    if first and last and last < first:
        raise WrongUse(
            say(
                "The period ends ({last}) before it begins ({first}).",
                last=f"{last:%d.%m.%Y}",
                first=f"{first:%d.%m.%Y}",
            )
        )
    return first, last


def read_decimal(option: str, text: str) -> Decimal:
    """``0.05`` or ``0,05``; raises :class:`WrongUse` for anything else."""
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise WrongUse(
            say("{option} takes an amount such as 0.05, not “{text}”.", option=option, text=text)
        ) from None


def ask_to_delete(yes: bool) -> None:
    """Go on if a person says so at the terminal, or has said ``--yes``; else :class:`WrongUse`."""
    _ask_to_go_on(
        yes,
        say("Delete them? [y/N]"),
        say("Nothing is deleted."),
        say("Nothing is deleted: say --yes, or answer at a terminal."),
    )


def ask_to_confirm_dates(yes: bool) -> None:
    """The same for invoice dates of more than one import."""
    _ask_to_go_on(
        yes,
        say("Confirm them all? [y/N]"),
        say("Nothing is confirmed."),
        say(
            "Nothing is confirmed, for these are of more than one import: say --import or "
            "--yes, or answer at a terminal."
        ),
    )


def _ask_to_go_on(yes: bool, question: str, refusal: str, nobody_there: str) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise WrongUse(nobody_there)
    answer = typer.prompt(tell(question), default="", show_default=False, err=True)
    if str(answer).lower() not in _YES:
        raise WrongUse(refusal)
