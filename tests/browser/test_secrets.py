"""A whole session in a browser, with everything logged that can be: no secret is left anywhere.

Planted are passwords of users, the right one in the wrong field too, passwords of keys, the key to
RecMan, which RecMan's stand-in repeats; and what the program makes itself: the login, the key
material, the sessions at 24SevenOffice.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

import jwt
import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect
from sqlmodel import select

from so24.people import users
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Role
from so24.ui.frame.cookie import COOKIE
from tests.browser.conftest import (
    START_SECONDS,
    RunningApp,
    fill_in,
    open_browser_page,
    start_app,
    wait_until_settled,
)
from tests.browser.rounds import tell_demo_done
from tests.browser.tabs import opened_beside
from tests.browser.test_presses import wait_for_the_cookie
from tests.browser.test_whole_way import open_page
from tests.sources.recman.papers import stand_in
from tests.sources.recman.standin import serving

FIRST = "planted-first-Xq7"
CHOSEN = "planted-chosen-Wk3-æ"
GUESSED = "planted-guessed-Zt9"
BAD_KEY = "planted-badkey-Rv5"
RECMAN_KEY = "planted+recman/Hj2=key"
# every logger of every library at its most talkative, as somebody who looks for a fault sets it
TALKATIVE = """
import logging
logging.basicConfig(level=logging.DEBUG)
logging.root.setLevel(logging.DEBUG)
"""


class Witness:
    """All that a page was sent, and every address that it asked for."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.received: list[bytes] = []
        self._lock = threading.Lock()
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("websocket", self._listen)

    def _listen(self, connection: WebSocket) -> None:
        connection.on("framereceived", self._keep)

    def _keep(self, frame: str | bytes) -> None:
        with self._lock:
            self.received.append(frame.encode() if isinstance(frame, str) else frame)


def spellings(secret: str) -> Iterator[bytes]:
    """The secret as programs write it into other text, and as bytes."""
    yield secret.encode()
    yield json.dumps(secret).strip('"').encode()
    yield repr(secret).strip("'").encode()
    yield quote(secret, safe="").encode()
    yield quote_plus(secret).encode()
    yield base64.b64encode(secret.encode()).rstrip(b"=")


def find(secrets: Mapping[str, str], places: Mapping[str, bytes]) -> list[str]:
    """Which secret stands in which place."""
    return [
        f"{name} in {place}"
        for name, secret in secrets.items()
        for place, content in places.items()
        if any(each in content for each in spellings(secret))
    ]


