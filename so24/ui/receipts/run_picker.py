"""Which run's receipt is shown: the address says, else the newest; and what can be done with it."""

from __future__ import annotations

import streamlit as st

from so24.amounts import format_count
from so24.dates import format_moment
from so24.errors import So24Error
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.transfers.transfer_list import ReceiptLine
from so24.transfer.history import recent_runs
from so24.transfer.jobs.worker import job_enqueuer
from so24.transfer.receipt import Receipt, latest_run_id, read_receipt
from so24.transfer.runs import retry_run, stop_run
from so24.ui.export.export_dialog import note_started_run
from so24.ui.frame import flash
from so24.ui.frame.confirm import confirm
from so24.ui.frame.session import acting_desk, installation
from so24.ui.frame.text import escape_markdown
from so24.ui.parts.csv_file import write_csv
from so24.ui.receipts.receipt_panel import line_cells

_RUN = "run"


def pick_receipt(desk: Desk) -> Receipt | None:
    """Draw the list of recent runs; the receipt that the address or the user asks for.

    None where there is no run yet, or where the address names one that does not exist.
    """
    asked = st.query_params.get(_RUN) or latest_run_id(desk)
    if asked is None:
        return None
    runs = {run.run_id: run for run in recent_runs(desk)}
    options = list(runs) if asked in runs else [asked, *runs]

    def describe(run_id: str) -> str:
        run = runs.get(run_id)
        if run is None:
            return f"Run {run_id[:8]}"
        when = format_moment(run.created_at)
        return f"{when} · {run.created_by} · {format_count(run.documents)} documents"

    chosen = st.selectbox(
        "Run", options, options.index(asked), describe, key=f"receipt_run_{asked}", width=420
    )
    if chosen and chosen != asked:
        st.query_params[_RUN] = chosen
        st.rerun()
    st.query_params[_RUN] = asked  # a reload, or a colleague who gets the link, sees this very run
    try:
        return read_receipt(desk, asked)
    except So24Error as error:
        st.error(escape_markdown(str(error)))
        return None


def show_run_actions(desk: Desk, receipt: Receipt) -> None:
    """Stop, retry, download; who may not export only sees the download."""
    name = f"receipt-{receipt.run_id[:8]}.csv"
    if desk.actor.may(Permission.EXPORT):
        _offer_stop(receipt)
        _offer_retry(receipt)
    st.download_button(
        "Download CSV",
        data=lambda: write_csv(map(line_cells, receipt.lines)),
        file_name=name,
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _offer_stop(receipt: Receipt) -> None:
    if receipt.tally.finished:
        return
    if st.button("Stop", icon=":material/stop_circle:", disabled=receipt.stopping):
        text = (
            "The run stops before its next call. What is sent already is looked up and comes to "
            "a true end; the rest is cancelled and can be sent later."
        )
        confirm("Stop this run?", text, "Yes, stop", _stop, receipt.run_id)


def _offer_retry(receipt: Receipt) -> None:
    failed: list[ReceiptLine] = [line for line in receipt.lines if line.may_retry]
    if receipt.tally.finished and failed:
        st.button(
            f"Retry {format_count(len(failed))}",
            type="primary",
            icon=":material/replay:",
            on_click=_retry,
            args=(receipt.run_id,),
        )


def _stop(run_id: str) -> None:
    with flash.complaining():
        stop_run(acting_desk(), run_id)
        flash.say("The run is stopping.")


def _retry(run_id: str) -> None:
    with flash.complaining():
        opened = installation()
        new = retry_run(acting_desk(), run_id, job_enqueuer(opened))
        note_started_run(new, "Retry started.")
