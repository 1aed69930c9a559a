"""How long an import takes and how much memory it needs: 5,000 invented invoices, 25,000 lines.

Two files have fourteen times as many: what a line costs must not grow with their number.
Each file is imported by a process of its own, into an empty installation, and then once more.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from so24.installation import open_installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.content import copy_content
from so24.sources.documents.spool import kept_in
from so24.sources.documents.totals import round_half_up
from so24.sources.intake import import_files
from so24.store.tables.people_tables import Role
from tests.benchmarks.large import as_large_workbook
from tests.benchmarks.settings import unhurried_settings
from tests.sources.report_files import as_csv, as_grid, as_workbook, line, with_shared_texts

INVOICES, LINES, MANY = 5_000, 5, 70_000
MEGABYTES = 60  # the largest of the files is beyond what is taken by default
HEADER = "| file | MB | import | seconds | CPU s | lines/s | peak MB | invoices in | rows refused |"


@dataclass(frozen=True)
class Imported:
    """One import as its process measured it; ``peak`` is that of the process so far, in MB."""

    seconds: float
    cpu: float
    peak: float
    taken: int
    refused: int


def print_imports() -> None:
    """Print a row for each file and import."""
    print(HEADER)
    print("|" + " --- |" * 9)
    good, broken = list(make_lines()), list(make_lines(broken_row=INVOICES * LINES // 2))
    grid = as_grid(good)
    sheets = {"Invoices and credit notes": grid, "Invoices": grid, "Credit notes": grid[:1]}
    files = {
        "xlsx": as_excel({"Invoice lines": grid}),
        "xlsx, three sheets": as_excel(sheets),
        "csv": as_csv(grid, ";", "utf-8"),
        "xlsx, a row broken": as_excel({"Invoice lines": as_grid(broken)}),
    }
    large = as_grid(list(make_lines(invoices=MANY)))
    files["xlsx, 350,000 lines"] = as_large_workbook(large)
    files["csv, 350,000 lines"] = as_csv(large, ";", "utf-8")
    for name, content in files.items():
        for turn, result in zip(("first", "again"), measure(content), strict=True):
            print(
                f"| {name} | {len(content) / 1e6:.1f} | {turn} | {result.seconds:.1f} "
                f"| {result.cpu:.2f} | {result.taken * LINES / result.seconds:.0f} "
                f"| {result.peak:.0f} | {result.taken} | {result.refused} |",
                flush=True,
            )


def make_lines(broken_row: int | None = None, invoices: int = INVOICES) -> Iterator[dict[str, Any]]:
    """The rows of the report; one of them may have a word for its price."""
    chance = random.Random(24)  # noqa: S311 - the same invoices each time
    for number in range(invoices * LINES):
        invoice = number // LINES
        quantity, price = Decimal(chance.randint(1, 400)) / 4, Decimal(chance.randint(100, 99_999))
        net = round_half_up(quantity * price / 100)
        yield line(
            {
                "Invoice date": "20.11.2026",
                "Date": f"{1 + number % 20:02}.11.2026",
                "Quantity": quantity,
                "Price": "much" if number == broken_row else price / 100,
                "Sum excl. VAT": net,
                "VAT": round_half_up(net / 4),
                "Article": f"Vakt {number % 50}, oppdrag {invoice}",
                "Product no.": str(1000 + number % 40),
                "Customer no.": str(5000 + invoice % 400),
                "Company": f"Kunde {invoice % 400} AS",
            },
            number=str(100_000 + invoice),
        )


def as_excel(sheets: dict[str, list[list[Any]]]) -> bytes:
    """The workbook as Excel packs it."""
    return with_shared_texts(as_workbook(sheets))


def measure(content: bytes) -> Sequence[Imported]:
    """Import the file twice in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        path.write_bytes(content)
        command = [sys.executable, "-m", "tests.benchmarks.imports", str(path)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [read_result(words) for words in said.splitlines()]


def read_result(words: str) -> Imported:
    """The result that a process printed."""
    seconds, cpu, peak, taken, refused = words.split()
    return Imported(float(seconds), float(cpu), float(peak), int(taken), int(refused))


def import_twice(path: Path) -> Iterator[Imported]:
    """Import the file into an empty installation, and then once more."""
    with tempfile.TemporaryDirectory() as folder:
        settings = unhurried_settings(Path(folder), "http://127.0.0.1:1")
        settings = settings.model_copy(update={"upload_megabytes": MEGABYTES})
        installation = open_installation(settings)
        for _ in range(2):
            wall, cpu = time.perf_counter(), time.process_time()
            with kept_in(settings.data_dir), path.open("rb") as file:
                files = [(path.name, copy_content(file, MEGABYTES * 10**6))]
            [report] = import_files(Desk(installation, Actor("fia", Role.FINANCE)), files)
            yield Imported(
                time.perf_counter() - wall,
                time.process_time() - cpu,
                read_peak(),
                report.added + report.unchanged,
                len(report.refused),
            )
        installation.close()


def read_peak() -> float:
    """The most memory that this process has held, in MB; Linux only.

    What the system tells of its resources begins with the peak of the process that started it.
    """
    for words in Path("/proc/self/status").read_text().splitlines():
        if words.startswith("VmHWM:"):
            return int(words.split()[1]) / 1024
    raise RuntimeError("the system does not tell the peak of a process")


if __name__ == "__main__":
    for result in import_twice(Path(sys.argv[1])):
        print(result.seconds, result.cpu, result.peak, result.taken, result.refused)
