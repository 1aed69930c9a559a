"""``so24 users …``, ``so24 activate``, ``so24 deactivate`` and ``so24 audit``."""

from __future__ import annotations

import enum
from typing import Annotated

import typer

from so24.cli.commands import explain, in_paragraphs
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
from so24.cli.terminal.printing import print_data, print_json, print_table, remark, tell_listed
from so24.dates import moments_of
from so24.errors import WrongUse
from so24.keys import activation
from so24.language.reader import BOKMAL, ENGLISH, LANGUAGES
from so24.language.said import join_said, say
from so24.language.telling import tell
from so24.people import languages, own_second_factor, users
from so24.people.audit_trail import read_trail, trail_choices
from so24.people.company_login import linking
from so24.people.roles import ROLE_NAMES
from so24.people.users import UserRow
from so24.store.people.audit import TrailFilter
from so24.store.tables.people_tables import Role

MOST_EVENTS = 200

group = typer.Typer(
    help=explain("users"),
    no_args_is_help=True,
    rich_markup_mode=None,
)

second_factor = typer.Typer(
    help=say("The second factor of users."), no_args_is_help=True, rich_markup_mode=None
)
group.add_typer(second_factor, name="second-factor")

company_login = typer.Typer(
    help=say("The company login of users."), no_args_is_help=True, rich_markup_mode=None
)
group.add_typer(company_login, name="company-login")

