"""The question before an export in a real browser: look up, read the XML, be told of a change."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, RunningApp, sign_in, wait_until_settled


def exclude_elsewhere(data_dir: Path, number: str) -> None:
    """Somebody else excludes a document, by the command line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}
    command = [sys.executable, "-m", "so24.cli", "exclude", number, "--reason", "sent by hand"]
    environment = {**kept, "SO24_DATA_DIR": str(data_dir)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.mark.long
def test_what_is_shown_is_looked_up_read_and_bound(page: Page, untouched_app: RunningApp) -> None:
    sign_in(page, f"{untouched_app.url}/invoices", "fia", "fia-demo-2026")
    page.get_by_role("button", name="Select all 62").click()
    expect(page.locator(".st-key-invoices_bar")).to_contain_text("62 of 62 selected")
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    dialog = page.get_by_role("dialog")
    _look_up(dialog)
    _read_the_xml(dialog)
    wait_until_settled(page)
    exclude_elsewhere(untouched_app.data_dir, "1010")
    dialog.get_by_role("button", name=re.compile("^Send ")).click()
    expect(dialog.get_by_text("Nothing was sent: 1 document is not")).to_be_visible()
    # the looks are taken anew: one is there already, one probably, one was excluded
    expect(dialog.get_by_text("53 go to 24SevenOffice; 9 will not go.")).to_be_visible()
    dialog.get_by_role("button", name="Send 53 as shown now").click()
    expect(page.get_by_role("heading", name="Receipts", level=1)).to_be_visible()


def _look_up(dialog: Locator) -> None:
    expect(dialog.get_by_text("56 go to 24SevenOffice; 6 will not go.")).to_be_visible()
    dialog.get_by_role("button", name="Look up in 24SevenOffice first").click()
    expect(dialog.get_by_text("1 will not be sent: probably there already")).to_be_visible()


def _read_the_xml(dialog: Locator) -> None:
    dialog.get_by_role("tab", name="What goes out").click()
    expect(dialog.get_by_text("ReferenceNumber").first).to_be_visible()
