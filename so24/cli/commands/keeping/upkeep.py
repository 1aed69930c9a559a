"""``so24 secrets …`` and ``so24 db …``: key material, and the database as a whole.

A back-up is the whole database in one file; a restore puts it back in the place of what is there.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from so24.amounts import format_count
from so24.cli.commands import explain, in_paragraphs
from so24.cli.terminal.opening import open_desk
from so24.cli.terminal.printing import NEEDS_A_PERSON, end_with, print_data, print_line, remark
from so24.errors import ConfigurationError, WrongUse
from so24.keys.upkeep import rotate_secrets, unreadable_keys
from so24.language.said import say, say_count
from so24.people.desk import Desk
from so24.settings import Settings, read_settings
from so24.store.database.engine import Database
from so24.store.database.migrate import newest_revision
from so24.store.history.verification import HistoryVerdict
from so24.store.tables.ground import now
from so24.store.upkeep import backup as store
from so24.store.upkeep.backup import latest_write, settle_down
from so24.store.upkeep.upkeep import explain_outage, revision_of
from so24.transfer.day_heads import check_history, note_restore
from so24.transfer.jobs.who_runs_jobs import take_worker_lock
from so24.vault import new_cookie_key, new_secret_key

secrets = typer.Typer(help=explain("secrets"), no_args_is_help=True, rich_markup_mode=None)
database = typer.Typer(help=explain("db"), no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(secrets, name="secrets")
    app.add_typer(database, name="db")


@secrets.command(
    "new",
    help=say(
        "Make fresh key material for the environment: printed, or in a file that only you may "
        "read. Needs no settings, and keeps nothing here."
    ),
)
def make_secrets(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar=say("FILE"), help=say("Write it to this new file, for you alone.")
        ),
    ] = None,
) -> None:
    """Print new secrets, as lines of an environment file, or write that file."""
    lines = (f"SO24_SECRET_KEYS={new_secret_key()}", f"SO24_COOKIE_KEY={new_cookie_key()}")
    if to is None:
        for line in lines:
            print_data(line)
        return
    try:  # never an existing one: it may hold the only keys to what is sealed
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise WrongUse(
            say("{path} cannot be written: {why}.", path=to, why=error.strerror)
        ) from None
    remark(say("The secrets are in {path}, which only you may read.", path=to))


@secrets.command(
    help=in_paragraphs(
        say(
            "Seal everything anew with the first of SO24_SECRET_KEYS; the others may go afterwards."
        ),
        say(
            "Put the new key before the old one, separated by a comma, wherever so24 runs; "
            "restart the dashboard; rotate; then remove the old one."
        ),
    )
)
def rotate() -> None:
    """Seal all secrets with the newest key."""
    with open_desk() as desk:
        count = rotate_secrets(desk)
    remark(
        say_count(
            "{number} secret is sealed with the newest key; older keys may be removed now.",
            "{number} secrets are sealed with the newest key; older keys may be removed now.",
            count,
        )
    )


@database.command(
    help=in_paragraphs(
        say("Write the whole database to FILE, as of this moment, while the product runs."),
        say(
            "The key material (SO24_SECRET_KEYS) is not in it; without that the stored "
            "passwords cannot be read. On PostgreSQL the client tool pg_dump must be "
            "installed."
        ),
    )
)
def backup(
    file: Annotated[Path, typer.Argument(help=say("The file to be written; not overwritten."))],
    force: Annotated[bool, typer.Option("--force", help=say("Overwrite the file."))] = False,
) -> None:
    """Write the back-up."""
    settings = read_settings()
    with explain_outage():
        made = store.back_up(settings.database, file, overwrite=force, option="--force")
    remark(
        say(
            "{file} holds the {product} database at revision {revision} ({size} bytes). Keep "
            "SO24_SECRET_KEYS apart from it: both are needed.",
            file=file,
            product=store.KINDS[made.kind],
            revision=made.revision,
            size=format_count(made.size),
        )
    )


@database.command(
    help=in_paragraphs(
        say("Replace the whole database by FILE; what is replaced is kept in the data folder."),
        say(
            "Refuses while anybody runs jobs. Runs that FILE shows under way are stopped. "
            "Of their documents those not sent then end at once, as cancelled, and what "
            "became of them since is not known; the others are looked up in 24SevenOffice "
            "by whoever runs the jobs next. None is sent until somebody exports it again, "
            "which begins with the look-up. Exit code 1 where the history in FILE is "
            "broken."
        ),
    )
)
@explain_outage()
def restore(
    file: Annotated[Path, typer.Argument(help=say("A file of `so24 db backup`."))],
) -> None:
    """Put a back-up in the place of the database; ends with 1 where its history is broken."""
    settings = read_settings()
    found = store.read_backup(file)
    kind = store.kind_of(settings.database)
    if found.kind != kind:
        raise WrongUse(
            say(
                "{file} is a back-up of {theirs}, and SO24_DATABASE_URL names a {ours} database.",
                file=file,
                theirs=store.KINDS[found.kind],
                ours=store.KINDS[kind],
            )
        )
    with _nobody_runs_jobs(settings):
        store.refuse_guests(settings.database)
        _let_settle(settings)
        kept = store.put_back(settings.database, found, settings.data_dir)
        note_restore(settings, file.name)
        if kept is not None:
            remark(say("What was there is kept in {kept}.", kept=kept))
        with open_desk() as desk:
            verdict = _take_stock(desk, file)
    if verdict.breaks:
        for sentence in verdict.breaks:
            print_line(sentence)
        remark(
            say("The history in this back-up is broken: see who changed it before anybody exports.")
        )
        end_with(NEEDS_A_PERSON)


@database.command(help=say("Bring the database up to date; every start does so, too."))
def upgrade() -> None:
    """Run the migrations that are missing."""
    settings = read_settings()
    with explain_outage():
        before = revision_of(settings.database)
    with open_desk():
        after = newest_revision()
    if before == after:
        remark(say("The database is up to date ({after}).", after=after))
    elif before:
        remark(
            say("The database is upgraded from {before} to {after}.", before=before, after=after)
        )
    else:
        remark(say("The database is upgraded from nothing to {after}.", after=after))


def _take_stock(desk: Desk, file: Path) -> HistoryVerdict:
    """Stop what the back-up believes to be under way, and say what has been restored."""
    with desk.installation.db.writing() as session:
        stopped = settle_down(session, desk.actor.name, file.name, desk.actor.origin)
    verdict = check_history(desk)
    counts = {"file": file, "events": verdict.events, "chains": verdict.chains}
    remark(
        say("{file} is restored: {events} events of {chains} documents.", **counts)
        if verdict.breaks
        else say(
            "{file} is restored: {events} events of {chains} documents, and its history is whole.",
            **counts,
        )
    )
    if stopped:
        remark(
            say_count(
                "{number} run that was under way is stopped; export its documents again: "
                "so24 looks first, and books nothing twice.",
                "{number} runs that were under way are stopped; export their documents again: "
                "so24 looks first, and books nothing twice.",
                stopped,
            )
        )
    sealed = unreadable_keys(desk)
    if sealed:
        remark(
            say(
                "SO24_SECRET_KEYS does not open the password of {names}: add the key material "
                "of that time, or replace the passwords.",
                names=", ".join(sealed),
            )
        )
    return verdict


@contextmanager
def _nobody_runs_jobs(settings: Settings) -> Iterator[None]:
    """Hold the lock of those who run jobs; PostgreSQL tells by its connections instead."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        lock = take_worker_lock(settings.data_dir)
    except OSError as error:
        raise ConfigurationError(
            say("The data folder cannot be used: {why}.", why=error.strerror)
        ) from None
    if lock is None:
        raise WrongUse(
            say(
                "A process runs the jobs of this installation. Stop every dashboard and "
                "worker, then restore."
            )
        )
    with lock:
        yield


def _let_settle(settings: Settings) -> None:
    """Wait until the last write that the present database knows of must have landed.

    The restored one knows nothing of it, so that no lane would wait for it.
    """
    written = _latest_write(settings)
    if written is None:
        return
    left = (written + dt.timedelta(seconds=settings.settle) - now()).total_seconds()
    if left > 0:
        remark(
            say(
                "Waiting {left} s: the last write to 24SevenOffice may still be under way.",
                left=f"{left:.0f}",
            )
        )
        time.sleep(left)


def _latest_write(settings: Settings) -> dt.datetime | None:
    try:
        with explain_outage():
            if revision_of(settings.database) != newest_revision():
                return None  # none yet, or of another version: nothing of it can be asked
            database = Database(settings.database)
            try:
                with database.reading() as session:
                    return latest_write(session)
            finally:
                database.dispose()
    except ConfigurationError:
        return None  # what cannot be read is replaced all the same
