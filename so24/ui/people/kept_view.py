"""What is kept, drawn; all about one person to be downloaded; a purge after a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from so24.kept import about, purge
from so24.kept.about import KeptAccount
from so24.kept.holdings import Holding
from so24.kept.purge import OverdueDetails
from so24.language.said import say
from so24.language.telling import tell
from so24.people.audit_trail import trail_choices
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.people.users import list_users
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.downloads import show_file

CUSTOMER, USER = "customer", "user"
_READ: dict[str, Callable[[Desk, str], KeptAccount]] = {
    CUSTOMER: about.read_about_customer,
    USER: about.read_about_user,
}


def show_holdings(holdings: Sequence[Holding]) -> None:
    """Draw every subject with why and how long, in columns that a telephone has room for."""
    kept = tell("Kept")
    st.table(
        pd.DataFrame(
            {
                kept: [tell(each.name) for each in holdings],
                tell("What, and why"): [
                    escape_markdown(f"{tell(each.what)} {tell(each.why)}") for each in holdings
                ],
                tell("How long"): [tell(each.how_long) for each in holdings],
                tell("Rows"): [each.rows for each in holdings],
            }
        ).set_index(kept)
    )


def ask_whom(desk: Desk) -> None:
    """Ask about whom, and offer all that is kept about that one; giving it out is audited."""
    st.header(tell("All about one customer or user"))
    st.caption(tell("A JSON file, made when it is downloaded; the audit trail says so."))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = tell("Customer number")
        number = st.text_input(label, key="kept_customer", max_chars=40, width=300)
        names = sorted({each.name for each in list_users(desk)} | set(trail_choices(desk).actors))
        user = st.selectbox(tell("User"), names, index=None, key="kept_user", width=300)
    if number and not about.is_kept(desk, number):
        st.error(escape_markdown(tell("There is no customer {customer}.", customer=number)))
    elif number:
        _offer(CUSTOMER, number, tell("Download all about customer {customer}", customer=number))
    if user:
        _offer(USER, user, tell("Download all about user {user}", user=user))


def _offer(kind: str, name: str, label: str) -> None:
    read = _READ[kind]
    show_file(
        lambda asking: about.write_account(read(asking, name)).encode(),
        Permission.SEE_KEPT,
        file_name=f"{kind}.json",
        mime="application/json",
        label=label,
        key=f"kept_download_{kind.capitalize()}",
        style="secondary",
    )


def offer_purge(desk: Desk) -> None:
    """Say what a purge would blank, and do it after a question."""
    st.header(tell("Time over"))
    found = purge.find_overdue_details(desk)
    if not found:
        st.caption(tell("No details' time is over."))
        return
    values = {"details": purge.describe_details(found.old), "year": found.year}
    st.markdown(tell("The time of {details}, up to the year {year} is over.", **values))
    if st.button(tell("Purge details")):
        text = say(
            "Names, addresses, references, texts and reports of {details}, up to the year {year} "
            "go. Numbers, dates, amounts and the history stay. They cannot be got back but from a "
            "back-up.",
            **values,
        )
        confirm(say("Purge details?"), text, say("Yes, purge"), _purge, found, destroys=True)


def _purge(found: OverdueDetails) -> None:
    with flash.complaining():
        gone = purge.purge_overdue_details(acting_desk(), found)
        flash.say(say("Purged: {details}.", details=purge.describe_details(gone.old)))
