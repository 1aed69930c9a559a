"""What a dashboard costs while nobody looks at it: its process's CPU, by the kernel's count."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
REST_SECONDS = 65.0  # in its first minute the engine looks for schedules every second
MEASURED_SECONDS = 60.0


def print_idle() -> None:
    """Print how much of a core the app uses, run as the README says, with nobody connected."""
    with running_app() as process:
        threading.Event().wait(REST_SECONDS)
        before, begun = cpu_seconds(process.pid), time.monotonic()
        threading.Event().wait(MEASURED_SECONDS)
        used, wall = cpu_seconds(process.pid) - before, time.monotonic() - begun
    print(f"dashboard with nobody looking: {100 * used / wall:.2f} % of a core over {wall:.0f} s")


@contextmanager
def running_app() -> Iterator[subprocess.Popen[bytes]]:
    """``streamlit run app.py`` on a data folder of its own, once it is ready for work."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SO24_")}
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        process = subprocess.Popen(
            [*command, "--server.headless", "true", "--server.port", str(port)],
            cwd=ROOT,
            env={**environment, "SO24_DATA_DIR": folder},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/so24/ready")
            yield process
        finally:
            process.terminate()
            process.wait()


def wait_until_ready(address: str) -> None:
    """Ask until it answers that it can take on work."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own
                if answer.status == 200:
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
        threading.Event().wait(0.2)


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads that the process has now, to the nanosecond (Linux)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
