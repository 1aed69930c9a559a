"""The frame around every page, and the script that the web app runs.

It stands here and not beside ``pages/``, because Streamlit serves a ``pages/`` folder beside the
running script to anybody until some session has called ``st.navigation``.

Every page is known to the navigation in every run, so that a deep link survives the login. A page
that the role may not see is replaced by a sentence: its file does not even run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from so24.errors import So24Error
from so24.language.reader import language
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.languages import language_for
from so24.people.logins import SignedIn
from so24.people.roles import ROLE_NAMES, Permission
from so24.ui.frame import flash, session
from so24.ui.frame.account import comes_first, show_account
from so24.ui.frame.company_login import tell_said
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.login import leave, recognise_user, show_login
from so24.ui.frame.proof import ask_for_proof
from so24.ui.frame.run_badge import show_run_badge
from so24.ui.keyboard.shortcuts import OFF, are_single_keys_on
from so24.ui.tab import basket
from so24.ui.tab.language import MARKS, settle_language

HERE = Path(__file__).parent
ECONOMY = say("Economy")
SYSTEM = say("System settings")
TOP, MORE = "", say("More")
SIDEBAR = 240  # pixels: the lists need the room


@dataclass(frozen=True)
class PageEntry:
    """One page of the navigation and the permission that opens it.

    ``changes_by``: the one by which something is changed there, where that is another one.
    """

    name: str
    title: str
    icon: str
    group: str
    permission: Permission
    changes_by: Permission | None = None


ENTRIES = (
    PageEntry("start", say("Today"), "today", TOP, Permission.SEE_RECEIPTS),
    PageEntry(
        "invoices", say("Invoice overview"), "receipt_long", ECONOMY, Permission.SEE_INVOICES
    ),
    PageEntry("imports", say("Imports"), "upload_file", ECONOMY, Permission.SEE_IMPORTS),
    PageEntry("receipt", say("Receipts"), "task_alt", ECONOMY, Permission.SEE_RECEIPTS),
    PageEntry("history", say("Transfer history"), "history", ECONOMY, Permission.SEE_RECEIPTS),
    PageEntry("figures", say("Figures"), "bar_chart", ECONOMY, Permission.SEE_RECEIPTS),
    PageEntry("customers", say("Customers and products"), "contacts", ECONOMY, Permission.EXPORT),
    PageEntry("ledger", say("Inside 24SevenOffice"), "menu_book", ECONOMY, Permission.SEE_LEDGER),
    PageEntry("activation", say("Marketplace"), "storefront", SYSTEM, Permission.SEE_MARKETPLACE),
    PageEntry("credentials", say("Credentials"), "key", SYSTEM, Permission.MANAGE_KEYS),
    PageEntry("recman", say("RecMan connection"), "cable", SYSTEM, Permission.MANAGE_RECMAN),
    PageEntry("users", say("Users"), "group", SYSTEM, Permission.MANAGE_USERS),
    PageEntry("audit", say("Audit trail"), "policy", SYSTEM, Permission.SEE_AUDIT),
    PageEntry(
        "kept",
        say("What is kept"),
        "inventory_2",
        SYSTEM,
        Permission.SEE_KEPT,
        Permission.PURGE_DETAILS,
    ),
    PageEntry("help", say("Help"), "help", MORE, Permission.SEE_RECEIPTS),
)


def draw() -> None:
    """Draw the frame and the page that the address asks for, or the login page."""
    st.set_page_config(
        "so24",
        page_icon=HERE / "icon.svg",
        layout="wide",
        initial_sidebar_state=SIDEBAR,
    )
    st.logo(HERE / "logo.svg", size="large", icon_image=HERE / "icon.svg")
    user = recognise_user()
    _settle_language(user)
    if user is not None:
        tell_said()
    if user is None or comes_first(user):
        st.navigation(_pages_for(None), position="hidden")  # keeps the address, opens nothing
        if user is None:
            show_login()
        else:
            flash.show_messages()
            run_page(show_account)
            _draw_person(user)
        return
    page = st.navigation(_pages_for(user), position="sidebar", expanded=True)
    _draw_person(user)
    _draw_banner()
    show_run_badge(page.title, tells_progress=page.url_path != "receipt")
    flash.show_messages()
    _keep_ticks(user)
    for entry in ENTRIES:
        if entry.name == page.url_path and user.actor.may(entry.permission):
            ask_for_proof(user, entry.changes_by or entry.permission)
    run_page(page.run)
    flash.show_homeless()


def _settle_language(user: SignedIn | None) -> None:
    """Tell all that this run draws in the language of who is there."""
    wanted = language_for(user, session.installation().settings, session.accepted_language())
    settle_language(wanted, user.name if user is not None else "")


def _keep_ticks(user: SignedIn) -> None:
    """Have what is ticked outlast a reload of whatever page is open."""
    if user.actor.may(Permission.SEE_INVOICES):
        desk = Desk(session.installation(), user.actor)
        basket.recall(desk)
        basket.save(desk)


def run_page(page: Callable[[], None]) -> None:
    """Run the page; an error that so24 raises on purpose becomes a sentence on it."""
    try:
        page()
    except So24Error as error:
        st.error(escape_markdown(tell(error.words)), icon=":material/error:")


def _pages_for(user: SignedIn | None) -> dict[str, list[st.Page]]:
    """The navigation's pages by group; those that ``user`` may not see are hidden and refuse."""
    groups: dict[str, list[st.Page]] = {TOP: [_home_page(), _account_page()]}
    for entry in ENTRIES:
        groups.setdefault(tell(entry.group), []).append(_page_for(entry, user))
    return groups


def _page_for(entry: PageEntry, user: SignedIn | None) -> st.Page:
    icon = f":material/{entry.icon}:"
    if user is None or user.actor.may(entry.permission):
        return st.Page(
            session.PAGES / f"{entry.name}.py",
            title=tell(entry.title),
            icon=icon,
            url_path=entry.name,
        )
    return st.Page(
        partial(session.refuse_page, entry.permission.value),
        title=tell(entry.title),
        icon=icon,
        url_path=entry.name,
        visibility="hidden",
    )


def _home_page() -> st.Page:
    """The bare address: leads on to *Today*, which so keeps an address of its own."""

    def go() -> None:
        st.switch_page(session.START)

    return st.Page(go, title="so24", url_path="", default=True, visibility="hidden")


def _account_page() -> st.Page:
    return st.Page(
        show_account,
        title=tell("Account"),
        icon=":material/account_circle:",
        url_path="account",
        visibility="hidden",
    )


def _draw_banner() -> None:
    if practice := session.installation().settings.practice:
        sandbox = tell("Sandbox")
        st.markdown(f":orange-badge[:material/science: {sandbox}] :gray[:small[{tell(practice)}]]")


def _draw_person(user: SignedIn) -> None:
    """The lower part of the sidebar: who is signed in, and the way out."""
    off = None if are_single_keys_on() else OFF
    with st.sidebar, st.container(key=off), st.container(key=MARKS[language()]):
        st.markdown(f"**{escape_markdown(user.name)}**  \n{tell(ROLE_NAMES[user.role])}")
        if not comes_first(user):
            st.page_link(_account_page(), label=tell("Account"))
        st.button(tell("Sign out"), icon=":material/logout:", on_click=leave, key="so24_leave")


if __name__ == "__main__":
    draw()
