"""Writes the demo data anew, always the same: ``python data/demo/build.py [FOLDER]``.

What each invoice is there to show stands in README.md beside this file.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from catalogue import (
    COMPANIES,
    CREDIT_DAYS,
    CREDIT_HEADINGS,
    CREDITED,
    CUSTOMER_HEADINGS,
    DEPARTMENTS,
    EXEMPT,
    GOODS,
    HEADINGS,
    ORE,
    PRODUCTS,
    QUANTITIES,
    Line,
    Paper,
    organization_number,
)
from openpyxl import Workbook
from openpyxl.styles import Font

FOLDER = Path(__file__).resolve().parent
RATE = Decimal(25)
STAMP = "2026-11-22T12:00:00Z"
ZIP_STAMP = (2026, 11, 22, 12, 0, 0)


def make_invoices() -> list[Paper]:
    """All invoices of the four departments, in the order of their numbers."""
    return [
        *(_invoice("10", 1001 + index, _oslo_customer(index), index) for index in range(30)),
        *(_invoice("20", 2001 + index, 5009 + index % 8, index + 3) for index in range(22)),
        *(_invoice("30", 3001 + index, 5017 + index % 2, index + 7) for index in range(4)),
        *(_invoice("40", 4001 + index, 5019, index + 5) for index in range(3)),
    ]


def make_credit_notes() -> list[Paper]:
    """Three credit notes, with negative quantities."""
    return [
        _credit_note("10", 9001, 5004, 4),
        _credit_note("10", 9002, 5006, 11),
        _credit_note("20", 9101, 5012, 6),
    ]


def make_undated() -> list[Paper]:
    """Three invoices for the file without invoice dates."""
    return [_invoice("10", 1031 + index, 5004 + index, 30 + index) for index in range(3)]


def build(folder: Path) -> None:
    """Write all files of the demo data into the folder."""
    invoices, credit_notes = make_invoices(), make_credit_notes()
    book = Workbook()
    book.remove(book.active)
    for name, papers in (
        ("Invoices and credit notes", [*invoices, *credit_notes]),
        ("Invoices", invoices),
        ("Credit notes", credit_notes),
    ):
        _write_sheet(book, name, HEADINGS, (row for paper in papers for row in _rows(paper)))
    _save(book, folder / "invoice-lines.xlsx")

    book = Workbook()
    book.remove(book.active)
    dates = HEADINGS.index("Invoice date")
    rows = [
        [value for column, value in enumerate(row) if column != dates]
        for paper in make_undated()
        for row in _rows(paper)
    ]
    _write_sheet(book, "Invoice lines", [each for each in HEADINGS if each != "Invoice date"], rows)
    _save(book, folder / "without-dates.xlsx")

    book = Workbook()
    book.remove(book.active)
    by_number = {str(paper.number): paper for paper in invoices}
    rows = [_credit_row(paper, by_number.get(CREDITED[paper.number])) for paper in credit_notes]
    _write_sheet(book, "Credit notes", CREDIT_HEADINGS, rows)
    _save(book, folder / "credit-notes.xlsx")

    book = Workbook()
    book.remove(book.active)
    _write_sheet(book, "Customers", CUSTOMER_HEADINGS, _customer_rows())
    _save(book, folder / "customers.xlsx")
    world = json.dumps(make_world(invoices), ensure_ascii=False, indent=2)
    (folder / "world.json").write_text(world + "\n", encoding="utf-8")


def make_world(invoices: Sequence[Paper]) -> dict[str, object]:
    """What 24SevenOffice already holds; the sandbox is filled with it."""
    first, second = invoices[0], invoices[1]
    return {
        "customers": [
            {
                "number": str(5001 + index),
                "name": company[0],
                "organization_number": organization_number(index),
            }
            for index, company in enumerate(COMPANIES[:-1])
        ],
        "existing_orders": [_order(first, "RM-10-1001"), _order(second, None)],
        "products": [
            {"client": "10000001", "number": number, "name": GOODS[number][1], "category": category}
            for number, category in (("1001", "1"), ("1002", "1"), ("1090", "3"))
        ],
    }


def _oslo_customer(index: int) -> int:
    special = {0: 5001, 1: 5001, 6: 5003, 8: 5020}
    return special.get(index, (5002, 5004, 5005, 5006, 5007, 5008, 5001)[index % 7])


def _invoice(department: str, number: int, customer: int, turn: int) -> Paper:
    date = dt.date(2026, 10, 5) + dt.timedelta(days=turn * 45 // 30)
    if number == 1005:
        products = [EXEMPT]
    elif number in (1001, 1002):  # sold before: these products are known in 24SevenOffice
        products = list(PRODUCTS[:2])
    else:
        products = [PRODUCTS[(turn * 3 + step * 5) % 14] for step in range(1 + turn % 5)]
    lines = []
    for step, product in enumerate(products):
        quantity = Decimal(QUANTITIES[(turn * 7 + step * 3) % 10])
        if product[0] == "1012":
            quantity = Decimal(1)
        lines.append(Line(product, quantity, date - dt.timedelta(days=3 + step)))
    return Paper(department, number, customer, date, tuple(lines))


def _credit_note(department: str, number: int, customer: int, turn: int) -> Paper:
    date = dt.date(2026, 11, 2) + dt.timedelta(days=turn)
    product = PRODUCTS[turn % 11]
    line = Line(product, -Decimal(QUANTITIES[turn % 10]), date)
    return Paper(department, number, customer, date, (line,))


def _rows(paper: Paper) -> Iterable[list[object]]:
    nets = [line.net for line in paper.lines]
    total = (sum(nets, Decimal(0)) * RATE / 100).quantize(ORE, ROUND_HALF_UP)
    shares = [(net * RATE / 100).quantize(ORE, ROUND_HALF_UP) for net in nets]
    shares[-1] += total - sum(shares, Decimal(0))  # the report's column adds up to the invoice's
    for line, net, vat in zip(paper.lines, nets, shares, strict=True):
        number, name, price, text = line.product
        yield [
            str(paper.number),
            line.day,
            paper.date,
            line.quantity,
            Decimal(price),
            net,
            RATE,
            vat,
            net + vat,
            "NOK",
            name,
            f"{text} uke {line.day.isocalendar().week}",
            "Tjenester",
            number,
            str(paper.customer),
            COMPANIES[paper.customer - 5001][0],
            f"P{paper.customer - 5000:03}",
            f"Oppdrag {paper.customer - 5000}",
            paper.department,
            DEPARTMENTS[paper.department],
            f"Avdeling {DEPARTMENTS[paper.department]}",
            "Timelønn",
        ]


def _credit_row(paper: Paper, credited: Paper | None) -> list[object]:
    return [
        str(paper.number),
        paper.date,
        CREDITED[paper.number],
        credited.date if credited else dt.date(2026, 9, 28),
        str(paper.customer),
        COMPANIES[paper.customer - 5001][0],
        f"P{paper.customer - 5000:03}",
        f"Oppdrag {paper.customer - 5000}",
        _total(paper),
        _total(credited) if credited else Decimal("27937.50"),
        "NOK",
        "Feil antall timer",
        "",
    ]


def _total(paper: Paper) -> Decimal:
    net = sum((line.net for line in paper.lines), Decimal(0))
    return net + (net * RATE / 100).quantize(ORE, ROUND_HALF_UP)


def _customer_rows() -> Iterable[list[object]]:
    for index, (name, address, postal_code, city) in enumerate(COMPANIES[:-1]):
        plain = name.removesuffix(" AS").lower().translate(str.maketrans("æøåé", "aoae"))
        mail = "faktura@" + re.sub("[^a-z]", "", plain) + ".example"
        days = CREDIT_DAYS[index % len(CREDIT_DAYS)]
        number = organization_number(index)
        yield [str(5001 + index), name, number, address, postal_code, city, "NO", mail, days]


def _order(paper: Paper, reference: str | None) -> dict[str, object]:
    return {
        "client": "10000001",
        "customer_number": str(paper.customer),
        "reference": reference,
        "invoice_date": paper.date.isoformat(),
        "rows": [
            {
                "product_number": line.product[0],
                "name": line.product[1],
                "quantity": str(line.quantity),
                "price": line.product[2],
            }
            for line in paper.lines
        ],
    }


def _write_sheet(
    book: Workbook, name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    sheet = book.create_sheet(name)
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    for column in sheet.columns:
        widest = max(len(str(cell.value)) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(widest + 2, 40)
        for cell in column:
            if isinstance(cell.value, dt.date):
                cell.number_format = "dd.mm.yyyy"
    sheet.freeze_panes = "A2"


def _save(book: Workbook, path: Path) -> None:
    """Save with fixed times inside, so that the same data gives the same file."""
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                pattern = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
                content = re.sub(pattern, rb"\g<1>" + STAMP.encode(), content)
            fixed = zipfile.ZipInfo(item.filename, ZIP_STAMP)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, content)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
