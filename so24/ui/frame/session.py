"""Who looks at the page, the guard that every page begins with, and where the pages are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from so24.errors import ConfigurationError, NotAllowed
from so24.installation import Installation, open_installation
from so24.language.reader import language, speak
from so24.language.said import say
from so24.language.telling import tell
from so24.people import logins
from so24.people.desk import Desk
from so24.people.logins import SignedIn
from so24.people.roles import Permission
from so24.people.users import ensure_demo_users
from so24.people.visitors import HERE, Visitor, find_source, name_browser

PAGES = Path(__file__).resolve().parents[3] / "pages"
INVOICES = PAGES / "invoices.py"
RECEIPT = PAGES / "receipt.py"
HISTORY = PAGES / "history.py"
START = PAGES / "start.py"
IMPORTS = PAGES / "imports.py"
LEDGER = PAGES / "ledger.py"
CREDENTIALS = PAGES / "credentials.py"
CUSTOMERS = PAGES / "customers.py"
HELP = PAGES / "help.py"
FOR_DEPARTMENT = "department"  # in the address of Credentials: which one the new key is for
SECRET = "so24_login"  # noqa: S105 - the name of a place in the session state, not a secret
_REFUSED = "so24_refused"
_SHORTEST_COOKIE_KEY = 32


@cache
def installation() -> Installation:
    """The installation of this process, opened once, before anybody can ask for it.

    It is not kept in Streamlit's cache, which any browser may have emptied. Raises
    :class:`so24.errors.ConfigurationError` where the settings cannot be used.
    """
    opened = open_installation()
    if len(opened.settings.cookie_key.get_secret_value()) < _SHORTEST_COOKIE_KEY:
        raise ConfigurationError(
            say(
                "SO24_COOKIE_KEY is shorter than {least} characters; `so24 secrets new` prints a "
                "good one.",
                least=_SHORTEST_COOKIE_KEY,
            )
        )
    ensure_demo_users(opened)
    return opened


def current_user() -> SignedIn | None:
    """Who is signed in, read from the store each time; None where the login has ended.

    Call it in fragments that poll, too: they run without the page's guard.
    """
    return logins.verify(installation(), secret(), visitor()) if secret() else None


def visitor() -> Visitor:
    """Who looks at the page: the address, as far as trusted proxies tell it, and the browser."""
    headers = st.context.headers
    peer = str(st.context.ip_address or HERE)  # Streamlit tells no address of this machine
    forwarded = ", ".join(headers.get_all("X-Forwarded-For"))
    return Visitor(
        find_source(peer, forwarded, installation().settings.trusted_proxies),
        name_browser(headers.get("User-Agent", "")),
    )


def accepted_language() -> str:
    """The languages that the browser of this run asks for."""
    return str(st.context.headers.get("Accept-Language") or "")


def secret() -> str:
    """The secret of this tab's login, which may have ended; empty where nobody has signed in."""
    kept: str = st.session_state.get(SECRET, "")
    return kept


def empty_tab(*, but: frozenset[str]) -> None:
    """Throw away whatever the person who leaves had in this tab, uploaded files included.

    ``but``: what tells that the login has ended. It goes last, because a run may end at any of
    these lines: the next one then sees that there is more to throw away.
    """
    for name in [str(each) for each in st.session_state if each not in but]:
        st.session_state.pop(name, None)
    forget_uploads()


def forget_uploads() -> None:
    """Have Streamlit forget the files that were uploaded in this tab; it would keep them all."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None:
        run.uploaded_file_mgr.remove_session_files(run.session_id)


def acting_desk() -> Desk:
    """The desk of the signed-in user now, for callbacks, which run before the page's guard.

    Raises :class:`so24.errors.NotAllowed` where the login has ended.
    """
    return desk_later()()


def desk_later() -> Callable[[], Desk]:
    """What gives the desk of whoever acts when a download is made, which may be much later.

    What is made then is told in the language of the page. It raises
    :class:`so24.errors.NotAllowed` where the login of this run has ended by then.
    """
    of_this_run, asking, told_in = secret(), visitor(), language()

    def ask() -> Desk:
        user = logins.verify(installation(), of_this_run, asking)
        speak(told_in)
        if user is None or user.is_held:
            raise NotAllowed(say("Your login has ended. Please sign in again."))
        return Desk(installation(), user.actor)

    return ask


def require_page(permission: Permission) -> Desk:
    """Let the page go on only for a signed-in user with this permission; return the desk."""
    user = current_user()
    if user is None or user.is_held:
        st.error(tell("Please log in first."))
        st.stop()
    if not user.actor.may(permission):
        refuse_page(permission.value)
    return Desk(installation(), user.actor)


def refuse_page(what: str) -> None:
    """Say that the page is not for this role, put it into the audit trail once, and stop."""
    user = current_user()
    refused: set[str] = st.session_state.setdefault(_REFUSED, set())
    if user is not None and what not in refused:
        refused.add(what)
        event = "access refused"  # in English: a code of the audit trail
        Desk(installation(), user.actor).note(event, what)
    st.error(tell("You do not have access to this page."))
    st.page_link(START, label=tell("Today"), icon=":material/today:")
    st.stop()
