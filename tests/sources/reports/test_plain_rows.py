"""Rows of a report that are read together are what each of them is by itself."""

from __future__ import annotations

from typing import Any

import pytest

from so24.errors import UnreadableFile
from so24.sources.reports import line_rows
from so24.sources.reports.line_rows import LineReader
from so24.sources.reports.plain_rows import PlainRows
from tests.sources.any_reports import make_files
from tests.sources.report_files import NUMBER, as_csv, as_grid, as_workbook, line, read_file

FEW, MANY = 60, 3_000
ODD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a department without a number": {"Department no.": ""},
    "a department that is lost in blanks": {"Department": "Oslo\u200b  sør"},
    "a discount": {"Discount %": "10", "Sum excl. VAT": "2784.375"},
    "a quantity without an end": {"Quantity": "7.33333333333333", "Sum excl. VAT": "3025.00"},
    "a project that is none": {"Project no.": "1.0"},
    "letters that were lost": {"Company": "N\ufffdrdvik"},
    "letters that were lost in a project": {"Project": "N\ufffdrd"},
    "a long article": {"Article": "x" * 301},
    "a long project": {"Project": "x" * 201},
    "a long department of signs that nobody sees": {"Department": "Oslo" + "\u200b" * 200},
    "a number that Excel took for a date": {NUMBER: "10-11-2026"},
    "no number": {NUMBER: ""},
    "nothing that names it": {NUMBER: "", "Customer no.": "", "Product no.": "", "Price": ""},
    "a currency that is none": {"Currency": "kroner"},
    "no price": {"Price": ""},
    "no article": {"Article": ""},
    "no goods": {"Article": "", "Product": "", "Product no.": ""},
    "an empty VAT": {"VAT": " "},
    "a day that is none": {"Date": "31.11.2026"},
    "no day": {"Date": ""},
}


def read_apart(monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> object:
    """What is read where no row is plain."""
    with monkeypatch.context() as patch:
        patch.setattr(PlainRows, "read_lines", lambda plain, some: None)
        patch.setattr(PlainRows, "read_places", lambda plain, some: [None] * len(some.rows))
        return read(name, content)


def read(name: str, content: bytes) -> object:
    """All that is read of a file, or the sentence that refuses it."""
    try:
        source = read_file(name, content)
    except UnreadableFile as error:
        return str(error)
    return list(source.documents), sorted(source.refused, key=str), sorted(source.warnings)


@pytest.mark.parametrize(
    "seeds", [range(FEW), pytest.param(range(FEW, MANY), marks=pytest.mark.long)]
)
def test_any_report_is_read_together_as_row_by_row(
    seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in seeds:
        monkeypatch.setattr(line_rows, "_AT_ONCE", (3, 128)[seed % 2])
        for name, content in make_files(seed):
            apart = read_apart(monkeypatch, name, content)
            assert read(name, content) == apart, f"seed {seed}, {name}"


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_odd_row_among_others_is_read_as_by_itself(
    odd: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {name: "" for each in ODD.values() for name in each}
    rows = [others | line(number=str(number // 2)) for number in range(2_000, 2_024)]
    rows[13] |= ODD[odd]
    grid = as_grid(rows)
    content = as_csv(grid, ";", "utf-8") if kind == "csv" else as_workbook({"Lines": grid})
    apart = read_apart(monkeypatch, f"x.{kind}", content)
    assert read(f"x.{kind}", content) == apart


def test_only_the_odd_row_is_read_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [line(number=str(number // 2)) for number in range(2_000, 2_400)]
    rows[133] |= {"Price": "much"}
    alone: list[int] = []
    read_alone = LineReader._read_alone

    def note(reader: LineReader, row: Any, given: Any) -> Any:
        alone.append(row.number)
        return read_alone(reader, row, given)

    monkeypatch.setattr(LineReader, "_read_alone", note)
    read_file("x.csv", as_csv(as_grid(rows), ";", "utf-8"))
    assert alone == [135]
