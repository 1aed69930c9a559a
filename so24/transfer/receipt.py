"""The receipt: what the store knows of a transfer, in the words that people read (pure)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from so24.store.transfer_list import TransferRow
from so24.store.transfer_tables import OPEN, State
from so24.transfer.reasons import CATALOGUE, OFFICE_SPEAKS, Reason

IN_TRANSFER = "in_transfer"

_MARKS = {
    State.TRANSFERRED: "✔ transferred",
    State.EXISTS: "✖ exists",
    State.LOGIN: "✖ login",
    State.BLOCKED: "✖ blocked",
    State.REFUSED: "✖ refused",
    State.DIFFERS: "✖ differs",
    State.NOT_SENT: "✖ not sent",
    State.CANCELLED: "◌ cancelled",
}
_STEPS = {
    State.QUEUED: "⟳ queued",
    State.PREPARING: "⟳ preparing",
    State.DRAFTED: "⟳ drafted",
    State.COMPARED: "⟳ compared",
    State.INVOICING: "⟳ invoicing",
    State.UNKNOWN: "⟳ being looked up",
}
STATUS_WORDS: dict[State, str] = {**_MARKS, **_STEPS}


@dataclass(frozen=True)
class ReceiptLine:
    """One document on a receipt; amounts in ``currency``, ``updated_at`` aware UTC."""

    transfer_id: int
    invoice_id: int
    run: str
    kind: str
    series: str
    number: str
    department: str
    customer: str
    key: str
    state: State
    status: str
    reason: Reason | None
    words: str
    note: str
    order_id: int | None
    office_invoice_id: int | None
    total: Decimal
    office_total: Decimal | None
    currency: str
    user: str
    updated_at: dt.datetime

    @property
    def public_state(self) -> str:
        """The state as interfaces name it: every open one is ``in_transfer``."""
        return IN_TRANSFER if self.state in OPEN else self.state.value

    @property
    def explanation(self) -> str:
        """Cause, remedy and particulars in one line."""
        if self.reason is None:
            return self.words or self.note
        theirs = self.reason.code in OFFICE_SPEAKS and self.words
        words = f"“{self.words}”." if theirs else _end_sentence(self.words)
        parts = [f"{self.reason.title}.", words, _end_sentence(self.note)]
        if self.state not in OPEN and self.state is not State.TRANSFERRED:
            parts.append(f"{self.reason.remedy} ({self.reason.who})")
        return " ".join(part for part in parts if part)

    @property
    def may_retry(self) -> bool:
        """Whether *Retry* makes sense for this document."""
        ended = self.state not in OPEN and self.state is not State.TRANSFERRED
        return ended and (self.reason is None or self.reason.retry)


@dataclass(frozen=True)
class Tally:
    """How a run stands, derived from its transfers; amounts per currency."""

    documents: int
    transferred: int
    open: int
    errors: int
    cancelled: int
    amounts: Mapping[str, Decimal]

    @property
    def finished(self) -> bool:
        """Whether nothing of the run is open any more."""
        return self.open == 0


def read_lines(rows: Iterable[TransferRow]) -> list[ReceiptLine]:
    """Receipt lines in the rows' order."""
    return [_read_line(row) for row in rows]


def tally(lines: Iterable[ReceiptLine]) -> Tally:
    """Count the lines and add up what was transferred."""
    counts = {"documents": 0, "transferred": 0, "open": 0, "errors": 0, "cancelled": 0}
    amounts: dict[str, Decimal] = {}
    for line in lines:
        counts["documents"] += 1
        if line.state is State.TRANSFERRED:
            counts["transferred"] += 1
            amounts[line.currency] = amounts.get(line.currency, Decimal(0)) + line.total
        elif line.state in OPEN:
            counts["open"] += 1
        elif line.state is State.CANCELLED:
            counts["cancelled"] += 1
        else:
            counts["errors"] += 1
    return Tally(amounts=amounts, **counts)


def as_record(line: ReceiptLine) -> dict[str, object]:
    """One object of the command line's ``--json``: amounts as text, so that nothing is rounded."""
    return {
        "number": line.number,
        "kind": line.kind,
        "department": line.department,
        "state": line.public_state,
        "reason": line.explanation,
        "order_id": line.order_id,
        "invoice_id": line.office_invoice_id,
        "total": str(line.total),
        "currency": line.currency,
        "run": line.run,
    }


def _end_sentence(text: str) -> str:
    ended = not text or text.endswith((".", "!", "?", "…", ":", ";"))
    return text if ended else f"{text}."


def _read_line(row: TransferRow) -> ReceiptLine:
    status = STATUS_WORDS[row.state]
    if row.reason == "waits_approval":
        status += ", waits for approval"
    values = {name: getattr(row, name) for name in TransferRow.__dataclass_fields__}
    values["reason"] = CATALOGUE.get(row.reason)
    return ReceiptLine(status=status, **values)
