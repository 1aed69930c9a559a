"""A working day of an administrator and of an analyst, from the sign-in to the sign-out.

That of finance is in ``test_whole_way``. Nothing may go wrong in the browser meanwhile.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from so24.demo import sandbox_accounts
from so24.language.telling import tell
from so24.settings import Settings
from tests.browser.conftest import RunningApp, sign_in, wait_until_settled
from tests.browser.rounds import ADA, ANN, open_box, send_the_demo, tell_demo_done
from tests.browser.test_whole_way import open_page
from tests.browser.watching import watching
from tests.browser.words import counted, opening, pattern

ACCOUNT = sandbox_accounts(Settings())[0]
WITHOUT_A_KEY = (
    "Without a key: {labels}. Invoices of these departments cannot be transferred and end as "
    "“login”. Add a key, or deactivate the departments."
)
ONE_TIME_PASSWORD = "One-time password of **{user}**, shown only now:"
ONLY_AN_ADMINISTRATOR = "Only a System Administrator activates or deactivates the integration."


def answer(page: Page, words: str) -> None:
    """Give this answer to the question on the screen."""
    page.get_by_role("dialog").get_by_role("button", name=words).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until_settled(page)


def sign_out(page: Page) -> None:
    """Leave; the page says so."""
    page.get_by_role("button", name=tell("Sign out")).click()
    expect(page.get_by_text(tell("You are signed out."))).to_be_visible()


@pytest.mark.long
def test_an_administrator_prepares_everything_and_finds_it_in_the_audit_trail(
    page: Page, told_app: RunningApp
) -> None:
    with watching(page, told_app.url):
        sign_in(page, told_app.url, ADA.name, ADA.password)
        _turn_off_and_on(page)
        _give_tromso_a_key(page)
        _add_a_user(page)
        open_page(page, "Audit trail")
        expect(page.get_by_text(re.compile("[0-9]+ (events|hendelser)"))).to_be_visible()
        grid = page.get_by_test_id("stDataFrame").first
        for done in ("user added", "key added", "integration deactivated"):
            expect(_cell(grid, tell(done)).first).to_be_attached()
        sign_out(page)


def _turn_off_and_on(page: Page) -> None:
    open_page(page, "Marketplace")
    page.get_by_role("button", name=tell("Deactivate")).click()
    answer(page, tell("Yes, deactivate"))
    page.get_by_role("button", name=re.compile("^" + opening("Activate · {price}"))).click()
    answer(page, tell("Yes, activate"))
    expect(page.get_by_role("button", name=tell("Deactivate"))).to_be_visible()


def _give_tromso_a_key(page: Page) -> None:
    open_page(page, "Credentials")
    expect(page.get_by_text(f"{opening(WITHOUT_A_KEY)} 30 Tromsø")).to_be_visible()
    open_box("Add key")(page)
    page.get_by_label(tell("Key name"), exact=True).fill("Tromsø")
    page.get_by_label(tell("Organization ID"), exact=True).fill(str(next(iter(ACCOUNT.companies))))
    page.get_by_label(tell("Account (e-mail)"), exact=True).fill(ACCOUNT.username)
    page.get_by_label(tell("Password"), exact=True).fill(ACCOUNT.password)
    page.get_by_text(tell("Specific Departments"), exact=True).click()
    departments = page.get_by_role(
        "combobox", name=opening("Departments of this key (for {scope})")
    )
    departments.click()
    page.get_by_role("option", name="30 Tromsø").click()
    departments.press("Escape")  # closes the choices
    page.get_by_role("button", name=tell("Test"), exact=True).click()
    expect(page.get_by_text(opening("The account reaches {company}."))).to_be_visible()
    page.get_by_role("button", name=tell("Save key")).click()
    expect(_cell(page.get_by_test_id("stDataFrame").first, "30 Tromsø")).to_be_attached()
    expect(page.get_by_text(opening(WITHOUT_A_KEY))).to_have_count(0)


def _add_a_user(page: Page) -> None:
    open_page(page, "Users")
    open_box("Add user")(page)
    page.get_by_label(tell("User name"), exact=True).fill("kari.nordmann")
    page.get_by_role("button", name=tell("Add user")).click()
    expect(page.get_by_text(f"{opening(ONE_TIME_PASSWORD)} kari.nordmann")).to_be_visible()
    page.get_by_role("button", name=tell("Done")).click()
    expect(_cell(page.get_by_test_id("stDataFrame").first, "kari.nordmann")).to_be_attached()


def _cell(grid: Locator, words: str) -> Locator:
    return grid.get_by_role("gridcell", name=words, exact=True, include_hidden=True)


@pytest.mark.long
def test_an_analyst_sees_what_became_of_everything_and_can_change_nothing(
    page: Page, told_app: RunningApp
) -> None:
    send_the_demo(page, told_app.url)
    sign_out(page)
    with watching(page, told_app.url):
        sign_in(page, told_app.url, ANN.name, ANN.password)
        expect(page.get_by_role("heading", name=tell("Today"), level=1)).to_be_visible()
        open_page(page, "Receipts")
        expect(page.locator(".st-key-receipt_panel").first).to_contain_text(tell_demo_done())
        for button in ("Retry", "Stop", "Same document"):
            expect(page.get_by_role("button", name=tell(button))).to_have_count(0)
        open_page(page, "Transfer history")
        page.get_by_label(tell("Search"), exact=True).fill("1003")
        page.get_by_label(tell("Search"), exact=True).press("Enter")
        expect(
            page.get_by_text(counted("**{number} transfer**", "**{number} transfers**", 1))
        ).to_be_visible()
        open_page(page, "Figures")
        expect(page.get_by_text(tell("The data of this chart")).first).to_be_visible()
        open_page(page, "Inside 24SevenOffice")
        page.get_by_role("button", name=tell("Read"), exact=True).click()
        expect(page.get_by_text(pattern("{agreeing} of {lines} agree"))).to_be_visible()
        open_page(page, "Marketplace")
        expect(page.get_by_text(tell(ONLY_AN_ADMINISTRATOR))).to_be_visible()
        page.goto(f"{told_app.url}/credentials")
        expect(page.get_by_text(tell("You do not have access to this page."))).to_be_visible()
        sign_out(page)
