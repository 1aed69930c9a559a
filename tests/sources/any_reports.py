"""Reports of all that goes wrong in them, made by chance, and all that an import leaves behind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.tables.document_tables import Customer, Invoice, InvoiceLine, Product
from so24.store.tables.key_tables import Department
from tests.sources.report_files import NUMBER, as_csv, as_grid, as_workbook, customer, line

Rows = list[dict[str, Any]]
Files = list[tuple[str, bytes]]
COMPANIES = ("Nordvik Logistikk AS", "Nordvik Transport", "Fjordbygg AS", "Transport Bygg", "")
BROKEN = ({"Price": "much"}, {"VAT %": "0.25"}, {"Customer no.": ""}, {"Quantity": "1.234"},
          {NUMBER: "10-11-2026"}, {"Currency": "kroner"}, {"Department no.": "", "Department": ""},
          {"Sum excl. VAT": "100.001"}, {"Product": "x" * 400}, {"Company": "N\ufffdrdvik"},
          {NUMBER: ""}, {NUMBER: "", "Customer no.": "", "Price": ""})  # fmt: skip
CHANGES = ("document", "customer", "department")


def make_files(seed: int) -> Files:
    """One or two files: a report, perhaps another with what has changed, perhaps a list."""
    chance = random.Random(seed)  # noqa: S311 - the same files each time
    rows = _make_rows(chance)
    files = [_dress(chance, "report", rows)]
    if chance.random() < 0.3:
        changed = [row | _change(chance) if chance.random() < 0.1 else row for row in rows]
        files.append(_dress(chance, "again", changed))
    if chance.random() < 0.3:
        listed = [customer({"Customer no.": str(5000 + each), "Company": chance.choice(COMPANIES)})
                  for each in range(4)]  # fmt: skip
        files.append(("list.csv", as_csv(as_grid(listed), ";", "utf-8")))
    return files


def _make_rows(chance: random.Random) -> Rows:
    documents = [list(_make_document(chance)) for _ in range(chance.randint(1, 14))]
    rows = [row for document in documents for row in document]
    if chance.random() < 0.3:
        chance.shuffle(rows)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        place = chance.randrange(len(rows))
        rows[place] = rows[place] | chance.choice(BROKEN)
    if chance.random() < 0.3:
        net = sum((row["Sum excl. VAT"] for row in rows
                   if isinstance(row["Sum excl. VAT"], Decimal)), Decimal(0))  # fmt: skip
        wrong = chance.choice((0, 0, 1))
        label = chance.choice(("Total", "Sum", ""))
        rows.insert(
            chance.choice((len(rows), chance.randrange(len(rows) + 1))),
            dict.fromkeys(rows[0], "") | {"Article": label, "Sum excl. VAT": net + wrong},
        )
    return rows


def _make_document(chance: random.Random) -> Iterator[dict[str, Any]]:
    number = chance.choice(("1001", "01001", "1002", "1003", str(chance.randint(1004, 1030))))
    who = chance.randint(0, 3)
    head = {
        "Customer no.": str(5000 + who),
        "Company": chance.choice(COMPANIES) if chance.random() < 0.3 else COMPANIES[who],
        "Invoice date": chance.choice(("20.11.2026", "20.11.2026", "21.11.2026", "")),
    } | chance.choice(
        (
            {"Department no.": "10", "Department": "Oslo"},
            {"Department no.": "20", "Department": "Bergen"},
            {"Department no.": "", "Department": "Oslo"},
            {"Department no.": "", "Department": "Voss"},
        )
    )
    sign = chance.choice((1, 1, 1, -1))
    for _ in range(chance.randint(1, 4)):
        hours = Decimal(chance.randint(1, 40)) / 2
        price = Decimal(chance.randint(100, 900))
        yield line(
            head
            | {
                "Quantity": sign * hours,
                "Price": price,
                "Sum excl. VAT": sign * hours * price,
                "VAT %": chance.choice((Decimal(25), Decimal(25), Decimal(0))),
                "Product no.": chance.choice(("1003", "1004", "")),
                "Product": chance.choice(("Helgevakt", "Vakt")),
            },
            number=number,
        )


def _change(chance: random.Random) -> dict[str, Any]:
    return chance.choice(
        ({"Company": chance.choice(COMPANIES)}, {"Invoice date": "25.11.2026"}, {"Article": "New"},
         {"Customer no.": "5003"}, {"Sum excl. VAT": Decimal(1)})
    )  # fmt: skip


def _dress(chance: random.Random, name: str, rows: Rows) -> tuple[str, bytes]:
    kind = chance.random()
    if kind < 0.4:
        grid = [[_write(cell) for cell in row] for row in as_grid(rows)]
        return f"{name}.csv", as_csv(grid, chance.choice((";", ",")), "utf-8")
    if kind < 0.7:
        sheet = chance.choice(("Invoice lines", "Invoices", "Credit notes", "Fakturaer"))
        return f"{name}.xlsx", as_workbook({sheet: as_grid(rows)})
    apart = {
        name: [row for row in rows if _is_negative(row) is sign]
        for name, sign in (("Invoices", False), ("Credit notes", True))
    }
    lost = chance.randrange(len(rows))
    both = rows if chance.random() < 0.7 else rows[:lost] + rows[lost + 1 :]
    sheets = {"Both": both or rows, **{name: part for name, part in apart.items() if part}}
    return f"{name}.xlsx", as_workbook({name: as_grid(part) for name, part in sheets.items()})


def _write(cell: Any) -> Any:
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell


def _is_negative(row: dict[str, Any]) -> bool:
    net = row["Sum excl. VAT"]
    return isinstance(net, Decimal) and net < 0


def import_all(installation: Installation, actor: Actor, files: Files) -> dict[str, Any]:
    """Import the files, one after the other, and tell all that came of it."""
    desk = Desk(installation, actor)
    told = [asdict(report) for each in files for report in import_files(desk, [each])]
    with installation.db.reading() as session:
        return {"reports": told, **tell_store(session)}


def sort_warnings(outcome: dict[str, Any]) -> dict[str, Any]:
    """The same outcome; which warning is told first depends on what is looked at together."""
    for report in outcome["reports"]:
        report["warnings"] = sorted(report["warnings"])
    return outcome


def tell_store(session: Session) -> dict[str, Any]:
    """What the store has of documents, customers, products and departments, without times
    and in no order."""
    owners = {row.id: row.number for row in session.exec(select(Customer))}
    departments = {row.id: row.number for row in session.exec(select(Department))}
    names = {row.id: (row.kind, row.series, row.number) for row in session.exec(select(Invoice))}
    ids = {"id", "created_at", "updated_at", "customer_id", "department_id", "invoice_id"}
    tables = (Invoice, InvoiceLine, Customer, Product, Department)
    found: dict[str, list[str]] = {}
    for table in tables:
        rows = found.setdefault(table.__name__, [])
        for row in session.exec(select(table)):
            values = row.model_dump(exclude=ids)
            values["of"] = (
                owners.get(getattr(row, "customer_id", None)),
                departments.get(getattr(row, "department_id", None)),
                names.get(getattr(row, "invoice_id", None)),
            )
            rows.append(str(sorted(values.items(), key=str)))
        rows.sort()
    return found
