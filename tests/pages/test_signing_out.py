"""A tab is emptied when its login ends: who signs in next finds nothing of who was there before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest, local_script_runner

from so24.errors import NotAllowed
from so24.installation import Installation
from so24.people import logins, users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.people import people
from so24.store.tables.people_tables import Role
from so24.ui.frame import session
from so24.ui.frame.login import ENDED
from so24.ui.frame.login import LEFT as LEFT_WORDS
from tests.pages.conftest import PASSWORD, OpenApp, open_by_address
from tests.pages.test_invoices import XLSX
from tests.sources.report_files import as_report, line
from tests.transfer.world import World

pytestmark = pytest.mark.slow  # seconds each

LEFT: dict[str, object] = {
    "so24_basket": {1, 2, 3},
    "ledger_result": ("Firm", "Period", "now", []),
    "users_handed_over": ("tom", "one-time-password"),
    "import_reports": ["a report"],
    "what_comes_with_the_next_page": "of the one before",
}


def sign_in_again(at: AppTest, name: str, page: str) -> AppTest:
    """Sign in by the form, in the very tab, at this page's address."""
    open_by_address(at, page)
    at.text_input[0].input(name)
    at.text_input[1].input(PASSWORD)
    return at.button[0].click().run()


def close_by_button(at: AppTest, _opened: Installation) -> AppTest:
    """Sign out as a person does."""
    return at.button("so24_leave").click().run()


def close_elsewhere(at: AppTest, opened: Installation) -> AppTest:
    """End the login in the store, as a role's change does; the tab sees it in its next run."""
    logins.close_session(opened, at.session_state[session.SECRET])
    return at.run()


@pytest.mark.parametrize("close", [close_by_button, close_elsewhere])
def test_nothing_of_one_user_is_left_to_the_next(
    app: OpenApp,
    installation: Installation,
    close: Callable[[AppTest, Installation], AppTest],
) -> None:
    at = app(Role.ADMIN, "audit")
    for name, value in LEFT.items():
        at.session_state[name] = value
    at = close(at, installation)
    assert [name for name in LEFT if name in at.session_state] == []
    at = sign_in_again(at, "fia", "invoices")
    assert not at.exception
    assert at.title[0].value == "Invoice overview"
    assert [name for name in LEFT if at.session_state.get(name)] == []


def test_a_one_time_password_is_not_shown_to_the_next_administrator(
    app: OpenApp, installation: Installation
) -> None:
    at = app(Role.ADMIN, "users")
    at.text_input("users_name").input("tom")
    next(each for each in at.button if each.label == "Add user").click().run()
    [password] = [each.value for each in at.code]
    at = close_by_button(at, installation)
    at = sign_in_again(at, "ada", "users")
    assert at.title[0].value == "Users"
    assert not at.code
    assert password


def test_a_run_that_is_stopped_on_the_way_is_made_good_by_the_next(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = app(Role.ADMIN, "audit")
    for name, value in LEFT.items():
        at.session_state[name] = value
    logins.close_session(installation, at.session_state[session.SECRET])
    forget = session.empty_tab

    def stop_before_the_end(*, but: frozenset[str]) -> None:
        st.session_state.pop("so24_basket", None)
        st.stop()

    monkeypatch.setattr(session, "empty_tab", stop_before_the_end)
    at.run()
    monkeypatch.setattr(session, "empty_tab", forget)
    at.run()
    assert [name for name in LEFT if name in at.session_state] == []


class Files(MemoryUploadedFileManager):
    """What keeps the uploaded files of one run; it notes whose it has been told to forget."""

    last: Files

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        self.forgotten: list[str] = []
        Files.last = self

    def remove_session_files(self, session_id: str) -> None:
        """Forget the files of a session."""
        super().remove_session_files(session_id)
        self.forgotten.append(session_id)


@pytest.mark.parametrize("press", ["Import", "Sign out"])
def test_uploaded_files_are_forgotten_when_they_are_imported_and_when_the_user_leaves(
    economy: World, app: OpenApp, monkeypatch: pytest.MonkeyPatch, press: str
) -> None:
    monkeypatch.setattr(local_script_runner, "MemoryUploadedFileManager", Files)
    at = app(Role.FINANCE, "invoices")
    at.file_uploader[0].set_value([("lines.xlsx", as_report(line(number="1001")), XLSX)])
    next(each for each in at.button if each.label == press).click().run()
    assert len(Files.last.forgotten) == 1
    assert not any(Files.last.file_storage.values())


def made_downloads(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """What the buttons for downloads on the pages that are opened from now on call at a press."""
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr("streamlit.download_button", lambda *_, data, **_of: made.append(data))
    return made


@pytest.mark.parametrize("end", ["sign out", "deactivate", "reset", "role"])
@pytest.mark.parametrize("page", ["history", "imports", "audit"])
def test_a_download_asks_at_the_press_who_acts(
    app: OpenApp,
    installation: Installation,
    admin: Actor,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    end: str,
) -> None:
    made = made_downloads(monkeypatch)
    at = app(Role.ADMIN, page)
    assert made[-1]()
    ends: dict[str, Callable[[], object]] = {
        "sign out": lambda: logins.close_session(installation, at.session_state[session.SECRET]),
        "deactivate": lambda: users.deactivate(Desk(installation, admin), "ada"),
        "reset": lambda: users.reset_password(Desk(installation, admin), "ada"),
        "role": lambda: users.change_role(Desk(installation, admin), "ada", Role.ANALYST),
    }
    users.add_user(Desk(installation, admin), "zoe", Role.ADMIN)
    ends[end]()
    with pytest.raises(NotAllowed):
        made[-1]()


def test_a_download_is_for_the_role_at_the_press(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_downloads(monkeypatch)
    app(Role.ADMIN, "audit")
    with installation.db.writing() as database:
        user = people.user_named(database, "ada")
        assert user is not None
        user.role = Role.ANALYST
    with pytest.raises(NotAllowed, match="audit trail"):
        made[-1]()


def test_emptying_streamlits_caches_leaves_the_installation_open(
    installation: Installation,
) -> None:
    st.cache_resource.clear()
    st.cache_data.clear()
    assert session.installation() is installation


@pytest.mark.parametrize(
    ("close", "told"), [(close_by_button, LEFT_WORDS), (close_elsewhere, ENDED)]
)
def test_the_login_page_says_how_the_login_ended_until_somebody_signs_in(
    app: OpenApp,
    installation: Installation,
    close: Callable[[AppTest, Installation], AppTest],
    told: str,
) -> None:
    at = close(app(Role.FINANCE, "history"), installation)
    at.text_input[0].input("fia")
    for shown in (at, at.run(), at.button[0].click().run()):
        assert told in [each.value for each in (*shown.info, *shown.warning)]
    at = sign_in_again(at, "fia", "history")
    assert at.title[0].value == "Transfer history"
    assert told not in [each.value for each in (*at.info, *at.warning)]
