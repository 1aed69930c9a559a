"""What would happen if the button were pressed: which documents go by which key, and which do not.

Nothing is written; a run plans again when it starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from so24.installation import Installation
from so24.people.roles import Actor
from so24.store import keys, overview
from so24.store.overview import InvoiceFilter, InvoiceRow
from so24.store.runs import NewTransfer
from so24.store.transfer_tables import State
from so24.transfer.reasons import CATALOGUE
from so24.transfer.receipt import STATUS_WORDS
from so24.transfer.runs import plan_selection


@dataclass(frozen=True)
class PreviewLane:
    """What goes by one key: how many documents, and their sums by currency."""

    key: str
    company: str
    documents: int
    sums: dict[str, Decimal]


@dataclass(frozen=True)
class PreviewBlocked:
    """A document that will not go, with the state it would get and the reason."""

    document: InvoiceRow
    state: State
    status: str
    why: str


@dataclass(frozen=True)
class Preview:
    """The whole selection, told apart."""

    lanes: tuple[PreviewLane, ...]
    blocked: tuple[PreviewBlocked, ...]

    @property
    def going(self) -> int:
        """How many documents would go."""
        return sum(lane.documents for lane in self.lanes)


def preview_run(installation: Installation, actor: Actor, invoice_ids: Collection[int]) -> Preview:
    """Plan the selection without doing anything; raises as ``plan_selection``."""
    plan = plan_selection(installation, actor, invoice_ids)
    with installation.db.reading() as session:
        wanted = InvoiceFilter(ids=frozenset(invoice_ids))
        rows = {row.id: row for row in overview.list_invoices(session, wanted)}
        names = {
            key.id: (key.name, f"{key.client_name} ({key.client_id})".strip())
            for key in keys.living_keys(session)
        }
    by_key: dict[int | None, list[InvoiceRow]] = defaultdict(list)
    blocked = []
    for each in plan:
        if each.state is State.QUEUED:
            by_key[each.key_id].append(rows[each.invoice_id])
        else:
            blocked.append(_block(each, rows[each.invoice_id]))
    lanes = [
        PreviewLane(*names[key_id], len(documents), sum_totals(documents))
        for key_id, documents in by_key.items()
    ]
    return Preview(tuple(sorted(lanes, key=lambda lane: lane.key)), tuple(blocked))


def sum_totals(rows: Iterable[InvoiceRow]) -> dict[str, Decimal]:
    """The sum of the totals by currency, in the order of the currencies' names."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.total
    return dict(sorted(sums.items()))


def _block(planned: NewTransfer, row: InvoiceRow) -> PreviewBlocked:
    reason = CATALOGUE.get(planned.reason)
    parts = [f"{reason.title}." if reason else "", planned.words, reason.remedy if reason else ""]
    why = " ".join(part for part in parts if part)
    return PreviewBlocked(row, planned.state, STATUS_WORDS[planned.state], why)
