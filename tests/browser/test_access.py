"""Everybody can use it: axe finds nothing on any page (WCAG 2.2, levels A and AA, and headings).

It runs in the page from a package on this machine. Grids are canvases, which it cannot judge.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from so24.people.users import DEMO_USERS, DemoUser
from tests.browser import rounds
from tests.browser.conftest import RunningApp, open_browser_page, start_app
from tests.browser.rounds import FIA, LAPTOP, View, go_round, look_at_login

pytestmark = pytest.mark.slow

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEADINGS = ["heading-order", "page-has-heading-one", "empty-heading"]
# What Streamlit draws and we cannot: the rule, a mark of what it is about, and why it stays.
STREAMLIT_S_OWN = {
    ("list", '<ul data-testid="stSidebarNavItems"'): "the menu's groups are boxes within its list",
    ("listitem", "<li class="): "the pages of such a group, which are read as links all the same",
    ("target-size", '<span role="spinbutton"'): "parts of a date, over which the keyboard moves;"
    " the calendar beside them is large enough",
    ("scrollable-region-focusable", '<div class="st-emotion'): "a table wider than a telephone;"
    " browsers let the keyboard scroll a box with nothing to press in it",
    ("color-contrast", "color: #ffffff, background color: #3f85f6"): "blue buttons in the dark,"
    " 3.6:1: one blue is written on the ground by tabs and under white by buttons, and on a dark"
    " ground none has 4.5:1 for both",
}


class Faults:
    """What axe has found, but for Streamlit's own."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.looks = 0

    def look(self, page: Page, view: View) -> None:
        """Judge what is on the screen."""
        self.looks += 1
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        for rule, html, words in _judge(page):
            told = f"{html} {words}"
            if not any(rule == own and mark in told for own, mark in STREAMLIT_S_OWN):
                self.found.append(f"{view.name}: {rule}: {html}: {words}")


def _judge(page: Page) -> Iterator[tuple[str, str, str]]:
    rules = {"runOnly": LEVELS, "rules": {name: {"enabled": True} for name in HEADINGS},
             "resultTypes": ["violations"]}  # fmt: skip
    answer: Any = page.evaluate(f"() => axe.run({json.dumps(rules)})")
    for violation in answer["violations"]:
        for node in violation["nodes"]:
            yield violation["id"], node["html"], node["failureSummary"]


@pytest.fixture(scope="module")
def sent_app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app with a demo of which all has been sent once."""
    folder = tmp_path_factory.mktemp("sent")
    started = start_app(folder / "data", folder / "app.log")
    try:
        with open_browser_page(browser) as opened:
            rounds.send_the_demo(opened, started.url)
        yield started
    finally:
        started.process.terminate()
        started.process.wait()


@pytest.mark.long
@pytest.mark.parametrize("user", DEMO_USERS, ids=lambda user: user.name)
def test_axe_finds_nothing_on_any_page_of_a_role_in_either_theme_at_either_width(
    page: Page, sent_app: RunningApp, user: DemoUser
) -> None:
    faults = Faults()
    look_at_login(page, sent_app.url, faults.look)
    go_round(page, sent_app.url, user, faults.look)
    assert faults.looks == 4 * (1 + len(list(rounds.scenes_of(user))))
    assert not faults.found, "\n".join(faults.found)


def test_axe_finds_nothing_on_the_pages_of_everybody_in_the_light(
    page: Page, web_app: RunningApp
) -> None:
    faults = Faults()
    look_at_login(page, web_app.url, faults.look, ["light"], [LAPTOP])
    scenes = [each for each in rounds.scenes_of(FIA) if each.name in ("start", "invoices")]
    go_round(page, web_app.url, FIA, faults.look, scenes, ["light"], [LAPTOP])
    assert not faults.found, "\n".join(faults.found)


def test_axe_itself_finds_what_is_wrong(page: Page) -> None:
    page.set_content('<html lang="en"><title>x</title><h1>x</h1><h3>y</h3><img src="x"><p>z</p>')
    faults = Faults()
    faults.look(page, View("nobody", "made up", "light", LAPTOP))
    assert {each.split(": ")[1] for each in faults.found} == {"image-alt", "heading-order"}
