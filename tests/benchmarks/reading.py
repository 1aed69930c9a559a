"""How long it takes to read the cells of a workbook or CSV file, and in how much memory.

Each file is read by a process of its own, of this checkout and of another one beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path

from tests.benchmarks.imports import make_lines
from tests.benchmarks.large import as_large_workbook
from tests.sources.report_files import as_csv, as_grid, as_workbook, with_shared_texts

MANY, MEGABYTES = 14, 60  # times 25,000 lines; what a file may have, beyond what it may by default
MORE = ("Candidate", "Employment", "Shift", "Week", "Approved by")  # RecMan's reports have 22
HEADER = "| checkout | file | MB | lines | CPU s | peak MB | of it for reading |"
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
