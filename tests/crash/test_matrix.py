"""Parts of the crash matrix: a few strikes, and every place on both databases."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from tests.crash.ground import prepare_ground
from tests.crash.matrix import Figure, folder_in_memory, strike_all
from tests.crash.plan import (
    CUT,
    DATABASES,
    EXCEPTION,
    KILL,
    NONE,
    PLACES,
    POSTGRESQL,
    SQLITE,
    Strike,
    list_few,
    list_samples,
    list_strikes,
    read_strike,
)

AT_ONCE = max(2, os.cpu_count() or 1)


def strike_samples(samples: Sequence[Strike], database_url: str = "") -> None:
    """Carry them out on one database; fails with every breach and the line that does it again."""
    [database] = {strike.database for strike in samples}
    figure = Figure()
    with folder_in_memory() as folder:
        grounds = {database: prepare_ground(folder / "ground", database_url)}
        for outcome in strike_all(samples, folder, grounds, AT_ONCE):
            figure.add(outcome)
    told = [f"{line}: {each}" for line, breaches in figure.breached.items() for each in breaches]
    assert not told, "\n".join(told)
    assert figure.unreached == []
    assert figure.strikes == len(samples)
    assert figure.kills >= len(samples) // 3


@pytest.mark.slow
def test_no_strike_breaks_a_rule_where_it_would_book_twice_or_forget() -> None:
    strike_samples(list_few())


@pytest.mark.slow
def test_no_strike_breaks_a_rule_on_sqlite() -> None:
    strike_samples(list_samples(SQLITE))


@pytest.mark.slow
@pytest.mark.postgresql
def test_no_strike_breaks_a_rule_on_postgresql(postgres_url: str) -> None:
    strike_samples(list_samples(POSTGRESQL), postgres_url)


def test_the_few_strikes_are_of_every_kind_but_an_exception() -> None:
    assert {strike.kind for strike in list_few()} == {KILL, CUT, NONE}
    assert len(list_few()) == 4


def test_the_samples_come_to_every_place_in_both_ways_on_both_databases() -> None:
    struck = [strike for database in DATABASES for strike in list_samples(database)]
    assert {strike.place for strike in struck} == set(PLACES)
    for database in DATABASES:
        kinds = {strike.kind for strike in struck if strike.database == database}
        assert kinds == {KILL, EXCEPTION, CUT, NONE}


def test_the_whole_matrix_has_its_nine_hundred_strikes_and_three_hundred_kills() -> None:
    strikes = list_strikes((SQLITE, POSTGRESQL), seeds=3)
    assert len({strike.line for strike in strikes}) == len(strikes) >= 900
    assert sum(strike.kind == KILL for strike in strikes) >= 300


def test_a_strike_is_done_again_by_its_line() -> None:
    for strike in list_strikes((SQLITE,), seeds=1):
        assert read_strike(strike.line) == strike
