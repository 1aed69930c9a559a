"""What can be seen of a grid in a real browser: which columns, how wide, and what is cut.

The grid is a canvas; its cells are known by the table that it holds for screen readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

TICK_WIDTH = 33  # of the column of ticks
_PADDING = 16  # of a cell, both sides together

_LOOK = """grid => {
    const canvas = grid.querySelector("canvas");
    const table = canvas.querySelector("table");
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(grid).fontFamily.replace(/^/, "13px ");
    const texts = row => [...row.children].map(cell => cell.textContent);
    const rows = [...table.querySelectorAll("tbody tr")].map(texts);
    return {
        width: canvas.getBoundingClientRect().width,
        headings: texts(table.querySelector("thead tr")),
        rows,
        lengths: rows.map(row => row.map(text => pen.measureText(text).width)),
    };
}"""


@dataclass(frozen=True)
class SeenGrid:
    """A grid as it was drawn: its own width, its headings, and its cells with their lengths."""

    width: float
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    lengths: Sequence[Sequence[float]]

    def place_of(self, name: str) -> int:
        """The column whose heading begins so."""
        return next(n for n, each in enumerate(self.headings) if each.startswith(name))

    def require_in_sight(self, names: Sequence[str], widths: Mapping[str, int]) -> None:
        """Fail unless all of these columns are on the screen to their ends."""
        for name in names:
            before = self.headings[: self.place_of(name) + 1]
            end = sum(_width_of(each, widths) for each in before)
            assert end <= self.width, f"{name} ends at {end} of {self.width}: {self.headings}"

    def require_whole(self, names: Sequence[str], widths: Mapping[str, int]) -> None:
        """Fail where a cell of these columns is cut."""
        for name in names:
            place = self.place_of(name)
            longest = max(row[place] for row in self.lengths)
            assert longest + _PADDING <= _width_of(self.headings[place], widths), (name, longest)


def look_at(page: Page, grid: Locator) -> SeenGrid:
    """The grid as it is now."""
    grid.get_by_role("grid", include_hidden=True).first.wait_for(state="attached")
    found: Any = grid.evaluate(_LOOK)
    return SeenGrid(**found)


def _width_of(heading: str, widths: Mapping[str, int]) -> int:
    if not heading.strip():
        return TICK_WIDTH
    return next(width for name, width in widths.items() if heading.startswith(name))
