"""Rows that are put on disk by their columns come back as they were, and so does each column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from so24.sources.documents import spool
from so24.sources.sheets.cells.cell import Cell, CurrencyNumber, ScaledNumber, ShownNumber
from so24.sources.sheets.cells.texts import read_text
from so24.sources.sheets.rows import SheetRow, SheetRows, SomeRows, some_after

CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.sampled_from(["", "Nord", "7,5", "a\nb", "\ud800"]),
    st.sampled_from([Decimal(0), Decimal("1.50"), Decimal("1E+3"), Decimal("-7.125")]),
    st.just(dt.date(2026, 11, 22)),
    st.sampled_from(
        [
            ShownNumber(Decimal(101), "K-0101"),
            ScaledNumber(1001),
            CurrencyNumber(Decimal("1.5"), "EUR"),
        ]
    ),
)
ROWS = st.lists(st.lists(CELLS, max_size=4).map(tuple), min_size=1, max_size=6)


def as_rows(cells: list[tuple[Cell, ...]]) -> list[SheetRow]:
    return [SheetRow(number, each) for number, each in enumerate(cells, 3)]


def tell(rows: Iterable[SheetRow]) -> str:
    """All that tells rows apart: kinds of cells, what they show, and their decimals."""
    return "; ".join(
        f"{row.number} "
        + ", ".join(f"{type(cell)} {cell!r} {read_text(cell)}" for cell in row.cells)
        for row in rows
    )


@given(ROWS)
@example([("a", Decimal(1)), ("b", "")])
@example([(), ()])
def test_rows_come_back_from_their_bytes_as_they_were(cells: list[tuple[Cell, ...]]) -> None:
    rows = as_rows(cells)
    some = SomeRows.unpack(SomeRows.of(rows).pack())
    assert tell(some.rows) == tell(rows)
    for place in range(some.width + 1):
        column = [row.cells[place] if place < len(row.cells) else "" for row in rows]
        assert list(some.column(place)) == column
        assert some.kinds(place) == frozenset(map(type, column))
        assert list(some.texts(place)) == [cell for cell in column if type(cell) is str]
        assert some.has_gap(place) == any(type(cell) is str and not cell for cell in column)


@given(ROWS, st.integers(0, 7), st.integers(1, 4))
def test_rows_after_the_first_ones_are_the_rest_of_them_from_a_list_and_from_disk(
    cells: list[tuple[Cell, ...]], first: int, batch: int
) -> None:
    rows = as_rows(cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "_BATCH", batch)
        stored = SheetRows()
        stored.extend(rows[:2])
        for row in rows[2:]:
            stored.append(row)
        for some in (some_after(rows, first), some_after(stored, first)):
            assert tell([row for each in some for row in each.rows]) == tell(rows[first:])
        assert tell(stored) == tell(rows)
        parts = [part.rows for part in SomeRows.of(rows).parts(batch)]
    assert tell([row for part in parts for row in part]) == tell(rows)
    assert max(map(len, parts)) <= batch
