"""``so24 check``: whether everything is in place, without changing anything."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import typer

from so24.cli.asking import AsJson
from so24.cli.exits import WRONG_USE, end_with
from so24.cli.opening import operating_system_user
from so24.cli.printing import print_json, print_table
from so24.errors import ConfigurationError, So24Error
from so24.installation import Installation
from so24.keys.activation import activation
from so24.keys.coverage import coverage
from so24.keys.rotation import unreadable_keys
from so24.keys.upkeep import list_keys
from so24.keys.vault import Vault
from so24.office.address import office_address
from so24.people.roles import Actor
from so24.settings import Settings, read_settings
from so24.store.engine import Database
from so24.store.migrate import newest_revision
from so24.store.upkeep import explain_outage, revision_of
from so24.transfer.attendance import jobs_are_run

Standing = Literal["ok", "note", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; a *note* needs nobody at once, a *fault* does."""

    subject: str
    standing: Standing
    words: str


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(check)


def check(as_json: AsJson = False) -> None:
    """Look at settings, database, jobs, 24SevenOffice and keys; exit code 2 on a fault."""
    findings = list(look_around())
    if as_json:
        print_json(findings)
    else:
        rows = [(each.subject, each.standing, each.words) for each in findings]
        print_table(("Subject", "Standing", "Words"), rows)
    if any(each.standing == "fault" for each in findings):
        end_with(WRONG_USE)


def look_around() -> Iterator[Finding]:
    """Everything that is looked at, in the order in which one rests on the other."""
    try:
        settings = read_settings()
        vault = Vault(settings.secret_keys.get_secret_value())
    except ConfigurationError as error:
        yield Finding("settings", "fault", str(error))
        return
    yield Finding("settings", "ok", f"{settings.mode} mode, data in {settings.data_dir}")
    database = _look_at_database(settings)
    yield database
    yield _look_at_office(settings)
    if database.standing == "ok":
        installation = Installation(settings, Database(settings.database), vault)
        try:
            yield from _look_inside(installation)
        finally:
            installation.close()


def _look_at_database(settings: Settings) -> Finding:
    try:
        with explain_outage():
            revision, newest = revision_of(settings.database), newest_revision()
    except ConfigurationError as error:
        return Finding("database", "fault", str(error))
    if revision == newest:
        return Finding("database", "ok", f"up to date ({revision})")
    if not revision:
        return Finding("database", "note", "does not exist yet; the first command makes it")
    return Finding("database", "note", f"at {revision}; the next command upgrades it to {newest}")


def _look_at_office(settings: Settings) -> Finding:
    try:
        address = office_address(settings)
    except ConfigurationError:
        return Finding("24SevenOffice", "note", "the sandbox starts with the dashboard")
    try:
        _connect(address, settings.connect_seconds)
    except OSError as error:
        words = f"{address} cannot be reached: {error.strerror or error}"
        if settings.own_sandbox:
            return Finding("24SevenOffice", "note", "the sandbox starts with the dashboard")
        return Finding("24SevenOffice", "fault", words)
    return Finding("24SevenOffice", "ok", f"{address} takes connections")


def _connect(address: str, seconds: float) -> None:
    """Connect (with TLS where the address says so) and hang up: no login, no request."""
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    at = (parts.hostname or "", parts.port or (443 if secure else 80))
    with socket.create_connection(at, timeout=seconds) as plain:
        if secure:
            context = ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=parts.hostname):
                return


def _look_inside(installation: Installation) -> Iterator[Finding]:
    actor = operating_system_user()
    run = jobs_are_run(installation)
    yield (
        Finding("jobs", "ok", "a process runs them")
        if run
        else Finding("jobs", "note", "no process runs them: start the dashboard or `so24 worker`")
    )
    active = activation(installation).active
    yield (
        Finding("Marketplace", "ok", "24SevenOffice is activated")
        if active
        else Finding("Marketplace", "note", "24SevenOffice is not activated: `so24 activate`")
    )
    yield from _look_at_keys(installation, actor)


def _look_at_keys(installation: Installation, actor: Actor) -> Iterator[Finding]:
    try:
        keys = list_keys(installation, actor)
        sealed = unreadable_keys(installation, actor)
        found = coverage(installation, actor)
    except So24Error as error:
        yield Finding("keys", "fault", str(error))
        return
    for name in sealed:
        yield Finding("keys", "fault", f"“{name}”: its password was sealed with another key")
    for sentence in found.overlapping:
        yield Finding("keys", "fault", sentence)
    if found.uncovered:
        names = ", ".join(view.label for view in found.uncovered)
        yield Finding("keys", "note", f"no key for department {names}")
    usable = sum(key.state == "usable" for key in keys)
    yield Finding("keys", "ok" if usable else "note", f"{usable} of {len(keys)} keys are usable")
