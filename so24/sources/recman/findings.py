"""What a key reads, and whether a field map is credible for it.

Found are each scope's members, the fields that were asked for, and RecMan's refusals. A map is
credible where the totals of RecMan's invoices reconcile when read by it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from so24.errors import RecManRefused
from so24.language.said import join_said, pack, say, unpack
from so24.sources.recman import answers
from so24.sources.recman.answers import RecManRow
from so24.sources.recman.client import RecManClient
from so24.sources.recman.field_map import FieldMap
from so24.sources.recman.invoices import read_line
from so24.sources.recman.row_reading import RowReading, find_difference
from so24.sources.recman.targets import ASKED, INVOICE, REGISTERS, find_members, say_kinds

MOST_SHOWN = 5
_ONE_IN = 20


@dataclass(frozen=True)
class ScopeFinding:
    """One scope: the fields to ask for (none: RecMan's own set), its members by path, its rows.

    ``remark`` is what RecMan refused, in its own words. Nothing here is a value of a row.
    """

    asked: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]
    rows: int
    remark: str = ""


Findings = Mapping[str, ScopeFinding]


def look_at_scopes(client: RecManClient) -> dict[str, ScopeFinding]:
    """Read the first page of every scope; six calls, one more for each refusal of a field.

    Raises :class:`RecManRefused` where the invoices are refused; a register that is refused
    says so in its remark.
    """
    return {INVOICE: _look(client, INVOICE, ())} | {
        scope: _look_at_register(client, scope) for scope in REGISTERS
    }


def dump_findings(findings: Findings) -> str:
    """As text for the store."""
    told = {scope: asdict(each) | {"remark": pack(each.remark)} for scope, each in findings.items()}
    return json.dumps(told)


def load_findings(text: str) -> dict[str, ScopeFinding]:
    """Back from the store."""
    return {
        scope: ScopeFinding(
            asked=tuple(each["asked"]),
            members={path: say_kinds(kinds) for path, kinds in each["members"].items()},
            rows=each["rows"],
            remark=unpack(each["remark"]),
        )
        for scope, each in json.loads(text).items()
    }


def members_of(findings: Findings) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """The members of each scope."""
    return {scope: each.members for scope, each in findings.items()}


def _look_at_register(client: RecManClient, scope: str) -> ScopeFinding:
    try:
        return _look(client, scope, ASKED[scope])
    except RecManRefused as error:
        fields = ", ".join(ASKED[scope])
        remark = say("Asked for {fields}: {reason}", fields=fields, reason=error.words)
    try:
        return _look(client, scope, (), remark)
    except RecManRefused as error:
        return ScopeFinding((), {}, 0, error.words)


def _look(
    client: RecManClient, scope: str, asked: tuple[str, ...], remark: str = ""
) -> ScopeFinding:
    rows = client.read_page(scope, 1, asked)
    return ScopeFinding(asked, find_members(row.members for row in rows), len(rows), remark)


@dataclass(frozen=True)
class Sample:
    """How many invoices were read, how many of them reconcile, and why the first others do not.

    ``telling``: whether any of those that reconcile has an amount at all.
    """

    documents: int
    reconciled: int
    differences: tuple[str, ...]
    telling: bool

    @property
    def credible(self) -> bool:
        """Whether the map may be confirmed: all but one in twenty reconcile.

        Those that do not are refused, one by one, by every fetch.
        """
        return self.telling and (self.documents - self.reconciled) * _ONE_IN <= self.documents

    @property
    def words(self) -> str:
        """The outcome in a sentence; names documents by their number, and their amounts."""
        if not self.documents:
            return say("RecMan gives no invoice to reconcile.")
        return join_said([self.count, *self.differences])

    @property
    def count(self) -> str:
        """How many reconcile, in a sentence."""
        return say(
            "{reconciled} of {invoices} invoices reconcile.",
            reconciled=self.reconciled,
            invoices=self.documents,
        )


def reconcile_sample(rows: Sequence[RecManRow], field_map: FieldMap) -> Sample:
    """Read number, date, lines, net, VAT and total of these invoices and reconcile each."""
    differences: list[str] = []
    reconciled, telling = 0, False
    for row in rows:
        reading = RowReading.of(INVOICE, row, field_map)
        difference = _reconcile(reading)
        if difference:
            differences.append(difference)
        else:
            reconciled += 1
            telling = telling or reading.amount("total") != 0
    return Sample(len(rows), reconciled, tuple(differences[:MOST_SHOWN]), telling)


def _reconcile(row: RowReading) -> str:
    """Why the invoice does not reconcile; empty where it does."""
    number = row.read("number", answers.read_name, "") or say(
        "with RecMan's id {id}", id=row.row_id
    )
    row.read("date", answers.read_day, None)
    lines = [read_line(line) for line in row.lines()]
    net, vat, total = row.amount("net"), row.amount("vat"), row.amount("total")
    if row.refused:
        first = row.refused[0]
        return say(
            "Invoice {number}: {field} {reason}.",
            number=number,
            field=first.column,
            reason=first.reason,
        )
    reason = find_difference(lines, net, vat, total) if lines else say("it has no lines")
    return say("Invoice {number}: {reason}.", number=number, reason=reason) if reason else ""
