"""Files that are made to do harm or to be misread, as few bytes as they need."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

from tests.sources.report_files import as_report, line, with_shared_texts

SHEET = "xl/worksheets/sheet1.xml"
TEXTS, STYLES, BOOK = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_PIECE = 1 << 20
_GOOD = with_shared_texts(as_report(line()))


def rebuilt(changes: Mapping[str, Callable[[bytes], Iterator[bytes]]]) -> bytes:
    """A good report of one line, deflated anew; some parts are written in pieces by ``changes``."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_GOOD)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        assert changes.keys() <= set(old.namelist())
        for name in old.namelist():
            pieces = changes.get(name, _as_it_is)
            with new.open(name, "w") as part:
                for piece in pieces(old.read(name)):
                    part.write(piece)
    return buffer.getvalue()


def _as_it_is(data: bytes) -> Iterator[bytes]:
    yield data


def flooded(part: str, before: bytes, flood: bytes, megabytes: int) -> bytes:
    """The report with ``flood`` over and over in front of ``before`` in one of its parts."""

    def pieces(data: bytes) -> Iterator[bytes]:
        head, mark, tail = data.partition(before)
        assert mark
        yield head
        piece = flood * (_PIECE // len(flood) + 1)
        for _ in range(megabytes):
            yield piece
        yield mark + tail

    return rebuilt({part: pieces})


def numbered(part: str, before: bytes, flood: str, count: int, first: int = 0) -> bytes:
    """As :func:`flooded`, with a counter in each ``flood``: no two names are alike."""

    def pieces(data: bytes) -> Iterator[bytes]:
        head, mark, tail = data.partition(before)
        assert mark
        yield head
        for start in range(first, first + count, 10_000):
            yield "".join(flood.format(each) for each in range(start, start + 10_000)).encode()
        yield mark + tail

    return rebuilt({part: pieces})


def with_entities() -> bytes:
    """Ten entities, each ten of the one before: a billion laughs."""
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    trap = f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><worksheet'.encode()

    def pieces(data: bytes) -> Iterator[bytes]:
        yield data.replace(b"<worksheet", trap).replace(b"</sheetData>", b"&e9;</sheetData>")

    return rebuilt({SHEET: pieces})


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "entities": with_entities,
    "cells of one row": lambda: flooded(SHEET, b"</row>", b"<c/>", 60),
    "rows": lambda: flooded(SHEET, b"</sheetData>", b"<row/>", 10),
    "rows of far cells": lambda: flooded(
        SHEET, b"</sheetData>", b'<row><c t="b"><v>1</v></c></row>', 60
    ),
    "rows alike": lambda: numbered(
        SHEET, b"</sheetData>", '<row r="{0}"><c r="B{0}"><v>{0}</v></c></row>', 450_000, first=10
    ),
    "rows of many forms": lambda: numbered(
        SHEET, b"</sheetData>", '<row r="{0}" a="{0}"><c r="A{0}"><v>1</v></c></row>', 450_000, 10
    ),
    "numbers": lambda: _many_values("<c><v>{}</v></c>"),
    "texts of cells": lambda: _many_values('<c t="str"><v>{}</v></c>'),
    "one long text": lambda: flooded(TEXTS, b" uke 47</t>", b"longer", 60),
    "one long text in a cell": lambda: flooded(SHEET, b".5</v>", b"123456", 60),
    "many texts": lambda: flooded(TEXTS, b"</sst>", b"<si><t>x</t></si>", 60),
    "much text": lambda: flooded(
        TEXTS, b"</sst>", b"<si><t>" + b"x" * 32_000 + "😀</t></si>".encode(), 60
    ),
    "pieces of one text": lambda: flooded(TEXTS, b"</si>", b"<r><t/></r>", 60),
    "styles": lambda: flooded(STYLES, b"</styleSheet>", b'<a b="1"/>', 60),
    "cell styles": lambda: flooded(STYLES, b"</cellXfs>", b"<xf/>", 60),
    "number formats": lambda: numbered(
        STYLES, b"<fonts", '<numFmt numFmtId="{0}" formatCode="{0}"/>', 2_000_000
    ),
    "relations": lambda: numbered(
        RELATIONS, b"</Relationships>", '<Relationship Id="i{}" Type="x" Target="y"/>', 1_000_000
    ),
    "sheets": lambda: flooded(BOOK, b"</sheets>", b'<sheet name="x"/>', 100),
    "levels": lambda: flooded(SHEET, b"</worksheet>", b"<a>", 60),
    "names": lambda: numbered(SHEET, b"</worksheet>", "<n{}/>", 3_000_000),
    "namespaces": lambda: numbered(SHEET, b"</worksheet>", '<a xmlns:n{}="u"/>', 2_000_000),
    "one tag": lambda: flooded(SHEET, b"<sheetData", b"<!-- " + b"-." * 500_000 + b" ", 60),
    "merged cells": lambda: flooded(
        SHEET, b"</worksheet>", b'<mergeCell ref="A1:XFD1048576"/>', 60
    ),
    "parts": lambda: _many_parts(100_000),
}


def _many_values(cell: str) -> bytes:
    """Rows of cells of which no two are alike."""

    def pieces(data: bytes) -> Iterator[bytes]:
        head, mark, tail = data.partition(b"</sheetData>")
        yield head
        for row in range(20_000):
            first = 1_000_000 + row * 200
            cells = "".join(cell.format(first + column) for column in range(200))
            yield f"<row>{cells}</row>".encode()
        yield mark + tail

    return rebuilt({SHEET: pieces})


def _many_parts(count: int) -> bytes:
    buffer = io.BytesIO(_GOOD)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(count):
            archive.writestr(f"x{number}", b"")
    return buffer.getvalue()
