"""The help in a real browser: links stay in the tab, and what they lead to comes in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from so24.reasons import Reason
from so24.ui.help.reading import ASKED
from so24.ui.tab.address import HELP_PAGE, HELP_PLACE
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


def test_a_place_that_a_link_names_comes_in_sight_though_one_has_to_sign_in_first(
    web_app: RunningApp, page: Page
) -> None:
    link = f"{web_app.url}/help?{HELP_PAGE}=troubleshooting&{HELP_PLACE}={Reason.BOOKED_DIFFERS}"
    sign_in(page, link, "fia", "fia-demo-2026")
    expect(page.locator(f".st-key-{ASKED}")).to_be_in_viewport()
    expect(page.get_by_text(Reason.BOOKED_DIFFERS.card.remedy).first).to_be_in_viewport()
