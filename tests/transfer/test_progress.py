"""How far a run is, and when it may end."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from so24.states import State
from so24.transfer.progress import RunUnderWay, estimate_left, measure_progress

MOMENT = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
# how long an example takes tells how busy the machine is
patient = settings(suppress_health_check=[HealthCheck.too_slow])
counted = st.dictionaries(st.sampled_from(list(State)), st.integers(0, 1000))


def run(counts: dict[State, int], seconds: float = 60, **facts: object) -> str:
    """What is said of a run that began so long ago."""
    values = {"waiting": 0, "stopping": False, **facts}
    progress = measure_progress(counts)
    begun = MOMENT - dt.timedelta(seconds=seconds)
    return RunUnderWay("r", begun, "fia", progress, **values).describe(MOMENT)  # type: ignore[arg-type] # as given


def test_each_step_counts_for_a_lane_ends_with_all_of_its_documents_at_once() -> None:
    said = run({State.COMPARED: 40})
    assert said == "0 of 40 transferred, under way for about 60 seconds, about 40 seconds left"


def test_nothing_is_guessed_before_anything_is_done() -> None:
    assert run({State.QUEUED: 40}) == "0 of 40 transferred, under way for about 60 seconds"


def test_what_waits_for_a_person_has_no_end_of_its_own() -> None:
    waiting = run({State.UNKNOWN: 2, State.TRANSFERRED: 8}, waiting=2)
    assert waiting.endswith(", 2 wait for a System Administrator")
    assert run({State.DRAFTED: 1}, stopping=True).endswith(", stopping")


def test_what_has_ended_otherwise_is_handled_and_not_said_to_be_transferred() -> None:
    stopped = measure_progress({State.TRANSFERRED: 100, State.CANCELLED: 500})
    assert stopped.words == "600 of 600 handled, 100 transferred"
    assert measure_progress({State.TRANSFERRED: 2}).words == "2 of 2 transferred"


@patient
@given(counted, st.floats(0.1, 1e6))
def test_the_further_it_is_the_sooner_it_ends(counts: dict[State, int], elapsed: float) -> None:
    progress = measure_progress(counts)
    assert 0 <= progress.share <= 1
    assert progress.done <= progress.documents
    further = {**counts, State.TRANSFERRED: counts.get(State.TRANSFERRED, 0) + 1}
    left, later = (estimate_left(each, elapsed) for each in (progress, measure_progress(further)))
    assert left is None or later is None or later <= left


@pytest.mark.parametrize("counts", [{}, {State.TRANSFERRED: 3}, {State.BLOCKED: 1}])
def test_a_run_that_is_over_takes_no_more_time(counts: dict[State, int]) -> None:
    assert estimate_left(measure_progress(counts), 60.0) == 0
