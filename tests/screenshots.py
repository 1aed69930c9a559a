"""Make a picture of every page of every role: ``python -m tests.screenshots FOLDER``.

From a demo that it starts in a folder of its own and of which everything has been sent once, in
both themes, as on a laptop and on a telephone; the names say whose page it is and how it was looked
at. With ``README`` for the folder: only the pictures at the top of the README, in ``data/demo``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from so24.people.users import DEMO_USERS
from tests.browser.conftest import ROOT, open_browser_page, start_app
from tests.browser.rounds import (
    FIA,
    LAPTOP,
    View,
    go_round,
    look_at_login,
    scenes_of,
    send_the_demo,
)

HEIGHT = 1200  # pixels: more of a page than a screen shows
PICTURES = ROOT / "data" / "demo"
OF_THE_README = {"start": "today.png", "receipt": "receipt.png"}


def make_all(browser: Browser, url: str, folder: Path) -> None:
    """Every page of every role, into this folder."""
    folder.mkdir(parents=True, exist_ok=True)

    def look(page: Page, view: View) -> None:
        page.screenshot(path=folder / f"{view.name}.png")

    with open_browser_page(browser) as page:
        look_at_login(page, url, look, height=HEIGHT)
    for user in DEMO_USERS:
        with open_browser_page(browser) as page:
            go_round(page, url, user, look, height=HEIGHT)


def make_those_of_the_readme(browser: Browser, url: str) -> None:
    """*Today* and a receipt, as they are seen first."""

    def look(page: Page, view: View) -> None:
        page.screenshot(path=PICTURES / OF_THE_README[view.scene])

    scenes = [each for each in scenes_of(FIA) if each.name in OF_THE_README]
    with open_browser_page(browser) as page:
        go_round(page, url, FIA, look, scenes, ["light"], [LAPTOP])


def main(make: Callable[[Browser, str], None]) -> None:
    """Start a demo, send all of it, have the pictures made, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = start_app(Path(folder) / "data", Path(folder) / "app.log")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            with open_browser_page(browser) as page:
                send_the_demo(page, app.url)
            make(browser, app.url)
        finally:
            browser.close()
            app.process.terminate()
            app.process.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["README"]:
            main(make_those_of_the_readme)
        case [where]:
            main(lambda browser, url: make_all(browser, url, Path(where)))
        case _:
            sys.exit("python -m tests.screenshots FOLDER, or README for the pictures of the README")
