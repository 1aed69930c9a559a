"""What is measured of one export, and how it is taken."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from so24.sandbox.runner import Control


@dataclass(frozen=True)
class Figures:
    """One measured export; times in seconds, memory in MB (the process's peak so far)."""

    requests: int
    wall: float
    floor: float
    cpu: float
    peak: float

    def scaled(self, times: int) -> Figures:
        """What so many times as many invoices would take, done one after another."""
        return Figures(
            self.requests * times,
            self.wall * times,
            self.floor * times,
            self.cpu * times,
            self.peak,
        )


def measure(control: Control, work: Callable[[], None]) -> Figures:
    """Run ``work`` and take its figures; the floor is what the sandbox needed with its delay."""
    control.reset_calls()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    calls = control.calls()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figures(calls["requests"], wall, calls["seconds"], cpu, peak)
