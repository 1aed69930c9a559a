"""Streamlit's own words are the reader's: uploader, fields, calendar, and what is read aloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from so24.language.telling import told_in
from so24.ui.guard.streamlit_words import STREAMLIT_SAYS
from tests.browser.conftest import RunningApp, run_app
from tests.browser.test_language import choose, open_page, sign_in

pytestmark = pytest.mark.slow
# all that a page says of itself to whoever hears it, but what stands in the cells of grids
NAMES = """() => [...document.querySelectorAll("[aria-label]:not(canvas *)")]
    .map((each) => each.getAttribute("aria-label"))"""
ENGLISH = {told_in("en", each) for each in STREAMLIT_SAYS}
NORWEGIAN = {told_in("nb", each) for each in STREAMLIT_SAYS}


@pytest.fixture(scope="module")
def bokmal_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app of an installation that speaks bokmål."""
    yield from run_app(tmp_path_factory, SO24_LANGUAGE="nb")


def open_overview(page: Page, language: str) -> None:
    """Open the overview and the uploader on it."""
    open_page(page, "invoices", told_in(language, "Invoice overview"))
    page.get_by_text(told_in(language, "Import from RecMan")).first.click()
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()


def test_the_form_the_uploader_and_the_calendar_speak_bokmal(
    page: Page, bokmal_app: RunningApp
) -> None:
    page.goto(bokmal_app.url)
    hint = page.get_by_test_id("InputInstructions")
    expect(hint).to_have_text("Trykk Enter for å sende inn")
    sign_in(page, bokmal_app.url, "fia", "nb")
    open_overview(page, "nb")
    dropped = page.get_by_test_id("stFileUploaderDropzone")
    expect(dropped).to_contain_text("Last opp")
    expect(dropped).to_contain_text("20MB per fil")
    dropped.locator("input").set_input_files(
        {"name": "Upload.exe", "mimeType": "application/x-program", "buffer": b"no list"}
    )
    chip = page.get_by_test_id("stFileChip")
    expect(chip).to_contain_text("er ikke tillatt")
    expect(chip).to_contain_text("Upload.exe")  # a file's name is nobody's word
    page.get_by_test_id("stDateInputCalendarButton").last.click()
    expect(page.get_by_role("button", name="Neste måned")).to_be_visible()
    names = set(page.evaluate(NAMES))
    assert not names & (ENGLISH - NORWEGIAN)


def test_words_follow_the_language_that_is_chosen(page: Page, bokmal_app: RunningApp) -> None:
    sign_in(page, bokmal_app.url, "fia", "nb")
    open_page(page, "account", "Min konto")
    # it is there all the time, and seen where the mouse is over the sidebar
    collapse = page.locator('[data-testid="stSidebarCollapseButton"] button')
    expect(collapse).to_have_attribute("aria-label", "Skjul sidemenyen")
    choose(page, "English")
    expect(collapse).to_have_attribute("aria-label", "Collapse sidebar")
    choose(page, "Norsk (bokmål)")
    expect(collapse).to_have_attribute("aria-label", "Skjul sidemenyen")


def test_escape_closes_a_question_whatever_its_cross_is_called(
    page: Page, bokmal_app: RunningApp
) -> None:
    sign_in(page, bokmal_app.url, "fia", "nb")
    open_page(page, "invoices", told_in("nb", "Invoice overview"))
    page.get_by_role("button", name="Velg alle 62").click()
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    question = page.get_by_role("dialog")
    expect(question.get_by_role("button", name="Lukk", exact=True)).to_be_visible()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
