"""How long it takes to read the cells of a workbook or CSV file, and in how much memory.

Each file is read by a process of its own, of this checkout and of another one beside it.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain
from pathlib import Path
from typing import Any

from tests.benchmarks.imports import make_lines
from tests.sources.report_files import as_csv, as_grid, as_workbook, with_shared_texts
from tests.sources.sheets.packages import SHEET, TEXTS, unpacked

MANY, MEGABYTES = 14, 60  # times 25,000 lines; what a file may have, beyond what it may by default
MORE = ("Candidate", "Employment", "Shift", "Week", "Approved by")  # RecMan's reports have 22
HEADER = "| checkout | file | MB | lines | CPU s | peak MB | of it for reading |"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# the sentence of a refusal, or: CPU seconds, lines, the peak at last and at first
_READ = f"""
import pathlib, sys, time
from so24.errors import UnreadableFile
from so24.sources.sheets.spreadsheet import read_sheets

def read_peak():
    words = pathlib.Path("/proc/self/status").read_text().split()
    return int(words[words.index("VmHWM:") + 1]) / 1024

path = pathlib.Path(sys.argv[1])
content = path.read_bytes()
first, begun = read_peak(), time.process_time()
try:
    sheets = read_sheets(path.name, content, megabytes={MEGABYTES})
    lines = sum(len(sheet.rows) for sheet in sheets)
    print(time.process_time() - begun, lines, read_peak(), read_peak() - first)
except UnreadableFile as error:
    print(error)
"""


def print_reading(beside: Path | None) -> None:
    """Print a row for each file and checkout."""
    print(HEADER)
    print("|" + " --- |" * 7)
    here = Path(__file__).resolve().parents[2]
    lines = [row | dict.fromkeys(MORE, "Kari") for row in make_lines()]
    grid = as_grid(lines)
    rows = chain(grid[:1], *([grid[1:]] * MANY))
    shared, own = {"Invoice lines": grid}, as_workbook({"Invoice lines": grid})
    files: dict[str, bytes] = {
        "xlsx": with_shared_texts(as_workbook(shared)),
        "xlsx, texts in the cells": own,
        "csv": as_csv(grid, ";", "utf-8"),
        "xlsx, 350,000 lines": as_large_workbook(rows),
        "csv, 350,000 lines": as_csv([grid[0], *grid[1:] * MANY], ";", "utf-8"),
    }
    for name, content in files.items():
        for checkout in (here, beside) if beside else (here,):
            said = read_apart(checkout, content)
            where = "here" if checkout is here else "beside"
            print(f"| {where} | {name} | {len(content) / 1e6:.1f} | {said} |", flush=True)


def as_large_workbook(rows: Iterable[list[Any]]) -> bytes:
    """A report of one sheet, written row by row: openpyxl takes minutes for as many."""
    parts = unpacked(with_shared_texts(as_workbook({"Invoice lines": []})))
    texts: dict[str, int] = {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.keys() - {SHEET, TEXTS}:
            archive.writestr(name, parts[name])
        with archive.open(SHEET, "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows, 1):
                part.write(
                    f'<row r="{number}">{"".join(_write(row, number, texts))}</row>'.encode()
                )
            part.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        archive.writestr(TEXTS, f'<sst xmlns="{_MAIN}">{shared}</sst>')
    return buffer.getvalue()


def _write(row: list[Any], number: int, texts: dict[str, int]) -> Iterator[str]:
    for letter, cell in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", row, strict=False):
        if isinstance(cell, str):
            place = texts.setdefault(cell, len(texts))
            yield f'<c r="{letter}{number}" t="s"><v>{place}</v></c>'
        else:
            yield f'<c r="{letter}{number}"><v>{cell}</v></c>'


def read_apart(checkout: Path, content: bytes) -> str:
    """Read the file in a process of the checkout; lines, CPU and memory as cells of the table."""
    own = checkout / ".venv" / "bin" / "python"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        path.write_bytes(content)
        said = subprocess.run(
            [own if own.exists() else sys.executable, "-c", _READ, path],
            check=True,
            capture_output=True,
            text=True,
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
        ).stdout.strip()
    if not said[:1].isdigit():
        return f"{said} | | |"
    cpu, lines, peak, reading = map(float, said.split())
    return f"{lines:.0f} | {cpu:.2f} | {peak:.0f} | {reading:.0f}"
