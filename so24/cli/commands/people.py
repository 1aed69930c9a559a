"""``so24 users …``, ``so24 activate``, ``so24 deactivate`` and ``so24 audit``."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from so24.cli.terminal.asking import (
    AsJson,
    DateFrom,
    DateTo,
    Limit,
    PasswordStdin,
    read_password,
    read_period,
)
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import print_json, print_line, print_table, remark, tell_listed
from so24.dates import moments_of
from so24.errors import WrongUse
from so24.keys import activation
from so24.language.reader import BOKMAL, ENGLISH, LANGUAGES
from so24.people import languages, own_second_factor, users
from so24.people.audit_trail import read_trail
from so24.people.company_login import linking
from so24.people.roles import ROLE_NAMES
from so24.people.users import UserRow
from so24.store.people.audit import TrailFilter
from so24.store.tables.people_tables import Role

MOST_EVENTS = 200

group = typer.Typer(
    help="People who may sign in to the dashboard.", no_args_is_help=True, rich_markup_mode=None
)

second_factor = typer.Typer(
    help="The second factor of users.", no_args_is_help=True, rich_markup_mode=None
)
group.add_typer(second_factor, name="second-factor")

company_login = typer.Typer(
    help="The company login of users.", no_args_is_help=True, rich_markup_mode=None
)
group.add_typer(company_login, name="company-login")

UserName = Annotated[str, typer.Argument(metavar="NAME", help="The user name.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="users")
    app.command()(activate)
    app.command()(deactivate)
    app.command()(audit)


@group.command()
def add(
    name: UserName,
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    password_stdin: PasswordStdin = False,
) -> None:
    """Add a user; prints a one-time password, good for 72 hours.

    In sandbox mode it may be given on standard input; in live mode nobody chooses it.
    """
    given = read_password(True, "") if password_stdin else None
    with open_desk() as desk:
        password = users.add_user(desk, name, role, given)
    remark(
        f"{name} is added as {ROLE_NAMES[role]} and chooses a new password at the first sign-in."
    )
    _hand_over(password, given)


@group.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List all users."""
    with open_desk() as desk:
        rows = users.list_users(desk)
    if as_json:
        print_json(rows)
        return
    print_table(
        ("Name", "Role", "State", "Second factor", "Company login", "Added", "Last sign-in"),
        [
            (
                row.name,
                ROLE_NAMES[row.role],
                row.state,
                "yes" if row.second_factor else "no",
                _describe_company_login(row),
                row.created_at,
                row.last_login_at,
            )
            for row in rows
        ],
    )


@group.command()
def disable(name: UserName) -> None:
    """Take a user's access away at once; the history keeps the name."""
    with open_desk() as desk:
        users.deactivate(desk, name)
    remark(f"{name} is deactivated and signed out everywhere.")


@group.command()
def enable(name: UserName) -> None:
    """Let a deactivated user sign in again, and end delays after failed attempts."""
    with open_desk() as desk:
        users.reactivate(desk, name)
    remark(f"{name} may sign in again.")


@group.command()
def reset(name: UserName, password_stdin: PasswordStdin = False) -> None:
    """Give a user a one-time password, good for 72 hours, and end delays after failed attempts.

    In sandbox mode it may be given on standard input; in live mode nobody chooses it.
    """
    given = read_password(True, "") if password_stdin else None
    with open_desk() as desk:
        password = users.reset_password(desk, name, given)
    remark(f"{name} is signed out everywhere and chooses a new password at the next sign-in.")
    _hand_over(password, given)


@second_factor.command("reset")
def reset_second_factor(name: UserName) -> None:
    """Take a user's second factor away, who has lost it; the password stays."""
    with open_desk() as desk:
        own_second_factor.reset_second_factor(desk, name)
    remark(f"{name} is signed out everywhere and signs in without a second factor.")


@company_login.command("link")
def link_company_login(
    name: UserName,
    email: Annotated[
        str, typer.Option(help="Whoever signs in first with this e-mail, verified there.")
    ] = "",
    subject: Annotated[
        str, typer.Option(help="The person's subject at the provider; refusals name it.")
    ] = "",
) -> None:
    """Link a user to a person of the company: by an e-mail, or by the subject itself."""
    if bool(email) == bool(subject):
        raise WrongUse("Give either --email or --subject.")
    with open_desk() as desk:
        if email:
            linking.link_by_email(desk, name, email)
        else:
            linking.link_by_subject(desk, name, subject)
    remark(f"{name} may sign in by the company login, and is signed out everywhere.")


