"""``so24 check``: whether everything is in place, without changing anything."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Annotated

import typer

from so24.cli.commands import explain
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
from so24.language.said import join_said, say, say_count
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
    say("orders"),
    "note",
    say("whether 24SevenOffice has orders of ours that are not known here is asked by --orders"),
)


_STANDINGS = {
    "ok": say("ok"),
    "note": say("note"),
    "warning": say("warning"),
    "fault": say("fault"),
}


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        help=explain(
            "check",
            say(
                "Nothing is changed: what is written to try the disk is taken back; --orders "
                "notes that the keys were used. Exit code 2 where there is a fault, with which "
                "so24 cannot work; 1 where there is a warning, which a person should see to "
                "while the work goes on; else 0. A note needs nobody."
            ),
        )
    )(check)


Orders = Annotated[
    bool,
    typer.Option(
        "--orders", help=say("Ask with each usable key for orders that are not known here.")
    ),
]


def check(orders: Orders = False, as_json: AsJson = False) -> None:
    """Print the findings, and end by the worst of them."""
    findings = list(look_around())
    if all(each.standing != "fault" for each in findings):
        findings += _look_at_orders() if orders else [NOT_ASKED]
    if as_json:
        print_json(findings)
    else:
        rows = [(each.subject, _STANDINGS[each.standing], each.words) for each in findings]
        print_table((say("Subject"), say("Standing"), say("Words")), rows)
    code = exit_code(findings)
    if code != ALL_WELL:
        end_with(code)


def look_around() -> Iterator[HealthFinding]:
    """Everything that is looked at, in the order in which one rests on the other."""
    try:
        settings = read_settings(keep=False)
        vault = Vault(settings.secret_keys.get_secret_value())
    except ConfigurationError as error:
        yield HealthFinding(say("settings"), "fault", error.words)
        return
    yield HealthFinding(
        say("settings"),
        "ok",
        say("live mode, data in {folder}", folder=settings.data_dir)
        if settings.live
        else say("sandbox mode, data in {folder}", folder=settings.data_dir),
    )
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
        yield HealthFinding(
            say("setting"),
            "warning",
            say(
                "{name} is no setting of so24, and is ignored; {near} is meant?",
                name=name,
                near=near[0],
            )
            if near
            else say("{name} is no setting of so24, and is ignored", name=name),
        )


def _look_inside(installation: Installation) -> Iterator[HealthFinding]:
    desk = Desk(installation, operating_system_user())
    active = activation(installation).active
    yield (
        HealthFinding("Marketplace", "ok", say("24SevenOffice is activated"))
        if active
        else HealthFinding(
            "Marketplace", "note", say("24SevenOffice is not activated: `so24 activate`")
        )
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
                yield HealthFinding(
                    say("orders"),
                    "warning",
                    join_said([key.company, error.words], ": "),
                )
                continue
            words = unknown or say(
                "{company}: all orders with our references are known here", company=key.company
            )
            yield HealthFinding(say("orders"), "warning" if unknown else "ok", words)


def _look_at_keys(desk: Desk) -> Iterator[HealthFinding]:
    try:
        keys = list_keys(desk)
        sealed = unreadable_keys(desk)
        found = coverage(desk)
    except So24Error as error:
        yield HealthFinding(say("keys"), "fault", error.words)
        return
    for name in sealed:
        yield HealthFinding(
            say("keys"),
            "fault",
            say("“{name}”: its password was sealed with another key", name=name),
        )
    for sentence in found.overlapping:
        yield HealthFinding(say("keys"), "fault", sentence)
    for key in keys:
        if key.parked and key.name not in sealed:
            yield HealthFinding(say("keys"), "warning", key.parked)
        if key.sharing:
            yield HealthFinding(say("keys"), "warning", key.sharing)
    if found.uncovered:
        names = ", ".join(view.label for view in found.uncovered)
        yield HealthFinding(say("keys"), "note", say("no key for department {names}", names=names))
    usable = sum(
        key.state == "usable" and not key.parked and key.name not in sealed for key in keys
    )
    yield HealthFinding(
        say("keys"),
        "ok" if usable else "note",
        say("{usable} of {keys} keys are usable", usable=usable, keys=len(keys)),
    )


def _look_at_recman(desk: Desk) -> Iterator[HealthFinding]:
    """The connection as it is kept; RecMan is not called, for its calls are few."""
    view = view_connection(desk)
    if view is None:
        return
    calls = say("{used} of {most} calls used today", used=view.budget.used, most=view.budget.most)
    if view.address != desk.settings.recman_url:
        words = say(
            "its key was entered for {address}, which SO24_RECMAN_URL is not", address=view.address
        )
        yield HealthFinding("RecMan", "fault", words)
    elif view.missing or view.confirmed_at is None:
        words = say(
            "connected, its fields are not confirmed: `so24 recman confirm`; {calls}", calls=calls
        )
        yield HealthFinding("RecMan", "note", words)
    else:
        yield HealthFinding(
            "RecMan", "ok", say("connected, its fields are confirmed; {calls}", calls=calls)
        )


def _look_at_originals(desk: Desk) -> Iterator[HealthFinding]:
    """How much is kept of what was imported; what is overdue is for a person to purge."""
    found = read_holdings(desk)
    words = say_count(
        "{number} file as it came, {size}, {packed} in the database",
        "{number} files as they came, {size}, {packed} in the database",
        found.count,
        size=describe_size(found.size),
        packed=describe_size(found.packed_size),
    )
    if found.overdue:
        over = say("the time of {count} is over: `so24 originals purge`", count=found.overdue)
        yield HealthFinding(say("originals"), "note", join_said([words, over], "; "))
    else:
        yield HealthFinding(say("originals"), "ok", words)


def _look_at_details(desk: Desk) -> Iterator[HealthFinding]:
    """Details whose time is over are for a person to purge."""
    found = find_overdue_details(desk)
    if found:
        words = say(
            "the time of {details} is over: `so24 kept purge`",
            details=describe_details(found.old),
        )
        yield HealthFinding(say("details"), "note", words)


def _look_at_inbox(settings: Settings) -> Iterator[HealthFinding]:
    """What lies in the drop folder, and whether it may be written; nothing is moved or opened."""
    folder = settings.inbox
    if folder is None:
        return
    trouble = obstacle(folder) if folder.is_dir() else say("there is no such folder")
    if trouble:
        yield HealthFinding(
            say("drop folder"),
            "warning",
            say("{folder} cannot be used: {trouble}", folder=folder, trouble=trouble),
        )
        return
    sight = look_into(folder)
    for words in sight.complaints.values():
        yield HealthFinding(say("drop folder"), "warning", show_name(words))
    yield HealthFinding(
        say("drop folder"),
        "ok",
        say_count(
            "{folder}: {number} file waits there",
            "{folder}: {number} files wait there",
            len(sight.arrivals),
            folder=folder,
        ),
    )
