"""Languages in real browsers: each reads its own, and a change counts at once and loses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from so24.language.telling import told_in
from tests.browser.conftest import RunningApp, start_app, wait_until_settled
from tests.browser.test_whole_way import tick

pytestmark = pytest.mark.slow
PASSWORDS = {"fia": "fia-demo-2026", "ann": "ann-demo-2026"}


@pytest.fixture(scope="module")
def speaking_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app as it is installed: it goes by each browser."""
    folder: Path = tmp_path_factory.mktemp("web")
    started = start_app(folder / "data", folder / "app.log", SO24_LANGUAGE="")
    yield started
    started.process.terminate()
    started.process.wait()


@pytest.fixture
def english(browser: Browser) -> Iterator[Page]:
    """An empty page of a browser that asks for English."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


def sign_in(page: Page, url: str, name: str, language: str) -> None:
    """Sign in by the form of this language."""
    page.goto(url)
    is_in(page, language)
    page.get_by_label(told_in(language, "User name")).fill(name)
    page.get_by_label(told_in(language, "Password")).first.fill(PASSWORDS[name])
    page.get_by_role("button", name=told_in(language, "Sign in")).click()
    expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
    wait_until_settled(page)


def open_page(page: Page, name: str, title: str) -> None:
    """Open the page with this address by the sidebar; it has this title."""
    page.get_by_test_id("stSidebar").locator(f'a[href$="{name}"]').first.click()
    expect(page).to_have_title(f"so24 · {title}")
    wait_until_settled(page)


def is_in(page: Page, language: str) -> None:
    """The page says of itself that it is in this language."""
    expect(page.locator("html")).to_have_attribute("lang", language)


def choose(page: Page, name: str) -> None:
    """Choose the language of this name on the page *Account*."""
    wait_until_settled(page)  # what is drawn anew closes the list
    page.get_by_test_id("stSelectbox").locator("input").first.click()
    page.get_by_role("option", name=name).click()


def test_two_browsers_of_two_languages_read_each_its_own(
    page: Page, english: Page, speaking_app: RunningApp
) -> None:
    sign_in(page, speaking_app.url, "fia", "nb")
    sign_in(english, speaking_app.url, "ann", "en")
    for name, title in (("help", "Help"), ("figures", "Figures"), ("account", "Account")):
        for each, language in ((page, "nb"), (english, "en")):
            open_page(each, name, told_in(language, title))
            heading = each.get_by_role("heading", name=told_in(language, title), level=1)
            expect(heading).to_be_visible()
            is_in(each, language)


def test_another_language_counts_at_once_and_keeps_filters_and_ticks(
    page: Page, speaking_app: RunningApp
) -> None:
    sign_in(page, speaking_app.url, "fia", "nb")
    page.goto(f"{speaking_app.url}/invoices?status=all&search=103")
    wait_until_settled(page)
    tick(page, page.get_by_test_id("stDataFrame").first, "1030")
    open_page(page, "account", told_in("nb", "Account"))
    choose(page, "English")
    expect(page.get_by_role("heading", name="Account", level=1)).to_be_visible()
    is_in(page, "en")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_test_id("stSidebarNav").locator('a[href$="/invoices"]').click()
    wait_until_settled(page)
    expect(page).to_have_url(re.compile("search=103.*status=all"))
    selected = page.get_by_test_id("stDataFrame").first.locator('tr[aria-selected="true"]')
    expect(selected).to_have_count(1)
    page.reload()
    is_in(page, "en")
    open_page(page, "account", "Account")
    choose(page, "As the browser")
    is_in(page, "nb")
