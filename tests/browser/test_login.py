"""The login in a real browser: the cookie, the reload, signing out, and a stolen cookie."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Cookie, Page, expect

from so24.people.users import DEMO_USERS
from tests.browser.conftest import (
    RunningApp,
    fill_in,
    open_browser_page,
    sign_in,
    wait_until_settled,
)

pytestmark = pytest.mark.slow

ADA = DEMO_USERS[0]


def test_a_deep_link_survives_the_login_and_the_login_survives_a_reload(
    web_app: RunningApp, page: Page
) -> None:
    sign_in(page, f"{web_app.url}/users", ADA.name, ADA.password)
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    assert page.url == f"{web_app.url}/users"


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(
    web_app: RunningApp, page: Page, browser: Browser
) -> None:
    sign_in(page, web_app.url, ADA.name, ADA.password)
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    stolen: Any = login_cookies(page)  # what is read has the form of what is added
    assert [(cookie["sameSite"], cookie["path"]) for cookie in stolen] == [("Strict", "/")]
    assert stolen[0]["httpOnly"]
    with page.expect_response("**/so24/cookie**"):
        page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    assert login_cookies(page) == []
    with open_browser_page(browser) as thief:
        thief.context.add_cookies(stolen)
        thief.goto(f"{web_app.url}/users")
        expect(thief.get_by_label("Password", exact=True)).to_be_visible()
        wait_until_settled(thief)
        expect(thief.get_by_role("heading", name="Users")).to_have_count(0)


@pytest.mark.long
def test_another_user_may_sign_in_where_one_has_left(web_app: RunningApp, page: Page) -> None:
    for user in DEMO_USERS:
        sign_in(page, web_app.url, user.name, user.password)
        expect(page.get_by_test_id("stSidebar")).to_contain_text(user.name)
        page.get_by_role("button", name="Sign out").click()
        for field in ("User name", "Password"):
            expect(page.get_by_label(field, exact=True)).to_have_value("")


def login_cookies(page: Page) -> list[Cookie]:
    """The login cookie that the page's browser holds, if it does."""
    return [cookie for cookie in page.context.cookies() if cookie["name"] == "so24_login"]


def test_the_browser_asks_nobody_but_us(web_app: RunningApp, page: Page) -> None:
    others: list[str] = []
    ours = (web_app.url, web_app.url.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda sent: None if sent.url.startswith(ours) else others.append(sent.url))
    sign_in(page, f"{web_app.url}/users", ADA.name, ADA.password)
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    assert others == []


def test_every_answer_carries_the_security_headers(web_app: RunningApp, page: Page) -> None:
    for path in ("/", "/so24/ready", "/_stcore/health"):
        answer = page.request.get(f"{web_app.url}{path}")
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.long
def test_a_one_time_password_is_changed_and_the_new_cookie_survives_a_reload(
    web_app: RunningApp, page: Page
) -> None:
    once, chosen = "one-time-password", "chosen-by-kari-herself"
    add_user(web_app, "kari", once)
    sign_in(page, f"{web_app.url}/ledger", "kari", once)
    expect(page.get_by_role("heading", name="Change password")).to_be_visible()
    page.get_by_label("Present password", exact=True).fill(once)
    page.get_by_label("New password", exact=True).fill(chosen)
    page.get_by_label("New password, once more", exact=True).fill(chosen)
    page.get_by_role("button", name="Change password").click()
    for _ in range(2):
        expect(page.get_by_role("heading", name="Inside 24SevenOffice")).to_be_visible()
        page.reload()


@pytest.mark.long
def test_a_second_factor_is_set_up_by_its_picture_and_asked_for_at_the_next_login(
    web_app: RunningApp, page: Page
) -> None:
    once, chosen = "one-time-password", "chosen-by-ola-himself"
    add_user(web_app, "ola", once)
    sign_in(page, f"{web_app.url}/account", "ola", once)
    for label, text in (
        ("Present password", once),
        ("New password", chosen),
        ("New password, once more", chosen),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Change password").click()
    page.get_by_role("button", name="Set up a second factor").click()
    picture = page.get_by_alt_text("QR code of the second factor")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100, "it is really drawn"
    seed = page.locator("code").first.inner_text().replace(" ", "").strip()
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(seed).now())
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="I have kept them")).to_be_visible()
    recovery = page.locator("code").first.inner_text().split()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    fill_in(page, "ola", chosen)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code of your authenticator app, or a recovery code", exact=True).fill(
        "000000"
    )
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The code is not right")).to_be_visible()
    page.get_by_label("Code of your authenticator app, or a recovery code", exact=True).fill(
        recovery[0]
    )
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def add_user(web_app: RunningApp, name: str, password: str) -> None:
    """Add an analyst by the command line, beside the running app."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SO24_")}
    add = ["users", "add", name, "--role", "analyst", "--password-stdin"]
    subprocess.run(
        [sys.executable, "-m", "so24.cli", *add],
        input=f"{password}\n",
        text=True,
        env={**kept, "SO24_DATA_DIR": str(web_app.data_dir)},
        check=True,
        capture_output=True,
    )


@pytest.mark.long
def test_whoever_blocks_what_writes_the_cookie_is_let_in_all_the_same(
    page: Page, web_app: RunningApp
) -> None:
    page.route("**/component/**", lambda route: route.abort())
    page.route("**/so24/cookie**", lambda route: route.abort())
    sign_in(page, web_app.url, "fia", "fia-demo-2026")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
