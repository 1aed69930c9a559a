"""A press on *Sign in* counts, whatever else the browser and the server do at that moment.

What may come late is made to come late for certain: requests for the login cookie are held back in
the browser, and runs that overtake the one with the press are asked for within the same moment.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from so24.people.users import DEMO_USERS
from so24.ui.frame.cookie import COOKIE
from tests.browser.conftest import SLOWEST_MILLISECONDS, RunningApp, fill_in, open_browser_page

pytestmark = pytest.mark.slow

FIA = DEMO_USERS[1]
LET_IN, REFUSED = ("fia", "login"), ("fia", "login refused")
STEP_MILLISECONDS = 20
MANY = int(os.environ.get("SO24_TEST_SIGN_INS", "500"))
AT_ONCE = 5  # in browsers of their own, which is what loads the server and the machine
# whatever reads or writes the login cookie: a frame of its own, or a request
OF_THE_COOKIE = ("**/component/**", "**/so24/cookie**")
QUICK, OFTEN = 2, 5
HOW_OFTEN = [pytest.param(each, marks=pytest.mark.long) for each in (QUICK, OFTEN)]

PRESS_TWICE = """(milliseconds) => {
    const press = () => {
        const buttons = [...document.querySelectorAll("button")];
        buttons.find((button) => button.innerText === "Sign in")?.click();
    };
    press();
    if (milliseconds === 0) press(); else setTimeout(press, milliseconds);
}"""
# The shortcut by which Streamlit runs again what is on the screen. Both requests leave before the
# server has seen either, so that the second stops the run of the first before it has begun.
PRESS_AND_RUN_AGAIN = """() => {
    const buttons = [...document.querySelectorAll("button")];
    buttons.find((button) => button.innerText === "Sign in").click();
    const key = {key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true};
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    document.body.dispatchEvent(new KeyboardEvent("keyup", key));
}"""


class HeldBack:
    """The requests of one page for its login cookie, each of which is held back for a while."""

    def __init__(self, page: Page, seconds: float) -> None:
        self.asked_for: list[str] = []
        self._page = page
        self._seconds = seconds
        self._held: list[tuple[float, Route]] = []
        for pattern in OF_THE_COOKIE:
            page.route(pattern, self._hold)

    def steps(self, seconds: float) -> Iterator[None]:
        """Let this much time pass in small steps; each request goes on when its time has come."""
        end = time.monotonic() + seconds
        while True:
            self._let_go()
            yield
            if time.monotonic() >= end:
                return
            self._page.wait_for_timeout(STEP_MILLISECONDS)

    def _hold(self, route: Route) -> None:
        self.asked_for.append(route.request.url)
        self._held.append((time.monotonic() + self._seconds, route))

    def _let_go(self) -> None:
        due = [route for when, route in self._held if when <= time.monotonic()]
        self._held = [(when, route) for when, route in self._held if route not in due]
        for route in due:
            route.continue_()


def spread(longest: float, times: int) -> list[float]:
    """So many values from 0 to ``longest``, evenly."""
    return [longest * each / (times - 1) for each in range(times)]


def latest(times: int) -> float:
    """The longest time in seconds by which the cookie is late: five, but for the quick version."""
    return 5.0 if times == OFTEN else 0.5


# seconds from the moment at which the form is there to the press, for a cookie late by so much
PRESSED_AT: dict[str, Callable[[float, int], float]] = {
    "before": lambda _late, _which: 0.0,
    "during": lambda late, which: late + which * 0.02,
    "after": lambda late, _which: late + 1.0,
}


@pytest.mark.parametrize(
    ("moment", "times"),
    [
        ("during", QUICK),
        *(pytest.param(moment, OFTEN, marks=pytest.mark.long) for moment in PRESSED_AT),
    ],
)
def test_a_press_counts_however_late_the_cookie_is(
    web_app: RunningApp, browser: Browser, moment: str, times: int
) -> None:
    earlier = len(login_events(web_app))
    for which, late in enumerate(spread(latest(times), times)):
        with open_browser_page(browser) as page:
            held = HeldBack(page, late)
            page.goto(web_app.url)
            fill_in(page, FIA.name, FIA.password)
            for _ in held.steps(PRESSED_AT[moment](late, which)):
                pass
            assert held.asked_for == []  # nothing of the cookie's runs while somebody may press
            page.get_by_role("button", name="Sign in").click()
            wait_for_the_dashboard(page, held)
            assert len(held.asked_for) == 1
    assert login_events(web_app)[earlier:] == [LET_IN] * times


@pytest.mark.parametrize("times", HOW_OFTEN)
def test_a_second_press_overtakes_the_first_and_one_login_is_recorded(
    web_app: RunningApp, browser: Browser, times: int
) -> None:
    earlier = len(login_events(web_app))
    for seconds in spread(0.8, times):
        with open_browser_page(browser) as page:
            page.goto(web_app.url)
            fill_in(page, FIA.name, FIA.password)
            page.evaluate(PRESS_TWICE, seconds * 1000)
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert login_events(web_app)[earlier:] == [LET_IN] * times


@pytest.mark.parametrize("times", HOW_OFTEN)
def test_a_run_that_stops_the_one_with_the_press_takes_the_press_over(
    web_app: RunningApp, browser: Browser, times: int
) -> None:
    earlier = len(login_events(web_app))
    for _ in range(times):
        with open_browser_page(browser) as page:
            page.goto(web_app.url)
            fill_in(page, FIA.name, FIA.password)
            page.evaluate(PRESS_AND_RUN_AGAIN)
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert login_events(web_app)[earlier:] == [LET_IN] * times


@pytest.mark.long
def test_a_press_with_the_right_password_counts_while_a_wrong_one_is_being_checked(
    web_app: RunningApp, page: Page
) -> None:
    earlier = len(login_events(web_app))
    page.goto(web_app.url)
    fill_in(page, FIA.name, "not-the-password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password", exact=True).fill(FIA.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    events = login_events(web_app)[earlier:]
    assert events in ([REFUSED, LET_IN], [LET_IN])  # the first may have been stopped unanswered


@pytest.mark.long
def test_of_many_presses_at_once_none_is_lost(web_app: RunningApp, browser: Browser) -> None:
    earlier = len(login_events(web_app))
    for _ in range(MANY // AT_ONCE):
        with ExitStack() as opened:
            pages = [opened.enter_context(open_browser_page(browser)) for _ in range(AT_ONCE)]
            for page in pages:
                page.goto(web_app.url)
            for page in pages:
                fill_in(page, FIA.name, FIA.password)
            for page in pages:
                page.get_by_role("button", name="Sign in").click()
            for page in pages:
                expect(page.get_by_role("button", name="Sign out")).to_be_visible()
                wait_for_the_cookie(page)
    assert login_events(web_app)[earlier:] == [LET_IN] * (MANY // AT_ONCE * AT_ONCE)


def wait_for_the_cookie(page: Page) -> None:
    """Wait until the browser holds its login cookie, which may come after the dashboard."""
    deadline = time.monotonic() + SLOWEST_MILLISECONDS / 1000
    while COOKIE not in {each.get("name") for each in page.context.cookies()}:
        assert time.monotonic() < deadline, "the browser has not fetched its login cookie"
        page.wait_for_timeout(STEP_MILLISECONDS)


def wait_for_the_dashboard(page: Page, held: HeldBack) -> None:
    """Wait until the user is in, while held back requests go on when their time has come."""
    leave = page.get_by_role("button", name="Sign out")
    for _ in held.steps(SLOWEST_MILLISECONDS / 1000):
        if leave.is_visible():
            return
    expect(leave).to_be_visible()


def login_events(web_app: RunningApp) -> list[tuple[str, str]]:
    """Who was let in or refused, by the audit trail, the oldest first."""
    address = f"file:{web_app.data_dir / 'so24.db'}?mode=ro"
    statement = "SELECT actor, action FROM audit_event WHERE action LIKE 'login%' ORDER BY id"
    connection = sqlite3.connect(address, uri=True)
    try:
        return [(actor, action) for actor, action in connection.execute(statement)]
    finally:
        connection.close()
