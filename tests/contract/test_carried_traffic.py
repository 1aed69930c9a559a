"""Everything that a key may carry, and customers' corrections, held against the vendor's files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from so24.customer_cards.update import read_differences, update_customers
from so24.installation import open_installation
from so24.keys.change import change_key, read_choices
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import FIELDS, OFFICE_DEPARTMENTS, TAX_CODES, UPDATE_CUSTOMERS
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.transfer_tables import State
from tests.contract import vendor
from tests.transfer.lane.test_key_lists import FULL
from tests.transfer.world import ADMIN, World, make_world

CHECKER = vendor.FOLDER.parent / "tools" / "contract24.py"


@pytest.mark.skipif(not CHECKER.is_file(), reason=f"the checker is not at {CHECKER}")
def test_what_a_key_may_carry_keeps_to_the_vendors_interface(
    settings: Settings, tmp_path: Path
) -> None:
    record = tmp_path / "traffic.jsonl"
    with SandboxServer(world=None, record=record) as sandbox:
        changed = settings.model_copy(update={"office_url": sandbox.address})
        installation = open_installation(changed)
        _export_everything(make_world(installation, sandbox.address))
        installation.close()
    operations = {
        json.loads(each)["soapaction"].strip('"').rpartition("/")[2]
        for each in record.read_text().splitlines()
    }
    assert {"GetDepartmentList", "GetCurrencyList", "GetUsers", "GetTaxCodeList",
            "GetProjectList", "SaveInvoices", "SaveCompanies"} <= operations  # fmt: skip
    checked = subprocess.run(
        [sys.executable, str(CHECKER), "--wsdl", str(vendor.FOLDER), str(record)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _export_everything(world: World) -> None:
    department = world.add_department()
    key = world.add_key([department])
    read_choices(Desk(world.installation, ADMIN), key)
    change_key(Desk(world.installation, ADMIN), key, FIELDS.to(tuple(KeyField)))
    change_key(Desk(world.installation, ADMIN), key, OFFICE_DEPARTMENTS.to({department: 2}))
    change_key(Desk(world.installation, ADMIN), key, TAX_CODES.to({"25": 3}))
    change_key(Desk(world.installation, ADMIN), key, UPDATE_CUSTOMERS.to(True))
    ids = world.add_invoices(department, 2)
    with world.installation.db.writing() as session:
        for number, invoice in enumerate(session.exec(select(Invoice))):
            for name, value in FULL.items():
                setattr(invoice, name, value)
            invoice.currency = ("NOK", "EUR")[number]
    assert {each.state for each in world.export(ids)} == {State.TRANSFERRED}
    with world.installation.db.writing() as session:
        for customer in session.exec(select(Customer)):
            customer.address = "Torget 5"
            customer.invoice_email = "faktura@kunde.example"
    seen = read_differences(Desk(world.installation, ADMIN), key).fingerprint
    assert update_customers(Desk(world.installation, ADMIN), key, seen).refused == ()
