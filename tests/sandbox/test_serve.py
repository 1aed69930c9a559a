"""One sandbox per folder, whichever process serves it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from so24.errors import ConfigurationError, WrongUse
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import ADDRESS_FILE, SandboxHandle, SandboxServer, open_sandbox, run_sandbox
from tests.conftest import wait_until

SERVE_UNTIL_KILLED = """
import sys, threading
from pathlib import Path
from so24.sandbox.serve import open_sandbox
handle = open_sandbox(Path(sys.argv[1]), world=None)
sys.stdout.write(handle.address + "\\n")
sys.stdout.flush()
threading.Event().wait()
"""


@contextmanager
def serving_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that serves the folder's sandbox, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE_UNTIL_KILLED, folder], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@contextmanager
def opened(folder: Path) -> Iterator[SandboxHandle]:
    handle = open_sandbox(folder, world=None)
    try:
        yield handle
    finally:
        handle.close()


def test_the_first_serves_and_the_second_finds_it(tmp_path: Path) -> None:
    with opened(tmp_path) as first, opened(tmp_path) as second:
        assert (first.serving, second.serving) == (True, False)
        assert second.address == first.address
        assert (tmp_path / ADDRESS_FILE).read_text().strip() == first.address


def test_a_server_whose_thread_has_ended_is_begun_again_at_the_same_address(tmp_path: Path) -> None:
    with opened(tmp_path) as handle:
        assert handle.server is not None
        address = handle.address
        handle.server._http.socket.shutdown(socket.SHUT_RDWR)
        handle.server._http.shutdown()
        wait_until(lambda: handle.server is not None and not handle.server.alive)
        assert handle.keep() == address
        assert Control(address).ready()["ready"]


def test_a_fresh_folder_has_the_demo_clients_and_keeps_its_books(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "folder") as handle:
        Control(handle.address).edit("edit_company", OSLO, Name="Fjell AS")
    with opened(tmp_path / "new" / "folder") as handle:
        (company,) = Control(handle.address).books()[OSLO]["companies"]
    assert company["Name"] == "Fjell AS"


def test_when_the_serving_process_is_killed_another_takes_over_books_and_port(
    tmp_path: Path,
) -> None:
    with serving_process(tmp_path) as (process, address), opened(tmp_path) as handle:
        assert (handle.serving, handle.address) == (False, address)
        Control(address).edit("edit_company", OSLO, Name="Fjell AS")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert handle.keep() == address
        assert handle.serving
        (company,) = Control(handle.address).books()[OSLO]["companies"]
        assert company["Name"] == "Fjell AS"


def test_a_handle_whose_server_has_left_takes_over(tmp_path: Path) -> None:
    with opened(tmp_path) as second_to_last:
        with opened(tmp_path) as last:
            second_to_last.close()
            assert last.keep() == last.address
            assert last.serving
        assert second_to_last.keep()
        assert second_to_last.serving


def test_keep_while_serving_changes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as handle:
        server = handle.server
        assert handle.keep() == handle.address
        assert handle.server is server


def test_the_address_of_a_sandbox_of_another_folder_is_not_trusted(tmp_path: Path) -> None:
    with opened(tmp_path / "one") as one:
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / ADDRESS_FILE).write_text(one.address)
        with opened(tmp_path / "two") as two:
            assert two.serving
            assert two.address != one.address


def test_a_stale_address_where_somebody_else_listens_is_left_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answering = threading.Thread(target=lambda: taken.accept()[0].close())
        answering.start()
        (tmp_path / ADDRESS_FILE).write_text(f"http://127.0.0.1:{port}")
        with opened(tmp_path) as handle:
            assert handle.serving
            assert not handle.address.endswith(f":{port}")
        answering.join()


def test_a_port_that_is_taken_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"cannot use port {port}"):
            SandboxServer(port=port)
        with pytest.raises(ConfigurationError, match=f"cannot use port {port}"):
            open_sandbox(tmp_path, port=port, world=None)
    with opened(tmp_path) as handle:
        assert handle.serving


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Interrupts arrive, even where the shell that runs the tests has them ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_in_the_foreground_it_announces_its_address_and_ends_at_an_interrupt() -> None:
    seen: list[str] = []

    def announce(address: str) -> None:
        seen.append(address)
        assert Control(address).set()["armed"][0]["kind"] == "lost_after"
        signal.raise_signal(signal.SIGINT)

    run_sandbox(port=0, faults=["lost_after:SaveInvoices"], world=None, announce=announce)
    with pytest.raises(OSError, match="refused"):
        Control(seen[0]).ready()


def test_in_the_foreground_an_unknown_fault_is_refused() -> None:
    with pytest.raises(WrongUse, match="There is no fault 'explode'"):
        run_sandbox(faults=["explode"])
