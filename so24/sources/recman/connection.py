"""The administrator's part: the key, what it reads, the field map and its confirmation.

No call is made but by :func:`connect`, :func:`try_connection` and :func:`confirm_map`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from so24.calls.bounded import CallLimits
from so24.errors import ConfigurationError, WrongUse
from so24.installation import Installation
from so24.language.said import join_said, pack, say, unpack
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.recman.client import (
    CallBudget,
    RecManAccess,
    RecManClient,
    count_call,
    read_budget,
)
from so24.sources.recman.field_map import change_map, find_vanished, guess_map, missing_fields
from so24.sources.recman.findings import (
    Sample,
    ScopeFinding,
    dump_findings,
    load_findings,
    look_at_scopes,
    members_of,
    reconcile_sample,
)
from so24.sources.recman.targets import INVOICE
from so24.sources.recman.transport import read_key
from so24.store.keys.keys import (
    connection_row,
    delete_connection,
    save_connection,
)
from so24.store.tables.ground import now
from so24.store.tables.key_tables import RecManConnection

SUBJECT = "RecMan"
PAGE = say("the page RecMan connection")
NOT_CONNECTED = say(
    "RecMan is not connected. A System Administrator enters the key on {page}.", page=PAGE
)


@dataclass(frozen=True)
class ConnectionView:
    """The connection without its key; ``missing`` is what keeps the map from being confirmed."""

    address: str
    connected_at: dt.datetime
    connected_by: str
    tested_at: dt.datetime | None
    findings: Mapping[str, ScopeFinding]
    field_map: Mapping[str, str]
    missing: tuple[str, ...]
    since: dt.date | None
    confirmed_at: dt.datetime | None
    confirmed_by: str
    sample: str
    fetched_at: dt.datetime | None
    budget: CallBudget


def view_connection(desk: Desk) -> ConnectionView | None:
    """The connection as it is kept, None where there is none; makes no call."""
    with desk.reading(Permission.MANAGE_RECMAN) as session:
        row = connection_row(session)
    return None if row is None else _view(desk.installation, row)


def connect(desk: Desk, key: str) -> ConnectionView:
    """Prove a key by reading with it, then keep it in the place of an earlier one.

    What RecMan's members are is guessed into the field map, which is to be confirmed. Raises
    :class:`WrongUse` and :class:`RecManError`; nothing is changed then.
    """
    desk.require(Permission.MANAGE_RECMAN)
    address = desk.settings.recman_url
    key = read_key(key)
    findings = look_at_scopes(_client(desk.installation, address, key))
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        before = connection_row(session)
        chosen = json.loads(before.field_map) if before else {}
        row = RecManConnection(
            address=address,
            key_sealed=desk.vault.seal(key),
            connected_by=desk.actor.name,
            tested_at=now(),
            findings=dump_findings(findings),
            field_map=json.dumps(guess_map(members_of(findings), chosen)),
            since=before.since if before else None,
        )
        save_connection(session, row)
        desk.record(session, "RecMan connected", SUBJECT, address)
    return _view(desk.installation, row)


def try_connection(desk: Desk) -> ConnectionView:
    """Read with the kept key and renew what is known of RecMan's members; the map stays.

    Raises :class:`WrongUse` and :class:`RecManError`.
    """
    desk.require(Permission.MANAGE_RECMAN)
    kept = known_connection(desk.installation)
    findings = look_at_scopes(open_client(desk.installation, kept))
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        row = _same(connection_row(session), kept)
        row.tested_at, row.findings = now(), dump_findings(findings)
        desk.record(session, "RecMan tested", SUBJECT, row.address)
    return _view(desk.installation, row)


def map_fields(desk: Desk, changes: Mapping[str, str]) -> ConnectionView:
    """Map our fields to RecMan's members, an empty one takes a field out.

    A change withdraws the confirmation. Raises :class:`WrongUse` for what does not exist.
    """
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        row = connection_row(session)
        if row is None:
            raise WrongUse(NOT_CONNECTED)
        before = json.loads(row.field_map)
        after = change_map(before, changes, members_of(load_findings(row.findings)))
        if after != before:
            row.field_map = json.dumps(after)
            row.confirmed_at, row.confirmed_by, row.sample = None, "", ""
            desk.record(session, "RecMan fields mapped", SUBJECT, _in_words(before, after))
    return _view(desk.installation, row)


def confirm_map(desk: Desk) -> Sample:
    """Reconcile the first page of RecMan's invoices by the map and, if it holds, confirm it.

    One call. Raises :class:`WrongUse` where a field is not mapped, where the sample does not
    reconcile, and where somebody changed the map meanwhile.
    """
    desk.require(Permission.MANAGE_RECMAN)
    kept = known_connection(desk.installation)
    field_map = json.loads(kept.field_map)
    if missing := _missing(kept):
        raise WrongUse(say("Map these first: {fields}.", fields=join_said(missing, by="; ")))
    sample = reconcile_sample(open_client(desk.installation, kept).read_page(INVOICE), field_map)
    if not sample.credible:
        raise WrongUse(
            say("The field map is not confirmed: {why} Correct the map.", why=sample.words)
        )
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        row = _same(connection_row(session), kept)
        row.confirmed_at, row.confirmed_by = now(), desk.actor.name
        row.sample = pack(sample.count)
        desk.record(session, "RecMan fields confirmed", SUBJECT, str(sample.count))
    return sample


def leave_out_before(desk: Desk, since: dt.date | None) -> None:
    """Fetch only invoices dated from this day on, or all of them (None).

    RecMan gives all invoices there ever were; those of a time before so24 need not come in.
    """
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        row = connection_row(session)
        if row is None:
            raise WrongUse(NOT_CONNECTED)
        row.since = since
        desk.record(session, "RecMan start date set", SUBJECT, str(since or "all invoices"))


def disconnect(desk: Desk) -> None:
    """Wipe the key and the map; what was imported stays."""
    with desk.writing(Permission.MANAGE_RECMAN) as session:
        if connection_row(session) is None:
            raise WrongUse(NOT_CONNECTED)
        delete_connection(session)
        desk.record(session, "RecMan disconnected", SUBJECT)


def known_connection(installation: Installation) -> RecManConnection:
    """The connection's row; raises :class:`WrongUse` where there is none."""
    with installation.db.reading() as session:
        row = connection_row(session)
    if row is None:
        raise WrongUse(NOT_CONNECTED)
    return row