@pytest.mark.slow
def test_no_secret_is_left_by_a_whole_session_with_everything_logged(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(TALKATIVE)
    log = tmp_path / "app.log"
    with serving(stand_in(key=RECMAN_KEY)) as recman, open_browser_page(browser) as page:
        app = start_app(
            tmp_path / "data",
            log,
            PYTHONPATH=str(tmp_path),
            STREAMLIT_LOGGER_LEVEL="debug",
            SO24_RECMAN_URL=recman.address,
        )
        try:
            witness = Witness(page)
            secrets = plant_user(app)
            files = live_through(app, page)
            secrets |= made_by_the_program(app, page)
            arguments = Path(f"/proc/{app.process.pid}/cmdline").read_bytes()
        finally:
            app.process.terminate()
            app.process.wait(START_SECONDS)
    places = {
        "the log": log.read_bytes(),
        "addresses": "\n".join(witness.addresses).encode(),
        "what the page was sent": b"\n".join(witness.received),
        "arguments": arguments,
        **files,
        **kept_files(app.data_dir),
    }
    places["the database"] = places["so24.db"] + places.get("so24.db-wal", b"")
    assert find(secrets, places) == []
    # where it was looked, there was something to find
    for place, words in (
        ("the log", b"DEBUG"),
        ("addresses", b"/so24/cookie?ticket="),
        ("what the page was sent", b"Invoice overview"),
        ("arguments", b"streamlit"),
        ("Transfer history", b"Nordvik"),
        ("Audit trail", b"login refused"),
        ("the database", b"planted-user"),
    ):
        assert words in places[place], place
    assert find({"a user": "planted-user"}, places)
    assert audit_origins(app.data_dir) == {("127.0.0.1", 8, "Chrome on Linux")}


def plant_user(app: RunningApp) -> dict[str, str]:
    """A System Administrator with a one-time password."""
    opened = opened_beside(app)
    try:
        users.add_user(
            Desk(opened, Actor("os:test", Role.ADMIN)), "planted-user", Role.ADMIN, FIRST
        )
    finally:
        opened.close()
    return {
        "the one-time password": FIRST,
        "the password": CHOSEN,
        "a wrong password": GUESSED,
        "the wrong password of a key": BAD_KEY,
        "the key to RecMan": RECMAN_KEY,
    }


def live_through(app: RunningApp, page: Page) -> dict[str, bytes]:
    """Sign in in vain and in earnest, enter keys, export, download; the files that were got."""
    page.goto(app.url)
    for name, password in (("planted-user", GUESSED), (CHOSEN, GUESSED)):
        fill_in(page, name, password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("do not fit")).to_be_visible()
        wait_until_settled(page)
    fill_in(page, "planted-user", FIRST)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Change password")).to_be_visible()
    wait_until_settled(page)
    page.get_by_label("Present password", exact=True).fill(FIRST)
    page.get_by_label("New password", exact=True).fill(CHOSEN)
    page.get_by_label("New password, once more", exact=True).fill(CHOSEN)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    wait_for_the_cookie(page)
    _enter_keys(page)
    _export(page)
    return {name: _download(page, name) for name in ("Transfer history", "Audit trail")}


def _enter_keys(page: Page) -> None:
    open_page(page, "Credentials")
    page.get_by_text("Add key").first.click()
    page.get_by_label("Key name", exact=True).fill("planted")
    page.get_by_label("Organization ID", exact=True).fill("10000001")
    page.get_by_label("Account (e-mail)", exact=True).fill("oslo@sandbox.example")
    page.get_by_label("Password", exact=True).fill(BAD_KEY)
    page.get_by_text("All Departments (global access)", exact=True).first.click()
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("did not accept").first).to_be_visible()
    open_page(page, "RecMan connection")
    page.get_by_label("Key", exact=True).fill(f"{RECMAN_KEY}x")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Invalid key").first).to_be_visible()
    page.get_by_label("Key", exact=True).fill(RECMAN_KEY)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("button", name="Disconnect")).to_be_visible()


def _export(page: Page) -> None:
    open_page(page, "Invoice overview")
    page.get_by_role("button", name="Select all 62").click()
    expect(page.locator(".st-key-invoices_bar")).to_contain_text("62 of 62 selected")
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send ")).click()
    expect(page.get_by_text(tell_demo_done())).to_be_visible()


def _download(page: Page, name: str) -> bytes:
    open_page(page, name)
    wait_until_settled(page)
    page.get_by_role("button", name="Download", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="As CSV").first.click()
    return Path(waiting.value.path()).read_bytes()


def made_by_the_program(app: RunningApp, page: Page) -> dict[str, str]:
    """What the program has made that opens something."""
    [token] = [each["value"] for each in page.context.cookies() if each["name"] == COOKIE]
    opened = opened_beside(app)
    try:
        material = opened.settings.secret_keys.get_secret_value()
        cookie_key = opened.settings.cookie_key.get_secret_value()
        with opened.db.reading() as session:
            keys = session.exec(select(Key)).all()
        sealed = [each.session_sealed for each in keys if each.session_sealed]
        sessions = [opened.vault.unseal(each) for each in sealed]
    finally:
        opened.close()
    assert sessions, "the export has logged in"
    sid = jwt.decode(token, cookie_key, algorithms=["HS256"])["sid"]
    return {
        "the cookie": token,
        "the login": sid,
        "the secret keys": material,
        "the cookie key": cookie_key,
        **{f"session {place}": each for place, each in enumerate(sessions)},
    }


def kept_files(folder: Path) -> dict[str, bytes]:
    """All that is kept but the sandbox, which is 24SevenOffice, and the key material itself."""
    return {
        path.name: path.read_bytes()
        for path in _files_of(folder)
        if "sandbox" not in path.relative_to(folder).parts
        if path.name not in ("secret_keys.txt", "cookie_key.txt")
    }


def _files_of(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def audit_origins(folder: Path) -> set[tuple[str, int, str]]:
    """From where the user was signed in: address, length of the login's mark, browser."""
    connection = sqlite3.connect(f"file:{folder / 'so24.db'}?mode=ro", uri=True)
    try:
        statement = (
            "SELECT DISTINCT source, length(login), browser FROM audit_event "
            "WHERE actor = 'planted-user' AND action <> 'login refused'"
        )
        return {(source, length, name) for source, length, name in connection.execute(statement)}
    finally:
        connection.close()
