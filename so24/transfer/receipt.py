"""The receipt of a run: what the store knows of its transfers, in the words that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from so24.errors import WrongUse
from so24.installation import Installation
from so24.people.roles import Actor, Permission, require
from so24.reasons import CATALOGUE, WAITING, Reason
from so24.store.documents.documents import order_numbers
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.transfer_tables import OPEN, Run, State
from so24.store.transfers import runs, transfer_list
from so24.store.transfers.transfer_list import TransferFilter, TransferRow

IN_TRANSFER = "in_transfer"
WOULD_BE_SENT = "would_be_sent"  # the reason of a line that is only a plan
CHANGED = "changed_after_export"
WAITS_APPROVAL = "waits_approval"

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
class ReceiptLine(TransferRow):
    """One document on a receipt, in the words that people read."""

    @property
    def status(self) -> str:
        """The state in words, with its mark."""
        if self.reason == WOULD_BE_SENT:
            return "would be sent"
        waits = ", waits for approval" if self.reason == WAITS_APPROVAL else ""
        return STATUS_WORDS[self.state] + waits

    @property
    def card(self) -> Reason | None:
        """The reason of the catalogue, where there is one."""
        return CATALOGUE.get(self.reason)

    @property
    def public_state(self) -> str:
        """The state as interfaces name it: every open one is ``in_transfer``."""
        return IN_TRANSFER if self.state in OPEN else self.state.value

    @property
    def waits(self) -> bool:
        """Whether it is in transfer and goes on only after a person has mended its key."""
        return self.state in OPEN and self.reason in WAITING.values()

    @property
    def explanation(self) -> str:
        """Cause, remedy and particulars in one line."""
        changed = _changed(self)
        if self.card is None:
            return " ".join(part for part in (self.words or self.note, changed) if part)
        words = _end_sentence(self.words)
        parts = [f"{self.card.title}.", words, _end_sentence(self.note), changed]
        if self.waits or (self.state not in OPEN and self.state is not State.TRANSFERRED):
            parts.append(f"{self.card.remedy} ({self.card.who})")
        return " ".join(part for part in parts if part)

    @property
    def may_retry(self) -> bool:
        """Whether *Retry* makes sense for this document."""
        ended = self.state not in OPEN and self.state is not State.TRANSFERRED
        return ended and (self.card is None or self.card.retry)


@dataclass(frozen=True)
class Tally:
    """How a run stands, derived from its transfers; amounts per currency."""

    documents: int
    transferred: int
    open: int
    errors: int
    cancelled: int
    amounts: Mapping[str, Decimal]
    for_approval: int = 0  # of those transferred
    waiting: int = 0  # of those open: until a person has mended their key

    @property
    def finished(self) -> bool:
        """Whether nothing of the run is open any more."""
        return self.open == 0


@dataclass(frozen=True)
class Receipt:
    """A run's receipt: its lines in RecMan's order and how it stands."""

    run_id: str
    lines: tuple[ReceiptLine, ...]
    tally: Tally
    stopping: bool


def read_lines(rows: Iterable[TransferRow]) -> list[ReceiptLine]:
    """Receipt lines in the rows' order."""
    return [ReceiptLine(**vars(row)) for row in rows]


def tally(lines: Iterable[ReceiptLine]) -> Tally:
    """Count the lines and add up what was transferred."""
    counts = dict.fromkeys(
        ("documents", "transferred", "open", "errors", "cancelled", "for_approval", "waiting"), 0
    )
    amounts: dict[str, Decimal] = {}
    for line in lines:
        counts["documents"] += 1
        if line.state is State.TRANSFERRED:
            counts["transferred"] += 1
            counts["for_approval"] += line.reason == WAITS_APPROVAL
            amounts[line.currency] = amounts.get(line.currency, Decimal(0)) + line.total
        elif line.state in OPEN:
            counts["open"] += 1
            counts["waiting"] += line.waits
        elif line.state is State.CANCELLED:
            counts["cancelled"] += 1
        else:
            counts["errors"] += 1
    return Tally(amounts=amounts, **counts)


def read_receipt(installation: Installation, actor: Actor, run_id: str) -> Receipt:
    """The receipt of a run as the store knows it now; raises :class:`WrongUse` if unknown."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        run = existing_run(session, run_id)
        rows = transfer_list.list_transfers(session, TransferFilter(run_id=run_id))
    lines = tuple(read_lines(rows))
    return Receipt(run_id, lines, tally(lines), run.cancel_requested_at is not None)


def latest_run_id(
    installation: Installation, actor: Actor, *, own_first: bool = True
) -> str | None:
    """The newest run's id; the actor's own newest before anybody's, unless told."""
    require(actor, Permission.SEE_RECEIPTS)
    with installation.db.reading() as session:
        own = runs.latest_run(session, actor.name) if own_first else None
        run = own or runs.latest_run(session)
        return run.id if run else None


def existing_run(session: Session, run_id: str) -> Run:
    """The run of this id; raises :class:`WrongUse` where there is none."""
    run = runs.get_run(session, run_id)
    if run is None:
        raise WrongUse(f"There is no run {run_id!r}.")
    return run


def by_number(line: ReceiptLine | InvoiceRow) -> tuple[str, int, str, str]:
    """Sorts by number series, number and kind."""
    return (*order_numbers(line.series, line.number), str(line.kind))


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


def _changed(line: ReceiptLine) -> str:
    """That the document is another one in RecMan now, unless its card says so already."""
    if not line.changed_after_export or line.reason == CHANGED:
        return ""
    return f"{CATALOGUE[CHANGED].title}."
