"""What the dashboard costs the server and the line, from a real browser and its websocket.

Two sizes of a store, each in an app of its own: the first visit and the second one, a tick, a
search, the preview of up to 10,000 documents. CPU is the app's process's by the kernel's count,
less what it needs when nobody does anything; bytes are those that came over the network and by the
websocket.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, expect, sync_playwright

from tests.benchmarks.idle import ROOT, free_port, wait_until_ready
from tests.benchmarks.office import running_office

SIZES = (10_000, 100_000)
PREVIEWED = 10_000  # nobody presses the button for more
TIMES = 5
# each is asked once: what was found is kept
SEARCHES = (
    ("10007", "10117", "10229", "10342", "10451"),
    ("Ægir", "Bjørk", "Fjell", "Østre", "Haugen"),
    ("12", "13", "14", "15", "16"),
)
IDLE_SECONDS = 8
REST_SECONDS = 1.0  # what a press has begun ends within it, also the fragments of the page
PATIENCE = 120_000
HEADER = "| checkout | documents | what | server CPU ms | KB received | seen after ms |"


@dataclass
class Visit:
    """A page of a browser that is signed in at an app; counts what the browser receives."""

    page: Page
    process: subprocess.Popen[bytes]
    requests: int = 0
    received: int = 0
    idle: float = 0.0  # seconds of CPU a second

    def watch(self) -> None:
        """Count what comes from now on, cached answers aside."""
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", self._note_answer)
        self.page.on("websocket", self._note_socket)

    def _note_answer(self, event: dict[str, float]) -> None:
        self.requests += event["encodedDataLength"] > 0
        self.received += int(event["encodedDataLength"])

    def _note_socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._note_frame)

    def _note_frame(self, frame: str | bytes) -> None:
        self.received += len(frame)

    def rest(self) -> None:
        """Measure what the process needs by itself."""
        cpu, begun = process_seconds(self.process.pid), time.perf_counter()
        self.page.wait_for_timeout(IDLE_SECONDS * 1000)
        used = process_seconds(self.process.pid) - cpu
        self.idle = used / (time.perf_counter() - begun)

    def measure(self, what: Callable[[], None]) -> tuple[float, float, float]:
        """CPU in ms, KB received, and ms until ``what`` has seen its answer."""
        self.page.wait_for_timeout(REST_SECONDS * 1000)
        self.received, self.requests = 0, 0
        cpu, begun = process_seconds(self.process.pid), time.perf_counter()
        what()
        seen = time.perf_counter() - begun
        self.page.wait_for_timeout(REST_SECONDS * 1000)
        used = process_seconds(self.process.pid) - cpu
        used -= self.idle * (time.perf_counter() - begun)
        return 1000 * max(used, 0.0), self.received / 1000, 1000 * seen


def print_screens(beside: Path | None = None) -> None:
    """Print the rows of this checkout, and before them those of the one ``beside`` it."""
    print(HEADER)
    print("|" + " --- |" * 6)
    for checkout in filter(None, (beside, ROOT)):
        for count in SIZES:
            with filled_app(checkout, count) as (url, process), opened_browser() as browser:
                for what, figures in look_around(browser, f"{url}/invoices", process, count):
                    told = " | ".join(f"{each:.0f}" for each in figures)
                    print(f"| {checkout.name} | {count} | {what} | {told} |", flush=True)


def look_around(
    browser: Browser, url: str, process: subprocess.Popen[bytes], count: int
) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """Visit the app as a finance user does, and give what each step has cost."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    visit = Visit(page, process)
    visit.watch()
    figures = visit.measure(lambda: _open_login(page, url))
    yield f"first load ({visit.requests} requests)", figures
    figures = visit.measure(lambda: _open_login(page, url))
    yield f"second load ({visit.requests} requests)", figures
    yield "signed in, list shown", visit.measure(lambda: _sign_in(page))
    visit.rest()
    yield "list shown again", visit.measure(lambda: _reload(page))
    yield "a tick", _middle([visit.measure(partial(_tick, page, row)) for row in range(TIMES)])
    page.get_by_role("button", name="Clear", exact=True).click()
    _bar_says(page, "0 of")
    for texts in SEARCHES:
        rows = [visit.measure(partial(_search, page, text)) for text in texts]
        yield f"search {', '.join(texts)}", _middle(rows)
    _search(page, "")
    yield "select all", visit.measure(lambda: _select_all(page))
    if count <= PREVIEWED:
        yield "preview of all", visit.measure(lambda: _preview(page))
    context.close()


def process_seconds(pid: int) -> float:
    """User and system time of the process, threads that have ended included (Linux)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _middle(rows: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    cpu, received, seen = (statistics.median(each) for each in zip(*rows, strict=True))
    return cpu, received, seen


def _open_login(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_label("User name", exact=True)).to_be_visible()


def _sign_in(page: Page) -> None:
    page.get_by_label("User name", exact=True).fill("fia")
    page.get_by_label("Password", exact=True).fill("fia-demo-2026")
    page.get_by_role("button", name="Sign in").click()
    _bar_says(page, "0 of")


def _reload(page: Page) -> None:
    page.reload()
    _bar_says(page, "0 of")


def _tick(page: Page, row: int) -> None:
    cell = page.get_by_test_id("stDataFrame").first.get_by_test_id(f"glide-cell-1-{row}")
    cell.wait_for(state="attached")
    cell.evaluate("element => element.focus()")
    page.keyboard.press("Shift+Space")
    _bar_says(page, f"{row + 1} of")


def _search(page: Page, text: str) -> None:
    box = page.get_by_label("Search", exact=True).first
    bar = page.locator(".st-key-invoices_bar")
    before = bar.inner_text()
    box.fill(text)
    box.press("Enter")
    expect(bar).not_to_have_text(before, use_inner_text=True)


def _select_all(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Select all")).click()
    bar = page.locator(".st-key-invoices_bar")
    expect(bar).to_contain_text(re.compile(r"([\d\s]{3,}) of [\d\s]+ selected"))


def _preview(page: Page) -> None:
    page.get_by_role("button", name="24SevenOffice", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("tab").first).to_be_visible()


def _bar_says(page: Page, words: str) -> None:
    bar = page.locator(".st-key-invoices_bar")
    expect(bar).to_contain_text(re.compile(words))


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Chromium without what the machine has not."""
    executable = shutil.which("chromium")
    if executable is None:
        raise RuntimeError("no chromium on this machine: install Debian's package chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield opened
        opened.close()


@contextmanager
def filled_app(checkout: Path, count: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The checkout's app with so many documents, at its address, once it is ready."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: each for name, each in os.environ.items() if not name.startswith("SO24_")}
        environment = {**kept, "SO24_DATA_DIR": folder}
        _fill(checkout, count, environment)
        url = f"http://127.0.0.1:{(port := free_port())}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        process = subprocess.Popen(
            command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            wait_until_ready(f"{url}/so24/ready")
            yield url, process
        finally:
            process.terminate()
            process.wait()


def _fill(checkout: Path, count: int, environment: dict[str, str]) -> None:
    script = Path(__file__).with_name("many_documents.py")
    with running_office() as control:
        subprocess.run(
            [sys.executable, str(script), str(count), control.address],
            cwd=checkout,
            env={**environment, "SO24_OFFICE_URL": control.address},
            check=True,
        )
