"""``so24 recman …``: the connection to RecMan's API, its fields, and the fetch."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.commands import explain, in_paragraphs
from so24.cli.commands.imports import end_by, show_progress, show_reports
from so24.cli.terminal.asking import RECMAN_KEY, AsJson, read_date, read_password
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    clear_line,
    print_json,
    print_table,
    remark,
)
from so24.dates import format_date
from so24.errors import WrongUse
from so24.language.said import join_said, say
from so24.language.telling import tell
from so24.sources.recman import connection
from so24.sources.recman.connection import ConnectionView
from so24.sources.recman.fetch import fetch_documents
from so24.sources.recman.targets import LINE, TARGETS

group = typer.Typer(help=explain("recman"), no_args_is_help=True, rich_markup_mode=None)

KeyStdin = Annotated[
    bool, typer.Option("--key-stdin", help=say("Read the key from standard input."))
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="recman")


@group.command(
    help=say("Prove a key by reading with it, keep it, and guess what RecMan's members are.")
)
def connect(key_stdin: KeyStdin = False, as_json: AsJson = False) -> None:
    """Connect with the key, and print what was found."""
    key = read_password(key_stdin, say("RecMan's key"), RECMAN_KEY)
    with open_desk() as desk:
        view = connection.connect(desk, key)
    _show(view, as_json)


@group.command(
    "test", help=say("Read with the kept key, and look anew which members RecMan gives.")
)
def try_key(as_json: AsJson = False) -> None:
    """Read anew with the kept key, and print what was found."""
    with open_desk() as desk:
        view = connection.try_connection(desk)
    _show(view, as_json)


@group.command(
    help=say("List the members that were found, with their types and never a value; makes no call.")
)
def members(as_json: AsJson = False) -> None:
    """Print the members that were found."""
    with open_desk() as desk:
        view = _known(connection.view_connection(desk))
    if as_json:
        print_json(dict(view.findings))
        return
    print_table(
        (say("Scope"), say("Member"), say("Types")),
        [
            (scope, path, ", ".join(kinds))
            for scope, found in view.findings.items()
            for path, kinds in found.members.items()
        ],
    )
    _say_remarks(view)


@group.command(
    "map", help=say("Map our fields to RecMan's members, or show the map; makes no call.")
)
def map_fields(
    changes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=say("FIELD=MEMBER..."), help=say("An empty member takes the field out.")
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change the map by these pairs, then print it."""
    wanted = dict(map(_read_pair, changes or ()))
    with open_desk() as desk:
        if wanted:
            view = connection.map_fields(desk, wanted)
        else:
            view = _known(connection.view_connection(desk))
    if as_json:
        print_json(dict(view.field_map))
        return
    print_table(
        (say("Field"), say("Meaning"), say("Stands in"), say("Member")),
        [
            (target.name, tell(target.label),
             say("lines") if target.scope == LINE else target.scope,
             view.field_map.get(target.name, ""))
            for target in TARGETS
        ],
    )  # fmt: skip
    _say_next(view)


@group.command(help=say("Leave out invoices dated before a day; makes no call."))
def since(
    date: Annotated[
        str | None, typer.Argument(metavar=say("DATE"), help=say("2026-11-01."))
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=say("All invoices there ever were."))
    ] = False,
) -> None:
    """Set the day before which invoices are left out."""
    if (date is None) is not everything:
        raise WrongUse(say("Give the first invoice date, for example 2026-11-01, or --all."))
    day = read_date("DATE", date)
    with open_desk() as desk:
        connection.leave_out_before(desk, day)
    remark(
        say("Invoices are fetched from {date} on.", date=format_date(day))
        if day
        else say("All are fetched.")
    )


@group.command(
    help=say("Reconcile the totals of a page of invoices by the map and, if they hold, confirm it.")
)
def confirm() -> None:
    """Confirm the map by a sample."""
    with open_desk() as desk:
        sample = connection.confirm_map(desk)
    remark(say("The fields are confirmed: {words}", words=sample.words))


@group.command(
    help=in_paragraphs(
        say("Fetch all invoices and their customers; the same twice changes nothing."),
        say(
            "Exit code 1 when rows were refused, a person is asked something, or a "
            "document comes otherwise than it was exported, 2 when RecMan cannot be read: "
            "then nothing comes in."
        ),
    )
)
def fetch(as_json: AsJson = False) -> None:
    """Fetch, and print what became of it; ends as `end_by` says."""
    with open_desk() as desk:
        try:
            report = fetch_documents(desk, progress=show_progress)
        finally:
            clear_line()
    show_reports([report], as_json)
    end_by([report])


@group.command(help=say("Wipe the key and the map; what was imported stays."))
def disconnect() -> None:
    """Disconnect."""
    with open_desk() as desk:
        connection.disconnect(desk)
    remark(say("RecMan is disconnected, and its key is wiped."))


def _read_pair(text: str) -> tuple[str, str]:
    name, sign, path = text.partition("=")
    if not sign:
        raise WrongUse(
            say("Write FIELD=MEMBER, for example number=invoiceNumber, not “{text}”.", text=text)
        )
    return name.strip(), path.strip()


def _known(view: ConnectionView | None) -> ConnectionView:
    if view is None:
        raise WrongUse(connection.NOT_CONNECTED)
    return view


def _show(view: ConnectionView, as_json: bool) -> None:
    if as_json:
        print_json(view)
        return
    print_table(
        (say("Scope"), say("Rows on the first page"), say("Members")),
        [(scope, found.rows, len(found.members)) for scope, found in view.findings.items()],
    )
    _say_remarks(view)
    _say_next(view)


def _say_remarks(view: ConnectionView) -> None:
    for scope, found in view.findings.items():
        if found.remark:
            remark(join_said([scope, found.remark], ": "))


def _say_next(view: ConnectionView) -> None:
    remark(
        say("{used} of {most} calls are used today.", used=view.budget.used, most=view.budget.most)
    )
    if view.missing:
        remark(
            say(
                "To be mapped before `so24 recman confirm`: {fields}.",
                fields=join_said(view.missing, "; "),
            )
        )
    elif view.confirmed_at is None:
        remark(
            say("All that is needed is mapped; look at it (`so24 recman map`), then confirm it.")
        )
    else:
        remark(
            say(
                "Confirmed by {name}: {sample}",
                name=view.confirmed_by,
                sample=view.sample,
            )
        )
