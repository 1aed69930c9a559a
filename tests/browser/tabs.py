"""A tab without a browser: a small client of Streamlit's protocol, which sends what it likes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import jwt
from pydantic import SecretStr
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from so24.installation import Installation, open_installation
from so24.people import logins
from so24.settings import Settings
from so24.store.people import people
from so24.store.tables.ground import now
from so24.ui.frame import browser, cookie
from tests.browser.conftest import SLOWEST_MILLISECONDS, RunningApp

SECONDS = SLOWEST_MILLISECONDS / 1000


class Tab:
    """One connection to the running app: what it sends, and what is drawn in answer."""

    def __init__(self, connection: ClientConnection) -> None:
        self.session_id = ""
        self.received: list[ForwardMsg] = []  # by the last run
        self._connection = connection

    def run(self, page: str = "") -> str:
        """Ask for one run of the page at this address; everything that it draws, as one text."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        return self.answer(asked)

    def answer(self, asked: BackMsg) -> str:
        """Ask for a run; everything that it draws, as one text."""
        self.send(asked)
        self.received = []
        while True:
            message = self._receive()
            if message.WhichOneof("type") == "new_session":
                self.session_id = message.new_session.initialize.session_id
            self.received.append(message)
            if message.WhichOneof("type") == "script_finished" and (
                message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return "".join(map(str, self.received))

    def send(self, message: BackMsg) -> None:
        """Send any message."""
        self._connection.send(message.SerializeToString())

    def send_bytes(self, content: bytes) -> None:
        """Send what is no message at all."""
        self._connection.send(content)

    def announce(self, size: int) -> None:
        """Send the beginning of a message that is said to have so many bytes."""
        self._connection.socket.sendall(b"\x82\xff" + size.to_bytes(8, "big") + b"mask")

    def wait_for_the_end(self) -> int:
        """Wait until the server ends the connection; the code that it gives."""
        while True:
            try:
                self._connection.recv(timeout=SECONDS)
            except Exception:  # however it ends
                assert self._connection.close_code is not None
                return self._connection.close_code

    def _receive(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self._connection.recv(timeout=SECONDS, decode=False))
        return message


@contextmanager
def open_tab(
    app: RunningApp, cookies: Mapping[str, str], session_id: str = "", **options: Any
) -> Iterator[Tab]:
    """Connect with these cookies, as the tab whose session has this id, if one is given."""
    protocols = ["streamlit", "no-token", session_id] if session_id else ["streamlit"]
    with connect(
        f"{app.url.replace('http', 'ws', 1)}/_stcore/stream",
        additional_headers={"Cookie": "; ".join(f"{key}={cookies[key]}" for key in cookies)},
        subprotocols=[Subprotocol(each) for each in protocols],
        max_size=None,
        open_timeout=SECONDS,
        **{"origin": app.url, **options},
    ) as connection:
        yield Tab(connection)


def greet(app: RunningApp) -> dict[str, str]:
    """The cookies of a browser that has opened the login page."""
    answers = [httpx.get(f"{app.url}/_stcore/{path}") for path in ("health", "host-config")]
    cookies = {name: value for answer in answers for name, value in answer.cookies.items()}
    assert browser.COOKIE in cookies
    return cookies


def cookies_of(app: RunningApp, name: str) -> dict[str, str]:
    """The cookies of a browser with which this user has signed in."""
    opened = opened_beside(app)
    secret = logins.open_session(opened, name)
    key = opened.settings.cookie_key.get_secret_value()
    opened.close()
    content = jwt.encode({"username": name, "sid": secret}, key, algorithm="HS256")
    return {**greet(app), cookie.COOKIE: content}


def end_logins(app: RunningApp, name: str) -> None:
    """End all logins of this user."""
    opened = opened_beside(app)
    with opened.db.writing() as session:
        people.revoke_logins(session, people.known_user(session, name), now())
    opened.close()


def opened_beside(app: RunningApp) -> Installation:
    """The app's installation, opened by this process as well."""
    secret_keys, cookie_key = (
        SecretStr((app.data_dir / f"{name}.txt").read_text().strip())
        for name in ("secret_keys", "cookie_key")
    )
    return open_installation(
        Settings(data_dir=app.data_dir, secret_keys=secret_keys, cookie_key=cookie_key)
    )
