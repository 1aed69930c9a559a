"""Gives bent inputs to their readers, one after the other, and keeps what should not have been."""

from __future__ import annotations

import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import FrameType
from typing import Any

from so24.errors import So24Error
from tests.fuzz.bending import Bend

LONGEST_SECONDS = 10.0  # of CPU for one input of some thousand bytes; a good one takes milliseconds


@dataclass(frozen=True)
class Target:
    """Something that reads: good inputs, how they are bent, the reader, and another opinion.

    ``compare`` gives a sentence where what was read is not what the input says, else "".
    ``secrets`` must stand in no error.
    """

    name: str
    share: int
    good: Sequence[bytes]
    bend: Bend
    read: Callable[[bytes], Any]
    compare: Callable[[bytes, Any], str]
    secrets: Sequence[str] = ()


@dataclass(frozen=True)
class Fault:
    """What one input has done that none should."""

    target: str
    number: int
    words: str
    content: bytes


@dataclass
class Tally:
    """What became of the inputs of one target; seconds of CPU, memory in MB."""

    inputs: int = 0
    read: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    seconds: float = 0.0
    longest: float = 0.0


class TookTooLong(BaseException):
    """An input has taken more than :data:`LONGEST_SECONDS`; no reader may catch it."""


def make_input(target: Target, seed: int, number: int) -> bytes:
    """The input of this number, always the same."""
    random = Random(f"{seed} {target.name} {number}")  # noqa: S311 - to be made again
    return target.bend(random, random.choice(target.good))


def try_input(target: Target, number: int, content: bytes, tally: Tally) -> None:
    """Read it, and note what became of it."""
    begun = time.process_time()
    words = ""
    try:
        with _within(LONGEST_SECONDS):
            value = target.read(content)
        tally.read += 1
        words = target.compare(content, value)
    except So24Error as error:
        tally.errors[type(error).__name__] += 1
        words = _tell_leak(error, target.secrets)
    except TookTooLong:
        words = f"more than {LONGEST_SECONDS:g} s"
    except Exception as error:
        words = "".join(traceback.format_exception(error)[-4:])
    took = time.process_time() - begun
    tally.inputs += 1
    tally.seconds += took
    tally.longest = max(tally.longest, took)
    if words:
        tally.faults.append(Fault(target.name, number, words, content))


def peak_megabytes() -> float:
    """The most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tell_leak(error: BaseException, secrets: Sequence[str]) -> str:
    """Whether a secret stands in the error or in what it came from."""
    for each in _chain(error):
        said = f"{each} {each.args}"
        if any(secret in said for secret in secrets):
            return f"{type(each).__name__} shows a secret"
    return ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what a log would print with it."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """End what takes more CPU than this, which only the main thread can."""
    before = signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong
