"""The whole way in a real browser: sign in, tick, send, receipt, history, inside 24SevenOffice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from so24.amounts import GROUP
from so24.language.telling import tell, tell_count
from so24.ui.invoices import invoice_grid
from so24.ui.parts.headings import total_in
from so24.ui.receipts import ledger_view, receipt_lines
from tests.browser.conftest import (
    RunningApp,
    sign_in,
    wait_until_another_press_counts,
    wait_until_settled,
)
from tests.browser.grids import look_at
from tests.browser.rounds import tell_demo_done
from tests.browser.watching import watching
from tests.browser.words import counted, part_of, pattern, plain

SEARCH_NEEDS_A_VALUE = "The search code {code} needs a value behind it, as in {code}1001."
HISTORY_IS_WHOLE = (
    "The history is whole: {counts} verified, {number} day sealed.",
    "The history is whole: {counts} verified, {number} days sealed.",
)


def tick(page: Page, grid: Locator, text: str) -> None:
    """Tick the row with this cell, by the keyboard: the grid itself is a canvas."""
    cells = page.get_by_role("gridcell", name=text, exact=True, include_hidden=True)
    row = grid.locator("tr[role=row]", has=cells)
    cell = row.locator("[role=gridcell]").first
    cell.wait_for(state="attached")
    cell.evaluate("element => element.focus()")
    page.keyboard.press("Shift+Space")
    expect(row).to_have_attribute("aria-selected", "true")
    wait_until_settled(page)


def open_page(page: Page, title: str) -> None:
    """Open a page by the sidebar; its title is in English here."""
    name = tell(title)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def bar_says(page: Page, ticked: int, documents: int, more: str = "") -> None:
    """The bar at the bottom says that so many are ticked of how many."""
    words = tell("**{count} of {documents} selected**", count=ticked, documents=documents)
    expect(page.locator(".st-key-invoices_bar")).to_contain_text(plain(words) + more)


@pytest.mark.slow
def test_a_finance_user_sends_everything_and_finds_it_there(
    page: Page, untouched_app: RunningApp
) -> None:
    _go_the_whole_way(page, untouched_app)


@pytest.mark.long
def test_the_same_goes_in_each_language(page: Page, told_app: RunningApp) -> None:
    _go_the_whole_way(page, told_app)


def _go_the_whole_way(page: Page, app: RunningApp) -> None:
    with watching(page, app.url):
        sign_in(page, app.url, "fia", "fia-demo-2026")
        expect(page.get_by_role("heading", name=tell("Today"), level=1)).to_be_visible()
        open_page(page, "Invoice overview")
        _use_the_filters(page)
        _tick_and_select_all(page)
        _send(page)
        _watch_the_receipt(page)
        _look_into_the_history(page)
        _look_inside(page)
        _measure_the_amounts(page)
        _look_at_what_is_left(page)


def _use_the_filters(page: Page) -> None:
    search = page.get_by_label(tell("Search"), exact=True).first
    bar_says(page, 0, 62)
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("@no=1003")
    search.press("Enter")
    bar_says(page, 0, 1)
    search.fill("@no=")
    search.press("Enter")
    expect(page.get_by_text(part_of(SEARCH_NEEDS_A_VALUE))).to_be_visible()
    search.fill("")
    search.press("Enter")
    credit_notes = page.get_by_role("button", name=tell("Credit notes"), exact=True)
    credit_notes.click()
    bar_says(page, 0, 3)
    credit_notes.click()
    bar_says(page, 0, 62)


def _tick_and_select_all(page: Page) -> None:
    grid = page.get_by_test_id("stDataFrame").first
    tick(page, grid, "1030")
    tick(page, grid, "1029")
    bar_says(page, 2, 62, " · ")
    page.get_by_role("button", name=tell("Select all {count}", count=62)).click()
    bar_says(page, 62, 62)


def _send(page: Page) -> None:
    wait_until_settled(page)
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(plain(tell("**{count}** will not go", count=6)))).to_be_visible()
    expect(dialog.get_by_role("button", name=pattern("Send {count}"))).to_be_enabled()
    wait_until_settled(page)
    wait_until_another_press_counts(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=tell("Receipts"), level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/receipt\?run=[0-9a-f]{32}$"))


def _watch_the_receipt(page: Page) -> None:
    # while the finished receipt replaces the live one, the page holds both for a moment
    panel = page.locator(".st-key-receipt_panel").first
    expect(panel).to_contain_text(tell_demo_done())
    expect(page).to_have_title(f"so24 · {tell('Receipt')} 53/56")
    expect(page.get_by_role("button", name=pattern("Retry {count}"))).to_be_visible()
    expect(page.get_by_text(tell("What needs a person"))).to_be_visible()
    page.reload()
    expect(panel).to_contain_text(tell_demo_done())


def _look_into_the_history(page: Page) -> None:
    open_page(page, "Transfer history")
    expect(page.get_by_text(_transfers(62))).to_be_visible()
    page.get_by_role("button", name=tell("Verify history")).click()
    whole = tell_count(*HISTORY_IS_WHOLE, 0, counts="")
    expect(page.get_by_text(whole.partition(":")[0])).to_be_visible()


def _look_inside(page: Page) -> None:
    open_page(page, "Inside 24SevenOffice")
    page.get_by_role("button", name=tell("Read"), exact=True).click()
    expect(page.get_by_text(_agree(23))).to_be_visible()


def _agree(lines: int) -> str:
    return tell("{agreeing} of {lines} agree", agreeing=lines, lines=lines)


def _transfers(number: int) -> str:
    return counted("**{number} transfer**", "**{number} transfers**", number)


def _look_at_what_is_left(page: Page) -> None:
    open_page(page, "Today")
    tiles = page.locator(".st-key-today_tiles")
    expect(tiles.get_by_text(_agree(23))).to_be_visible()
    tiles.get_by_role("link", name=f"{tell('Accountant, in 24SevenOffice')}: 1").click()
    expect(page).to_have_url(re.compile(r"/start\?list=24sevenoffice$"))
    tiles.get_by_role("link", name=f"{tell('Tried again by itself')}: 3").click()
    expect(page).to_have_url(re.compile(r"/start\?list=tried-again$"))
    cause = f"{tell('24SevenOffice takes no calls for now')}: 3"
    expect(page.get_by_role("link", name=cause)).to_be_visible()
    tiles.get_by_role("link", name=tell("The oldest first")).click()
    expect(page).to_have_url(re.compile(r"/start\?list=not-transferred$"))
    expect(page.get_by_role("heading", name=tell("Not transferred"))).to_be_visible()


def _measure_the_amounts(page: Page) -> None:
    """On a laptop and on a telephone no amount is cut or off the screen, nor what proves it."""
    total = "1 538 109,97".replace(" ", GROUP)
    _measure(page, total, ledger_view.WIDTHS, ("24SO total", "Our total", "Difference"),
             ("Verdict", "Customer", "Invoice no."))  # fmt: skip
    open_page(page, "Transfer history")
    amounts = ("Number", "Total", "24SO total", "Difference")
    _measure(page, _transfers(62), receipt_lines.WIDTHS, amounts, ("Status", "Invoice no."), nth=1)
    open_page(page, "Receipts")
    _measure(
        page, tell("What needs a person"), receipt_lines.WIDTHS, amounts, ("Status", "Invoice no.")
    )
    open_page(page, "Invoice overview")
    page.get_by_text(tell("All"), exact=True).first.click()
    documents = counted("{number} document", "{number} documents", 62)
    _measure(page, documents, invoice_grid.WIDTHS, ("Number", "Total"),
             ("Customer", "Date", "Status", "Remarks"))  # fmt: skip


def _measure(
    page: Page,
    settled: str,
    widths: dict[str, int],
    everywhere: tuple[str, ...],
    on_a_laptop: tuple[str, ...],
    nth: int = 0,
) -> None:
    expect(page.get_by_text(settled).first).to_be_visible()
    for width in (1440, 1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        wait_until_settled(page)
        grid = page.get_by_test_id("stDataFrame").nth(nth)
        grid.scroll_into_view_if_needed()
        expect(grid.locator("canvas").first).to_be_visible()
        names = everywhere if width < 1000 else (*everywhere, *on_a_laptop)
        seen = look_at(page, grid)
        told = {_heading(name): width for name, width in widths.items()}
        seen.require_in_sight([_heading(name) for name in names], told)
        seen.require_whole([_heading(name) for name in everywhere], told)
    page.set_viewport_size({"width": 1440, "height": 900})


def _heading(name: str) -> str:
    """The heading of the column with this name in the demo, whose documents are all in NOK."""
    return total_in("NOK") if name == "Total" else tell(name)
