"""Without a mouse: the core job by a handful of keys, and what each shortcut does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from so24.today.piles import PileName
from so24.today.sentences import PILE_TITLES
from so24.ui.keyboard.shortcuts import OFF, PAGES
from tests.browser.conftest import (
    RunningApp,
    wait_until_another_press_counts,
    wait_until_settled,
)

MOST_PRESSES = 12


class Keys:
    """The keyboard, which counts what is pressed."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        """Press each of these, one after another."""
        for key in keys:
            self._page.keyboard.press(key)
            self.pressed += 1


def sign_in_by_keys(page: Page, url: str) -> None:
    """The name is written where the cursor stands already."""
    page.goto(url)
    expect(page.get_by_label("User name", exact=True)).to_be_focused()
    page.keyboard.type("fia")
    page.keyboard.press("Tab")
    page.keyboard.type("fia-demo-2026")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    wait_until_settled(page)


def bar_says(page: Page, words: str) -> None:
    """The bar at the bottom says this, and nothing is drawn any more."""
    expect(page.locator(".st-key-invoices_bar")).to_contain_text(words)
    wait_until_settled(page)


def see_the_list(page: Page) -> None:
    """Wait for the list's first row."""
    page.get_by_test_id("glide-cell-1-0").first.wait_for(state="attached")


@pytest.mark.long  # the way of a finance user goes by some of the keys in the default list
def test_two_invoices_are_sent_from_sign_in_to_receipt_by_the_keyboard_alone(
    page: Page, untouched_app: RunningApp
) -> None:
    sign_in_by_keys(page, untouched_app.url)
    keys = Keys(page)
    keys.press("g", "i")
    bar_says(page, "0 of 62 selected")
    see_the_list(page)
    keys.press("ArrowDown", "Space")
    bar_says(page, "1 of 62 selected")
    keys.press("ArrowDown", "Space")
    bar_says(page, "2 of 62 selected")
    keys.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=re.compile("^Send "))).to_be_enabled()
    wait_until_settled(page)
    wait_until_another_press_counts(page)
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="Receipts", level=1)).to_be_visible()
    expect(page.locator(".st-key-receipt_panel").first).to_contain_text("2 of 2 transferred")
    assert keys.pressed <= MOST_PRESSES


@pytest.mark.long
def test_every_shortcut_of_the_help_page_does_what_stands_there(
    page: Page, web_app: RunningApp
) -> None:
    sign_in_by_keys(page, web_app.url)
    keys, search = Keys(page), page.get_by_label("Search", exact=True).first
    for letter, name in PAGES.items():
        keys.press("g", letter)
        expect(page).to_have_url(re.compile(rf"/{name}\b"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wait_until_settled(page)
    keys.press("g", "i")
    bar_says(page, "0 of ")
    keys.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("1010?/")  # in a field, a key is a letter
    expect(search).to_have_value("1010?/")
    keys.press(*["Backspace"] * 2, "Enter")
    bar_says(page, "0 of 1 selected")
    see_the_list(page)
    keys.press("ArrowDown", "Space")
    bar_says(page, "1 of 1 selected")
    keys.press("Space")
    bar_says(page, "0 of 1 selected")
    keys.press("Control+Enter")  # the blue button is not ready to be pressed
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("Space")
    bar_says(page, "1 of 1 selected")
    keys.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    _turn_single_keys_off(page, keys)


def _turn_single_keys_off(page: Page, keys: Keys) -> None:
    keys.press("?")
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    page.get_by_text("Keys that are pressed alone").click()
    expect(page.locator(f".st-key-{OFF}")).to_be_visible()
    wait_until_settled(page)
    keys.press("g", "t", "/")
    expect(page).to_have_url(re.compile("/help$"))
    expect(page.get_by_label("Search the help")).not_to_be_focused()


@pytest.mark.long
def test_a_list_that_today_is_asked_for_comes_in_sight(page: Page, web_app: RunningApp) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    sign_in_by_keys(page, web_app.url)
    unsent = page.get_by_role("heading", name=PILE_TITLES[PileName.UNSENT], level=2)
    page.get_by_role("link", name="The oldest first").click()
    expect(unsent).to_be_in_viewport()
    wait_until_settled(page)
    expect(unsent).to_be_in_viewport()
