"""What page tests share: the real frame on an installation of its own, somebody signed in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
import streamlit as st
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.util import calc_hash

from so24.installation import Installation
from so24.office.address import sandbox_folder
from so24.people import logins, passwords
from so24.sandbox.runner import SandboxServer
from so24.settings import Settings
from so24.store.tables.people_tables import Role, User
from so24.ui.frame import cookie, session
from tests.transfer.world import World, make_world

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "so24" / "ui" / "frame" / "shell.py"
NAMES = {Role.ADMIN: "ada", Role.FINANCE: "fia", Role.ANALYST: "ann"}
PASSWORD = "a-long-enough-password"
PATIENCE = 120  # seconds; only to end a test that would wait for ever


class OpenApp(Protocol):
    """How a test opens the app."""

    def __call__(
        self,
        role: Role | None = Role.FINANCE,
        page: str | None = None,
        *,
        address: str = "",
        **query: str,
    ) -> AppTest:
        """Open the app as ``role`` (None: nobody), on ``pages/<page>.py``, and run it.

        With an ``address`` the page that has it is the first that runs, as by a link.
        """
        ...


@pytest.fixture(scope="session", autouse=True)
def _scan_packages_once() -> Iterator[None]:
    """Let Streamlit look through the installed packages for components once, not in every app.

    It reads what all of them say of themselves; that was nearly half of the time of these tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def _compile_scripts_once() -> Iterator[None]:
    """Let the apps of all tests share the compiled pages, as the sessions of a server do.

    Nor do they keep count of what a page draws, which the product has switched off as well.
    """
    shared = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: shared)
        config.set_option("browser.gatherUsageStats", False)
        yield


@pytest.fixture
def installation(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Installation]:
    """The very installation that the pages under test read: seed it, then open the app.

    Ada, Fia and Ann stand ready, one for each role, with :data:`PASSWORD`.
    """
    for name in [name for name in os.environ if name.startswith("SO24_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # no .env of the checkout
    monkeypatch.setenv("SO24_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SO24_SECRET_KEYS", settings.secret_keys.get_secret_value())
    monkeypatch.setenv("SO24_COOKIE_KEY", settings.cookie_key.get_secret_value())
    monkeypatch.setenv("SO24_DEMO", "false")
    monkeypatch.setattr(passwords, "ROUNDS", 4)  # a real check, in a thousandth of the time
    monkeypatch.setattr(cookie, "WAIT_SECONDS", 0.0)  # there is no browser to wait for
    _forget_caches()
    opened = session.installation()
    _add_people(opened)
    yield opened
    opened.close()
    _forget_caches()


@pytest.fixture
def app(installation: Installation) -> OpenApp:
    """Opens the real frame; ``app(Role.ADMIN, "users")`` gives an ``AppTest`` that has run."""

    def open_app(
        role: Role | None = Role.FINANCE,
        page: str | None = None,
        *,
        address: str = "",
        **query: str,
    ) -> AppTest:
        at = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
        for name, value in query.items():
            at.query_params[name] = value
        if role is not None:
            sign_in(at, installation, NAMES[role])
        if address:
            open_by_address(at, address)
        at.run()
        if page is not None:
            at.switch_page(f"../../../pages/{page}.py").run()
        return at

    return open_app


def sign_in(at: AppTest, installation: Installation, name: str) -> None:
    """Give the session the login that the form would have opened."""
    at.session_state[session.SECRET] = logins.open_session(installation, name)


def press_number(at: AppTest, grid: int, row: int, column: str = "Number") -> AppTest:
    """Press the number in this row of the page's grid: it opens the document."""
    proto = at.dataframe[grid].proto
    states = at._tree.get_widget_states()
    press = states.widgets.add(id=proto.button_click_widgets[column])
    number = str(at.dataframe[grid].value[column][row])
    press.string_trigger_value.data = json.dumps({"row": row, "label": number})
    return at._run(states)


def open_by_address(at: AppTest, name: str) -> None:
    """Ask for the page with this address at the next run, as a deep link does."""
    at._page_hash = calc_hash(name)  # switch_page takes only files that the role may open


def _add_people(installation: Installation) -> None:
    hashed = passwords.hash_password(PASSWORD)
    with installation.db.writing() as database:
        for role, name in NAMES.items():
            database.add(User(name=name, role=role, password_hash=hashed, must_change=False))


def _forget_caches() -> None:
    session.installation.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def economy(installation: Installation, sandbox: SandboxServer) -> World:
    """The pages' installation, activated, with a sandbox to talk to and nothing else yet."""
    folder = sandbox_folder(installation.settings)
    folder.mkdir(parents=True)
    (folder / "address").write_text(sandbox.address)
    return make_world(installation, sandbox.address)


@pytest.fixture
def invoices(economy: World) -> list[int]:
    """Five invoices, 1001 to 1005, of a department whose key is tested and usable."""
    department = economy.add_department()
    economy.add_key([department])
    return economy.add_invoices(department, 5)
