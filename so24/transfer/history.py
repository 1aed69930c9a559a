"""The transfer history: what was transferred, when and by whom, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from so24.installation import Installation
from so24.people.roles import Actor, Permission, require
from so24.store.tables.transfer_tables import TransferEvent
from so24.store.transfers import history, tallies, transfer_list
from so24.store.transfers.history import HistoryVerdict
from so24.store.transfers.tallies import RunRow, StateSum
from so24.store.transfers.transfer_list import ReceiptLine, TransferFilter

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


def read_history(
    installation: Installation, actor: Actor, wanted: TransferFilter
) -> list[ReceiptLine]:
    """The transfers of a filter, newest first."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        return transfer_list.list_transfers(session, wanted)


def read_history_page(
    installation: Installation, actor: Actor, wanted: TransferFilter, *, limit: int
) -> HistoryPage:
    """At most ``limit`` transfers of a filter, newest first, with the sums of all."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        rows = transfer_list.list_transfers(session, replace(wanted, limit=limit))
        sums = tallies.sum_transfers(session, wanted)
    return HistoryPage(tuple(rows), tuple(sums))


def read_events(
    installation: Installation, actor: Actor, invoice_id: int
) -> Sequence[TransferEvent]:
    """Every change of a document's transfers, oldest first."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        return history.events_of(session, invoice_id)


def check_history(installation: Installation, actor: Actor) -> HistoryVerdict:
    """Recompute the chains of all documents and the anchors over them."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        return history.verify_history(session)


def recent_runs(installation: Installation, actor: Actor) -> list[RunRow]:
    """The newest runs, newest first."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        return tallies.recent_runs(session, limit=RECENT_RUNS)


def run_starters(installation: Installation, actor: Actor) -> Sequence[str]:
    """Everybody who has ever started a run, by name."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        return tallies.run_starters(session)
