"""What goes out for one document of a preview: its rows, and its request as it would be sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from xml.sax.saxutils import escape

import pandas as pd
import streamlit as st

from so24.amounts import format_quantity
from so24.errors import So24Error
from so24.language.said import say
from so24.language.telling import tell
from so24.transfer.preview.forecast import LookResult
from so24.transfer.preview.preview import Preview
from so24.transfer.preview.request_view import Outgoing, show_outgoing
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.headings import PRODUCT_NO, headings_of
from so24.ui.parts.tables import amount_column, with_amounts


def show_what_goes_out(preview: Preview, looks: Mapping[int, LookResult]) -> None:
    """Let one of the documents that go be chosen, and show its rows and its XML."""
    keys = {each: lane.key_id for lane in preview.lanes for each in lane.invoice_ids}
    rows = [preview.rows[each] for each in keys]
    if not rows:
        st.caption(tell("Nothing is left to be sent."))
        return
    names = {row.id: f"{row.series}-{row.number}, {row.customer}" for row in rows}
    chosen = st.selectbox(tell("Document"), list(names), format_func=names.__getitem__)
    try:
        key_id = keys[chosen]
        out = show_outgoing(acting_desk(), chosen, looks.get(key_id), key_id)
    except So24Error as error:
        st.error(escape_markdown(tell(error.words)))
        return
    if out.problem:
        st.warning(escape_markdown(tell(out.problem)))
    if out.rows:
        _show_rows(out)
    if out.xml:
        if out.unknown:
            st.caption(
                tell(
                    "«Words» stand for ids that are known when the customer or product has been "
                    "found or created."
                )
            )
        if out.later:
            later = escape_markdown(", ".join(map(tell, out.later)))
            st.caption(
                tell(
                    "Not in it: {what}. That is read when it is sent, and by the look-up.",
                    what=later,
                )
            )
        st.caption(tell("A run sends several documents in one such request."))
        st.code(tell_request(out), language="xml", height=320)


def tell_request(out: Outgoing) -> str:
    """The request, the words in it that stand for ids told."""
    xml = out.xml
    for each in out.unknown:
        xml = xml.replace(f"«{escape(each)}»", f"«{escape(tell(each))}»")
    return xml


def _show_rows(out: Outgoing) -> None:
    rows = out.rows
    frame = pd.DataFrame(
        {
            PRODUCT_NO: [row.product_number for row in rows],
            say("In 24SevenOffice"): [tell(row.product) for row in rows],
            "Name": [row.name for row in rows],
            "Quantity": [_figure(row.quantity) for row in rows],
            "Price": [_figure(row.price, decimals=2) for row in rows],
            "Net": [row.net for row in rows],
        }
    )
    right = {
        name: st.column_config.TextColumn(tell(name), alignment="right", width="small")
        for name in ("Quantity", "Price")
    }
    st.dataframe(
        with_amounts(frame, ("Net",)),
        column_config={**headings_of(frame.columns), **right, "Net": amount_column(tell("Net"))},
        hide_index=True,
        placeholder="",
        alt=tell("Rows that go out"),
    )


def _figure(number: Decimal | None, decimals: int = 0) -> str:
    return "" if number is None else format_quantity(number, decimals=decimals)
