"""The tile of *Today* with what is not paid, as 24SevenOffice has stated it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from so24.amounts import format_count
from so24.language.telling import tell
from so24.ledger.payments.words import NO_PARTS, NOT_PAID, NOT_READ, OVERDUE
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.today.piles import Pile
from so24.today.sentences import tell_as_of
from so24.today.unpaid import Unpaid
from so24.ui.frame.session import HISTORY, INVOICES, LEDGER
from so24.ui.parts.filter_state import as_slug


def show_unpaid(desk: Desk, unpaid: Unpaid) -> None:
    """Draw how many booked invoices are not paid, their totals, and the ways to their lists."""
    known = unpaid.is_known
    figure = format_count(unpaid.unpaid.count) if known else "–"
    st.metric(tell("Not paid"), figure, help=tell(NO_PARTS))
    if known and not unpaid.unpaid.count:
        st.caption(tell("None of the invoices that were read."))
    for pile, choice, icon in (
        (unpaid.unpaid, NOT_PAID, ":material/info:"),
        (unpaid.overdue, OVERDUE, ":material/error:"),
        (unpaid.unread, NOT_READ, ":material/help:"),
    ):
        _link(desk, pile, choice, icon)
    st.caption(tell(tell_as_of(unpaid)))
    st.page_link(LEDGER, label=tell("Read payments"), icon=":material/sync:")


def _link(desk: Desk, pile: Pile, choice: str, icon: str) -> None:
    if not pile.count:
        return
    with st.container(gap=None):
        page, query = _list_of(desk, as_slug(choice))
        label = f"{tell(choice)}: {format_count(pile.count)}"
        st.page_link(page, label=label, icon=icon, query_params=query)
        st.caption(pile.amounts)


def _list_of(desk: Desk, choice: str) -> tuple[Path, dict[str, str]]:
    """The list of invoices, or of transfers for those who do not see the invoices."""
    if desk.actor.may(Permission.SEE_INVOICES):
        return INVOICES, {"status": "all", "payment": choice}
    return HISTORY, {"payment": choice}
