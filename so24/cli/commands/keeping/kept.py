"""``so24 kept …``: what is kept and how long, all about one person, and what goes in time."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson, ask_to_delete
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import print_json, print_line, print_table, remark
from so24.kept.about import KeptAccount, read_about_customer, read_about_user, write_account
from so24.kept.holdings import list_holdings
from so24.kept.purge import (
    OverdueDetails,
    describe_details,
    find_overdue_details,
    forget_customer,
    purge_overdue_details,
)

kept = typer.Typer(
    help="What is kept, of whom and how long.", no_args_is_help=True, rich_markup_mode=None
)

CustomerNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="RecMan's customer number.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(kept, name="kept")


@kept.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List what is kept, why, and for how long."""
    with open_desk() as desk:
        holdings = list_holdings(desk)
    if as_json:
        print_json(holdings)
        return
    for each in holdings:
        print_line(f"{each.name} ({each.rows} rows)")
        for words in (each.what, each.why, each.how_long):
            print_line(f"  {words}")


@kept.command()
def customer(number: CustomerNumber, as_json: AsJson = False) -> None:
    """List everything that is kept about a customer; --json gives all of it."""
    with open_desk() as desk:
        _show(read_about_customer(desk, number), as_json)


@kept.command()
def user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The user name, or os:NAME.")],
    as_json: AsJson = False,
) -> None:
    """List everything that is kept about a user; --json gives all of it."""
    with open_desk() as desk:
        _show(read_about_user(desk, name), as_json)


@kept.command()
def purge(yes: Yes = False) -> None:
    """Blank the details whose time is over, after telling how many they are.

    Numbers, dates, amounts, orders and the history stay, so that nothing is sent again. Back-ups
    that were made before have the details still.
    """
    with open_desk() as desk:
        shown = find_overdue_details(desk)
        if not shown:
            remark("No details' time is over.")
            return
        remark(_describe(shown))
        ask_to_delete(yes)
        gone = purge_overdue_details(desk, shown)
    remark(f"Purged: {describe_details(gone.old)}, as the audit trail says.")


@kept.command()
def forget(number: CustomerNumber, yes: Yes = False) -> None:
    """Blank a customer of whom no document has to be kept; the number stays.

    The list of customers brings it again, if it is still in there.
    """
    with open_desk() as desk:
        remark(f"Name, address and all else of customer {number} go, and the links to its cards.")
        ask_to_delete(yes)
        forget_customer(desk, number)
    remark(f"Customer {number} is forgotten but for the number.")


def _show(account: KeptAccount, as_json: bool) -> None:
    if as_json:
        print_line(write_account(account))
        return
    print_table(
        ("Kept", "Rows", "How long"),
        [(each.name, each.count, each.how_long) for each in account.parts],
    )
    remark(f"{account.left_out} --json gives the rows.")


def _describe(shown: OverdueDetails) -> str:
    return (
        f"The time of these is over, up to the year {shown.year}: {describe_details(shown.old)}. "
        "Their names, addresses, references, texts and reports go; what keeps a document from "
        "being sent again stays, and so does the history. They cannot be got back but from a "
        "back-up."
    )
