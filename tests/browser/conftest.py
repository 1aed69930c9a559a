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
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
SLOWEST_MILLISECONDS = 20_000


@dataclass(frozen=True)
class RunningApp:
    """A started app: its address, its data folder, its process."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def web_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """``streamlit run app.py`` on a free port with a fresh data folder, ready to be used."""
    folder = tmp_path_factory.mktemp("web")
    started = start_app(folder / "data", folder / "app.log")
    yield started
    started.process.terminate()
    started.process.wait(30)


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
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nb-NO")
    opened = context.new_page()
    opened.set_default_timeout(SLOWEST_MILLISECONDS)
    yield opened
    context.close()


def start_app(data_dir: Path, log: Path, **environment: str) -> RunningApp:
    """Start the app as a user would and wait until it is ready; fails with its log if it is not."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**kept, "SO24_DATA_DIR": str(data_dir), **environment},
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
        with urllib.request.urlopen(f"{url}/so24/ready", timeout=5) as answer:  # noqa: S310 - ours
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
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=SLOWEST_MILLISECONDS
    )


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Sign in by the form, as a person would, and wait for the sidebar."""
    # the cookie's component answers a moment after the form is there, and the page runs again:
    # nobody has typed both fields by then
    page.goto(url, wait_until="networkidle")
    wait_until_settled(page)
    page.get_by_label("User name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=SLOWEST_MILLISECONDS)
    wait_until_settled(page)
