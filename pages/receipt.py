"""Receipt: what became of each document of a run, live."""

from __future__ import annotations

import streamlit as st

from so24.language.telling import tell
from so24.people.roles import Permission
from so24.ui.documents.drawer import open_asked_document
from so24.ui.export.export_dialog import go_to_started_run
from so24.ui.frame.session import require_page
from so24.ui.receipts.problem_cards import show_problems, show_settled
from so24.ui.receipts.receipt_panel import (
    explain_none,
    pick_lines,
    pick_receipt,
    show_live,
    show_run_actions,
)
from so24.ui.receipts.tried_later import show_tried_later

desk = require_page(Permission.SEE_RECEIPTS)
open_asked_document()
go_to_started_run()
head = st.container(horizontal=True, vertical_alignment="center")
head.title(tell("Receipts"), width="stretch")
with st.container(horizontal=True, vertical_alignment="bottom"):
    receipt = pick_receipt(desk)
    if receipt is not None:
        shown = pick_lines(desk, receipt)
if receipt is not None:
    with head:
        show_run_actions(desk, receipt)
if receipt is None:
    explain_none(desk)
    st.stop()
show_live(receipt, shown)
show_tried_later(desk, receipt.run_id, receipt.lines)
show_problems(desk, receipt.lines)
show_settled(desk, receipt.lines)
