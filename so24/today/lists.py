"""The documents of one pile of *Today*, the oldest first, each with why it lies there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason
from so24.store.documents.overview import InvoiceFilter, InvoiceRow, list_invoices
from so24.store.transfers.standings import (
    StandingKinds,
    group_standings,
    list_alike,
    standings_of,
)
from so24.today.piles import PileName, pick_groups, places_of, sort_groups
from so24.transfer.circumstances import read_circumstances


@dataclass(frozen=True)
class PiledDocument:
    """A document of a pile; ``cause`` is why it lies there, None where it has only to be sent."""

    row: InvoiceRow
    cause: Reason | None


def list_pile(
    desk: Desk,
    name: PileName,
    cause: Reason | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[PiledDocument], int]:
    """At most ``limit`` documents of a pile, all or of one cause, and how many it has in all."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        circumstances = read_circumstances(desk.installation, session)
        answered, blockades = circumstances.answered, circumstances.blockades
        groups = group_standings(session, answered)
        piles = sort_groups(groups, blockades)
        found = piles.of(name) if cause is None else piles.of_cause(name, cause)
        if not found.count:
            return [], 0
        wanted = pick_groups(groups, blockades, name, cause)
        kinds = StandingKinds.of(wanted, answered)
        ids = list_alike(session, kinds, limit=limit, offset=offset)
        rows = {row.id: row for row in list_invoices(session, InvoiceFilter(ids=frozenset(ids)))}
        now = standings_of(session, ids, answered)
    listed: Sequence[tuple[InvoiceRow, list[tuple[PileName, Reason | None]]]] = [
        (rows[each], places_of(now[each].standing, blockades.get(now[each].department_id)))
        for each in ids
    ]
    return [PiledDocument(row, _cause(places, name)) for row, places in listed], found.count


def _cause(places: Sequence[tuple[PileName, Reason | None]], name: PileName) -> Reason | None:
    """Why it lies in this pile; of one that is not transferred, why it is a problem as well."""
    causes = [
        reason for where, reason in places if reason and (where is name or name is PileName.UNSENT)
    ]
    return causes[0] if causes else None
