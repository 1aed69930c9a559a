"""Excel workbooks (.xlsx), read as streams: what a hostile one may cost is bounded before it does.

Only the parts that the cells need are unfolded: pictures, macros, comments and links to other files
never are. A formula is refused where its value would be taken: the value that stands beside it is
whatever the last program put there, and some put a zero there.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from so24.errors import UnreadableFile
from so24.sources.sheets.cell_values import Book
from so24.sources.sheets.delimited import read_delimited
from so24.sources.sheets.tables import Sheet
from so24.sources.sheets.xlsx_cells import MOST_CELLS, Budget, SheetReader
from so24.sources.sheets.xlsx_parts import (
    LooksReader,
    RelationsReader,
    SheetEntry,
    TextsReader,
    WorkbookReader,
)
from so24.sources.sheets.xml_stream import DAMAGED, PartReader, read_part

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_MOST_PARTS = 5_000
_ENTRY = b"PK\x01\x02"  # begins each entry of the archive's list, which is read as a whole
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Excel uses; others may need much
_PASSWORD = "It is protected by a password; save it without one."  # noqa: S105 - a sentence
_SPECIAL = (  # a part that tells another kind of file
    ("content.xml", "It is an OpenDocument file (.ods); save it as .xlsx."),
    ("xl/workbook.bin", "It is a binary workbook (.xlsb); save it as .xlsx."),
    ("Index/Document.iwa", "It is a Numbers document; export it as .xlsx."),
)

Share = Callable[[float], None]


def read_spreadsheet(
    content: bytes, *, most_bytes: int, tell: Share = lambda share: None
) -> list[Sheet]:
    """All sheets of the workbook, in its order; ``tell`` hears the share read so far, 0 to 1.

    Raises :class:`UnreadableFile` where it is no workbook, damaged, protected by a password,
    would unfold to more than ``most_bytes`` or holds more cells or text than can be imported.
    """
    if content.count(_ENTRY) > _MOST_PARTS:
        raise UnreadableFile(DAMAGED)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard(archive.infolist(), most_bytes)
            return _Workbook(archive, tell).read_sheets()
    # what the archive's reader raises for damage; NotImplementedError, for a way to pack it
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise UnreadableFile(DAMAGED) from None


def _guard(parts: list[zipfile.ZipInfo], most_bytes: int) -> None:
    names = {part.filename for part in parts}
    if _WORKBOOK not in names:
        kinds = (sentence for name, sentence in _SPECIAL if name in names)
        raise UnreadableFile(next(kinds, "It is neither an Excel workbook (.xlsx) nor a CSV file."))
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(_PASSWORD)
    if len(names) < len(parts) or any(part.compress_type not in _METHODS for part in parts):
        raise UnreadableFile(DAMAGED)
    # the archive's reader never gives more of a part than is declared here
    if sum(part.file_size for part in parts) > most_bytes:
        raise UnreadableFile("The workbook unfolds to more data than can be imported; split it.")


class _Workbook:
    """An open archive, whose parts are read one after the other."""

    def __init__(self, archive: zipfile.ZipFile, tell: Share) -> None:
        self.archive = archive
        self.tell = tell
        self.whole = sum(part.file_size for part in archive.infolist()) or 1
        self.done = 0
        self.book = Book()
        self.relations = RelationsReader()

    def read_sheets(self) -> list[Sheet]:
        workbook = WorkbookReader(self.book)
        self.read(_WORKBOOK, workbook)
        self.read(_RELATIONS, self.relations)
        for kind, reader in (("styles", LooksReader), ("sharedStrings", TextsReader)):
            path = self.relations.only(kind)
            if path is not None:
                self.read(path, reader(self.book))
        budget = Budget(MOST_CELLS)
        found = [self.read_sheet(entry, budget) for entry in workbook.sheets]
        return [sheet for sheet in found if sheet is not None]

    def read_sheet(self, entry: SheetEntry, budget: Budget) -> Sheet | None:
        """The sheet; None for a chart or another one without cells."""
        if entry.relation not in self.relations.targets:
            raise UnreadableFile(DAMAGED)
        kind, path = self.relations.targets[entry.relation]
        if kind != "worksheet":
            return None
        sheet = Sheet(entry.name, [], hidden=entry.hidden)
        self.read(path, SheetReader(sheet, self.book, budget))
        return sheet

    def read(self, path: str, reader: PartReader) -> None:
        try:
            part = self.archive.open(path)
        except KeyError:
            raise UnreadableFile(DAMAGED) from None
        with part:
            read_part(part, reader, self.count)

    def count(self, read: int) -> None:
        self.done += read
        self.tell(min(self.done / self.whole, 1.0))


MEGABYTE = 1_000_000
UNFOLDING = 10  # a workbook is a zip file: how many times its size limit it may unfold to
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


def read_sheets(
    filename: str, content: bytes, *, megabytes: int, tell: Share = lambda share: None
) -> list[Sheet]:
    """The sheets of an Excel workbook (.xlsx) or a CSV file of at most ``megabytes``.

    ``tell`` hears the share read so far, 0 to 1, while it takes long.
    Raises :class:`UnreadableFile` with one sentence where it is anything else.
    """
    if not content:
        raise UnreadableFile("It is empty.")
    if len(content) > megabytes * MEGABYTE:
        raise UnreadableFile(f"It is larger than {megabytes} MB; split it.")
    if content.startswith(_OLE):
        # a locked workbook and an old one share the same envelope
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("It is protected by a password; save it without one.")
        raise UnreadableFile("It is an old Excel file (.xls); save it as .xlsx.")
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return read_spreadsheet(content, most_bytes=megabytes * MEGABYTE * UNFOLDING, tell=tell)
    return [read_delimited(filename, content)]
