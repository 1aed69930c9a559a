"""What a key reads: each scope's members, the fields that were asked for, and RecMan's refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from so24.errors import RecManRefused
from so24.sources.recman.client import RecManClient
from so24.sources.recman.targets import ASKED, INVOICE, REGISTERS, find_members


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
    return json.dumps({scope: asdict(each) for scope, each in findings.items()})


def load_findings(text: str) -> dict[str, ScopeFinding]:
    """Back from the store."""
    return {
        scope: ScopeFinding(
            asked=tuple(each["asked"]),
            members={path: tuple(kinds) for path, kinds in each["members"].items()},
            rows=each["rows"],
            remark=each["remark"],
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
        remark = f"Asked for {', '.join(ASKED[scope])}: {error}"
    try:
        return _look(client, scope, (), remark)
    except RecManRefused as error:
        return ScopeFinding((), {}, 0, str(error))


def _look(
    client: RecManClient, scope: str, asked: tuple[str, ...], remark: str = ""
) -> ScopeFinding:
    rows = client.read_page(scope, 1, asked)
    return ScopeFinding(asked, find_members(row.members for row in rows), len(rows), remark)
