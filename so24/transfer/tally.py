"""How a run stands in numbers: what was transferred, is open, failed or waits, and its amounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from so24.reasons import Reason
from so24.states import Since
from so24.store.tables.transfer_tables import State
from so24.store.transfers.receipt_line import ReceiptLine


@dataclass(frozen=True)
class Tally:
    """How a run stands, derived from its transfers; amounts per currency.

    ``tried_later`` are tried again by so24 itself, ``errors`` are problems still. Of those that are
    none any more ``settled`` are transferred or left out, and ``sendable`` have only to be sent
    again, which nobody does by itself. ``elsewhere`` were taken up by another run, which tells how
    they stand.
    """

    documents: int
    transferred: int
    open: int
    errors: int
    cancelled: int
    amounts: Mapping[str, Decimal]
    for_approval: int = 0  # of those transferred
    waiting: int = 0  # of those open: until a person has mended their key
    asked: int = 0  # of all: a person has to say what they are, or whose
    settled: int = 0
    sendable: int = 0
    elsewhere: int = 0
    tried_later: int = 0  # not sent, and so24 tries again by itself

    @property
    def finished(self) -> bool:
        """Whether nothing of the run is open any more."""
        return self.open == 0


def tally(lines: Iterable[ReceiptLine]) -> Tally:
    """Count the lines and add up what was transferred."""
    counts = dict.fromkeys(
        (
            "documents",
            "transferred",
            "open",
            "errors",
            "cancelled",
            "for_approval",
            "waiting",
            "asked",
            "settled",
            "sendable",
            "elsewhere",
            "tried_later",
        ),
        0,
    )
    amounts: dict[str, Decimal] = {}
    for line in lines:
        counts["documents"] += 1
        counts["asked"] += bool(line.question)
        if line.state is State.TRANSFERRED:
            counts["transferred"] += 1
            counts["for_approval"] += line.reason is Reason.WAITS_APPROVAL
            amounts[line.currency] = amounts.get(line.currency, Decimal(0)) + line.total
        elif line.state.is_open:
            counts["open"] += 1
            counts["waiting"] += line.waits
        elif line.since is Since.MENDED:
            counts["sendable"] += 1
        elif line.since.is_elsewhere:
            counts["elsewhere"] += 1
        elif line.since:
            counts["settled"] += 1
        elif line.tried_later:
            counts["tried_later"] += 1
        elif line.state is State.CANCELLED:
            counts["cancelled"] += 1
        else:
            counts["errors"] += 1
    return Tally(amounts=amounts, **counts)
