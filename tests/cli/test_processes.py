"""The command line as processes of their own: killed, stopped, and beside each other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from tests.cli.conftest import CommandLine
from tests.conftest import wait_until
from tests.sources.report_files import line

pytestmark = pytest.mark.slow

SO24 = [sys.executable, "-W", "error", "-m", "so24.cli"]


@contextmanager
def started(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, killed at the end if it still runs."""
    process = subprocess.Popen(
        [*SO24, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | variables,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.long)]
)
def test_a_command_that_is_ended_in_the_middle_is_taken_up_by_the_next(
    so24: CommandLine, number: int
) -> None:
    numbers = [str(1001 + each) for each in range(6)]
    so24.get_ready(*numbers)
    so24.office.set(latency_ms=500)
    with started("export", "--all", "--wait", SO24_BATCH_SIZE="2") as process:
        wait_until(lambda: so24.saves() >= 2)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == (1 if number == signal.SIGTERM else -number)
    assert "Traceback" not in err
    if number == signal.SIGTERM:
        assert "Stopped waiting" in err
    so24.office.set(latency_ms=0)
    lines = so24.well("export", "--all", "--wait", "--json").json
    assert [each["number"] for each in lines] == numbers
    invoiced = [
        order["ReferenceNumber"]
        for order in so24.office.books()[OSLO]["orders"]
        if order["OrderStatus"] == "Invoiced"
    ]
    assert sorted(invoiced) == [f"RM-10-{each}" for each in numbers]


def test_a_worker_runs_what_other_commands_queue(so24: CommandLine) -> None:
    so24.get_ready("1001")
    with started("worker") as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "This process runs the jobs.\n"
        [done] = so24.well("export", "--all", "--wait", "--json").json
        assert done["state"] == "transferred"
        process.terminate()
        assert process.wait(timeout=5) == 0


def test_a_sandbox_serves_its_folder_once_and_records_what_passes(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_MODE", "sandbox")
    monkeypatch.setenv("SO24_OFFICE_URL", "")
    record = so24.folder / "traffic.jsonl"
    with started("sandbox", "--port", "0", "--record", str(record)) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert Control(address).ready()["ready"]
        assert address in so24.refused("sandbox", "--port", "0")
        so24.add_key()
        process.terminate()
        assert process.wait(timeout=5) == 0
    written = [record, *(so24.folder / "data" / "sandbox").rglob("*")]
    assert len(written) > 2
    assert not any(path.stat().st_mode & 0o077 for path in written)  # for its user only
    exchanges = [json.loads(each) for each in record.read_text().splitlines()]
    assert any("Login" in each["soapaction"] for each in exchanges)


def test_a_sandbox_is_started_with_an_invoice_series_set(so24: CommandLine) -> None:
    with started("sandbox", "--in-memory", "--port", "0", "--next-invoice", f"{OSLO}=1001") as it:
        assert it.stdout is not None
        control = Control(it.stdout.readline().strip())
        control.edit("edit_company", OSLO, Name="Kunde AS", Type="Business")
        control.edit("edit_product", OSLO, Name="Work", No="1", CategoryId=1)
        assert control.edit("invoice_by_hand", OSLO)["InvoiceId"] == 1001
    series = ("sandbox", "--in-memory", "--port", "0", "--next-invoice")
    assert "such as 10000001=1001, not “1001”" in so24.refused(*series, "1001")
    assert "There is no client 7" in so24.refused(*series, "7=1001")


def test_an_unknown_fault_is_refused_before_anything_serves(so24: CommandLine) -> None:
    assert "no fault 'earthquake'" in so24.refused("sandbox", "--in-memory", "--fault",
                                                   "earthquake")  # fmt: skip
    assert "--folder or --in-memory" in so24.refused("sandbox", "--in-memory", "--folder", "x")


def test_a_long_import_tells_on_a_terminal_how_far_it_is(so24: CommandLine) -> None:
    report = so24.write_report(*(line(number=str(number)) for number in range(1001, 1702)))
    leader, follower = os.openpty()
    with os.fdopen(leader, "rb") as terminal:
        process = subprocess.Popen(
            [*SO24, "import", report], stdout=subprocess.DEVNULL, stderr=follower
        )
        os.close(follower)
        said = b""
        with suppress(OSError):  # a terminal that everybody has left says so
            while piece := terminal.read1(1 << 16):
                said += piece
        assert process.wait(timeout=60) == 0
    words = [each.strip() for each in said.decode().split("\r")]
    assert "reading report.xlsx: 100%" in words
    assert "501 of 702 documents and customers are in" in words
    assert words[-1] == "\x1b[K"
