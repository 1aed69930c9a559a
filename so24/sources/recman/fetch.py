"""The import from RecMan's API: everything is read first, then it lands by the one intake."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from so24.errors import BudgetSpent, RecManError, WrongUse
from so24.language.said import join_said, say, say_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.documents import SourceFile, fingerprint, tell_cell
from so24.sources.import_reports import ImportReport
from so24.sources.intake import Progress, land_sources
from so24.sources.recman.answers import RecManRow
from so24.sources.recman.client import CallBudget, RecManClient, read_budget
from so24.sources.recman.connection import PAGE, SUBJECT, known_connection, open_client
from so24.sources.recman.field_map import FieldMap, find_vanished, needed_registers
from so24.sources.recman.findings import load_findings
from so24.sources.recman.invoices import read_invoices, take_since
from so24.sources.recman.registers import make_registers, read_companies
from so24.sources.recman.targets import INVOICE, find_members
from so24.store.keys.keys import connection_row
from so24.store.tables.ground import now
from so24.store.tables.key_tables import RecManConnection

NAME, KIND = "RecMan", say("invoices by API")
NOT_CONFIRMED = say(
    "RecMan's fields are not confirmed yet. A System Administrator does so on {page}.", page=PAGE
)


@dataclass(frozen=True)
class Offer:
    """Whether a fetch may be pressed (else ``reason``), what it costs in calls, and the budget.

    Invoices dated before ``since`` are left out.
    """

    reason: str
    cost: int
    budget: CallBudget
    since: dt.date | None


def offer_fetch(desk: Desk) -> Offer | None:
    """What to say beside the button; None where RecMan is not connected. Makes no call."""
    with desk.reading(Permission.IMPORT) as session:
        row = connection_row(session)
    if row is None:
        return None
    cost, budget = _cost(row), read_budget(desk.installation)
    reason = NOT_CONFIRMED if row.confirmed_at is None else _short(cost, budget)
    return Offer(reason, cost, budget, row.since)


def fetch_documents(desk: Desk, *, progress: Progress | None = None) -> ImportReport:
    """Read all invoices with their customers from RecMan, and land them by the intake.

    What cannot be read is in the report, and RecMan's answers are kept as they came.
    Raises :class:`WrongUse` where the fields are not confirmed, :class:`BudgetSpent` where the
    day's calls do not suffice and :class:`RecManError` where RecMan does not answer as it did then;
    nothing is imported in these cases.
    """
    desk.require(Permission.IMPORT)
    row = known_connection(desk.installation)
    if row.confirmed_at is None:
        raise WrongUse(NOT_CONFIRMED)
    if reason := _short(_cost(row), read_budget(desk.installation)):
        raise BudgetSpent(reason)
    client = open_client(desk.installation, row)
    source = _read_source(client, row)
    (report,) = land_sources(desk, [source], files=client.answers, progress=progress)
    with desk.writing(Permission.IMPORT) as session:
        kept = connection_row(session)
        if kept is not None:
            kept.fetched_at, kept.fetch_calls = now(), client.calls
        desk.record(
            session,
            "RecMan fetched",
            SUBJECT,
            say_count("{number} call", "{number} calls", client.calls),
        )
    return report


def _read_source(client: RecManClient, row: RecManConnection) -> SourceFile:
    field_map, findings = json.loads(row.field_map), load_findings(row.findings)
    invoices = client.read_all(INVOICE)
    _refuse_vanished(field_map, INVOICE, invoices)
    registers: dict[str, Sequence[RecManRow]] = {}
    for scope in needed_registers(field_map) if invoices else ():
        registers[scope] = client.read_all(scope, findings[scope].asked)
        _refuse_vanished(field_map, scope, registers[scope])
    by_id = make_registers(field_map, registers)
    read = read_invoices(take_since(invoices, field_map, row.since), by_id)
    companies = read_companies(by_id, read.company_ids)
    content = "\n".join(sorted(map(fingerprint, read.documents)))
    return SourceFile(
        filename=NAME,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        documents=read.documents,
        customers=companies.customers,
        refused=(*read.refused, *companies.refused),
        kind=KIND,
        warnings=tuple(
            tell_cell(each, say("“{sheet}”", sheet=each.sheet)) for each in companies.remarks
        ),
        shut_out=companies.shut_out,
        came_in=tuple(name for name, _ in client.answers),
    )


def _refuse_vanished(field_map: FieldMap, scope: str, rows: Sequence[RecManRow]) -> None:
    found = find_members(row.members for row in rows)
    vanished = find_vanished(field_map, scope, found) if rows else []
    if vanished:
        quoted = [say("“{member}”", member=path) for path in vanished]
        raise RecManError(
            say(
                "RecMan's “{scope}” does not have the member {members} any more, which the field "
                "map needs. Nothing was imported. A System Administrator tests the connection and "
                "maps the field anew on {page}.",
                scope=scope,
                members=join_said(quoted, by=", "),
                page=PAGE,
            )
        )


def _cost(row: RecManConnection) -> int:
    """What the last fetch has cost; before the first one, two pages of each scope."""
    return row.fetch_calls or 2 * (1 + len(needed_registers(json.loads(row.field_map))))


def _short(cost: int, budget: CallBudget) -> str:
    """Why the day's calls do not suffice; empty where they do."""
    if cost <= budget.left:
        return ""
    words = say(
        "A fetch needs about {cost} calls to RecMan, and {left} of today's {most} are left.",
        cost=cost,
        left=budget.left,
        most=budget.most,
    )
    return join_said([words, budget.renewal])
