"""Reports and EHF files: bent, read by the readers of imports, compared with other libraries."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from openpyxl import load_workbook

from so24.sources.documents.documents import SourceDocument, SourceFile
from so24.sources.reading import read_files
from tests.fuzz.bending import bend_archive, bend_bytes, bend_numbers, bend_often, bend_xml
from tests.fuzz.expat import read_by_expat
from tests.fuzz.running import Target
from tests.fuzz.seen import as_seen
from tests.sources.ehf.bills import OSLO, Item, Sample, Whole, pack
from tests.sources.report_files import (
    as_csv,
    as_grid,
    as_report,
    as_workbook,
    customer,
    line,
    with_shared_texts,
)

LINES = [
    line(),
    line({"Sum excl. VAT": Decimal("825.00"), "Quantity": 2}),
    line({"Customer no.": "5002", "Company": "Fjordbygg AS"}, number="1002"),
    line({"Quantity": -1, "Sum excl. VAT": Decimal("-412.50")}, number="1003"),
]
BILLS = [
    Sample(),
    Sample(items=[Item(off=100), Item(tax=("O", "0"))], wholes=[Whole(5_000), Whole(-500)]),
    Sample(number="77", credit_note=True, credited=["1001"]),
]
_BOOKS = [
    as_report(*LINES),
    with_shared_texts(as_report(*LINES)),
    with_shared_texts(as_workbook({"a": as_grid(LINES), "b": as_grid([customer()])})),
]
_TEXTS = [
    as_csv(as_grid(LINES), separator, encoding)
    for separator in (";", ",", "\t")
    for encoding in ("utf-8-sig", "cp1252", "utf-16")
] + [as_csv(as_grid([customer(), customer({"Customer no.": "5002"})]), ";", "utf-8")]
_AMOUNT = re.compile(r"[^0-9,.+-]")

Row = tuple[set[str], set[Decimal]]


def read(content: bytes) -> list[SourceFile]:
    """What the readers of an import make of it."""
    return read_files([("a.xlsx", content)], megabytes=20, supplement=OSLO)


def compare_book(content: bytes, sources: list[SourceFile]) -> str:
    """Each line's number and sum stand in one row of the workbook, as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(content), data_only=False)
            rows = [_row(each) for sheet in book.worksheets for each in sheet.values]
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                named = package.read("xl/workbook.xml").count(b"<sheet ")
        except Exception:  # the other reader has its own faults: then there is no other opinion
            return ""
    # openpyxl leaves a sheet out, and says nothing, whose type the package does not state
    return _tell_unknown_lines(sources, rows) if len(book.worksheets) >= named else ""


def compare_text(content: bytes, sources: list[SourceFile]) -> str:
    """Each line's number and sum stand in one row, by some separator and encoding."""
    return _tell_unknown_lines(sources, _read_somehow(content))


def _read_somehow(content: bytes) -> Iterator[Row]:
    """The rows by every encoding and separator, as far as they are asked for."""
    for encoding in ("utf-8-sig", "cp1252", "utf-16", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        for separator in ";,\t|":
            with suppress(csv.Error):
                lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
                yield from map(_row, lines)


def compare_bill(content: bytes, sources: list[SourceFile]) -> str:
    """Each document's number and sums stand in the XML, as expat reads it."""
    documents = [each for source in sources for each in source.documents]
    if not documents:
        return ""
    root = read_by_expat(content)
    if root is None:
        return "expat does not read it, and documents came in"
    texts = {as_seen("".join(each.itertext())) for each in root.iter()}
    amounts = {abs(each) for text in texts if (each := _amount(text)) is not None}
    for document in documents:
        particulars = document.particulars
        stated = [particulars.total, *(each.net for each in document.lines)]
        if as_seen(document.number) not in texts:
            return f"no element says {document.number}"
        for amount in stated:
            if amount is not None and abs(amount) not in amounts:
                return f"no element says {amount}"
    return ""


def _tell_unknown_lines(sources: Iterable[SourceFile], rows: Iterable[Row]) -> str:
    wanted = {
        (document.number, each.net): document
        for source in sources
        for document in source.documents
        for each in document.lines
    }
    for row in rows if wanted else ():
        wanted = {
            (number, net): document
            for (number, net), document in wanted.items()
            if not _holds(row, document, net)
        }
        if not wanted:
            break
    return "".join(f"no row says {number} and {net}" for number, net in list(wanted)[:1])


def _holds(row: Row, document: SourceDocument, net: Decimal) -> bool:
    texts, amounts = row
    return as_seen(document.number) in texts and (net in amounts or -net in amounts)


def _row(cells: Iterable[Any]) -> Row:
    texts: set[str] = set()
    amounts: set[Decimal] = set()
    for cell in cells:
        if cell is None:
            continue
        text = as_seen(str(cell))
        texts |= {text, text.removesuffix(".0")}
        amounts |= set(_amounts(cell))
    return texts, amounts


def _amounts(cell: Any) -> Iterator[Decimal]:
    """What the cell may mean as an amount of two decimals."""
    if isinstance(cell, bool):
        return
    if isinstance(cell, int | float):
        cell = repr(cell)
    plain = _AMOUNT.sub("", str(cell).replace("\u2212", "-"))
    for text in (plain.replace(",", "."), plain.replace(".", "").replace(",", "."),
                 plain.replace(",", ""), str(cell)):  # fmt: skip
        found = _amount(text)
        if found is not None:
            yield found


def _amount(text: str) -> Decimal | None:
    try:
        exact = Decimal(text)
        return exact.quantize(Decimal("0.01")) if exact.is_finite() else None
    except InvalidOperation:
        return None


def targets() -> list[Target]:
    """Workbooks, texts, EHF files, and archives of these."""
    bills = [each.content for each in BILLS]
    archives = [pack(*((f"{place}.xml", bill) for place, bill in enumerate(bills)))]
    return [
        Target("workbooks", 15, _BOOKS, bend_often(bend_archive), read, compare_book),
        Target("CSV files", 20, _TEXTS, bend_often(_bend_text), read, compare_text),
        Target("EHF files", 15, bills, bend_often(bend_xml), read, compare_bill),
        Target("archives", 3, archives, bend_often(bend_archive), read, _not_compared),
    ]


def _not_compared(_content: bytes, _sources: list[SourceFile]) -> str:
    return ""


def _bend_text(random: Random, content: bytes) -> bytes:
    return random.choice((bend_bytes, bend_numbers))(random, content)
