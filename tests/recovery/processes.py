"""Programs of the product in processes of their own, begun, killed and begun again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from so24.sandbox.runner import Control

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
RUN_SECONDS = 90


def clean() -> dict[str, str]:
    """The environment without anything that is meant for so24."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}


@contextmanager
def running(
    *arguments: str, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[str]]:
    """A Python program in a process group of its own; whatever is left of it is killed."""
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    with process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """``kill -9`` for the program and whatever it has begun."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def first_line(process: subprocess.Popen[str]) -> str:
    """What the program says when it is ready."""
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, f"the program ended with {process.wait()}"
    return line


def await_calls(office: Control, count: int) -> None:
    """Wait until the office has been called that often since its counts were reset."""
    await_truth(lambda: office.calls()["requests"] >= count, f"{count} calls")


def await_truth(condition: Callable[[], bool], wish: str) -> None:
    """Poll until the condition holds; fails the test when it does not in time."""
    deadline = time.monotonic() + RUN_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {wish}"
        time.sleep(0.002)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(port: int) -> bool:
    """Whether the app on this port says that it is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/so24/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False
