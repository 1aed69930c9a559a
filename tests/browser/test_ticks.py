"""Ticks in a real browser: a reload of any page keeps them, and no step back is spent on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import RunningApp, sign_in, wait_until_settled
from tests.browser.test_whole_way import bar_says, open_page, tick

pytestmark = pytest.mark.slow


def test_a_reload_of_another_page_keeps_the_ticks_and_back_leads_back(
    page: Page, web_app: RunningApp
) -> None:
    sign_in(page, web_app.url, "fia", "fia-demo-2026")
    open_page(page, "Invoice overview")
    bar_says(page, 0, 62)
    tick(page, page.get_by_test_id("stDataFrame").first, "1030")
    open_page(page, "Customers and products")
    wait_until_settled(page)
    open_page(page, "Transfer history")
    wait_until_settled(page)
    page.reload()
    expect(page.get_by_role("heading", name="Transfer history", level=1)).to_be_visible()
    wait_until_settled(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Customers and products", level=1)).to_be_visible()
    wait_until_settled(page)
    open_page(page, "Invoice overview")
    bar_says(page, 1, 62)
    page.get_by_role("button", name="Clear", exact=True).click()  # others use the same app
    bar_says(page, 0, 62)
