"""``so24 alerts …``: who is told of what goes wrong, and where."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.alerts.choices import (
    choose_mail,
    choose_webhook,
    drop_choice,
    list_choices,
    try_choice,
)
from so24.cli.commands import explain
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    print_json,
    print_table,
    remark,
)
from so24.errors import WrongUse
from so24.language.said import say
from so24.store.tables.alert_tables import AlertKind

alerts = typer.Typer(help=explain("alerts"), no_args_is_help=True, rich_markup_mode=None)

UserName = Annotated[str, typer.Argument(metavar=say("NAME"), help=say("The user name."))]
Number = Annotated[int, typer.Argument(metavar=say("NUMBER"), help=say("Its number in the list."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(alerts, name="alerts")


@alerts.command("list", help=say("List what a user is told of, and where."))
def list_all(name: UserName, as_json: AsJson = False) -> None:
    """Print the choices of a user."""
    with open_desk() as desk:
        found = list_choices(desk, name)
    if as_json:
        print_json(found)
        return
    headings = (say("No."), say("Where"), say("Told of"), say("Not sent"))
    rows = [(each.id, each.shown, ", ".join(each.kinds), each.failure) for each in found]
    print_table(headings, rows)


@alerts.command(help=say("Tell a user by e-mail or by a webhook; of everything, unless --of says."))
def add(
    name: UserName,
    email: Annotated[str, typer.Option(help=say("The e-mail address."))] = "",
    webhook: Annotated[str, typer.Option(help=say("The webhook's address, a secret."))] = "",
    of: Annotated[list[AlertKind] | None, typer.Option(help=say("Only of this kind."))] = None,
) -> None:
    """Add a choice of a user."""
    if bool(email) == bool(webhook):
        raise WrongUse(say("Give either --email or --webhook."))
    choose = choose_mail if email else choose_webhook
    with open_desk() as desk:
        made = choose(desk, email or webhook, of or list(AlertKind), name)
    remark(say("{name} is told there from now on (number {number}).", name=name, number=made))


@alerts.command(help=say("Tell a user nothing there any more."))
def drop(name: UserName, number: Number) -> None:
    """Remove a choice of a user."""
    with open_desk() as desk:
        drop_choice(desk, number, name)
    remark(say("Nothing is told there any more."))


@alerts.command("try", help=say("Send a message on trial; exit code 1 where it was not taken."))
def send_trial(name: UserName, number: Number) -> None:
    """Send a trial to a choice of a user."""
    with open_desk() as desk:
        failure = try_choice(desk, number, name)
    remark(failure or say("A message on trial was sent."))
    if failure:
        end_with(NEEDS_A_PERSON)
