"""Each tab is told its texts in the language of whoever sits before it, wherever they are made."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.language import reader
from so24.language.reader import language
from so24.people import logins
from so24.people.languages import choose_own_language
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.pages.conftest import OpenApp, open_by_address
from tests.people.conftest import events

pytestmark = pytest.mark.usefixtures("bokmal")
ROUNDS = 5


def choose(installation: Installation, name: str, chosen: str | None) -> None:
    """As the user does in some browser."""
    choose_own_language(installation, logins.open_session(installation, name), chosen)


def title_of(at: AppTest) -> str:
    """The title of the page; nothing went wrong in it."""
    assert not at.exception
    return str(at.title[0].value)


@pytest.mark.parametrize(("accepted", "button"), [("nb-NO,nb", "Logg inn"), ("en", "Sign in")])
def test_before_anybody_is_known_the_login_page_goes_by_the_browser(
    app: OpenApp, monkeypatch: pytest.MonkeyPatch, accepted: str, button: str
) -> None:
    monkeypatch.setattr(session, "accepted_language", lambda: accepted)
    assert button in [each.label for each in app(None).button]


def test_what_the_installation_says_comes_before_the_browser(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "language", "nb")
    assert [box.label for box in app(None).text_input] == ["Brukernavn", "Passord"]
    choose(installation, "fia", "en")
    assert title_of(app(Role.FINANCE, "help")) == "Help"
    assert title_of(app(Role.ANALYST, "help")) == "Hjelp"


def test_a_language_is_chosen_on_the_account_page_and_counts_at_once(
    app: OpenApp, installation: Installation
) -> None:
    at = app()
    at.session_state["so24_basket"] = {7}
    open_by_address(at, "account")
    at.run()
    assert title_of(at) == "Account"
    at.selectbox(key="so24_own_language_en").select("nb").run()
    assert title_of(at) == "Min konto"
    assert "Logg ut" in [each.label for each in at.sidebar.button]
    assert at.selectbox(key="so24_own_language_nb").value == "nb"
    assert at.session_state["so24_basket"] == {7}
    at.selectbox(key="so24_own_language_nb").select("").run()
    assert title_of(at) == "Account"
    said = [event for event in events(installation) if event[1] == "language chosen"]
    assert said == [("fia", "language chosen", "fia")] * 2


def test_a_page_that_is_open_in_another_tab_keeps_its_language_until_the_next_page(
    app: OpenApp, installation: Installation
) -> None:
    """What a browser sends of a choice is its words: in another language they would be lost."""
    at = app(Role.FINANCE, "help")
    choose(installation, "fia", "nb")
    assert title_of(at.run()) == "Help"
    open_by_address(at, "figures")
    assert title_of(at.run()) == "Nøkkeltall"


def test_a_message_of_a_button_is_told_in_the_language_of_its_tab(
    app: OpenApp, installation: Installation
) -> None:
    choose(installation, "fia", "nb")
    elsewhere = logins.open_session(installation, "fia")
    at = app()
    open_by_address(at, "account")
    at.run()
    next(each for each in at.button if each.label == "Logg ut" and each.key != "so24_leave").click()
    at.run()
    assert [each.value for each in at.toast] == ["Den innloggingen er avsluttet\\."]
    assert logins.verify(installation, elsewhere) is None


def test_two_users_of_two_languages_by_turns_never_read_each_others(
    app: OpenApp, installation: Installation
) -> None:
    """Each run is a thread of its own; two at once are tried in the browser."""
    choose(installation, "fia", "nb")
    norwegian, english = app(Role.FINANCE, "receipt"), app(Role.ANALYST, "receipt")
    for _ in range(ROUNDS):
        assert title_of(norwegian.run()) == "Kvitteringer"
        assert title_of(english.run()) == "Receipts"


def test_a_download_that_is_made_later_is_told_in_the_language_of_its_page(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = logins.open_session(installation, "fia")
    monkeypatch.setattr(st, "session_state", {session.SECRET: secret})

    def make(ask: Callable[[], object]) -> str:
        ask()
        return language()

    with reader.speaking("nb"):
        ask = session.desk_later()
    with ThreadPoolExecutor(1) as server:
        assert server.submit(make, ask).result() == "nb"
        assert server.submit(make, session.desk_later()).result() == "en"


def test_who_signs_in_after_another_in_the_same_tab_reads_the_own_language(
    app: OpenApp, installation: Installation
) -> None:
    choose(installation, "fia", "nb")
    at = app(Role.FINANCE, "receipt")
    assert title_of(at) == "Kvitteringer"
    at.button(key="so24_leave").click().run()
    assert [box.label for box in at.text_input] == ["User name", "Password"]


def test_a_thread_where_nobody_has_said_it_tells_english() -> None:
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(language).result() == "en"


def test_a_thread_of_a_tab_is_told_the_language_of_that_tab() -> None:
    """Callbacks, dialogs and fragments may run where no run of the page has said it."""

    def script() -> None:
        import threading

        import streamlit as st
        from streamlit.runtime.scriptrunner import add_script_run_ctx

        from so24.language.reader import language
        from so24.ui.tab.language import settle_language

        settle_language("nb", "fia")
        found: list[str] = []
        thread = threading.Thread(target=lambda: found.append(language()))
        add_script_run_ctx(thread)
        thread.start()
        thread.join()
        st.text(found[0])

    at = AppTest.from_function(script).run()
    assert not at.exception
    assert at.text[0].value == "nb"
