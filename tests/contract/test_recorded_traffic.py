"""Everything that so24 sends and its sandbox answers, held against the vendor's interface files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from so24.demo import load_demo_once
from so24.installation import open_installation
from so24.invoices.overview import read_overview
from so24.ledger.read import ledger_keys, reconcile_period
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.seed import DEMO_WORLD
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings
from so24.store.documents.overview import InvoiceFilter
from so24.store.tables.people_tables import Role
from so24.transfer.jobs.worker import JobWorker, job_enqueuer
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run
from tests.conftest import wait_until
from tests.contract import vendor

CHECKER = vendor.ROOT.parent / "shared" / "tools" / "contract24.py"
FINANCE = Actor("fia", Role.FINANCE)


@pytest.mark.slow
@pytest.mark.skipif(not CHECKER.is_file(), reason=f"the checker is not at {CHECKER}")
def test_a_whole_demo_export_keeps_to_the_vendors_interface(
    settings: Settings, tmp_path: Path
) -> None:
    record = tmp_path / "traffic.jsonl"
    with SandboxServer(world=DEMO_WORLD, record=record) as sandbox:
        _export_demo(settings, sandbox.address)
    operations = {
        json.loads(each)["soapaction"].strip('"').rpartition("/")[2]
        for each in record.read_text().splitlines()
    }
    assert {"Login", "GetIdentity", "GetIdentities", "SetIdentityById", "GetCompanySyncList",
            "GetCompanies", "SaveCompanies", "GetCategories", "GetProducts", "SaveProducts",
            "GetInvoices", "SaveInvoices", "GetOrderSyncList"} <= operations  # fmt: skip
    checked = subprocess.run(
        [sys.executable, str(CHECKER), "--wsdl", str(vendor.FOLDER), str(record)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _export_demo(settings: Settings, address: str) -> None:
    changed = settings.model_copy(
        update={"office_url": address, "patience_seconds": 0.5, "login_pause_seconds": 0}
    )
    installation = open_installation(changed)
    assert load_demo_once(installation)
    rows = read_overview(Desk(installation, FINANCE), InvoiceFilter()).rows
    ids = [row.id for row in rows]
    run = start_run(Desk(installation, FINANCE), ids, job_enqueuer(installation))
    worker = JobWorker(installation)
    assert worker.start()
    try:
        wait_until(lambda: read_receipt(Desk(installation, FINANCE), run).tally.finished)
    finally:
        worker.stop()
    dates = [row.invoice_date for row in rows]
    [oslo, *_] = ledger_keys(Desk(installation, FINANCE))
    reconcile_period(Desk(installation, FINANCE), min(dates), max(dates), oslo.key_id)
    installation.close()
