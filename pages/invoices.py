"""Invoice overview: tick documents and send them to 24SevenOffice."""

from __future__ import annotations

import streamlit as st

from so24.invoices.overview import read_overview
from so24.language.telling import tell
from so24.people.roles import Permission
from so24.store.documents.overview import InvoiceFilter
from so24.ui.documents.drawer import open_asked_document
from so24.ui.export.export_dialog import go_to_started_run
from so24.ui.frame.session import require_page
from so24.ui.invoices.finding_view import show_missing_numbers
from so24.ui.invoices.import_panel import show_import, show_reports
from so24.ui.invoices.invoice_list import show_list
from so24.ui.invoices.list_question import show_customer_questions
from so24.ui.invoices.proposed_dates import show_proposed_dates

desk = require_page(Permission.SEE_INVOICES)
open_asked_document()
go_to_started_run()
st.title(tell("Invoice overview"))
empty = not read_overview(desk, InvoiceFilter(limit=1)).rows
show_import(desk, expanded=empty)
show_reports(desk)
if empty:
    st.info(
        tell(
            "There are no invoices yet. Export the reports *Invoice lines*, *Credit notes* and "
            "*Customers* from RecMan and import them above."
        ),
        icon=":material/inbox:",
    )
    st.stop()
show_customer_questions(desk)
show_proposed_dates(desk)
show_missing_numbers(desk)
show_list(desk)
