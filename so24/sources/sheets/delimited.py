"""CSV files as sheets: Norwegian or English separators, UTF-8, UTF-16 or Windows' own letters."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Content, blocks_of, open_content
from so24.sources.sheets.rows import AS_SHEET_ROW, SheetRow, SheetRows
from so24.sources.sheets.tables import SEARCHED_ROWS, Sheet
from so24.sources.sheets.which_table import find_table

MOST_ROWS = 400_000
MOST_VALUES = 10_000_000  # cells, empty ones included: bounds time and memory
_SEPARATORS = (";", ",", "\t")
_NEITHER = say("It is neither an Excel workbook (.xlsx) nor a CSV file.")
_UTF16 = say("It is text in UTF-16 without its mark; save it as “CSV UTF-8”.")
_UTF32 = say("It is text in UTF-32; save it as “CSV UTF-8”.")
_CUT = say("It is text in UTF-16 that ends within a sign: the file was cut off; export it again.")
_UNKNOWN = say(
    "It is text that is damaged, or in an encoding that cannot be told; open it in the program "
    "that has written it, and save it as “CSV UTF-8” or .xlsx."
)
_LEAST = 8  # bytes by which an encoding is told
_MOSTLY = 0.9  # of a text's first signs are letters, digits and marks of ASCII
_PROBE = 4_096


def read_delimited(filename: str, content: Content) -> Sheet:
    """The file as one sheet named like the file.

    Raises :class:`UnreadableFile` where it is no text, is torn, or holds too many rows.
    """
    encoding = _find_encoding(content)
    name = PurePath(filename).stem
    read: list[Sheet] = []
    for separator in _SEPARATORS:
        lines = _Lines(content, encoding, separator)
        sheet = Sheet(name, lines.first_rows(), separator=separator)
        if _has_headings(sheet):
            return replace(sheet, rows=lines.all_rows())
        read.append(sheet)
    # the one with the most cells in a row is what people see, and can be told what it lacks
    return max(read, key=lambda sheet: max((len(row.cells) for row in sheet.rows), default=0))


def _has_headings(sheet: Sheet) -> bool:
    try:
        return find_table(sheet) is not None
    except UnreadableFile:
        return True  # meant to be one; what it misses is said when it is read as a whole


def _find_encoding(content: Content) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if not _is_text(content, encoding):
        half = content[:_PROBE]
        if encoding != "utf-16" and b"\0" not in content and _is_text(content, "cp1252"):
            return "cp1252"
        raise UnreadableFile(_tell_encoding(half, is_cut=encoding == "utf-16" and len(content) % 2))
    return encoding


def _tell_encoding(half: bytes, *, is_cut: int) -> str:
    """What to tell of content that is no text in an encoding that is read, by its first bytes."""
    nothing = [not half[place::4].strip(b"\0") for place in range(4)]
    if len(half) < _LEAST:
        return _NEITHER
    if all(nothing[:2]) or all(nothing[2:]):
        return _UTF32
    if is_cut:
        return _CUT
    if all(nothing[::2]) or all(nothing[1::2]):
        return _UTF16
    plain = sum(0x20 <= sign < 0x7F or sign in b"\t\r\n" for sign in half)
    return _UNKNOWN if plain > _MOSTLY * len(half) else _NEITHER


def _is_text(content: Content, encoding: str) -> bool:
    """Whether the content is text in the encoding; it is never held decoded as a whole."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks_of(content):
            if "\0" in decoder.decode(block):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class _Lines:
    """The rows of a file, with one separator."""

    def __init__(self, content: Content, encoding: str, separator: str) -> None:
        self.content, self.encoding, self.separator = content, encoding, separator

    def first_rows(self) -> list[SheetRow]:
        """The rows in which headings are looked for, as far as they can be read."""
        rows: list[SheetRow] = []
        try:
            for row in self.walk(strict=False):
                rows.append(row)
                if len(rows) >= SEARCHED_ROWS:
                    break
        except UnreadableFile:
            return rows  # perhaps only with this separator
        return rows

    def all_rows(self) -> SheetRows:
        """All rows."""
        rows: SheetRows = SheetRows()
        values = 0
        for row in self.walk(strict=True):
            rows.append(row)
            values += len(row.cells)
            if len(rows) > MOST_ROWS:
                raise UnreadableFile(
                    say("It holds more than {most} rows; split it.", most=MOST_ROWS)
                )
            if values > MOST_VALUES:
                raise UnreadableFile(say("It holds more cells than can be imported; split it."))
        return rows

    def walk(self, *, strict: bool) -> Iterator[SheetRow]:
        """The rows that are not empty; ``strict`` refuses quotation marks that make no sense.

        One that opens and never closes would else swallow the rest of the file.
        """
        text = io.TextIOWrapper(open_content(self.content), self.encoding, newline="")
        lines = csv.reader(text, delimiter=self.separator, strict=strict)
        number = 0
        try:
            for number, line in enumerate(lines, 1):
                cells = tuple(map(str.strip, line))
                if any(cells):
                    yield AS_SHEET_ROW((number, cells))
        except csv.Error as error:
            raise UnreadableFile(_explain(number + 1, str(error))) from None


def _explain(row: int, words: str) -> str:
    if "field limit" in words:  # in English: as the library says it
        return say(
            "Row {row} has a cell of more than {most} characters; shorten it.",
            row=row,
            most=csv.field_size_limit(),
        )
    if "end of data" in words:  # in English: as the library says it
        return say(
            "A quotation mark opens in row {row} and is never closed; close or remove it.", row=row
        )
    if "expected after" in words:  # in English: as the library says it
        return say(
            "Row {row} has a text after a closing quotation mark; write marks in a text twice.",
            row=row,
        )
    return say("Row {row} is not readable as CSV; open it in Excel and save it as .xlsx.", row=row)
