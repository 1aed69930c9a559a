"""How long the history of 100,000 transfers takes to be anchored and verified, on SQLite."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
import tracemalloc
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from so24.installation import Installation, open_installation
from so24.store.history.events import append_events, latest_anchor, write_anchor_if_new
from so24.store.history.verification import HistoryVerdict, verify_history
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer, create_run
from so24.store.transfers.transfers import transfers_of_run
from tests.benchmarks.settings import unhurried_settings

TRANSFERS = 100_000
AN_ANCHOR = 50  # transfers
STATES = ("preparing", "drafted", "drafted", "compared", "invoicing", "transferred")
MEGABYTE = 1024 * 1024


def print_history() -> None:
    """Print the seconds of one anchor and of verifying all, and the memory that this takes."""
    print("| transfers | events | anchors | longest anchor s | verified in s | CPU s | memory MB |")
    print("|" + " --- |" * 7)
    for transfers in (TRANSFERS // 10, TRANSFERS):
        with tempfile.TemporaryDirectory() as folder:
            installation = open_installation(unhurried_settings(Path(folder), ""))
            longest = grow(installation, transfers)
            begun, cpu = time.perf_counter(), time.process_time()
            verdict = verify(installation)
            seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
            tracemalloc.start()
            verify(installation)
            peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
            tracemalloc.stop()
            installation.close()
        print(
            f"| {transfers} | {verdict.events} | {verdict.anchors} | {longest:.3f} "
            f"| {seconds:.1f} | {cpu:.1f} | {peak:.1f} |",
            flush=True,
        )


def verify(installation: Installation) -> HistoryVerdict:
    """The verdict over the whole history, which must be whole."""
    with installation.db.reading() as session:
        verdict = verify_history(session)
    if verdict.breaks:
        raise RuntimeError(verdict.breaks[0])
    return verdict


def grow(installation: Installation, transfers: int) -> float:
    """So many transfers with seven events each; the seconds that the longest anchor has taken."""
    with installation.db.writing() as session:
        add_invoices(session, transfers)
    longest = 0.0
    for first in range(1, transfers + 1, AN_ANCHOR):
        with installation.db.writing() as session:
            ids = range(first, first + AN_ANCHOR)
            run = create_run(session, "ada", [NewTransfer(each, State.QUEUED) for each in ids])
            rows = transfers_of_run(session, run.id)
            for state in STATES:
                told = [{**row.model_dump(), "state": state} for row in rows]
                append_events(session, told, "ada")
            begun = time.perf_counter()
            write_anchor_if_new(session, latest_anchor(session))
            longest = max(longest, time.perf_counter() - begun)
    return longest


def add_invoices(session: Session, count: int) -> None:
    """Documents without lines: the history asks only that they exist."""
    department = Department(number="10", name="Ten", series="10")
    customer = Customer(tenant="recman", number="7000")
    session.add_all([department, customer])
    session.flush()
    common = Invoice(
        tenant="recman",
        kind=DocumentKind.INVOICE,
        series="10",
        number="",
        department_id=department.id or 0,
        customer_id=customer.id or 0,
        invoice_date=dt.date(2026, 11, 2),
        currency="NOK",
        net=Decimal(100),
        vat=Decimal(25),
        total=Decimal(125),
        fingerprint="f",
    ).model_dump()
    rows = [{**common, "id": number, "number": str(number)} for number in range(1, count + 1)]
    session.execute(sa.insert(Invoice), rows)
