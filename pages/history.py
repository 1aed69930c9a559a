"""Transfer history: all transfers by period, department, state and user."""

from __future__ import annotations

import hashlib

import streamlit as st

from so24.amounts import format_count
from so24.invoices.overview import department_names
from so24.language.said import say_as
from so24.language.telling import tell, tell_count
from so24.ledger.payments.words import tell_moment
from so24.people.roles import Permission
from so24.transfer.history import read_history, read_history_page, run_starters
from so24.ui.documents.drawer import open_asked_document
from so24.ui.frame.session import require_page
from so24.ui.parts.downloads import show_download
from so24.ui.parts.opening import HOW_TO_OPEN, offer_the_only_one
from so24.ui.receipts.evidence_view import list_seals, offer_evidence
from so24.ui.receipts.history_view import pick_filter, show_check, show_sums
from so24.ui.receipts.receipt_lines import line_cells, show_lines

SHOWN = 500

desk = require_page(Permission.SEE_RECEIPTS)
open_asked_document()
st.title(tell("Transfer history"))
wanted = pick_filter(department_names(desk), run_starters(desk))
page = read_history_page(desk, wanted, limit=SHOWN)
with st.container(horizontal=True, vertical_alignment="center"):
    count = tell_count("**{number} transfer**", "**{number} transfers**", page.found)
    st.markdown(f"{count} · {tell(HOW_TO_OPEN)}", width="content")
    st.space("stretch")
    show_download(
        lambda asking: map(line_cells, read_history(asking, wanted)),
        Permission.SEE_RECEIPTS,
        name=say_as("file name", "transfer-history"),
        disabled=not page.found,
    )
    show_check(desk)
offer_evidence(desk)
list_seals(desk)
if not page.found:
    st.info(tell("No transfer matches these filters yet."), icon=":material/history:")
    st.stop()
offer_the_only_one([(each.invoice_id, each.number) for each in page.lines], key="history_open_it")
show_sums(page.sums)
ids = repr([line.transfer_id for line in page.lines])
show_lines(
    page.lines,
    key=f"history-{hashlib.blake2b(ids.encode(), digest_size=6).hexdigest()}",
    dated=True,
)
if moment := tell_moment(page.lines):
    st.caption(tell(moment))
if page.found > len(page.lines):
    st.caption(
        tell(
            "The newest {count} are shown; the sums and the download have all of them.",
            count=format_count(len(page.lines)),
        )
    )
