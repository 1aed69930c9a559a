"""The drawer in a real browser: opened by a press on a number, by keyboard, and from a receipt."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import RunningApp, sign_in, wait_until_settled
from tests.browser.test_whole_way import bar_says, open_page, tick

pytestmark = pytest.mark.slow


def test_a_press_on_a_number_opens_the_document_and_ticks_nothing(
    page: Page, web_app: RunningApp
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    sign_in(page, web_app.url, "fia", "fia-demo-2026")
    open_page(page, "Invoice overview")
    bar_says(page, 0, 62)
    wait_until_settled(page)
    grid = page.get_by_test_id("stDataFrame").first
    first = grid.get_by_role("gridcell", name="1030", exact=True, include_hidden=True)
    first.wait_for(state="attached")
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 60, box["y"] + 55)  # the canvas has no buttons to be found
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Invoice 1030, Solvang Barnehager AS")).to_be_visible()
    drawer.get_by_role("button", name="Exclude from export").click()
    page.get_by_label("Reason").last.fill("a trial")
    page.get_by_role("button", name="Exclude", exact=True).click()
    expect(page.get_by_text("Document 1030 is excluded from export.")).to_be_visible()
    bar_says(page, 0, 61)
    drawer.get_by_role("button", name="Include again").click()
    bar_says(page, 0, 62)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    tick(page, grid, "1030")
    page.get_by_role("button", name="Open 1030").press("Enter")
    expect(drawer.get_by_text("It was never sent.")).to_be_attached()


def test_within_the_question_it_is_shown_in_its_place_and_what_is_done_is_planned_anew(
    page: Page, web_app: RunningApp
) -> None:
    sign_in(page, web_app.url, "fia", "fia-demo-2026")
    open_page(page, "Invoice overview")
    bar_says(page, 0, 62)
    wait_until_settled(page)
    tick(page, page.get_by_test_id("stDataFrame").first, "1030")
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    question = page.get_by_role("dialog")
    send = question.get_by_role("button", name="Send 1", exact=True)
    expect(send).to_be_enabled()
    _press_the_number_in(question)
    expect(question.get_by_text("Invoice 1030, Solvang Barnehager AS")).to_be_visible()
    question.get_by_role("button", name="Exclude from export").click()
    page.get_by_label("Reason").last.fill("a trial")
    page.get_by_role("button", name="Exclude", exact=True).click()
    expect(page.get_by_text("Document 1030 is excluded from export.")).to_be_visible()
    expect(question.get_by_text("None of the selected documents can be sent.")).to_be_visible()
    question.get_by_role("button", name="Include again").click()
    expect(send).to_be_enabled()
    question.get_by_role("button", name="Back to the preview").click()
    expect(question.get_by_role("tab", name="Will be sent (1)")).to_be_visible()
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    bar_says(page, 1, 62)


def _press_the_number_in(question: Locator) -> None:
    grid = question.get_by_test_id("stDataFrame").filter(has_text="What will happen").first
    grid.get_by_role("gridcell", include_hidden=True).first.wait_for(state="attached")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    question.page.mouse.click(box["x"] + 30, box["y"] + 52)
