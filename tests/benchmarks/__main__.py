"""Measure an export against the sandbox, beside the typical integration and the floor.

``python -m tests.benchmarks`` prints a table; ``--long`` adds 10,000 invoices. With ``--scale`` it
prints instead how runs grow with keys and workers on PostgreSQL, with ``--import`` how long large
files take to be read and to come in, with ``--history`` how long a long history takes to be
verified, with ``--saft`` what a large SAF-T export costs to be compared, with ``--screens`` what
the dashboard costs a server and its line. ``--import`` and
``--screens`` measure another checkout too that is named by ``--beside PATH``.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from so24.installation import open_installation
from so24.sandbox.books.seed import STRAY
from so24.sandbox.runner import Control
from so24.sources.garbage import spare_for_good
from so24.store.documents.documents import load_documents
from so24.store.tables.transfer_tables import State
from tests.benchmarks.figures import Figures, measure
from tests.benchmarks.history import print_history
from tests.benchmarks.idle import print_idle
from tests.benchmarks.imports import print_imports
from tests.benchmarks.latency import print_engine_latency
from tests.benchmarks.office import running_office
from tests.benchmarks.reading import print_reading
from tests.benchmarks.saft import print_saft
from tests.benchmarks.scale import print_scale
from tests.benchmarks.screens import print_screens
from tests.benchmarks.settings import unhurried_settings
from tests.benchmarks.typical import export_typically
from tests.transfer.world import World, make_world

DELAYS = (0, 50, 150)
TYPICAL_SAMPLE = 100  # it does the same for every invoice, one after another: the rest is scaled
HEADER = (
    "| invoices | round trip | run | requests | wall s | floor s | wall/floor "
    "| CPU ms/invoice | peak MB |"
)


@contextmanager
def fresh_world(control: Control) -> Iterator[World]:
    """An empty installation that talks to the sandbox, without pauses of its own."""
    with tempfile.TemporaryDirectory() as folder:
        installation = open_installation(unhurried_settings(Path(folder), control.address))
        yield make_world(installation, control.address)
        installation.close()


def warm_up(world: World) -> None:
    """Use everything once, for another company, and freeze what is loaded, as the app does.

    *Cold* means that nothing is known of the company yet, not that the process has just begun.
    """
    department = world.add_department("99")
    world.add_key([department], client=STRAY, account="stray")
    export(world, world.add_invoices(department, 2, first=900_001))
    gc.collect()
    spare_for_good()


def export(world: World, ids: list[int]) -> None:
    """Press the button and work the run; every document must arrive."""
    for row in world.export(ids):
        if row.state is not State.TRANSFERRED:
            raise RuntimeError(f"a document ended as {row.state}: {row.reason} {row.words}")


def compare(invoices: int, delay: int) -> None:
    """Print the rows of one size and round trip: cold, warm, typical, and their ratios."""
    with running_office() as control, fresh_world(control) as world:
        warm_up(world)
        department = world.add_department()
        key = world.add_key([department])
        many = {"customers": 40, "products": 20, "lines": 5}
        cold_ids = world.add_invoices(department, invoices, first=100_001, **many)
        warm_ids = world.add_invoices(department, invoices, first=200_001, **many)
        control.set(latency_ms=delay)
        cold = measure(control, lambda: export(world, cold_ids))
        warm = measure(control, lambda: export(world, warm_ids))
        with world.installation.db.reading() as session:
            papers = load_documents(session, warm_ids[:TYPICAL_SAMPLE])
        usual = measure(control, lambda: export_typically(world.installation, key, papers))
    usual = usual.scaled(invoices // len(papers))
    name = "typical" if invoices == len(papers) else f"typical (from {len(papers)})"
    print_rows(invoices, delay, {"cold": cold, "warm": warm, name: usual})
    print(
        f"typical / warm: {usual.requests / warm.requests:.0f} x the requests, "
        f"{usual.wall / warm.wall:.1f} x the time"
    )


def print_rows(invoices: int, delay: int, runs: dict[str, Figures]) -> None:
    """Print one table row for each run."""
    for name, run in runs.items():
        print(
            f"| {invoices} | {delay} ms | {name} | {run.requests} | {run.wall:.2f} "
            f"| {run.floor:.2f} | {run.wall / run.floor:.2f} | {1000 * run.cpu / invoices:.1f} "
            f"| {run.peak:.0f} |",
            flush=True,
        )


def main() -> None:
    """Measure all sizes and round trips, or the scale, imports, the history, or an idle app."""
    if "--scale" in sys.argv:
        print_scale()
        return
    if "--idle" in sys.argv:
        print_idle()
        print_engine_latency()
        return
    beside = sys.argv[sys.argv.index("--beside") + 1] if "--beside" in sys.argv else None
    other = Path(beside).resolve() if beside else None
    if "--import" in sys.argv:
        print_reading(other)
        print_imports()
        return
    if "--screens" in sys.argv:
        print_screens(other)
        return
    if "--history" in sys.argv:
        print_history()
        return
    if "--saft" in sys.argv:
        print_saft()
        return
    print(HEADER)
    print("|" + " --- |" * 9)
    for invoices in (100, 1000, *((10_000,) if "--long" in sys.argv else ())):
        for delay in DELAYS if invoices <= 1000 else (0,):
            compare(invoices, delay)
    print_engine_latency()


if __name__ == "__main__":
    main()
