"""The receipt of a run: which one is shown, how it stands, and what can be done with it.

The address says which one, else it is the newest. Its lines are drawn anew each second while it is
live.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from so24.amounts import format_count
from so24.dates import format_moment
from so24.errors import NotAllowed, WrongUse
from so24.identifiers import tidy_identifier
from so24.invoices.overview import newest_change
from so24.language.said import join_said, say, say_as
from so24.language.telling import tell, tell_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.transfer_list import TransferFilter
from so24.transfer.history import read_history, recent_runs
from so24.transfer.receipt import Receipt, latest_run_id, read_receipt
from so24.transfer.runs import ready_to_retry, stop_run
from so24.transfer.standstill import tell_standstill
from so24.ui.export.export_dialog import ask_to_export
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.run_badge import set_title
from so24.ui.frame.session import INVOICES, acting_desk, installation
from so24.ui.parts.downloads import show_download
from so24.ui.parts.filter_state import SEARCH_HELP, ListFilters, search_field, switch_field
from so24.ui.parts.keeping import keep
from so24.ui.parts.opening import is_asked, offer_the_only_one
from so24.ui.receipts.receipt_lines import line_cells, show_line_sums, show_lines
from so24.ui.receipts.receipt_tally import farewell, show_tally

LIVE_SECONDS = 1.0
LATER_SECONDS = 5.0  # while something is to be tried again by itself
_RUN = "run"
_NAMED = 12  # documents that a retry takes
_LONGEST_ID = 40  # of what an address may say instead


@dataclass(frozen=True)
class ShownLines:
    """Which lines of a receipt are shown; ``transfers`` are those found by a search, if any was."""

    only_problems: bool = False
    transfers: frozenset[int] | None = None

    def has(self, line: ReceiptLine) -> bool:
        """Whether the line is shown."""
        if self.transfers is not None and line.transfer_id not in self.transfers:
            return False
        return not self.only_problems or line.is_problem


def pick_lines(desk: Desk, receipt: Receipt) -> ShownLines:
    """Draw what is to be seen of a receipt, which stands in the address, and read it."""
    filters = ListFilters(
        "receipt",
        (search_field("receipt_search"), switch_field("problems", "receipt_only_problems")),
    )
    filters.restore()
    text = st.text_input(
        tell("Search"),
        key="receipt_search",
        placeholder=tell("No., customer, amount"),
        icon=":material/search:",
        help=tell(SEARCH_HELP),
        width=180,
    )
    only_problems = st.toggle(tell("Only problems"), key="receipt_only_problems")
    filters.keep()
    wanted = tidy_identifier(text or "")
    if not wanted:
        return ShownLines(only_problems)
    found = read_history(desk, TransferFilter(run_id=receipt.run_id, text=wanted))
    return ShownLines(only_problems, frozenset(line.transfer_id for line in found))


def show_live(receipt: Receipt, shown: ShownLines) -> None:
    """Draw tally and lines; while anything is open, once a second from the store.

    The timer ends with one run of the whole page, as soon as nothing is open any more. While
    something is to be tried again by itself, a slower one waits for that.
    """
    live = not receipt.tally.finished
    waiting = LATER_SECONDS if receipt.tally.tried_later else None

    def draw() -> None:
        # a fragment runs without the page's guard: who may look is asked each time
        try:
            current = read_receipt(acting_desk(), receipt.run_id)
        except NotAllowed:
            st.rerun()
        if is_asked():
            st.rerun()
        set_title(tell("Receipt"), current.way.progress)
        with st.container(key="receipt_panel"):
            words = tell_standstill(installation().settings, current)
            if words:
                st.warning(tell(words), icon=":material/warning:")
            show_tally(current, moves=not words)
            wanted = [line for line in current.lines if shown.has(line)]
            show_lines(wanted, key="receipt_lines")
            show_line_sums(wanted)
            shown_here = [(line.invoice_id, line.number) for line in wanted]
            offer_the_only_one(shown_here, key="receipt_open_it")
        if live and current.tally.finished:
            flash.say(farewell(current), tick=current.tally.transferred > 0)
            st.rerun()
        if not live and current.tally != receipt.tally:
            st.rerun()  # what was to be tried again is under way, or no more

    st.fragment(draw, run_every=LIVE_SECONDS if live else waiting)()


def pick_receipt(desk: Desk) -> Receipt | None:
    """Draw the list of recent runs; the receipt that the address or the user asks for.

    None where there is no run yet, or where the address names one that does not exist.
    """
    asked = st.query_params.get(_RUN) or latest_run_id(desk)
    if asked is None:
        return None
    receipt = _read_if_known(desk, asked)
    runs = {run.run_id: run for run in recent_runs(desk)}
    options = list(runs) if asked in runs or receipt is None else [asked, *runs]
    if not options:
        return None

    def describe(run_id: str) -> str:
        run = runs.get(run_id)
        if run is None:
            return tell("Run {run}", run=run_id[:8])
        count = tell_count("{number} document", "{number} documents", run.documents)
        return f"{format_moment(run.created_at)} · {run.created_by} · {count}"

    place = options.index(asked) if asked in options else None
    chosen = st.selectbox(
        tell("Run"), options, place, describe, key=f"receipt_run_{asked}", width=300,
        placeholder=tell("Choose a run"),
    )  # fmt: skip
    if chosen and chosen != asked:
        st.query_params[_RUN] = chosen
        st.rerun()
    st.query_params[_RUN] = asked  # a reload, or a colleague who gets the link, sees this very run
    return receipt


def explain_none(desk: Desk) -> None:
    """Say why there is no receipt to show, and what to do."""
    asked = st.query_params.get(_RUN)
    if asked:
        known = recent_runs(desk)
        missing = say(
            "There is no run “{run}” here: the link is cut off, or it is another installation's.",
            run=escape_markdown(asked[:_LONGEST_ID]),
        )
        choose = say("Choose one above.") if known else say("No run has been started here yet.")
        st.error(tell(join_said([missing, choose])), icon=":material/error:")
        return
    may_send = desk.actor.may(Permission.EXPORT)
    begins = (
        say(
            "A receipt begins when somebody ticks documents in the invoice overview and presses "
            "*24SevenOffice*."
        )
        if may_send
        else say(
            "Finance sends the documents; the receipt of each run is shown here from its start."
        )
    )
    st.info(tell(join_said([say("No receipt to show."), begins])), icon=":material/receipt:")
    if may_send:
        st.page_link(INVOICES, label=tell("Invoice overview"), icon=":material/receipt_long:")


def _read_if_known(desk: Desk, run_id: str) -> Receipt | None:
    try:
        return read_receipt(desk, run_id)
    except WrongUse:
        return None


def show_run_actions(desk: Desk, receipt: Receipt) -> None:
    """Stop, retry, download; who may not export only sees the download."""
    name = say_as("file name", "receipt-{run}", run=receipt.run_id[:8])
    if desk.actor.may(Permission.EXPORT):
        _offer_stop(receipt)
        _offer_retry(desk, receipt)
    run_id = receipt.run_id
    show_download(
        lambda asking: map(line_cells, read_receipt(asking, run_id).lines),
        Permission.SEE_RECEIPTS,
        name=name,
        title=tell("Receipt of run {run}", run=receipt.run_id[:8]),
    )


def _offer_stop(receipt: Receipt) -> None:
    if receipt.tally.finished:
        return
    if st.button(tell("Stop"), icon=":material/stop_circle:", disabled=receipt.stopping):
        text = say(
            "The run stops before its next call. What is sent already is looked up and comes to "
            "a true end; the rest is cancelled and can be sent later."
        )
        confirm(
            say("Stop this run?"), text, say("Yes, stop"), _stop, receipt.run_id,
            destroys=True, stay=say("Let it go on"),
        )  # fmt: skip


def _offer_retry(desk: Desk, receipt: Receipt) -> None:
    """Asks as every export does, with what would go and what would not."""
    if not receipt.tally.finished:
        return
    # planned anew only where something has changed: the page is drawn again at every press
    depends_on = (receipt.run_id, newest_change(desk))
    ready = keep("receipt_ready", depends_on, lambda: ready_to_retry(desk, receipt.run_id))
    if ready and st.button(
        tell("Retry {count}", count=format_count(len(ready))),
        type="primary" if receipt.tally.sendable else "secondary",
        icon=":material/replay:",
        help=_name_some(receipt, ready),
    ):
        ask_to_export(ready, retry_of=receipt.run_id)


def _name_some(receipt: Receipt, ready: Sequence[int]) -> str:
    """Which documents a retry takes, the first of them by their numbers, told."""
    wanted = set(ready)
    numbers = [line.number for line in receipt.lines if line.invoice_id in wanted]
    more = len(numbers) - _NAMED
    named = ", ".join(map(escape_markdown, numbers[:_NAMED]))
    if more > 0:
        count = format_count(more)
        return tell("Asks first, and sends {numbers} and {count} more.", numbers=named, count=count)
    return tell("Asks first, and sends {numbers}.", numbers=named)


def _stop(run_id: str) -> None:
    with flash.complaining():
        stop_run(acting_desk(), run_id)
        flash.say(say("The run is stopping."))
