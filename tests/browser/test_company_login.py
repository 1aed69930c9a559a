"""The company login in a real browser: to a provider of another site, back, and the proof again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import START_SECONDS, RunningApp, start_app, wait_until_settled
from tests.browser.test_guard import REPORT_VIOLATIONS, watch_violations
from tests.people.company_login.standin import CLIENT, KARI, SECRET, StandIn, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    """A provider of another site: for browsers ``localhost`` is another one than 127.0.0.1."""
    with serving("localhost") as served:
        yield served


@pytest.fixture(scope="module")
def company_app(
    provider: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApp]:
    """The app with this provider, and Kari, who is linked by her e-mail and keeps users."""
    folder = tmp_path_factory.mktemp("company")
    named = {
        "SO24_OIDC_ISSUER": provider.issuer,
        "SO24_OIDC_CLIENT_ID": CLIENT,
        "SO24_OIDC_CLIENT_SECRET": SECRET,
        "SO24_OIDC_NAME": "Example AS",
    }
    started = start_app(folder / "data", folder / "app.log", **named)
    for command in (
        ["add", "kari", "--role", "admin"],
        ["company-login", "link", "kari", "--email", str(KARI["email"])],
    ):
        run_users(started, named, *command)
    yield started
    started.process.terminate()
    started.process.wait(START_SECONDS)


def run_users(app: RunningApp, named: dict[str, str], *command: str) -> None:
    """Run ``so24 users`` beside the app."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SO24_")}
    subprocess.run(
        [sys.executable, "-m", "so24.cli", "users", *command],
        env={**kept, **named, "SO24_DATA_DIR": str(app.data_dir)},
        check=True,
        capture_output=True,
    )


def test_a_user_comes_by_the_company_login_leaves_and_proves_who_it_is(
    company_app: RunningApp, provider: StandIn, page: Page
) -> None:
    page.add_init_script(REPORT_VIOLATIONS)
    told = watch_violations(page)
    page.goto(f"{company_app.url}/users")
    page.get_by_role("link", name="Sign in with Example AS").click()
    expect(page).to_have_title("Provider")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("The company login was cancelled")).to_be_visible()
    assert page.url == f"{company_app.url}/users"
    provider.signed_in_at = 1.0  # long ago, so that users are not changed without a proof
    page.get_by_role("link", name="Sign in with Example AS").click()
    page.get_by_role("link", name="I am Kari").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text("kari")
    expect(page.get_by_role("heading", name="Users", level=1)).to_be_visible()
    cookies = {each["name"]: each for each in page.context.cookies(company_app.url)}
    assert cookies["so24_login"]["httpOnly"]
    assert cookies["so24_login"]["sameSite"] == "Strict"
    assert "so24_company" not in cookies
    page.reload()
    page.get_by_role("link", name="Confirm with Example AS").click()
    page.get_by_role("link", name="I am Kari").click()
    expect(page.get_by_text("for five minutes you can make changes")).to_be_visible()
    wait_until_settled(page)
    expect(page.get_by_role("link", name="Confirm with Example AS")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in with Example AS")).to_be_visible()
    assert told == []
