"""The demo data: real files, invented parties, and exactly the traps that its README promises."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum.no import orgnr

from so24.demo import DEMO_FILES, demo_folder
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import SourceFile
from so24.sources.documents.totals import add_up, round_half_up
from so24.sources.intake import import_files
from so24.store.documents.documents import Document, load_documents
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import DocumentKind, Invoice
from tests.sources.report_files import read_file

pytestmark = pytest.mark.slow

WORLD: dict[str, Any] = json.loads((demo_folder() / "world.json").read_text(encoding="utf-8"))
NUMBERS = [str(number) for number in range(1001, 9200)]


@pytest.fixture
def documents(installation: Installation, finance: Actor) -> dict[str, Document]:
    """The demo's documents by number, as they land."""
    files = [(path.name, path.read_bytes()) for path in reversed(DEMO_FILES)]
    for report in import_files(Desk(installation, finance), files):
        assert report.refused == ()
    with installation.db.reading() as session:
        rows: list[Invoice] = [
            row
            for found in invoices_by_number(session, "recman", NUMBERS).values()
            for row in found
        ]
        loaded = load_documents(session, [row.id for row in rows if row.id])
    return {document.invoice.number: document for document in loaded}


def read(name: str) -> SourceFile:
    return read_file(name, (demo_folder() / name).read_bytes())


@pytest.mark.slow
def test_the_script_writes_what_is_committed(tmp_path: Path) -> None:
    script = demo_folder() / "build.py"
    subprocess.run([sys.executable, "-B", script, tmp_path], check=True)
    names = ("invoice-lines.xlsx", "credit-notes.xlsx", "customers.xlsx", "without-dates.xlsx")
    for name in names:
        built = read_file(name, (tmp_path / name).read_bytes())
        assert built.credits == read(name).credits
        assert built.documents == read(name).documents
        assert built.customers == read(name).customers
    assert json.loads((tmp_path / "world.json").read_text(encoding="utf-8")) == WORLD


def test_the_departments_have_their_shares(documents: dict[str, Document]) -> None:
    shares = Counter(
        (document.department.number, document.invoice.kind.value) for document in documents.values()
    )
    assert shares == {
        ("10", "invoice"): 30,
        ("20", "invoice"): 22,
        ("30", "invoice"): 4,
        ("40", "invoice"): 3,
        ("10", "credit_note"): 2,
        ("20", "credit_note"): 1,
    }
    products = {line.product_number for each in documents.values() for line in each.lines}
    assert products == {*map(str, range(1001, 1015)), "1090"}
    assert {each.customer.number for each in documents.values()} == set(map(str, range(5001, 5021)))


def test_every_invoice_agrees_with_the_offices_arithmetic(documents: dict[str, Document]) -> None:
    for document in documents.values():
        nets = [round_half_up(line.quantity * line.unit_price) for line in document.lines]
        assert [line.net for line in document.lines] == nets
        assert {line.vat_rate for line in document.lines} == {Decimal(25)}
        invoice = document.invoice
        assert invoice.vat == round_half_up(sum(nets, Decimal(0)) / 4)
        assert (invoice.stated_vat, invoice.stated_total) == (invoice.vat, invoice.total)
        assert not invoice.date_assumed
        assert not invoice.held


def test_each_trap_catches_exactly_one_invoice(documents: dict[str, Document]) -> None:
    invoices = [each for each in documents.values() if each.invoice.kind is DocumentKind.INVOICE]
    exempt = [e for e in invoices if any(line.product_number == "1090" for line in e.lines)]
    blocked = [e for e in invoices if e.customer.number == "5003"]
    incomplete = [e for e in invoices if not e.customer.completed]
    assert [each.invoice.number for each in exempt] == ["1005"]
    assert [each.invoice.number for each in blocked] == ["1007"]
    assert [each.invoice.number for each in incomplete] == ["1009"]
    assert incomplete[0].customer.number == "5020"


def test_two_of_three_credit_notes_fit_an_invoice_that_can_be_transferred(
    documents: dict[str, Document],
) -> None:
    links = {}
    for document in documents.values():
        if document.invoice.kind is not DocumentKind.CREDIT_NOTE:
            continue
        invoice = document.invoice
        links[invoice.number] = invoice.credited_number
        credited = documents.get(invoice.credited_number)
        if credited is not None:
            assert credited.invoice.series == invoice.series
            assert credited.invoice.customer_id == invoice.customer_id
            assert credited.invoice.invoice_date < invoice.invoice_date
            assert 0 < -invoice.total < credited.invoice.total
    assert links == {"9001": "1016", "9002": "0987", "9101": "2004"}
    assert "0987" not in documents


def test_the_office_has_two_of_the_invoices_already(documents: dict[str, Document]) -> None:
    by_reference, by_hand = WORLD["existing_orders"]
    assert (by_reference["reference"], by_hand["reference"]) == ("RM-10-1001", None)
    alike = []
    for order, number in ((by_reference, "1001"), (by_hand, "1002")):
        document = documents[number]
        assert document.customer.number == order["customer_number"] == "5001"
        assert order["invoice_date"] == document.invoice.invoice_date.isoformat()
        rows = [(row["product_number"], Decimal(row["quantity"]), Decimal(row["price"]))
                for row in order["rows"]]  # fmt: skip
        ours = [(line.product_number, line.quantity, line.unit_price) for line in document.lines]
        assert rows == ours
        alike += [
            each.invoice.number
            for each in documents.values()
            if (each.customer.number, each.invoice.invoice_date, each.invoice.total)
            == ("5001", document.invoice.invoice_date, document.invoice.total)
        ]
    assert alike == ["1001", "1002"]
    known = {(product["number"], product["category"]) for product in WORLD["products"]}
    assert known == {("1001", "1"), ("1002", "1"), ("1090", "3")}


def test_the_organization_numbers_pass_the_check_and_are_nobodys() -> None:
    numbers = [customer.organization_number for customer in read("customers.xlsx").customers]
    assert len(set(numbers)) == 19
    assert all(orgnr.is_valid(number) and number.startswith("1") for number in numbers)
    in_world = [customer["organization_number"] for customer in WORLD["customers"]]
    assert in_world == numbers


def test_the_file_without_dates_shows_proposals_with_numbers_of_their_own(
    installation: Installation, finance: Actor, documents: dict[str, Document]
) -> None:
    source = read("without-dates.xlsx")
    assert [document.number for document in source.documents] == ["1031", "1032", "1033"]
    assert all(document.invoice_date is None for document in source.documents)
    assert all(add_up(document.lines).total > 0 for document in source.documents)
    assert not {document.number for document in source.documents} & set(documents)
