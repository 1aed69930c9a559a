"""What is kept, drawn; all about one person to be downloaded; a purge after a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from so24.kept import about, purge
from so24.kept.about import KeptAccount
from so24.kept.holdings import Holding
from so24.kept.purge import OverdueDetails
from so24.people.audit_trail import trail_choices
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.people.users import list_users
from so24.ui.frame import flash
from so24.ui.frame.flash import confirm, escape_markdown
from so24.ui.frame.session import acting_desk
from so24.ui.parts.downloads import show_file

CUSTOMER, USER = "Customer", "User"
_READ: dict[str, Callable[[Desk, str], KeptAccount]] = {
    CUSTOMER: about.read_about_customer,
    USER: about.read_about_user,
}


def show_holdings(holdings: Sequence[Holding]) -> None:
    """Draw every subject with why and how long."""
    st.table(
        pd.DataFrame(
            {
                "Kept": [each.name for each in holdings],
                "What": [escape_markdown(each.what) for each in holdings],
                "Why": [escape_markdown(each.why) for each in holdings],
                "How long": [each.how_long for each in holdings],
                "Rows": [each.rows for each in holdings],
            }
        ).set_index("Kept")
    )


def ask_whom(desk: Desk) -> None:
    """Ask about whom, and offer all that is kept about that one; giving it out is audited."""
    st.header("All about one customer or user")
    st.caption("A JSON file, made when it is downloaded; the audit trail says so.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.text_input("Customer number", key="kept_customer", max_chars=40, width=300)
        names = sorted({each.name for each in list_users(desk)} | set(trail_choices(desk).actors))
        user = st.selectbox("User", names, index=None, key="kept_user", width=300)
    if number and not about.is_kept(desk, number):
        st.error(escape_markdown(f"There is no customer {number}."))
    elif number:
        _offer(CUSTOMER, number)
    if user:
        _offer(USER, user)


def _offer(kind: str, name: str) -> None:
    read = _READ[kind]
    show_file(
        lambda asking: about.write_account(read(asking, name)).encode(),
        Permission.SEE_KEPT,
        file_name=f"{kind.lower()}.json",
        mime="application/json",
        label=f"Download all about {kind.lower()} {name}",
        key=f"kept_download_{kind}",
        style="secondary",
    )


def offer_purge(desk: Desk) -> None:
    """Say what a purge would blank, and do it after a question."""
    st.header("Time over")
    found = purge.find_overdue_details(desk)
    if not found:
        st.caption("No details' time is over.")
        return
    words = f"{purge.describe_details(found.old)}, up to the year {found.year}"
    st.markdown(f"The time of {words} is over.")
    if st.button("Purge details"):
        text = (
            f"Names, addresses, references, texts and reports of {words} go. Numbers, dates, "
            "amounts and the history stay. They cannot be got back but from a back-up."
        )
        confirm("Purge details?", text, "Yes, purge", _purge, found, destroys=True)


def _purge(found: OverdueDetails) -> None:
    with flash.complaining():
        gone = purge.purge_overdue_details(acting_desk(), found)
        flash.say(f"Purged: {purge.describe_details(gone.old)}.")
