"""The request by which the browser fetches its login cookie, or has it taken away."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from so24.installation import Installation
from so24.people import logins
from so24.people.known_browsers import number_of_browser
from so24.ui.frame import cookie
from so24.ui.frame.asking_browser import KNOWN_BROWSER
from so24.ui.frame.cookie import COOKIE, CookieTicket

FOREIGN = {"Sec-Fetch-Site": "cross-site"}


class Client:
    """A browser that speaks to the app's own route, and keeps the cookies."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()
        self._app = Starlette(routes=[Route(cookie.address(), cookie.redeem_ticket)])

    def fetch(self, ticket: str, **headers: str) -> httpx.Response:
        """Ask for the image of the ticket with this ticket."""
        return asyncio.run(self._fetch(ticket, headers))

    async def _fetch(self, ticket: str, headers: dict[str, str]) -> httpx.Response:
        served = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(
            transport=served, base_url="https://so24.test", cookies=self.cookies
        ) as client:
            answer = await client.get(cookie.address(), params={"ticket": ticket}, headers=headers)
            self.cookies = client.cookies
            return answer


@pytest.fixture
def client(installation: Installation) -> Client:
    """A browser that holds no cookie yet."""
    return Client()


@pytest.fixture
def secret(installation: Installation) -> str:
    """The secret of an open login session of Fia's."""
    return logins.open_session(installation, "fia")


def test_an_open_session_is_written_for_this_site_alone_and_out_of_reach_for_scripts(
    client: Client, secret: str, installation: Installation
) -> None:
    ticket = CookieTicket(secret)
    answer = client.fetch(ticket.code)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    written = SimpleCookie(answer.headers.get_list("set-cookie")[0])[COOKIE]
    assert written["httponly"]
    assert written["samesite"] == "strict"
    assert written["path"] == "/"
    assert not written["secure"]
    hours = int(written["max-age"]) / 3600
    assert hours == pytest.approx(installation.settings.session_hours, abs=0.01)
    assert cookie.secret_in(written.value) == secret
    assert ticket.redeemed.is_set()


def test_behind_https_the_cookie_is_sent_encrypted_only(
    client: Client, secret: str, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "tls_cookie", True)
    ticket = CookieTicket(secret)
    answer = client.fetch(ticket.code)
    written = SimpleCookie(answer.headers.get_list("set-cookie")[0])[f"__Host-{COOKIE}"]
    assert written["secure"]
    assert written["path"] == "/"
    assert not written["domain"]
    assert cookie.user_in({f"__Host-{COOKIE}": written.value}) is not None
    # a page of another port of this host can write the bare name, and nobody reads it
    assert cookie.user_in({COOKIE: written.value}) is None
    assert f"__Host-{KNOWN_BROWSER}=" in answer.headers.get_list("set-cookie")[1]


def test_the_browser_keeps_that_it_is_known_and_this_is_no_login(
    client: Client, secret: str, installation: Installation
) -> None:
    answer = client.fetch(CookieTicket(secret).code)
    _, kept = answer.headers.get_list("set-cookie")
    written = SimpleCookie(kept)[KNOWN_BROWSER]
    assert (bool(written["httponly"]), written["samesite"]) == (True, "strict")
    assert number_of_browser(installation, written.value, "fia")
    assert cookie.secret_in(written.value) == ""
    assert number_of_browser(installation, client.cookies[COOKIE], "fia") == ""
    logins.close_session(installation, secret)
    client.fetch(CookieTicket(secret).code)
    assert number_of_browser(installation, client.cookies[KNOWN_BROWSER], "fia")


def test_a_ticket_is_good_once(client: Client, secret: str) -> None:
    ticket = CookieTicket(secret)
    assert [client.fetch(ticket.code).status_code for _ in range(2)] == [200, 404]


@pytest.mark.parametrize("ticket", ["", "made-up"])
def test_a_made_up_ticket_is_good_for_nothing(client: Client, ticket: str) -> None:
    answer = client.fetch(ticket)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_a_ticket_ends_after_a_minute(
    client: Client, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cookie, "_TICKET_SECONDS", -1.0)
    ticket = CookieTicket(secret)
    assert ticket.is_over()
    assert client.fetch(ticket.code).status_code == 404


def test_another_site_cannot_have_its_visitors_signed_in(client: Client, secret: str) -> None:
    ticket = CookieTicket(secret)
    assert client.fetch(ticket.code, **FOREIGN).status_code == 404
    assert COOKIE not in client.cookies
    # and the attempt has not used up the ticket
    assert client.fetch(ticket.code).status_code == 200


def test_the_cookie_of_an_ended_session_is_taken_away(
    client: Client, secret: str, installation: Installation
) -> None:
    client.fetch(CookieTicket(secret).code)
    assert COOKIE in client.cookies
    logins.close_session(installation, secret)
    assert client.fetch(CookieTicket(secret).code).status_code == 200
    assert COOKIE not in client.cookies


def test_the_cookie_of_another_session_is_left_alone(
    client: Client, secret: str, installation: Installation
) -> None:
    other = logins.open_session(installation, "ada")
    client.fetch(CookieTicket(other).code)
    logins.close_session(installation, secret)
    client.fetch(CookieTicket(secret).code)
    assert cookie.secret_in(client.cookies[COOKIE]) == other


def test_behind_https_too_the_cookie_of_an_ended_session_is_taken_away(
    client: Client, secret: str, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "tls_cookie", True)
    client.fetch(CookieTicket(secret).code)
    assert f"__Host-{COOKIE}" in client.cookies
    logins.close_session(installation, secret)
    answer = client.fetch(CookieTicket(secret).code)
    assert "Secure" in answer.headers["set-cookie"]  # else browsers leave it as it is
    assert f"__Host-{COOKIE}" not in client.cookies


def test_a_ticket_that_the_browser_has_let_pass_is_followed_by_another(
    client: Client, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = CookieTicket(secret)
    assert ticket.renewed() is ticket
    monkeypatch.setattr(ticket, "_ends", 0.0)
    another = ticket.renewed()
    assert not another.is_awaited  # nobody waits again where the browser does not ask
    assert client.fetch(another.code).status_code == 200
    assert another.renewed() is another
