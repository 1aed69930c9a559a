"""The list of the invoice overview, a page at a time: filters, grid, sums, and what is ticked.

It is a fragment of its own: a search draws nothing beside it, a tick reads nothing of the list
anew, and the grid is told the same again, so that none of its rows are sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import streamlit as st

from so24.dates import today
from so24.errors import NotAllowed
from so24.invoices.overview import (
    department_names,
    list_documents,
    newest_change,
    open_list,
    sum_documents,
)
from so24.language.reader import language
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell
from so24.ledger.payments.words import tell_moment
from so24.people.desk import Desk
from so24.sources.import_reports import is_import
from so24.store.documents.overview import CurrencySum, InvoiceFilter, InvoiceRow
from so24.transfer.circumstances import causes_now, problem_kinds
from so24.ui.frame import flash
from so24.ui.frame.session import acting_desk
from so24.ui.invoices.filters import in_any_status, pick_filter
from so24.ui.invoices.finding_view import read_chips
from so24.ui.invoices.invoice_actions import show_action_bar
from so24.ui.invoices.invoice_grid import Grid, grid_of, height_of
from so24.ui.invoices.ticked import add_up, read_ticked
from so24.ui.parts import opening
from so24.ui.parts.keeping import keep
from so24.ui.parts.tables import tell_sums
from so24.ui.tab import basket

PAGE_ROWS = 80  # what a search sends is 20 kB
_PAGE = "invoices_page"
_RUN = "so24_invoices_run"


def show_list(desk: Desk) -> None:
    """Draw the filters, the documents that they let through, and what can be done with them."""
    departments = department_names(desk)
    run = st.session_state[_RUN] = st.session_state.get(_RUN, 0) + 1

    with_page = iter((True,))  # the first time it is drawn with the page, then by itself

    def draw() -> None:
        # a fragment runs without the page's guard, and after a button only itself
        try:
            acting = acting_desk()
        except NotAllowed:
            st.rerun()
        if flash.waits() or opening.is_asked():
            st.rerun()
        wanted = pick_filter(departments, follows=next(with_page, False))
        if wanted is not None:
            # as the store was when the page or the filter was asked for: no tick moves a row
            as_of = keep("invoices_change", (run, wanted), lambda: newest_change(acting))
            if wanted.problems:
                kinds = keep("invoices_problems", as_of, lambda: problem_kinds(acting))
                wanted = replace(wanted, standing=kinds)
            _draw(acting, wanted, as_of)

    st.fragment(draw)()


def _draw(desk: Desk, wanted: InvoiceFilter, change: tuple[int, ...]) -> None:
    first = replace(wanted, limit=PAGE_ROWS)
    opened = keep("invoices_opened", (first, change), lambda: open_list(desk, first))
    sums, found = opened.sums, sum(each.documents for each in opened.sums)
    rows = _read_rows(desk, first, change, found) or opened.rows
    if rows:
        _show_grid(desk, wanted, rows, change)
        _show_sums(sums, found)
        if moment := tell_moment(rows):
            st.caption(tell(moment))
    else:
        st.info(tell(_explain_none(desk, wanted, change)), icon=":material/filter_alt_off:")
    ticked = read_ticked(desk, wanted, rows, change)
    if words := basket.words_of_gone():
        st.info(tell(words), icon=":material/remove_done:")
    show_action_bar(wanted, sums, ticked)
    basket.keep(desk)


def _explain_none(desk: Desk, wanted: InvoiceFilter, change: tuple[int, ...]) -> str:
    """That nothing is found, and the other status under which these filters have something."""
    if wanted.import_id is not None and not is_import(desk, wanted.import_id):
        return say(
            "There is no import {import_id} here: the link is cut off, or it is another "
            "installation's. *Clear filters* shows all documents again.",
            import_id=wanted.import_id,
        )
    whatever = in_any_status(wanted)
    words = say("No document matches these filters.")
    if whatever == wanted:
        return words
    sums = keep("invoices_elsewhere", (whatever, change), lambda: sum_documents(desk, whatever))
    found = sum(each.documents for each in sums)
    if not found:
        return join_said([words, say("None does under another status either.")])
    others = say_count(
        "{number} document does under the status *All*.",
        "{number} documents do under the status *All*.",
        found,
    )
    return join_said([words, others])


def _read_rows(
    desk: Desk, first: InvoiceFilter, change: tuple[int, ...], found: int
) -> Sequence[InvoiceRow]:
    """The page that the user has turned to, but for the first one; the last one of a shorter list.

    ``first`` is the filter with the first page's limit.
    """
    number = min(st.session_state.get(_PAGE, 1), ceil(found / PAGE_ROWS))
    if number <= 1:
        return ()
    part = replace(first, offset=(number - 1) * PAGE_ROWS)
    return keep("invoices_rows", (part, change), lambda: list_documents(desk, part))


def _show_grid(
    desk: Desk, wanted: InvoiceFilter, rows: Sequence[InvoiceRow], change: tuple[int, ...]
) -> None:
    ids = [row.id for row in rows]
    depends_on = (wanted, tuple(ids), change, today(), language())
    grid = keep("invoices_grid", depends_on, lambda: _make_grid(desk, wanted, rows))
    shown = st.dataframe(
        grid.frame,
        key=basket.grid_key(ids),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default=basket.ticked_at_first(ids),
        hide_index=True,
        placeholder="",
        height=height_of(len(ids)),
        column_config=grid.columns,
        alt=tell("Invoices and credit notes with their state"),
    )
    basket.take_ticks(ids, shown.selection.rows)


def _make_grid(desk: Desk, wanted: InvoiceFilter, rows: Sequence[InvoiceRow]) -> Grid:
    failed = [row.id for row in rows if not row.excluded and row.state and row.state.is_failed]
    causes = causes_now(desk, failed) if failed else {}
    return grid_of(rows, read_chips(desk, rows), wanted, causes)


def _show_sums(sums: Sequence[CurrencySum], found: int) -> None:
    """The sums of the whole filter, and the pages' numbers where there is more than one."""
    pages = ceil(found / PAGE_ROWS)
    with st.container(horizontal=True, vertical_alignment="center", key="invoices_sums"):
        counted = say_count("{number} document", "{number} documents", found)
        st.markdown(tell_sums(counted, add_up(sums)), width="content")
        if pages > 1:
            st.pagination(pages, key=_PAGE)
