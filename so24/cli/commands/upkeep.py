"""``so24 secrets …`` and ``so24 db …``: key material and the database."""

from __future__ import annotations

import typer

from so24.cli.commands import backup
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import say
from so24.keys.upkeep import rotate_secrets
from so24.own_secrets import new_cookie_key, new_secret_key
from so24.settings import read_settings
from so24.store.database.migrate import newest_revision
from so24.store.upkeep.upkeep import explain_outage, revision_of

secrets = typer.Typer(help="Key material.", no_args_is_help=True, rich_markup_mode=None)
database = typer.Typer(help="The database.", no_args_is_help=True, rich_markup_mode=None)
backup.add_to(database)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(secrets, name="secrets")
    app.add_typer(database, name="db")


@secrets.command("new")
def make_secrets() -> None:
    """Print fresh key material for the environment; needs no settings and stores nothing."""
    typer.echo(f"SO24_SECRET_KEYS={new_secret_key()}")
    typer.echo(f"SO24_COOKIE_KEY={new_cookie_key()}")


@secrets.command()
def rotate() -> None:
    """Seal everything anew with the first of SO24_SECRET_KEYS; the others may go afterwards.

    Put the new key before the old one, separated by a comma, wherever so24 runs; restart the
    dashboard; rotate; then remove the old one.
    """
    with open_desk() as desk:
        count = rotate_secrets(desk.installation, desk.actor)
    say(f"{count} secrets are sealed with the newest key; older keys may be removed now.")


@database.command()
def upgrade() -> None:
    """Bring the database up to date; every start does so, too."""
    settings = read_settings()
    with explain_outage():
        before = revision_of(settings.database)
    with open_desk():
        after = newest_revision()
    if before == after:
        say(f"The database is up to date ({after}).")
    else:
        say(f"The database is upgraded from {before or 'nothing'} to {after}.")
