"""The page *Figures*: each document once, whatever was tried."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from so24.transfer.figures import DocumentStanding, WeekSum
from so24.ui.figures.charts import most_used, name_week, reach_of, tell_duration
from tests.pages.conftest import OpenApp
from tests.store.transfers.test_courses import bring
from tests.transfer.world import World

PAGE = "figures"


def test_a_document_that_was_tried_twice_is_one_document(
    economy: World, finance: Actor, invoices: list[int], app: OpenApp
) -> None:
    keyless = economy.add_invoices(economy.add_department("30"), 1, first=2001)
    bring(economy, [*invoices, *keyless], dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    economy.export([invoices[0], *keyless])
    economy.export(keyless)
    at = app(Role.ANALYST, PAGE)
    weeks = at.dataframe[0].value
    assert sorted(zip(weeks["Stands"], weeks["Documents"], strict=True)) == [
        ("last try failed", 1),
        ("not transferred", len(invoices) - 1),
        ("transferred", 1),
    ]
    quality, causes = at.dataframe[1].value, at.dataframe[2].value
    assert (quality["Tried"].tolist(), quality["At the first try"].tolist()) == ([2], [1])
    assert (causes["Documents"].tolist(), causes["Not yet"].tolist()) == ([1], [1])


def test_the_currency_of_the_most_documents_comes_first() -> None:
    monday, stands = dt.date(2026, 11, 23), DocumentStanding.TRANSFERRED
    sums = [
        WeekSum(monday, stands, name, count, Decimal(5)) for name, count in (("EUR", 1), ("NOK", 2))
    ]
    assert most_used(sums) == "NOK"


@pytest.mark.parametrize(
    ("lengths", "reach"),
    [
        ([("a", 3), ("a", 4), ("b", 5)], [0, 7]),
        ([("a", 3), ("a", -4), ("b", -5)], [-5, 3]),
        ([("a", 0)], [0, 1]),
        ([], [0, 1]),
    ],
)
def test_a_chart_reaches_as_far_as_its_longest_bars(
    lengths: list[tuple[str, int]], reach: list[int]
) -> None:
    assert reach_of([(of, "part", length) for of, length in lengths]) == reach


def test_without_documents_the_page_says_so(economy: World, app: OpenApp) -> None:
    assert "No document has come in" in app(Role.FINANCE, PAGE).info[0].value


def test_before_any_export_the_page_praises_no_first_try(
    economy: World, invoices: list[int], app: OpenApp
) -> None:
    bring(economy, invoices, dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    told = [each.value for each in app(Role.FINANCE, PAGE).info]
    assert told == ["No document was tried yet."]


@pytest.mark.parametrize(
    ("day", "name"),
    [(dt.date(2026, 12, 28), "Week 53, 2026"), (dt.date(2027, 1, 4), "Week 1, 2027")],
)
def test_weeks_are_named_by_the_calendar(day: dt.date, name: str) -> None:
    assert name_week(day) == name


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 min"), (3599, "59 min"), (3660, "1 h 01 min"), (86399, "23 h 59 min"),
     (86400, "1 d 0 h"), (200000, "2 d 7 h")],
)  # fmt: skip
def test_durations_are_told_in_the_units_people_use(seconds: int, words: str) -> None:
    assert tell_duration(dt.timedelta(seconds=seconds)) == words
