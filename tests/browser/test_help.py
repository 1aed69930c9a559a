"""The help in a real browser: links from page to page stay in the tab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, sign_in

pytestmark = pytest.mark.slow


def test_a_link_is_followed_in_the_tab_and_a_step_back_leads_back(
    web_app: RunningApp, page: Page
) -> None:
    sign_in(page, f"{web_app.url}/help", "fia", "fia-demo-2026")
    page.get_by_role("link", name="Operations", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Operations")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/help\?about=operations$"))
    assert len(page.context.pages) == 1
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Help")).to_be_visible()
