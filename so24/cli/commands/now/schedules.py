"""``so24 schedules …``: what is done by itself, and when."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from so24.amounts import format_amount
from so24.cli.commands import explain, in_paragraphs
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    print_json,
    print_line,
    print_table,
    remark,
)
from so24.dates import format_moment
from so24.errors import WrongUse
from so24.keys.upkeep import key_named
from so24.language.said import join_said, say, say_as
from so24.people.desk import Desk
from so24.transfer.schedules.records import record_schedule
from so24.transfer.schedules.rules import CURRENCY, Bounds
from so24.transfer.schedules.sentences import (
    tell_last_time,
    tell_next_time,
    tell_trouble,
    title_of_schedule,
)
from so24.transfer.schedules.settings import set_export, set_fetch, stop_export, stop_fetch
from so24.transfer.schedules.standing import ScheduleView, read_left, read_schedules
from so24.transfer.schedules.times import read_times

schedules = typer.Typer(help=explain("schedules"), no_args_is_help=True, rich_markup_mode=None)

Key = Annotated[
    str, typer.Option("--key", metavar=say("NAME"), help=say("Of the exports by this key."))
]
RecMan = Annotated[bool, typer.Option("--recman", help=say("Of the fetch from RecMan."))]
WHAT_GOES = say(
    "By itself goes only what is sent for the first time, and of which no check, no look into "
    "24SevenOffice and no question says anything; the rest is left for people."
)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(schedules, name="schedules")


@schedules.command(
    "list", help=say("List what is done by itself, and when; exit code 1 where it needs somebody.")
)
def list_all(as_json: AsJson = False) -> None:
    """Print all schedules with what became of their last time."""
    with open_desk() as desk:
        found = read_schedules(desk)
        left = {each.id: read_left(desk, each.id) for each in found}
    if as_json:
        print_json([{**record_schedule(each), "left": left[each.id]} for each in found])
    else:
        _show(found)
        for view in found:
            for each in left[view.id]:
                print_line(
                    say("{document} is left for people: {why}", document=each.number, why=each.why)
                )
    if any(tell_trouble(each) for each in found):
        end_with(NEEDS_A_PERSON)


def _show(found: list[ScheduleView]) -> None:
    if not found:
        print_line(say("Nothing is done by itself."))
        return
    headings = (
        say("What"),
        say("When"),
        say_as("of a schedule", "State"),
        say("Documents"),
        say("Amount"),
        say("Set by"),
    )
    rows = [
        (
            title_of_schedule(each),
            each.times,
            say("on") if each.active else say("off"),
            each.most_documents or "",
            format_amount(each.most_amount, CURRENCY) if each.most_documents else "",
            each.set_by,
        )
        for each in found
    ]
    print_table(headings, rows)
    for each in found:
        told = join_said((tell_last_time(each), tell_next_time(each)))
        print_line(say("{schedule}: {words}", schedule=title_of_schedule(each), words=told))


@schedules.command("set", help=in_paragraphs(say("Do it by itself at these times."), WHAT_GOES))
def put(
    times: Annotated[
        str,
        typer.Argument(
            metavar=say("TIMES"),
            help=say(
                "Weekdays and a time of Oslo: “mon-fri 06:30”, “mon,thu 22:00”, “daily 5:15”."
            ),
        ),
    ],
    key: Key = "",
    recman: RecMan = False,
    most_documents: Annotated[
        int | None,
        typer.Option(help=say("With --key: so many documents go unasked at one time, not more.")),
    ] = None,
    most_amount: Annotated[
        str | None,
        typer.Option(help=say("With --key: so much NOK goes unasked at one time, not more.")),
    ] = None,
) -> None:
    """Set a schedule in the place of what was set before."""
    _check_which(key, recman)
    wanted = read_times(times)
    bounds = None if recman else _bounds(most_documents, most_amount)
    with open_desk() as desk:
        if bounds is None:
            set_fetch(desk, wanted)
        else:
            set_export(desk, key_named(desk, key).id, wanted, bounds)
        view = _view_of(desk, key, recman)
    when = format_moment(view.next_at)
    remark(say("{schedule}: next at {when}.", schedule=title_of_schedule(view), when=when))


@schedules.command(help=say("Do it by itself no more; work under way comes to its end."))
def off(key: Key = "", recman: RecMan = False) -> None:
    """Turn a schedule off."""
    _check_which(key, recman)
    with open_desk() as desk:
        if recman:
            stop_fetch(desk)
        else:
            stop_export(desk, key_named(desk, key).id)
    remark(say("It is not done by itself any more."))


def _check_which(key: str, recman: bool) -> None:
    if bool(key) == recman:
        raise WrongUse(say("Give either --key or --recman."))


def _bounds(documents: int | None, amount: str | None) -> Bounds:
    if documents is None or amount is None:
        raise WrongUse(
            say("Say with --most-documents and --most-amount how much goes unasked at one time.")
        )
    try:
        return Bounds(documents, Decimal(amount.replace(" ", "").replace(",", ".")))
    except InvalidOperation:
        raise WrongUse(say("“{text}” is no amount.", text=amount[:20])) from None


def _view_of(desk: Desk, key: str, recman: bool) -> ScheduleView:
    key_id = None if recman else key_named(desk, key).id
    return next(each for each in read_schedules(desk) if each.key_id == key_id)
