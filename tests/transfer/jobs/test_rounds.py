"""A background thread goes on whatever its rounds meet, and says when it does not do its work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError

from so24.store.database.engine import Outage
from so24.transfer.jobs import rounds
from so24.transfer.jobs.rounds import Rounds
from tests.conftest import wait_until

SECONDS = 0.01


class Work:
    """Does nothing, or what it is told to do once; counts its rounds."""

    def __init__(self) -> None:
        self.count = 0
        self.next: list[BaseException] = []
        self.seconds: float | None = None

    def __call__(self) -> float | None:
        self.count += 1
        if self.next:
            raise self.next.pop(0)
        return self.seconds

    def goes_on(self) -> Callable[[], bool]:
        """Whether three more rounds have been done since now."""
        wanted = self.count + 3
        return lambda: self.count >= wanted


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def thread(work: Work) -> Iterator[Rounds]:
    started = Rounds("so24-test", work, SECONDS, Outage()).start()
    yield started
    started.stop()


@pytest.mark.parametrize(
    "error",
    [
        OSError(24, "Too many open files"),
        ValueError("a bug"),
        RuntimeError("of a library"),
        MemoryError(),
        AssertionError("must not be"),
    ],
)
def test_no_error_ends_the_thread_and_a_round_that_goes_well_ends_the_trouble(
    work: Work, thread: Rounds, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    wait_until(work.goes_on())
    assert thread.trouble == ""
    work.next = [error] * 5
    wait_until(lambda: not work.next)
    wait_until(work.goes_on())
    assert thread.trouble == ""
    told = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert len(told) == 1, "each kind once"
    assert "so24-test" in told[0].getMessage()


def test_while_rounds_fail_the_trouble_is_told(work: Work, thread: Rounds) -> None:
    work.next = [OSError(24, "Too many open files")] * 1000
    wait_until(lambda: thread.trouble != "")
    assert thread.trouble == "The thread so24-test fails (OSError); it goes on trying."
    work.next = []
    wait_until(lambda: thread.trouble == "")


def test_an_outage_of_the_database_is_told_as_one(
    work: Work, thread: Rounds, caplog: pytest.LogCaptureFixture
) -> None:
    work.next = [OperationalError("", {}, Exception("connection refused"))] * 100
    wait_until(lambda: thread.trouble == "The database does not answer (so24-test).")
    wait_until(lambda: not work.next)
    assert [each.getMessage() for each in caplog.records] == [
        "The database does not answer (connection refused); it is waited for."
    ]


def test_a_round_says_how_long_the_next_one_waits(work: Work) -> None:
    work.seconds = 3600.0
    thread = Rounds("so24-test", work, SECONDS, Outage()).start()
    wait_until(lambda: work.count == 1)
    thread.stop()
    assert work.count == 1


def test_a_thread_that_has_ended_or_is_stuck_is_told(
    work: Work, thread: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    stuck = Rounds("so24-stuck", lambda: not let_go.wait(30) or None, SECONDS, Outage()).start()
    monkeypatch.setattr(rounds, "STUCK_SECONDS", 0.0)
    wait_until(lambda: "so24-stuck has been stuck" in stuck.trouble)
    let_go.set()
    stuck.stop()
    thread._stopping.set()
    wait_until(lambda: thread._thread is not None and not thread._thread.is_alive())
    thread._stopping.clear()
    assert thread.trouble == "The thread so24-test has ended."


def test_stopping_wakes_a_round_that_waits() -> None:
    woken = threading.Event()
    thread = Rounds("so24-test", lambda: not woken.wait() or None, SECONDS, Outage(), woken.set)
    thread.start().stop()
    assert woken.is_set()
    assert thread.trouble == ""
