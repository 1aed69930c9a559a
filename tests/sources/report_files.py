"""Reports as tests need them: rows with one thing changed, as workbook or CSV."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from so24.sources.documents.documents import SourceFile
from so24.sources.reading import read_files

LINE: Mapping[str, Any] = {
    "Invoice no. / Credit note no.": "1001",
    "Date": "18.11.2026",
    "Quantity": Decimal("7.5"),
    "Price": Decimal("412.50"),
    "Sum excl. VAT": Decimal("3093.75"),
    "VAT %": Decimal(25),
    "Currency": "NOK",
    "Product": "Helgevakt",
    "Article": "Helgevakt uke 47",
    "Product no.": "1003",
    "Customer no.": "5001",
    "Company": "Nordvik Logistikk AS",
    "Department no.": "10",
    "Department": "Oslo",
    "Our invoice reference.": "Avdeling Oslo",
}
CUSTOMER: Mapping[str, Any] = {
    "Customer no.": "5001",
    "Company": "Nordvik Logistikk AS",
    "Organization number": "100000008",
    "Address": "Tollbugata 4",
    "Postal code": "0152",
    "City": "Oslo",
    "Country": "NO",
    "Invoice e-mail": "faktura@nordvik.example",
    "Credit days": "14",
}
NUMBER = "Invoice no. / Credit note no."
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_INLINE = re.compile(rb'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)

Row = Mapping[str, Any]


def line(changes: Row | None = None, /, *, number: str = "1001") -> dict[str, Any]:
    """A good line of invoice ``number``, with some columns changed."""
    return {**LINE, NUMBER: number, **(changes or {})}


def customer(changes: Row | None = None, /) -> dict[str, Any]:
    """A good customer, with some columns changed."""
    return {**CUSTOMER, **(changes or {})}


def as_grid(rows: Iterable[Row], without: Iterable[str] = ()) -> list[list[Any]]:
    """Headings and rows; the headings are those of any row, in the order they appear."""
    rows = list(rows)
    headings = dict.fromkeys(name for row in rows for name in row if name not in set(without))
    return [list(headings), *([row.get(name, "") for name in headings] for row in rows)]


def as_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An .xlsx file of these sheets."""
    from openpyxl import Workbook  # a fifth of the memory of those who measure what so24 needs

    book = Workbook(write_only=True)
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_shared_texts(content: bytes) -> bytes:
    """The workbook with its texts in a part of their own, as Excel writes them."""
    places: dict[bytes, int] = {}

    def share(found: re.Match[bytes]) -> bytes:
        place = places.setdefault(found[2], len(places))
        return b'%s t="s"><v>%d</v></c>' % (found[1], place)

    relation = b'<Relationship Id="rIdTexts" Type="%s/sharedStrings" Target="%s"/></Relationships>'
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/"):
                data = _INLINE.sub(share, data)
            elif name == "xl/_rels/workbook.xml.rels":
                values = (_OFFICE.encode(), b"/xl/sharedStrings.xml")
                data = data.replace(b"</Relationships>", relation % values)
            new.writestr(name, data)
        texts = b"".join(b"<si>%s</si>" % text for text in places)
        new.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (_MAIN, texts))
    return buffer.getvalue()


def as_report(*rows: Row, sheet: str = "Invoice lines") -> bytes:
    """An .xlsx file of one sheet."""
    return as_workbook({sheet: as_grid(rows)})


def as_csv(grid: Sequence[Sequence[Any]], separator: str, encoding: str) -> bytes:
    """A CSV file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator).writerows(grid)
    return buffer.getvalue().encode(encoding)


def read_file(name: str, content: bytes) -> SourceFile:
    """What a single file holds, no department being known beforehand."""
    (source,) = read_files([(name, content)], megabytes=20)
    return source
