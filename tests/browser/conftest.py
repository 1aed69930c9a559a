"""The real app in a process of its own, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from so24.language.reader import LANGUAGES, speaking
from so24.language.telling import tell

ROOT = Path(__file__).resolve().parents[2]
# Whether a test passes shall not depend on how busy the machine is: these are only to end a test
# that would wait for ever.
START_SECONDS = 180
SLOWEST_MILLISECONDS = 120_000
expect.set_options(timeout=SLOWEST_MILLISECONDS)


@dataclass(frozen=True)
class RunningApp:
    """A started app: its address, its data folder, its process."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="session")
def web_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """``streamlit run app.py`` on a free port, for tests that change none of its documents."""
    yield from run_app(tmp_path_factory)


@pytest.fixture
def untouched_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The same with a data folder that nobody else has used."""
    yield from run_app(tmp_path_factory)


@pytest.fixture(params=LANGUAGES)
def each_language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The language in which the test tells what it looks for, and its app speaks."""
    with speaking(request.param):
        yield request.param


@pytest.fixture
def told_app(tmp_path_factory: pytest.TempPathFactory, each_language: str) -> Iterator[RunningApp]:
    """An untouched app in each language."""
    yield from run_app(tmp_path_factory, SO24_LANGUAGE=each_language)


def run_app(tmp_path_factory: pytest.TempPathFactory, **environment: str) -> Iterator[RunningApp]:
    """An app with a folder of its own, until it is done with."""
    folder = tmp_path_factory.mktemp("web")
    started = start_app(folder / "data", folder / "app.log", **environment)
    yield started
    started.process.terminate()
    started.process.wait(START_SECONDS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, which makes no calls of its own.

    It keeps an event loop running in this thread, which the engine's own tests must not find.
    """
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("no chromium on this machine: install Debian's package chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a browser that nobody has signed in with."""
    with open_browser_page(browser) as opened:
        yield opened


@contextmanager
def open_browser_page(browser: Browser) -> Iterator[Page]:
    """Open an empty page that shares no cookie with any other."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nb-NO")
    context.set_default_timeout(SLOWEST_MILLISECONDS)
    yield context.new_page()
    context.close()


def start_app(data_dir: Path, log: Path, **environment: str) -> RunningApp:
    """Start the app as a user would and wait until it is ready; fails with its log if it is not.

    It speaks English to every browser, unless ``SO24_LANGUAGE`` is given otherwise.
    """
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, "SO24_DATA_DIR": str(data_dir), "SO24_LANGUAGE": "en", **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(url):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"the app did not start:\n{log.read_text()}")
        time.sleep(0.1)
    return RunningApp(url, data_dir, process)


def is_ready(url: str) -> bool:
    """Whether the app says of itself that it is ready."""
    try:
        with urllib.request.urlopen(f"{url}/so24/ready", timeout=30) as answer:  # noqa: S310 - ours
            return bool(json.load(answer)["ready"])
    except (OSError, ValueError):  # not listening yet, not ready yet
        return False


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_settled(page: Page) -> None:
    """Wait until no script run is under way; not for pages that poll."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def wait_until_another_press_counts(page: Page) -> None:
    """Wait, by the page's own clock, until Ctrl+Enter is no more the press of a moment ago."""
    pressed = page.evaluate("performance.now()")
    page.wait_for_function("since => performance.now() - since > 600", arg=pressed)


def fill_in(page: Page, name: str, password: str) -> None:
    """Fill in the login form as soon as it is there, as a password manager does."""
    page.get_by_label(tell("User name"), exact=True).fill(name)
    page.get_by_label(tell("Password"), exact=True).fill(password)


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Sign in by the form as soon as it is there, and wait for the sidebar."""
    page.goto(url)
    fill_in(page, name, password)
    page.get_by_role("button", name=tell("Sign in")).click()
    expect(page.locator(".st-key-so24_leave button")).to_be_visible()  # in any language
    wait_until_settled(page)
