"""A workbook of hundreds of thousands of rows, written as fast as it is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from tests.sources.report_files import as_workbook, with_shared_texts
from tests.sources.sheets.packages import SHEET, TEXTS, unpacked

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def as_large_workbook(rows: Iterable[list[Any]]) -> bytes:
    """A report of one sheet, written row by row: openpyxl takes minutes for as many."""
    parts = unpacked(with_shared_texts(as_workbook({"Invoice lines": []})))
    texts: dict[str, int] = {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.keys() - {SHEET, TEXTS}:
            archive.writestr(name, parts[name])
        with archive.open(SHEET, "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows, 1):
                part.write(
                    f'<row r="{number}">{"".join(_write(row, number, texts))}</row>'.encode()
                )
            part.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        archive.writestr(TEXTS, f'<sst xmlns="{_MAIN}">{shared}</sst>')
    return buffer.getvalue()


def _write(row: list[Any], number: int, texts: dict[str, int]) -> Iterator[str]:
    for letter, cell in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", row, strict=False):
        if isinstance(cell, str):
            place = texts.setdefault(cell, len(texts))
            yield f'<c r="{letter}{number}" t="s"><v>{place}</v></c>'
        else:
            yield f'<c r="{letter}{number}"><v>{cell}</v></c>'
