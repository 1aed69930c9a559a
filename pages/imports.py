"""Imports: what came in, what was refused, and why."""

from __future__ import annotations

import streamlit as st

from so24.language.said import say_as, say_count
from so24.language.telling import tell
from so24.people.roles import Permission
from so24.sources.import_reports import list_imports
from so24.ui.documents.drawer import open_asked_document
from so24.ui.frame.session import require_page
from so24.ui.invoices.imports_view import import_cells, pick_filter, show_details, tick_import
from so24.ui.parts.downloads import show_download
from so24.ui.parts.tables import ROWS, read_page, show_count, turn_pages

PAGE = "imports_page"

desk = require_page(Permission.SEE_IMPORTS)
open_asked_document()
st.title(tell("Imports"))
wanted = pick_filter(desk)
imports, found = read_page(PAGE, lambda start: list_imports(desk, wanted, limit=ROWS, offset=start))
with st.container(horizontal=True, vertical_alignment="center"):
    show_count(say_count("{number} import", "{number} imports", found))
    show_download(
        lambda asking: map(import_cells, list_imports(asking, wanted)[0]),
        Permission.SEE_IMPORTS,
        name=say_as("file name", "imports"),
        disabled=not found,
    )
if not imports:
    if wanted.restricts:
        st.info(tell("No import matches these filters."), icon=":material/filter_alt_off:")
    else:
        st.info(
            tell(
                "Nothing has been imported yet. Finance imports RecMan's reports in the Invoice "
                "overview."
            ),
            icon=":material/upload_file:",
        )
    st.stop()
ticked = tick_import(imports)
turn_pages(PAGE, found)
if ticked:
    show_details(desk, ticked)
else:
    st.caption(tell("Tick an import to see what came in with it and what was refused."))
