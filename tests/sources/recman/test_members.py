"""Members are found with their types at every depth, and no value ever becomes a name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from so24.sources.recman.targets import MOST_MEMBERS, find_members


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("abc", "text"),
        ("12.50", "number as text"),
        ("-3", "number as text"),
        ("2026-11-22", "date as text"),
        ("2026-11-22 10:00:00", "time as text"),
        (Decimal(3), "number"),
        (True, "yes or no"),
        (None, "empty"),
        ("", "empty"),
        ([], "empty"),
        ({}, "empty"),
        ({"a": "1"}, "object"),
        ({"17": {"a": "1"}}, "list by id"),
        ([{"a": "1"}], "list"),
    ],
)
def test_each_value_has_one_type(value: Any, kind: str) -> None:
    assert find_members([{"member": value}])["member"] == (kind,)


def test_types_of_all_rows_are_collected_and_empty_comes_last() -> None:
    rows: list[dict[str, Any]] = [{"a": ""}, {"a": "x"}, {"a": "1"}, {"b": None}]
    assert find_members(rows) == {"a": ("number as text", "text", "empty"), "b": ("empty",)}


def test_lines_by_id_and_as_a_list_have_the_same_members() -> None:
    line: dict[str, Any] = {"net": "1.00", "product": {"number": "7"}}
    by_id = find_members([{"lines": {"901": line, "902": line}}])
    as_list = find_members([{"lines": [line, line]}])
    assert set(by_id) == set(as_list)
    assert "lines.*.product.number" in by_id


def test_keys_that_are_values_are_not_shown() -> None:
    rows: list[dict[str, Any]] = [
        {"by_mail": {"kari@example.com": {"a": "1"}}, "by name": "x", "b": {"Kari Eksempel": "1"}},
    ]
    assert set(find_members(rows)) == {"by_mail", "by_mail.*", "by_mail.*.a", "b", "b.*"}


def test_depth_and_number_are_bounded() -> None:
    deep: dict[str, Any] = {"a": "1"}
    for _ in range(50):
        deep = {"a": deep}
    assert max(path.count(".") for path in find_members([deep])) == 4
    assert len(find_members([{f"m{each}": "1" for each in range(9000)}])) == MOST_MEMBERS
