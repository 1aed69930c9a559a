"""``so24 kept …``: what is kept and how long, all about one person, and what goes in time."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.commands import explain, in_paragraphs
from so24.cli.terminal.asking import AsJson, ask_to_delete
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import print_data, print_json, print_line, print_table, remark
from so24.kept.about import KeptAccount, read_about_customer, read_about_user, write_account
from so24.kept.holdings import list_holdings
from so24.kept.purge import (
    OverdueDetails,
    describe_details,
    find_overdue_details,
    forget_customer,
    purge_overdue_details,
)
from so24.language.said import join_said, say, say_count

kept = typer.Typer(help=explain("kept"), no_args_is_help=True, rich_markup_mode=None)

CustomerNumber = Annotated[
    str, typer.Argument(metavar=say("NUMBER"), help=say("RecMan's customer number."))
]
Yes = Annotated[bool, typer.Option("--yes", help=say("Do not ask."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(kept, name="kept")


@kept.command("list", help=say("List what is kept, why, and for how long."))
def list_all(as_json: AsJson = False) -> None:
    """Print all holdings."""
    with open_desk() as desk:
        holdings = list_holdings(desk)
    if as_json:
        print_json(holdings)
        return
    for each in holdings:
        rows = say_count("{number} row", "{number} rows", each.rows)
        print_line(say("{name} ({rows})", name=each.name, rows=rows))
        for words in (each.what, each.why, each.how_long):
            print_line(join_said(["  ", words], ""))


@kept.command(help=say("List everything that is kept about a customer; --json gives all of it."))
def customer(number: CustomerNumber, as_json: AsJson = False) -> None:
    """Print the account of a customer."""
    with open_desk() as desk:
        _show(read_about_customer(desk, number), as_json)


@kept.command(help=say("List everything that is kept about a user; --json gives all of it."))
def user(
    name: Annotated[
        str, typer.Argument(metavar=say("NAME"), help=say("The user name, or os:NAME."))
    ],
    as_json: AsJson = False,
) -> None:
    """Print the account of a user."""
    with open_desk() as desk:
        _show(read_about_user(desk, name), as_json)


@kept.command(
    help=in_paragraphs(
        say("Blank the details whose time is over, after telling how many they are."),
        say(
            "Numbers, dates, amounts, orders and the history stay, so that nothing is sent "
            "again. Back-ups that were made before have the details still."
        ),
    )
)
def purge(yes: Yes = False) -> None:
    """Blank the details that are overdue, once a person agrees."""
    with open_desk() as desk:
        shown = find_overdue_details(desk)
        if not shown:
            remark(say("No details' time is over."))
            return
        remark(_describe(shown))
        ask_to_delete(yes)
        gone = purge_overdue_details(desk, shown)
    remark(
        say(
            "Purged: {details}, as the audit trail says.",
            details=describe_details(gone.old),
        )
    )


@kept.command(
    help=in_paragraphs(
        say("Blank a customer of whom no document has to be kept; the number stays."),
        say("The list of customers brings it again, if it is still in there."),
    )
)
def forget(number: CustomerNumber, yes: Yes = False) -> None:
    """Forget the customer, once a person agrees."""
    with open_desk() as desk:
        remark(
            say(
                "Name, address and all else of customer {number} go, and the links to its cards.",
                number=number,
            )
        )
        ask_to_delete(yes)
        forget_customer(desk, number)
    remark(say("Customer {number} is forgotten but for the number.", number=number))


def _show(account: KeptAccount, as_json: bool) -> None:
    if as_json:
        print_data(write_account(account))
        return
    print_table(
        (say("Kept"), say("Rows"), say("How long")),
        [(each.name, each.count, each.how_long) for each in account.parts],
    )
    remark(join_said([account.left_out, say("--json gives the rows.")]))


def _describe(shown: OverdueDetails) -> str:
    return say(
        "The time of these is over, up to the year {year}: {details}. Their names, addresses, "
        "references, texts and reports go; what keeps a document from being sent again stays, and "
        "so does the history. They cannot be got back but from a back-up.",
        year=shown.year,
        details=describe_details(shown.old),
    )
