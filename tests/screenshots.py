"""Make a picture of every page of every role: ``python -m tests.screenshots FOLDER [LANGUAGE]``.

From a demo that it starts in a folder of its own and of which everything has been sent once, in
both themes, as on a laptop and on a telephone, in English or in the language that is named; the
names say whose page it is and how it was looked at. With ``README`` for the folder: only the
pictures at the top of the README, in ``data/demo``; with ``HELP``: those of the help, each in both
languages, beside its pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from so24.language.reader import ENGLISH, LANGUAGES, speaking
from so24.language.telling import told_in
from so24.people.users import DEMO_USERS, DemoUser
from so24.ui.help.library import HELP
from tests.browser.conftest import (
    ROOT,
    RunningApp,
    open_browser_page,
    sign_in,
    start_app,
    wait_until_settled,
)
from tests.browser.rounds import (
    ADA,
    FIA,
    LAPTOP,
    Scene,
    View,
    go_round,
    look_at_login,
    open_box,
    scenes_of,
    send_the_demo,
    wait_until_drawn,
)

HEIGHT = 1200  # pixels: more of a page than a screen shows
HELP_HEIGHT = 860
SEND = re.compile("^Send ")  # in both languages
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


def make_those_of_the_help(browser: Browser, app: RunningApp, language: str) -> None:
    """What the pages of the help show, as their reader's language has it; sends the demo."""
    folder = HELP / language / "pictures"
    folder.mkdir(exist_ok=True)
    for user in (FIA, ADA):
        run_command(app, "users", "language", user.name, language)
    with open_browser_page(browser) as page:
        page.set_viewport_size({"width": LAPTOP, "height": HELP_HEIGHT})
        sign_in(page, f"{app.url}/invoices", FIA.name, FIA.password)
        picture_of_the_question(page, folder / "preview.png", language)
        page.get_by_role("dialog").get_by_role("button", name=SEND).click()
        receipt = page.locator(".st-key-receipt_panel").first
        expect(receipt).to_contain_text(re.compile(r"53 \w+ 56"))
        wait_until_settled(page)
    box = open_box(told_in(language, "Add key"))
    for user, scenes in (
        (FIA, {"start": "today", "receipt": "receipt", "figures": "figures"}),
        (ADA, {"credentials": "add-key"}),
    ):
        wanted = [Scene(name, name, box) if user is ADA else Scene(name, name) for name in scenes]
        picture_scenes(browser, app.url, user, wanted, scenes, folder)


def picture_of_the_question(page: Page, path: Path, language: str) -> None:
    """The question before an export of everything, with its first lines."""
    wait_until_drawn(page)
    every = told_in(language, "Select all {count}").partition("{")[0].strip()
    page.get_by_role("button", name=re.compile(f"^{every}")).click()
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("button", name=SEND)).to_be_visible()
    wait_until_drawn(page)
    take(page, path)


def picture_scenes(
    browser: Browser,
    url: str,
    user: DemoUser,
    scenes: list[Scene],
    names: Mapping[str, str],
    folder: Path,
) -> None:
    """A picture of each scene, under its own name."""

    def look(page: Page, view: View) -> None:
        take(page, folder / f"{names[view.scene]}.png")

    with open_browser_page(browser) as page:
        go_round(page, url, user, look, scenes, ["light"], [LAPTOP], HELP_HEIGHT)


def take(page: Page, path: Path) -> None:
    """A picture of what is on the screen, in as few colours as show it: it is in each package."""
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128)
    small.save(path, optimize=True)


def run_command(app: RunningApp, *words: str) -> None:
    """One command of so24, on the installation of this app."""
    program = [sys.executable, "-c", "from so24.cli import main; main()", *words]
    environment = {**os.environ, "SO24_DATA_DIR": str(app.data_dir)}
    subprocess.run(program, env=environment, check=True)


@contextmanager
def opened_demo(language: str = ENGLISH) -> Iterator[tuple[Browser, RunningApp]]:
    """A demo of which nothing has been sent, and a browser; nothing of them is left behind."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = start_app(Path(folder) / "data", Path(folder) / "app.log", SO24_LANGUAGE=language)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser, app
        finally:
            browser.close()
            app.process.terminate()
            app.process.wait()


def main(make: Callable[[Browser, str], None], language: str = ENGLISH) -> None:
    """Have the pictures made of a demo of which all has been sent."""
    with speaking(language), opened_demo(language) as (browser, app):
        with open_browser_page(browser) as page:
            send_the_demo(page, app.url)
        make(browser, app.url)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["README"]:
            main(make_those_of_the_readme)
        case ["HELP"]:
            for each in LANGUAGES:
                with opened_demo() as (opened, running):
                    make_those_of_the_help(opened, running, each)
        case [where, *language] if language in ([], *([each] for each in LANGUAGES)):
            main(lambda browser, url: make_all(browser, url, Path(where)), *language)
        case _:
            sys.exit("python -m tests.screenshots FOLDER [LANGUAGE], or README or HELP for theirs")
