"""A long run comes to the same in many sittings as in one, and says which code has played it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.simulation import search
from tests.simulation.long_run import sitting
from tests.simulation.long_run.code import Code
from tests.simulation.long_run.sitting import sit
from tests.simulation.long_run.totals import OtherTotals, Totals, read_totals
from tests.simulation.search import Played
from tests.simulation.world import Plan

FIRST = 40
PLAN = Plan(habits=("crashes", "stalls", "a hand edits"))


@pytest.fixture(autouse=True)
def small_parts() -> Iterator[None]:
    with mock.patch.object(search, "SEEDS_AT_ONCE", 2):
        yield


def sit_until(file: Path, histories: int, plan: Plan = PLAN) -> tuple[Totals, list[str]]:
    said: list[str] = []
    return sit(file, FIRST, histories, plan, 1, said.append), said


@pytest.mark.slow
def test_a_run_in_three_sittings_comes_to_the_same_as_in_one(tmp_path: Path) -> None:
    whole, _ = sit_until(tmp_path / "one", 5)
    for histories in (1, 4, 5):
        parts, _ = sit_until(tmp_path / "three", histories)
    assert parts.following == FIRST + 5
    for name in ("first", "last", "histories", "steps", "struck", "failing"):
        assert getattr(parts.sum(), name) == getattr(whole.sum(), name)
    assert read_totals(tmp_path / "three", PLAN, FIRST) == parts


def test_what_is_played_already_is_shown_without_playing(tmp_path: Path) -> None:
    played, said = sit_until(tmp_path / "totals", 2)
    with mock.patch.object(search, "play_all", side_effect=AssertionError):
        assert sit_until(tmp_path / "totals", 0) == (played, said)
        assert sit_until(tmp_path / "totals", 2) == (played, said)
    assert said[0].startswith("2 histories (seeds 40 to 41)")


def test_an_interrupted_sitting_keeps_its_parts_and_says_where_it_goes_on(tmp_path: Path) -> None:
    def interrupted(*asked: Any) -> Iterator[Played]:
        yield next(iter(search.played(*asked)))
        raise KeyboardInterrupt

    with mock.patch.object(sitting, "played", interrupted):
        totals, said = sit_until(tmp_path / "totals", 6)
    assert totals.histories == 2
    assert said[0] == "Interrupted; the same command goes on with seed 42."
    assert sit_until(tmp_path / "totals", 6)[0].sum().last == FIRST + 5


def test_figures_of_two_versions_of_the_code_are_told_apart(tmp_path: Path) -> None:
    for histories, code in ((2, Code("aaa", "c1")), (3, Code("aaa", "c2")), (5, Code("bbb", "c3"))):
        with mock.patch.object(sitting, "present_code", lambda code=code: code):
            totals, said = sit_until(tmp_path / "totals", histories)
        if code.hash == "aaa":
            assert said[-1] == "All were played by one version of the code: aaa (commit c1)."
    assert said[0] == "The code has changed: from seed 43 on it is bbb (commit c3)."
    assert [(each.first, each.last) for each in totals.stretches] == [(40, 42), (43, 44)]
    assert said[-3].startswith("NOT ONE VERSION: these figures come from 2 versions of the code")
    assert said[-2].startswith("  seeds 40 to 42 by aaa (commit c1): ")
    assert said[-1].startswith("  seeds 43 to 44 by bbb (commit c3): ")


def test_a_file_of_another_run_is_not_added_to(tmp_path: Path) -> None:
    file = tmp_path / "totals"
    sit_until(file, 1)
    before = file.read_bytes()
    with pytest.raises(OtherTotals, match="other habits"):
        sit_until(file, 2, Plan(habits=("crashes",)))
    with pytest.raises(OtherTotals, match="begins with seed 40, not 41"):
        read_totals(file, PLAN, FIRST + 1)
    assert file.read_bytes() == before


def test_a_file_that_holds_no_totals_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "totals"
    sit_until(file, 2)
    gap = json.loads(file.read_text())
    gap["stretches"][0]["first"] += 1
    for text in ("", "{}", "[1]", json.dumps(gap)):
        file.write_text(text)
        with pytest.raises(OtherTotals, match="holds no totals"):
            sit_until(file, 4)
        assert file.read_text() == text


def test_a_part_that_leaves_a_gap_is_not_counted() -> None:
    totals = Totals(PLAN, FIRST)
    with pytest.raises(ValueError, match="seed 41 does not follow 39"):
        totals.add(Code("aaa", ""), search.play_all([FIRST + 1], PLAN))
