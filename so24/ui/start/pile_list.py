"""The list below the tiles of *Today*: the documents of one pile, its causes and what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from so24.amounts import format_count
from so24.language.telling import tell, tell_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason
from so24.store.tables.people_tables import Role
from so24.today.lists import PiledDocument, list_pile
from so24.today.piles import Pile, PileName
from so24.today.sentences import HOW_TO_SEND, PILE_TITLES, advise, title_of
from so24.today.today import Today
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import CREDENTIALS, START
from so24.ui.parts.headings import headings_of
from so24.ui.parts.opening import HOW_TO_OPEN, number_column, offer_the_only_one
from so24.ui.parts.tables import (
    ROWS,
    amount_column,
    date_column,
    read_page,
    status_column,
    status_of_row,
    turn_pages,
    with_amounts,
)
from so24.ui.start.tiles import CAUSE, STUCK
from so24.ui.tab.address import LIST

# what needs whoever looks is open below the tiles, unless the address asks for another list
_OWN = {Role.FINANCE: PileName.FINANCE, Role.ADMIN: PileName.ADMINISTRATOR}
_PAGE = "today_page"
_LONGEST_TOLD = 40  # characters of what an address says
_ROW, _HEAD, _MOST = 35, 38, 520  # pixels


@dataclass(frozen=True)
class AskedPile:
    """The pile that is shown, and the one cause of it; no name where none is."""

    name: PileName | None
    cause: Reason | None = None


def asked_pile(desk: Desk) -> AskedPile | None:
    """What the address asks for, else what is the reader's; None for what cannot send."""
    asked = st.query_params.get(LIST, "")
    if asked:  # a link to the page that is open changes its list, and not the browser's address
        st.query_params.from_dict(st.query_params.to_dict())
    if asked == STUCK:
        return None
    if asked not in {name.value for name in PileName}:
        if asked:
            words = escape_markdown(asked[:_LONGEST_TOLD])
            st.info(
                tell(
                    "The address asks for the list “{list}”, which there is not. Each tile leads "
                    "to its list.",
                    list=words,
                ),
                icon=":material/link_off:",
            )
        return AskedPile(_OWN.get(desk.actor.role))
    cause = st.query_params.get(CAUSE, "")
    return AskedPile(PileName(asked), Reason.stored(cause) if cause else None)


def place_of_list(asked: AskedPile | None) -> DeltaGenerator:
    """Where the list stands, by a name under which the browser brings it in sight."""
    return st.container(key=f"{LIST}-{STUCK if asked is None else asked.name or 'none'}")


def show_pile(desk: Desk, found: Today, name: PileName, cause: Reason | None) -> None:
    """The causes of a pile with what to do, and its documents for who may see them."""
    pile = found.piles.of(name) if cause is None else found.piles.of_cause(name, cause)
    if not pile.count:
        if LIST in st.query_params:
            words = tell("{list}: nothing any more.", list=PILE_TITLES[name])
            st.success(words, icon=":material/check:")
        return
    st.header(tell(PILE_TITLES[name]), anchor=False)
    sees = desk.actor.may(Permission.SEE_INVOICES)
    told = _describe(pile)
    st.caption(f"{told} · {tell(HOW_TO_OPEN)}" if sees else told)
    if name is PileName.SENDABLE:
        st.markdown(tell(HOW_TO_SEND))
    for reason, part in found.piles.causes_of(name):
        if cause in (None, reason):
            _show_cause(name, reason, part.count, part.amounts, chosen=cause is not None)
    if not sees:
        return
    rows, count = read_page(
        f"{_PAGE}_{name}_{cause}",
        lambda start: list_pile(desk, name, cause, limit=ROWS, offset=start),
    )
    _show_documents(rows)
    offer_the_only_one([(each.row.id, each.row.number) for each in rows], key="today_open_it")
    turn_pages(f"{_PAGE}_{name}_{cause}", count)


def _describe(pile: Pile) -> str:
    """How many documents there are, and their sums, told."""
    count = tell_count("{number} document", "{number} documents", pile.count)
    return f"{count} · {pile.amounts}"


def _show_cause(name: PileName, reason: Reason, count: int, sums: str, *, chosen: bool) -> None:
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            query = {LIST: name.value} if chosen else {LIST: name.value, CAUSE: reason.value}
            st.page_link(
                START,
                label=f"{tell(title_of(reason))}: {format_count(count)}",
                icon=":material/filter_alt_off:" if chosen else ":material/filter_alt:",
                query_params=query,
                help=tell("Show all again") if chosen else tell("Show only these"),
            )
        what = tell("**What to do:** {advice}", advice=tell(advise(name, reason)))
        st.caption(f"{sums}  \n{what}")


def _show_documents(rows: Sequence[PiledDocument]) -> None:
    ids = repr([each.row.id for each in rows])
    frame = pd.DataFrame(
        {
            "Number": [each.row.number for each in rows],
            "Customer": [each.row.customer for each in rows],
            "Date": [each.row.invoice_date for each in rows],
            "Total": [each.row.total for each in rows],
            "Currency": [each.row.currency for each in rows],
            "Status": [[tell(status_of_row(each.row))] for each in rows],
            "Why": [tell(title_of(each.cause)) if each.cause else "" for each in rows],
            "Department": [each.row.department for each in rows],
        }
    )
    if not any(each.cause for each in rows):
        del frame["Why"]
    st.dataframe(
        with_amounts(frame, ("Total",)),
        key=f"today-{hashlib.blake2b(ids.encode(), digest_size=6).hexdigest()}",
        hide_index=True,
        placeholder="",
        height=min(_ROW * len(rows) + _HEAD, _MOST),
        column_config={
            **headings_of(frame.columns),
            "Number": number_column([each.row.id for each in rows], key="today_open"),
            "Customer": st.column_config.TextColumn(tell("Customer"), width=170),
            "Date": date_column(tell("Date"), width=85),
            "Total": amount_column(tell("Total"), width=95),
            "Currency": st.column_config.TextColumn(tell("Currency"), width=70),
            "Status": status_column(width=120),
            "Why": st.column_config.TextColumn(tell("Why"), width=280),
            "Department": st.column_config.TextColumn(tell("Department"), width=100),
        },
        alt=tell("Documents of the list, the oldest first"),
    )


def show_stuck(desk: Desk, found: Today) -> None:
    """The keys and departments from which nothing can be sent, and what waits there."""
    if not found.beginning.has_key:
        st.info(tell("There is no key yet."), icon=":material/key_off:")
    elif not found.keys and not found.departments:
        st.success(tell("All keys and departments can send."), icon=":material/check:")
    if not found.keys and not found.departments:
        return
    st.header(tell("Cannot send"), anchor=False)
    for key in found.keys:
        st.markdown(
            tell(
                "**Key “{key}”:** {words}",
                key=escape_markdown(key.name),
                words=escape_markdown(tell(key.words)),
            )
        )
    for department in found.departments:
        waiting, card = department.waiting, department.reason.card
        why = tell(
            "**Department {department}:** {cause} {remedy} ({who})",
            department=escape_markdown(department.label),
            cause=card.sentence,
            remedy=card.remedy,
            who=card.who,
        )
        told = tell("Nothing waits there.")
        if waiting.count:
            told = tell("Waiting: {documents}", documents=_describe(waiting))
        st.markdown(f"{why}  \n:small[{told}]")  # in English: a mark only
    if desk.actor.may(Permission.MANAGE_KEYS):
        st.page_link(CREDENTIALS, label=tell("Credentials"), icon=":material/key:")