UserName = Annotated[str, typer.Argument(metavar=say("NAME"), help=say("The user name."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="users")
    app.command(help=explain("activate"))(activate)
    app.command(help=explain("deactivate"))(deactivate)
    app.command(help=explain("audit"))(audit)


@group.command(
    help=in_paragraphs(
        say("Add a user; prints a one-time password, good for 72 hours."),
        say("In sandbox mode it may be given on standard input; in live mode nobody chooses it."),
    )
)
def add(
    name: UserName,
    role: Annotated[Role, typer.Option(help=say("What the user may do."))],
    password_stdin: PasswordStdin = False,
) -> None:
    """Add the user, and print the password that was made."""
    given = read_password(True, "") if password_stdin else None
    with open_desk() as desk:
        password = users.add_user(desk, name, role, given)
    remark(
        say(
            "{name} is added as {role} and chooses a new password at the first sign-in.",
            name=name,
            role=ROLE_NAMES[role],
        )
    )
    _hand_over(password, given)


@group.command("list", help=say("List all users."))
def list_all(as_json: AsJson = False) -> None:
    """Print the users."""
    with open_desk() as desk:
        rows = users.list_users(desk)
    if as_json:
        print_json(rows)
        return
    print_table(
        (
            say("Name"),
            say("Role"),
            say("State"),
            say("Second factor"),
            say("Company login"),
            say("Added"),
            say("Last sign-in"),
        ),
        [
            (
                row.name,
                tell(ROLE_NAMES[row.role]),
                tell(row.state),
                bool(row.second_factor),
                _describe_company_login(row),
                row.created_at,
                row.last_login_at,
            )
            for row in rows
        ],
    )


@group.command(help=say("Take a user's access away at once; the history keeps the name."))
def disable(name: UserName) -> None:
    """Deactivate the user."""
    with open_desk() as desk:
        users.deactivate(desk, name)
    remark(say("{name} is deactivated and signed out everywhere.", name=name))


@group.command(
    help=say("Let a deactivated user sign in again, and end delays after failed attempts.")
)
def enable(name: UserName) -> None:
    """Reactivate the user."""
    with open_desk() as desk:
        users.reactivate(desk, name)
    remark(say("{name} may sign in again.", name=name))


@group.command(
    help=in_paragraphs(
        say(
            "Give a user a one-time password, good for 72 hours, and end delays after "
            "failed attempts."
        ),
        say("In sandbox mode it may be given on standard input; in live mode nobody chooses it."),
    )
)
def reset(name: UserName, password_stdin: PasswordStdin = False) -> None:
    """Reset the password, and print the one that was made."""
    given = read_password(True, "") if password_stdin else None
    with open_desk() as desk:
        password = users.reset_password(desk, name, given)
    remark(
        say(
            "{name} is signed out everywhere and chooses a new password at the next sign-in.",
            name=name,
        )
    )
    _hand_over(password, given)


@second_factor.command(
    "reset", help=say("Take a user's second factor away, who has lost it; the password stays.")
)
def reset_second_factor(name: UserName) -> None:
    """Reset the second factor."""
    with open_desk() as desk:
        own_second_factor.reset_second_factor(desk, name)
    remark(say("{name} is signed out everywhere and signs in without a second factor.", name=name))


@company_login.command(
    "link",
    help=say("Link a user to a person of the company: by an e-mail, or by the subject itself."),
)
def link_company_login(
    name: UserName,
    email: Annotated[
        str, typer.Option(help=say("Whoever signs in first with this e-mail, verified there."))
    ] = "",
    subject: Annotated[
        str, typer.Option(help=say("The person's subject at the provider; refusals name it."))
    ] = "",
) -> None:
    """Link the user by the e-mail or the subject."""
    if bool(email) == bool(subject):
        raise WrongUse(say("Give either --email or --subject."))
    with open_desk() as desk:
        if email:
            linking.link_by_email(desk, name, email)
        else:
            linking.link_by_subject(desk, name, subject)
    remark(say("{name} may sign in by the company login, and is signed out everywhere.", name=name))


@company_login.command(
    "unlink", help=say("Take a user's company account away; the password counts again.")
)
def unlink_company_login(name: UserName) -> None:
    """Unlink the user."""
    with open_desk() as desk:
        linking.unlink(desk, name)
    remark(say("{name} is signed out everywhere and signs in with the password.", name=name))


@company_login.command(
    "password",
    help=say("Turn off the password of a user who comes by the company login, or on again."),
)
def choose_password_use(
    name: UserName,
    counts: Annotated[bool, typer.Option("--on/--off", help=say("Whether it lets the user in."))],
) -> None:
    """Turn the password on or off."""
    with open_desk() as desk:
        (linking.turn_password_on if counts else linking.turn_password_off)(desk, name)
    if counts:
        remark(say("The password of {name} counts.", name=name))
    else:
        remark(
            say(
                "{name} is signed out everywhere and signs in by the company login only.", name=name
            )
        )


@group.command("role", help=say("Give a user another role."))
def change_role(
    name: UserName, role: Annotated[Role, typer.Argument(help=say("What the user may do."))]
) -> None:
    """Change the role."""
    with open_desk() as desk:
        users.change_role(desk, name, role)
    remark(say("{name} is {role} now.", name=name, role=ROLE_NAMES[role]))


class Spoken(enum.StrEnum):
    """What can be said of a user's language."""

    EN = ENGLISH
    NB = BOKMAL
    BROWSER = languages.AS_THE_BROWSER


@group.command(
    "language",
    help=say("Set the language in which a user is told everything; users choose it under Account."),
)
def set_language(
    name: UserName,
    spoken: Annotated[
        Spoken,
        typer.Argument(
            metavar="en|nb|browser", help=say("English, bokmål, or as the browser asks.")
        ),
    ],
) -> None:
    """Set it, or leave it to the browser."""
    chosen = None if spoken is Spoken.BROWSER else spoken.value
    with open_desk() as desk:
        languages.set_language(desk, name, chosen)
    if chosen is None:
        remark(
            say(
                "{name} reads the language that SO24_LANGUAGE says, or else the browser.", name=name
            )
        )
    else:
        remark(say("{name} reads {language}.", name=name, language=LANGUAGES[chosen]))


def activate() -> None:
    """Activate, and say the price."""
    with open_desk() as desk:
        status = activation.activate(desk)
    remark(say("24SevenOffice is activated ({price}).", price=status.price))


def deactivate() -> None:
    """Deactivate."""
    with open_desk() as desk:
        activation.deactivate(desk)
    remark(say("24SevenOffice is deactivated: no new run begins, everything else is kept."))


def audit(
    date_from: DateFrom = None,
    date_to: DateTo = None,
    actor: Annotated[str, typer.Option(help=say("Only what this user did, or os:NAME."))] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help=say("Only this kind of event; may be repeated."))
    ] = None,
    source: Annotated[
        str, typer.Option(help=say("Only from this address, or “command line”, “worker” and such."))
    ] = "",
    login: Annotated[
        str, typer.Option(help=say("Only in this login, by the mark that Account shows."))
    ] = "",
    limit: Limit = MOST_EVENTS,
    as_json: AsJson = False,
) -> None:
    """Print the events that fit."""
    begins, ends = moments_of(*read_period(date_from, date_to))
    wanted = TrailFilter(begins, ends, actor, frozenset(kind or ()), source, login)
    with open_desk() as desk:
        known = trail_choices(desk).actions if kind else ()
        events, found = read_trail(desk, wanted, limit=limit or None)
    if as_json:
        print_json(events)
    elif events:
        print_table(
            (
                say("When"),
                say("Who"),
                say("What"),
                say("Subject"),
                say("Detail"),
                say("From"),
                say("Login"),
                say("Browser"),
            ),
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
    nothing = say("No event matches.")
    if known:  # a kind may be misspelt
        kinds = join_said(sorted(known), ", ")
        nothing = say("No event matches. The kinds that there are: {kinds}.", kinds=kinds)
    tell_listed(len(events), found, nothing)


def _describe_company_login(row: UserRow) -> str:
    linked = row.company_login or say("no")
    return join_said([linked, say("no password") if row.company_only else ""], ", ")


def _hand_over(password: str, given: str | None) -> None:
    """Print a password that was made here, once; a given one is known already."""
    if given is None:
        remark(
            say(
                "One-time password, shown only now, ends in {hours} hours:",
                hours=users.ONE_TIME_HOURS,
            )
        )
        print_data(password)
