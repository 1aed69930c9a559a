"""The six tiles of *Today*, and what a new installation begins with.

The list of a tile is named in the address, so that a link to it can be kept and passed on.
"""

from __future__ import annotations

import streamlit as st

from so24.amounts import format_amount, format_count
from so24.dates import format_date, format_moment
from so24.language.said import say
from so24.language.telling import tell
from so24.ledger.memory import StillApart
from so24.ledger.sentences import tell_apart, tell_earlier, tell_reading
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.today.piles import Pile, PileName
from so24.today.sentences import (
    PILE_TITLES,
    PROBLEMS,
    tell_beginning,
    tell_import,
    tell_jobs,
    tell_next_retry,
    tell_run,
    tell_stuck,
)
from so24.today.today import Today
from so24.transfer.progress import RunUnderWay
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import IMPORTS, LEDGER, RECEIPT, START
from so24.ui.receipts.ledger_parts import address_of_result
from so24.ui.start.unpaid_tile import show_unpaid
from so24.ui.tab.address import LIST

CAUSE = "cause"
STUCK = "cannot-send"
_NARROWEST = 250  # pixels of a tile
MOST_COMPANIES = 3
LIVE_SECONDS = 5.0
_SHORT = {
    PileName.WAIT: say("Nobody: wait"),
    PileName.APPROVAL: say("Wait for approval there"),
    PileName.CHANGED: say("Transferred, changed since"),
    PileName.LATER: say("Tried again by itself"),
    PileName.SENDABLE: say("Can be sent now"),
}


def show_beginning(desk: Desk, found: Today) -> None:
    """What is to be done first where something is missing yet, with the way there."""
    steps = list(tell_beginning(found, desk.actor))
    if not steps:
        return
    with st.container(border=True, key="today_beginning"):
        st.header(tell("To begin with"), anchor=False)
        st.markdown("\n".join(f"{number}. {tell(step)}" for number, step in enumerate(steps, 1)))
        with st.container(horizontal=True):
            beginning = found.beginning
            for missing, page, label, permission in (
                (not beginning.activated, "activation", say("Marketplace"), Permission.ACTIVATE),
                (not beginning.has_key, "credentials", say("Credentials"), Permission.MANAGE_KEYS),
                (
                    not beginning.has_documents,
                    "invoices",
                    say("Invoice overview"),
                    Permission.IMPORT,
                ),
            ):
                if missing and desk.actor.may(permission):
                    st.page_link(
                        START.parent / f"{page}.py",
                        label=tell(label),
                        icon=":material/arrow_forward:",
                    )


def show_tiles(desk: Desk, found: Today) -> None:
    """Problems by whose they are, what is not transferred, runs, what cannot send, what is not
    paid, the latest.
    """
    grid = st.grid(3, min_column_width=_NARROWEST, border=True, key="today_tiles")
    for show in (_show_problems, _show_unsent, _show_runs, _show_stuck):
        with grid.cell():
            show(found)
    with grid.cell():
        show_unpaid(desk, found.unpaid)
    with grid.cell():
        _show_latest(found)


def _show_problems(found: Today) -> None:
    piles = {name: found.piles.of(name) for name in PROBLEMS}
    total = sum(pile.count for pile in piles.values())
    st.metric(tell("Open problems"), format_count(total))
    if not total:
        st.caption(tell("Nothing needs anybody."))
    for name, pile in piles.items():
        _link_pile(name, pile, _SHORT.get(name, PILE_TITLES[name]))
    for name in (PileName.APPROVAL, PileName.CHANGED):
        _link_pile(name, found.piles.of(name), _SHORT[name], problem=False)
    sendable = found.piles.of(PileName.SENDABLE)
    _link_pile(PileName.SENDABLE, sendable, _SHORT[PileName.SENDABLE], problem=False)
    later = found.piles.of(PileName.LATER)
    _link_pile(PileName.LATER, later, _SHORT[PileName.LATER], problem=False)
    if later.count:
        words = tell(tell_next_retry(found))
        st.caption(f"{words[:1].upper()}{words[1:]}.")


def _link_pile(name: PileName, pile: Pile, words: str, *, problem: bool = True) -> None:
    if not pile.count:
        return
    with st.container(gap=None):
        st.page_link(
            START,
            label=f"{tell(words)}: {format_count(pile.count)}",
            icon=":material/error:" if problem else ":material/info:",
            query_params={LIST: name.value},
        )
        st.caption(pile.amounts)


def _show_unsent(found: Today) -> None:
    pile = found.piles.of(PileName.UNSENT)
    st.metric(tell("Not transferred"), format_count(pile.count))
    if not pile.count:
        some = found.beginning.has_documents
        nothing = say("Everything is transferred or left out.")
        st.caption(tell(nothing if some else say("No document has come in yet.")))
        return
    oldest = tell("The oldest is of {date}.", date=format_date(pile.oldest))
    st.caption(f"{pile.amounts}  \n{oldest}")
    st.page_link(
        START,
        label=tell("The oldest first"),
        icon=":material/sort:",
        query_params={LIST: PileName.UNSENT.value},
    )


def _show_runs(found: Today) -> None:
    st.metric(tell("Runs under way"), format_count(len(found.runs)))
    if not found.runs:
        st.caption(tell("Nothing is in transfer."))
    for run in found.runs:
        _show_run(found, run)


def _show_run(found: Today, run: RunUnderWay) -> None:
    with st.container(gap=None):
        st.page_link(
            RECEIPT,
            label=tell("Run of {date}", date=format_moment(run.started_at)),
            icon=":material/sync:",
            query_params={"run": run.run_id},
        )
        words = tell(tell_run(found, run))
        by = tell("By {user}.", user=escape_markdown(run.started_by))
        st.caption(f"{by} {words[:1].upper()}{words[1:]}.")


def _show_stuck(found: Today) -> None:
    st.metric(tell("Cannot send"), format_count(found.stuck))
    told = tell_stuck(found)
    if not told:
        can = say("All keys and departments can send.")
        st.caption(tell(can if found.beginning.has_key else say("There is no key yet.")))
        return
    st.caption(tell(told))
    label = tell("Which, and why")
    st.page_link(START, label=label, icon=":material/key_off:", query_params={LIST: STUCK})


def _show_latest(found: Today) -> None:
    last = found.last_import
    st.metric(tell("Last import"), format_moment(last.at) if last else "–")
    for standing in found.apart:
        _link_apart(standing)
    told = [tell_reading(each) for each in found.readings[:MOST_COMPANIES]]
    told += filter(None, map(tell_earlier, found.apart))
    told = [tell_import(last), *(told or [say("Nothing is reconciled yet.")])]
    st.caption("  \n".join(escape_markdown(tell(each)) for each in told))
    icon = ":material/check_circle:" if found.jobs_run else ":material/warning:"
    st.caption(f"{icon} {tell(tell_jobs(found))}")
    with st.container(horizontal=True):
        st.page_link(IMPORTS, label=tell("Imports"), icon=":material/upload_file:")
        st.page_link(LEDGER, label=tell("Inside 24SevenOffice"), icon=":material/menu_book:")


def _link_apart(standing: StillApart) -> None:
    """What of a company's books does not agree, with its amounts and the way to that result."""
    with st.container(gap=None):
        st.page_link(
            LEDGER,
            label=f":red[{escape_markdown(tell(tell_apart(standing)))}]",
            icon=":material/error:",
            query_params=address_of_result(standing.newest.id),
        )
        told = (format_amount(amount, currency) for currency, amount in standing.sums.items())
        st.caption(" · ".join(told))