@company_login.command("unlink")
def unlink_company_login(name: UserName) -> None:
    """Take a user's company account away; the password counts again."""
    with open_desk() as desk:
        linking.unlink(desk, name)
    remark(f"{name} is signed out everywhere and signs in with the password.")


@company_login.command("password")
def choose_password_use(
    name: UserName,
    counts: Annotated[bool, typer.Option("--on/--off", help="Whether it lets the user in.")],
) -> None:
    """Turn off the password of a user who comes by the company login, or on again."""
    with open_desk() as desk:
        (linking.turn_password_on if counts else linking.turn_password_off)(desk, name)
    if counts:
        remark(f"The password of {name} counts.")
    else:
        remark(f"{name} is signed out everywhere and signs in by the company login only.")


@group.command("role")
def change_role(
    name: UserName, role: Annotated[Role, typer.Argument(help="What the user may do.")]
) -> None:
    """Give a user another role."""
    with open_desk() as desk:
        users.change_role(desk, name, role)
    remark(f"{name} is {ROLE_NAMES[role]} now.")


class Spoken(enum.StrEnum):
    """What can be said of a user's language."""

    EN = ENGLISH
    NB = BOKMAL
    BROWSER = languages.AS_THE_BROWSER


@group.command("language")
def set_language(
    name: UserName,
    spoken: Annotated[
        Spoken,
        typer.Argument(metavar="en|nb|browser", help="English, bokmål, or as the browser asks."),
    ],
) -> None:
    """Set the language in which a user is told everything; users choose it under Account."""
    chosen = None if spoken is Spoken.BROWSER else spoken.value
    with open_desk() as desk:
        languages.set_language(desk, name, chosen)
    if chosen is None:
        remark(f"{name} reads the language that SO24_LANGUAGE says, or else the browser.")
    else:
        remark(f"{name} reads {LANGUAGES[chosen]}.")


def activate() -> None:
    """Activate the integration, as the Marketplace's blue button does."""
    with open_desk() as desk:
        status = activation.activate(desk)
    remark(f"24SevenOffice is activated ({status.price}).")


def deactivate() -> None:
    """Stop new runs; keys, invoices, receipts and work under way are kept."""
    with open_desk() as desk:
        activation.deactivate(desk)
    remark("24SevenOffice is deactivated: no new run begins, everything else is kept.")


def audit(
    date_from: DateFrom = None,
    date_to: DateTo = None,
    actor: Annotated[str, typer.Option(help="Only what this user did, or os:NAME.")] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind of event; may be repeated.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="Only from this address, or “command line”, “worker” and such.")
    ] = "",
    login: Annotated[
        str, typer.Option(help="Only in this login, by the mark that Account shows.")
    ] = "",
    limit: Limit = MOST_EVENTS,
    as_json: AsJson = False,
) -> None:
    """List who did what, or was refused it, and from where: the audit trail, newest first."""
    begins, ends = moments_of(*read_period(date_from, date_to))
    wanted = TrailFilter(begins, ends, actor, frozenset(kind or ()), source, login)
    with open_desk() as desk:
        events, found = read_trail(desk, wanted, limit=limit or None)
    if as_json:
        print_json(events)
    elif events:
        print_table(
            ("When", "Who", "What", "Subject", "Detail", "From", "Login", "Browser"),
            [
                (
                    each.at,
                    each.actor,
                    each.action,
                    each.subject,
                    each.detail,
                    each.source,
                    each.login,
                    each.browser,
                )
                for each in events
            ],
        )
    tell_listed(len(events), found, "event")


def _describe_company_login(row: UserRow) -> str:
    return f"{row.company_login or 'no'}{', no password' if row.company_only else ''}"


def _hand_over(password: str, given: str | None) -> None:
    """Print a password that was made here, once; a given one is known already."""
    if given is None:
        remark(f"One-time password, shown only now, ends in {users.ONE_TIME_HOURS} hours:")
        print_line(password)
