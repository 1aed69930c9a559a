"""The company login in the browser: its routes and cookie, and what the pages make of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.people import logins
from so24.people.company_login.linking import link_by_email, turn_password_off
from so24.people.company_login.provider import provider_at
from so24.people.company_login.trip import BACK, BEGIN
from so24.people.company_login.words import LoginWord
from so24.people.desk import Desk
from so24.people.roles import Actor, is_proved
from so24.people.second_factor import new_enrolment
from so24.store.people.people import known_user
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.ui.frame import company_login, cookie
from so24.ui.frame.cookie import COMPANY_COOKIE, COOKIE
from so24.ui.frame.flash import escape_markdown, in_red
from tests.pages.conftest import OpenApp, open_by_address
from tests.pages.test_account import grow_old
from tests.pages.test_users import choose, press
from tests.people.company_login.standin import CLIENT, KARI, SECRET, StandIn, serving

HERE = "http://127.0.0.1:8501"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def provider(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """A provider, which the installation's settings name; it knows Fia by Kari's e-mail."""
    provider_at.cache_clear()
    with serving() as served:
        for name, value in (
            ("oidc_issuer", served.issuer),
            ("oidc_client_id", CLIENT),
            ("oidc_client_secret", SecretStr(SECRET)),
            ("oidc_name", "Example *AS*"),
        ):
            monkeypatch.setattr(installation.settings, name, value)
        yield served
    provider_at.cache_clear()


@pytest.fixture
def fia(installation: Installation, provider: StandIn, admin: Actor) -> str:
    """Fia, who is linked and has not come by the company login yet."""
    link_by_email(Desk(installation, admin), "fia", str(KARI["email"]))
    return "fia"


class Traveller:
    """A browser that speaks to the two routes, and keeps the cookies."""

    def __init__(self, base: str = HERE) -> None:
        self.cookies = httpx.Cookies()
        self._base = base
        routes = [
            Route(BEGIN, company_login.begin),
            Route(BACK, company_login.take_back),
        ]
        self._app = Starlette(routes=routes)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a path, as a link of the page does that is open."""
        return asyncio.run(self._get(path, headers or SAME))

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        served = httpx.ASGITransport(self._app, client=("203.0.113.7", 1))
        async with httpx.AsyncClient(
            transport=served, base_url=self._base, cookies=self.cookies
        ) as client:
            answer = await client.get(path, headers=headers)
            self.cookies = client.cookies
            return answer

    def travel(self, provider: StandIn, query: str = "") -> httpx.Response:
        """Begin, sign in at the provider, and come back."""
        begun = self.get(f"{BEGIN}?{query}")
        answer = provider.authorize(begun.headers["location"])
        return self.get(f"{BACK}?{httpx.QueryParams(answer)}")

    def said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the pages of the test be drawn for this browser."""
        kept = {each.name: each.value or "" for each in self.cookies.jar}
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: kept))


def test_the_trip_leads_to_the_provider_with_the_exact_address_to_come_back_to(
    provider: StandIn, fia: str
) -> None:
    begun = Traveller().get(BEGIN)
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert begun.status_code == 303
    assert begun.headers["cache-control"] == "no-store"
    assert asked["redirect_uri"] == [f"{HERE}{BACK}"]
    assert "prompt" not in asked
    kept = SimpleCookie(begun.headers["set-cookie"])[COMPANY_COOKIE]
    assert (bool(kept["httponly"]), kept["samesite"], kept["path"]) == (True, "lax", "/")
    assert all(asked[name][0] not in kept.value for name in ("state", "nonce"))


def test_behind_https_the_address_is_https_and_the_cookie_is_sent_encrypted_only(
    provider: StandIn, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "tls_cookie", True)
    begun = Traveller("http://so24.example.com").get(BEGIN)  # what a proxy passes on
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["redirect_uri"] == [f"https://so24.example.com{BACK}"]
    kept = SimpleCookie(begun.headers["set-cookie"])[f"__Host-{COMPANY_COOKIE}"]
    assert (bool(kept["secure"]), kept["domain"]) == (True, "")


def test_whoever_comes_back_is_signed_in_by_the_same_cookie_as_with_a_password(
    provider: StandIn, fia: str
) -> None:
    browser = Traveller()
    back = browser.travel(provider, "page=receipt%3Frun%3D12")
    assert (back.status_code, back.headers["location"]) == (303, "/receipt?run=12")
    assert back.headers["cache-control"] == "no-store"
    [written] = [each for each in back.headers.get_list("set-cookie") if COOKIE in each]
    assert (SimpleCookie(written)[COOKIE]["samesite"]) == "strict"
    assert SimpleCookie(written)[COOKIE]["httponly"]
    user = cookie.user_in(dict(browser.cookies))
    assert user is not None
    assert (user.name, user.by_company) == ("fia", True)
    assert COMPANY_COOKIE not in browser.cookies, "the trip is over"


def test_a_link_of_another_site_begins_nothing(provider: StandIn, fia: str) -> None:
    for site in ("cross-site", "same-site"):
        begun = Traveller().get(BEGIN, **{"Sec-Fetch-Site": site})
        assert begun.headers["location"] == "/"
    assert provider.asked == []


def test_an_image_on_a_page_of_others_uses_up_nobodys_tries(provider: StandIn, fia: str) -> None:
    browser = Traveller()
    for _ in range(30):
        for path in (BEGIN, BACK):
            assert browser.get(path, **{"Sec-Fetch-Dest": "image"}).status_code == 404
    browser.travel(provider)
    assert COOKIE in browser.cookies


@pytest.mark.parametrize(
    "page", ["//evil.example", "https://evil.example", "\\evil.example", "/%0d%0a"]
)
def test_nobody_is_led_elsewhere_afterwards(provider: StandIn, fia: str, page: str) -> None:
    back = Traveller().travel(provider, str(httpx.QueryParams({"page": page})))
    assert back.headers["location"] == "/"


def test_the_answer_to_another_browser_opens_nothing_and_says_so_on_the_login_page(
    provider: StandIn, fia: str, app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, victim = Traveller(), Traveller()
    answer = provider.authorize(mine.get(BEGIN).headers["location"])
    victim.get(BEGIN)
    back = victim.get(f"{BACK}?{httpx.QueryParams(answer)}", **{"Sec-Fetch-Site": "x"})
    assert (back.headers["location"], COOKIE in victim.cookies) == ("/", False)
    victim.said(monkeypatch)
    at = app(None)
    assert [each.value for each in at.error] == [shown(LoginWord.NOT_BEGUN_HERE)]
    at.run()
    assert [each.value for each in at.error] == [shown(LoginWord.NOT_BEGUN_HERE)]


def shown(word: str) -> str:
    """The word as it is drawn."""
    return escape_markdown(word)


def test_what_is_said_twice_is_not_believed(provider: StandIn, fia: str) -> None:
    browser = Traveller()
    answer = provider.authorize(browser.get(BEGIN).headers["location"])
    twice = f"{httpx.QueryParams(answer)}&code={answer['code']}"
    browser.get(f"{BACK}?{twice}")
    assert COOKIE not in browser.cookies


def test_a_word_is_shown_for_a_minute_and_never_one_that_was_made_up(
    provider: StandIn, app: OpenApp, monkeypatch: pytest.MonkeyPatch, installation: Installation
) -> None:
    browser = Traveller()
    browser.travel(provider)  # nobody is linked
    sealed = browser.cookies[COMPANY_COOKIE]
    browser.said(monkeypatch)
    assert [each.value for each in app(None).error] == [shown(LoginWord.UNKNOWN)]
    with monkeypatch.context() as patch:
        later = now() + company_login._WORD_LASTS
        patch.setattr(company_login, "now", lambda: later)
        assert not app(None).error
    for made_up in ("x", sealed[:-4] + "AAAA", installation.vault.seal('["word", "OFF"]')):
        browser.cookies = httpx.Cookies({COMPANY_COOKIE: made_up})
        browser.said(monkeypatch)
        assert not app(None).error


def test_the_link_is_on_the_login_page_only_where_there_is_a_company_login(
    provider: StandIn, app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    [link] = links(app(None))
    assert f'href="{BEGIN}?page=' in link
    assert "Sign in with Example *AS*</a>" in link
    monkeypatch.setattr(installation.settings, "oidc_name", '<b>"&amp;')
    [link] = links(app(None))
    assert "&lt;b&gt;&quot;&amp;amp;</a>" in link
    monkeypatch.setattr(installation.settings, "oidc_issuer", "")
    assert links(app(None)) == []


def links(at: AppTest) -> list[str]:
    """The links that begin a trip."""
    found = [each.proto.body for each in at.get("html")]
    return [each for each in found if BEGIN in each]


def test_with_a_second_factor_the_page_asks_for_the_code_and_then_opens(
    provider: StandIn,
    fia: str,
    app: OpenApp,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed = new_enrolment(fia).seed
    with installation.db.writing() as database:
        known_user(database, fia).second_factor_sealed = installation.vault.seal(seed)
    browser = Traveller()
    browser.travel(provider)
    assert COOKIE not in browser.cookies
    browser.said(monkeypatch)
    at = app(None)
    assert [each.value for each in at.header] == ["Second step"]
    at.text_input[0].input(pyotp.TOTP(seed).now())
    press(at, "Go on")
    assert "Sign out" in [each.label for each in at.button]
    press(at, "Sign out")
    assert "Second step" not in [each.value for each in at.header], "the half is used up"


def test_after_five_minutes_the_company_is_asked_again_and_the_page_says_so(
    provider: StandIn,
    app: OpenApp,
    installation: Installation,
    admin: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link_by_email(Desk(installation, admin), "ada", str(KARI["email"]))
    browser = Traveller()
    browser.travel(provider)
    grow_old(installation, "ada")
    browser.said(monkeypatch)
    at = app(None, "users")
    [link] = links(at)
    assert f"why={company_login.PROVE}" in link
    assert not [each for each in at.text_input if each.key == "so24_proof_word"]
    begun = browser.get(f"{BEGIN}?page=users&why={company_login.PROVE}")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    answer = provider.authorize(begun.headers["location"])
    back = browser.get(f"{BACK}?{httpx.QueryParams(answer)}")
    assert back.headers["location"] == "/users"
    browser.said(monkeypatch)
    assert [each.value for each in app(None).toast] == [shown(company_login.CONFIRMED)]
    assert links(app(None, "users")) == []
    user = cookie.user_in(dict(browser.cookies))
    assert user is not None
    assert is_proved(user.actor, now())


def test_an_administrator_links_unlinks_and_turns_the_password_off(
    provider: StandIn, app: OpenApp, installation: Installation
) -> None:
    at = choose(app(Role.ADMIN, "users"), "fia")
    at.text_input(key="users_company_email").input("Kari@example.com")
    press(at, "Link company account")
    assert list(at.dataframe[0].value["Company login"]) == ["", "", "waits for kari@example.com"]
    assert Traveller().travel(provider).headers.get_list("set-cookie")
    at = choose(at, "fia")
    press(at, "Turn password off")
    press(at, in_red("Yes, turn off"))
    assert not logins.sign_in(installation, "fia", "a-long-enough-password")
    at = choose(at, "fia")
    press(at, "Unlink company account")
    press(at, in_red("Yes, unlink"))
    assert list(at.dataframe[0].value["Company login"]) == ["", "", ""]
    assert logins.sign_in(installation, "fia", "a-long-enough-password")


def test_the_account_page_says_how_one_comes_in(
    provider: StandIn,
    fia: str,
    app: OpenApp,
    installation: Installation,
    admin: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = Traveller()
    browser.travel(provider)
    turn_password_off(Desk(installation, admin), fia)
    browser.travel(provider)
    browser.said(monkeypatch)
    at = app(None)
    open_by_address(at, "account")
    at.run()
    said = " ".join(each.value for each in at.caption)
    assert "Your password is turned off" in said
    assert "Your user is linked" in said
