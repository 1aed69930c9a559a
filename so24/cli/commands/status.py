"""``so24 check``: whether everything is in place, without changing anything."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Annotated

import typer

from so24.cli.health.rules_check import look_at_rules
from so24.cli.health.store_check import look_at_migrations, look_at_store
from so24.cli.health.surroundings import (
    HealthFinding,
    exit_code,
    look_at_company_login,
    look_at_folder,
    look_at_office,
    look_at_recman,
    look_at_web,
    obstacle,
)
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk, operating_system_user, reach_office
from so24.cli.terminal.printing import ALL_WELL, end_with, print_json, print_table
from so24.errors import ConfigurationError, So24Error
from so24.installation import Installation
from so24.kept.purge import describe_details, find_overdue_details
from so24.keys.activation import activation
from so24.keys.departments import coverage
from so24.keys.upkeep import list_keys, unreadable_keys
from so24.ledger.read import ledger_keys, tell_unknown_orders
from so24.people.desk import Desk
from so24.settings import Settings, read_settings, unknown_settings
from so24.sources.inbox.arrivals import look_into
from so24.sources.originals.finding import show_name
from so24.sources.originals.retention import describe_size, read_holdings
from so24.sources.recman.connection import view_connection
from so24.store.database.engine import Database
from so24.vault import Vault

NOT_ASKED = HealthFinding(
    "orders",
    "note",
    "whether 24SevenOffice has orders of ours that are not known here is asked by --orders",
)


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(check)


Orders = Annotated[
    bool,
    typer.Option("--orders", help="Ask with each usable key for orders that are not known here."),
]


def check(orders: Orders = False, as_json: AsJson = False) -> None:
    """Look at settings, 24SevenOffice, database, engine, workers, clocks, secrets and keys.

    Nothing is changed: what is written to try the disk is taken back; --orders notes that the keys
    were used. Exit code 2 where there is a
    fault, with which so24 cannot work; 1 where there is a warning, which a person should see to
    while the work goes on; else 0. A note needs nobody.
    """
    findings = list(look_around())
    if all(each.standing != "fault" for each in findings):
        findings += _look_at_orders() if orders else [NOT_ASKED]
    if as_json:
        print_json(findings)
    else:
        rows = [(each.subject, each.standing, each.words) for each in findings]
        print_table(("Subject", "Standing", "Words"), rows)
    code = exit_code(findings)
    if code != ALL_WELL:
        end_with(code)


def look_around() -> Iterator[HealthFinding]:
    """Everything that is looked at, in the order in which one rests on the other."""
    try:
        settings = read_settings(keep=False)
        vault = Vault(settings.secret_keys.get_secret_value())
    except ConfigurationError as error:
        yield HealthFinding("settings", "fault", str(error))
        return
    yield HealthFinding("settings", "ok", f"{settings.mode} mode, data in {settings.data_dir}")
    yield from _look_at_names()
    yield look_at_folder(settings)
    yield from look_at_rules(settings)
    yield from look_at_web(settings)
    yield look_at_company_login(settings)
    yield from look_at_office(settings)
    yield from look_at_recman(settings)
    migrations = look_at_migrations(settings)
    yield migrations
    if migrations.standing == "ok":
        installation = Installation(settings, Database(settings.database), vault)
        try:
            yield from look_at_store(installation)
            yield from _look_inside(installation)
        finally:
            installation.close()


def _look_at_names() -> Iterator[HealthFinding]:
    for name in unknown_settings():
        known = [f"SO24_{each.upper()}" for each in Settings.model_fields]
        [*near] = difflib.get_close_matches(name.upper(), known, n=1)
        hint = f"; {near[0]} is meant?" if near else ""
        yield HealthFinding(
            "setting", "warning", f"{name} is no setting of so24, and is ignored{hint}"
        )


def _look_inside(installation: Installation) -> Iterator[HealthFinding]:
    desk = Desk(installation, operating_system_user())
    active = activation(installation).active
    yield (
        HealthFinding("Marketplace", "ok", "24SevenOffice is activated")
        if active
        else HealthFinding("Marketplace", "note", "24SevenOffice is not activated: `so24 activate`")
    )
    yield from _look_at_keys(desk)
    yield from _look_at_recman(desk)
    yield from _look_at_originals(desk)
    yield from _look_at_details(desk)
    yield from _look_at_inbox(installation.settings)


def _look_at_orders() -> Iterator[HealthFinding]:
    with open_desk() as desk, reach_office(desk.installation.settings):
        for key in ledger_keys(desk):
            try:
                unknown = tell_unknown_orders(desk, key.key_id)
            except So24Error as error:
                yield HealthFinding("orders", "warning", f"{key.company}: {error}")
                continue
            words = unknown or f"{key.company}: all orders with our references are known here"
            yield HealthFinding("orders", "warning" if unknown else "ok", words)


def _look_at_keys(desk: Desk) -> Iterator[HealthFinding]:
    try:
        keys = list_keys(desk)
        sealed = unreadable_keys(desk)
        found = coverage(desk)
    except So24Error as error:
        yield HealthFinding("keys", "fault", str(error))
        return
    for name in sealed:
        yield HealthFinding("keys", "fault", f"“{name}”: its password was sealed with another key")
    for sentence in found.overlapping:
        yield HealthFinding("keys", "fault", sentence)
    for key in keys:
        if key.parked and key.name not in sealed:
            yield HealthFinding("keys", "warning", key.parked)
    if found.uncovered:
        names = ", ".join(view.label for view in found.uncovered)
        yield HealthFinding("keys", "note", f"no key for department {names}")
    usable = sum(
        key.state == "usable" and not key.parked and key.name not in sealed for key in keys
    )
    yield HealthFinding(
        "keys", "ok" if usable else "note", f"{usable} of {len(keys)} keys are usable"
    )


def _look_at_recman(desk: Desk) -> Iterator[HealthFinding]:
    """The connection as it is kept; RecMan is not called, for its calls are few."""
    view = view_connection(desk)
    if view is None:
        return
    calls = f"{view.budget.used} of {view.budget.most} calls used today"
    if view.address != desk.settings.recman_url:
        words = f"its key was entered for {view.address}, which SO24_RECMAN_URL is not"
        yield HealthFinding("RecMan", "fault", words)
    elif view.missing or view.confirmed_at is None:
        words = f"connected, its fields are not confirmed: `so24 recman confirm`; {calls}"
        yield HealthFinding("RecMan", "note", words)
    else:
        yield HealthFinding("RecMan", "ok", f"connected, its fields are confirmed; {calls}")


def _look_at_originals(desk: Desk) -> Iterator[HealthFinding]:
    """How much is kept of what was imported; what is overdue is for a person to purge."""
    found = read_holdings(desk)
    words = (
        f"{found.count} files as they came, {describe_size(found.size)}, "
        f"{describe_size(found.packed_size)} in the database"
    )
    if found.overdue:
        words += f"; the time of {found.overdue} is over: `so24 originals purge`"
    yield HealthFinding("originals", "note" if found.overdue else "ok", words)


def _look_at_details(desk: Desk) -> Iterator[HealthFinding]:
    """Details whose time is over are for a person to purge."""
    found = find_overdue_details(desk)
    if found:
        words = f"the time of {describe_details(found.old)} is over: `so24 kept purge`"
        yield HealthFinding("details", "note", words)


def _look_at_inbox(settings: Settings) -> Iterator[HealthFinding]:
    """What lies in the drop folder, and whether it may be written; nothing is moved or opened."""
    folder = settings.inbox
    if folder is None:
        return
    trouble = obstacle(folder) if folder.is_dir() else "there is no such folder"
    if trouble:
        yield HealthFinding("drop folder", "warning", f"{folder} cannot be used: {trouble}")
        return
    sight = look_into(folder)
    for words in sight.complaints.values():
        yield HealthFinding("drop folder", "warning", show_name(words))
    yield HealthFinding("drop folder", "ok", f"{folder}: {len(sight.arrivals)} files wait there")
