"""A run of which nothing moves any more, though it should go on by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from so24.dates import format_moment
from so24.installation import Installation
from so24.language.said import say
from so24.settings import Settings
from so24.states import ASKED_TO_WAIT
from so24.store.tables.ground import now
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.transfer_list import TransferFilter, list_transfers
from so24.transfer.receipt import Receipt

REACTION_SECONDS = 10.0  # until a job that was dropped is taken up


@dataclass(frozen=True)
class Standstill:
    """A run of which nothing has moved since a moment, though so many are in transfer."""

    run_id: str
    count: int
    since: dt.datetime


def find_standstill(
    settings: Settings, run_id: str, lines: Sequence[ReceiptLine]
) -> Standstill | None:
    """Whether nothing of a run has moved for longer than a lane bears trouble and waits to look.

    Something is wrong then that so24 does not see: a process that hangs, a full disk. What waits
    for a person does not count, nor what 24SevenOffice asks to wait with: its note says how long.
    """
    goes_on = [
        line
        for line in lines
        if line.state.is_open and not line.waits and not line.note.startswith(ASKED_TO_WAIT)
    ]
    longest = dt.timedelta(seconds=settings.patience + settings.settle + REACTION_SECONDS)
    since = max((line.updated_at for line in lines), default=now())
    if not goes_on or since >= now() - longest:
        return None
    return Standstill(run_id, len(goes_on), since)


def find_standstills(installation: Installation) -> list[Standstill]:
    """The runs of which nothing moves."""
    with installation.db.reading() as session:
        ids = sorted({lane.run_id for lane in open_lanes(session)})
        runs_lines = {each: list_transfers(session, TransferFilter(run_id=each)) for each in ids}
    found = (find_standstill(installation.settings, *each) for each in runs_lines.items())
    return [each for each in found if each is not None]


def tell_standstill(settings: Settings, receipt: Receipt) -> str:
    """The sentence that nothing of this run moves, and what to do; empty while it does."""
    found = find_standstill(settings, receipt.run_id, receipt.lines)
    if found is None:
        return ""
    return say(
        "Nothing of this run has moved since {when}. A System Administrator looks whether the disk "
        "is full, and restarts the process that runs the jobs; nothing is sent twice by that.",
        when=format_moment(found.since),
    )
