"""How a run stands: its bar, how many documents are where, and what it says at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from so24.amounts import format_amount, format_count
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.reasons import Reason
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.receipt import Receipt

_TRANSFERRED, _ERRORS = say("Transferred"), say("Errors")


def show_tally(receipt: Receipt, *, moves: bool) -> None:
    """The bar, and how many documents are where; whether what is open ``moves`` is told with it."""
    tally = receipt.tally
    st.progress(float(receipt.way.progress.share), tell(_describe_way(receipt)))
    sums = [format_amount(amount, currency) for currency, amount in tally.amounts.items()]
    with st.container(horizontal=True):
        if tally.for_approval:
            waiting = format_count(tally.for_approval)
            sums.append(tell("{count} of them wait for approval", count=waiting))
        _show_count(_TRANSFERRED, tally.transferred, " · ".join(sums))
        goes_on = say("goes on by itself") if moves else say("does not move")
        if tally.waiting:
            goes_on = say("{count} wait for their key", count=format_count(tally.waiting))
        if receipt.stopping:
            goes_on = say("being stopped")
        _show_count(say("In transfer"), tally.open, goes_on)
        _show_count(_ERRORS, tally.errors, say("what to do stands below") if tally.errors else "")
        _show_count(say("Cancelled"), tally.cancelled, _describe_cancelled(receipt.lines))
        # beside the errors, not of them: all counts together are the run's documents
        if tally.sendable:
            _show_count(say("Can be sent now"), tally.sendable, say("by Retry"))
        if tally.tried_later:
            _show_count(say("Tried again later"), tally.tried_later, say("by itself"))
        if tally.settled:
            _show_count(say("Settled since"), tally.settled, "")
        if tally.elsewhere:
            _show_count(say("In another run"), tally.elsewhere, "")


def _describe_way(receipt: Receipt) -> str:
    """How far it is, how long it may take, and that some documents are not sent by it."""
    way, tally = receipt.way, receipt.tally
    progress = way.progress
    words = progress.words
    if tally.tried_later:
        later = format_count(tally.tried_later)
        words = say("{progress}, {count} tried again later", count=later, progress=words)
    if not tally.finished:
        words = way.describe(now())
    if tally.open and receipt.stopping:
        words = say(
            "{progress}: what is sent already is looked up, nothing more is sent", progress=words
        )
    kept = tally.documents - progress.documents
    if not kept:
        return words
    return say(
        "{progress} · {count} not sent, each with its reason",
        progress=words,
        count=format_count(kept),
    )


def _show_count(label: str, count: int, words: str) -> None:
    st.metric(
        tell(label),
        format_count(count),
        delta=tell(words) if words and (count or label in (_TRANSFERRED, _ERRORS)) else None,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _describe_cancelled(lines: Sequence[ReceiptLine]) -> str:
    reasons = Counter(line.reason for line in lines if line.state is State.CANCELLED)
    if reasons[Reason.RESTORED]:
        return say("what became of them is not known")
    drafts = reasons[Reason.CANCELLED_DRAFT]
    if not drafts:
        return say("not invoiced") if reasons[Reason.CANCELLED_ABSENT] else say("not sent")
    return say_count("{number} draft stays", "{number} drafts stay", drafts)


def farewell(receipt: Receipt) -> str:
    """How the run has ended, said in one sentence."""
    tally = receipt.tally
    parts = [say("{count} transferred", count=format_count(tally.transferred))]
    if tally.errors:
        parts.append(say("{count} with errors", count=format_count(tally.errors)))
    if tally.tried_later:
        later = format_count(tally.tried_later)
        parts.append(say("{count} tried again later by itself", count=later))
    if tally.cancelled:
        parts.append(say("{count} cancelled", count=format_count(tally.cancelled)))
    counts = join_said(parts, ", ")
    if receipt.stopping:
        return say("Run stopped: {counts}.", counts=counts)
    return say("Run finished: {counts}.", counts=counts)
