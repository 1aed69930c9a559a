"""The history of all runs: their transfers, each document's events, and who has started what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.history import events
from so24.store.tables.transfer_tables import TransferEvent
from so24.store.transfers import tallies, transfer_list
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.tallies import RunRow, StateSum
from so24.store.transfers.transfer_list import TransferFilter

RECENT_RUNS = 30


@dataclass(frozen=True)
class HistoryPage:
    """The newest lines of a filter, and counts and amounts of all that match it."""

    lines: tuple[ReceiptLine, ...]
    sums: tuple[StateSum, ...]

    @property
    def found(self) -> int:
        """How many transfers match, whatever the page's limit."""
        return sum(each.count for each in self.sums)


def read_history(desk: Desk, wanted: TransferFilter) -> list[ReceiptLine]:
    """The transfers of a filter, newest first."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return transfer_list.list_transfers(session, wanted)


def read_history_page(desk: Desk, wanted: TransferFilter, *, limit: int) -> HistoryPage:
    """At most ``limit`` transfers of a filter, newest first, with the sums of all."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        rows = transfer_list.list_transfers(session, replace(wanted, limit=limit))
        sums = tallies.sum_transfers(session, wanted)
    return HistoryPage(tuple(rows), tuple(sums))


def read_events(desk: Desk, invoice_id: int) -> Sequence[TransferEvent]:
    """Every change of a document's transfers, oldest first."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return events.events_of(session, invoice_id)


def recent_runs(desk: Desk) -> list[RunRow]:
    """The newest runs, newest first."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return tallies.recent_runs(session, limit=RECENT_RUNS)


def run_starters(desk: Desk) -> Sequence[str]:
    """Everybody who has ever started a run, by name."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return tallies.run_starters(session)