def open_client(installation: Installation, row: RecManConnection) -> RecManClient:
    """A client with the kept key, for the address that the key was entered for and no other.

    Raises :class:`ConfigurationError` where the settings name another address.
    """
    address = installation.settings.recman_url
    if row.address != address:
        raise ConfigurationError(
            say(
                "RecMan's key was entered for {stated}, but SO24_RECMAN_URL is {address}. Set it "
                "back, or enter the key again on {page}.",
                stated=row.address,
                address=address,
                page=PAGE,
            )
        )
    return _client(installation, address, installation.vault.unseal(row.key_sealed))


def _client(installation: Installation, address: str, key: str) -> RecManClient:
    settings = installation.settings
    limits = CallLimits(settings.connect_seconds, settings.deadline)
    return RecManClient(RecManAccess(address, key), limits, lambda: count_call(installation))


def _same(row: RecManConnection | None, kept: RecManConnection) -> RecManConnection:
    """The row, unless it was changed since it was read."""
    if row is None or row.connected_at != kept.connected_at or row.field_map != kept.field_map:
        words = say("Somebody changed the connection to RecMan meanwhile. Look at it again.")
        raise WrongUse(words)
    return row


def _missing(row: RecManConnection) -> list[str]:
    chosen, findings = json.loads(row.field_map), load_findings(row.findings)
    vanished = [
        say("RecMan does not give the member “{member}” any more", member=path)
        for scope, found in findings.items()
        if found.rows
        for path in find_vanished(chosen, scope, found.members)
    ]
    return missing_fields(chosen) + vanished


def _view(installation: Installation, row: RecManConnection) -> ConnectionView:
    return ConnectionView(
        address=row.address,
        connected_at=row.connected_at,
        connected_by=row.connected_by,
        tested_at=row.tested_at,
        findings=load_findings(row.findings),
        field_map=json.loads(row.field_map),
        missing=tuple(_missing(row)),
        since=row.since,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        sample=unpack(row.sample),
        fetched_at=row.fetched_at,
        budget=read_budget(installation),
    )


def _in_words(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return ", ".join(f"{name}={after.get(name, '')}" for name in changed)
