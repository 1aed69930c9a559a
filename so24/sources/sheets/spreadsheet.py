"""Excel workbooks (.xlsx), read as streams: what a hostile one may cost is bounded before it does.

Only the parts that the cells need are unfolded: pictures, macros, comments and links to other files
never are. A formula is refused where its value would be taken: the value that stands beside it is
whatever the last program put there, and some put a zero there.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Content, open_content
from so24.sources.sheets.cells.cell_values import Book
from so24.sources.sheets.delimited import read_delimited
from so24.sources.sheets.known_rows import read_rows
from so24.sources.sheets.package import TORN, Package, Relations, part_name, tell_damage
from so24.sources.sheets.rows import SheetRows
from so24.sources.sheets.tables import Sheet
from so24.sources.sheets.xlsx_cells import MOST_CELLS, Budget, SheetReader
from so24.sources.sheets.xlsx_parts import (
    LooksReader,
    SheetEntry,
    TextsReader,
    WorkbookReader,
    read_texts,
)
from so24.sources.sheets.xml_stream import PartReader, read_part

_USUAL = "xl/workbook.xml"  # where the package itself does not say which part is the workbook
_MOST_PARTS = 5_000
_ENTRY = b"PK\x01\x02"  # begins each entry of the archive's list, which is read as a whole
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Excel uses; others may need much
_CELLS = "worksheet"  # a relation's kind
_NEITHER = say("It is neither an Excel workbook (.xlsx) nor a CSV file.")
_PASSWORD = say("It is protected by a password; save it without one.")
_SPECIAL = (  # a part that tells another kind of file
    ("content.xml", say("It is an OpenDocument file (.ods); save it as .xlsx.")),
    ("xl/workbook.bin", say("It is a binary workbook (.xlsb); save it as .xlsx.")),
    ("Index/Document.iwa", say("It is a Numbers document; export it as .xlsx.")),
)

Share = Callable[[float], None]


def read_spreadsheet(
    content: Content, *, most_bytes: int, tell: Share = lambda share: None
) -> list[Sheet]:
    """All sheets of the workbook, in its order; ``tell`` hears the share read so far, 0 to 1.

    Raises :class:`UnreadableFile` where it is no workbook, damaged, protected by a password,
    would unfold to more than ``most_bytes`` or holds more cells or text than can be imported.
    """
    if content.count(_ENTRY) > _MOST_PARTS:
        raise UnreadableFile(tell_damage(say("it has more than {most} parts", most=_MOST_PARTS)))
    try:
        archive = zipfile.ZipFile(open_content(content))
    except TORN:
        raise UnreadableFile(tell_damage(say("it is no whole zip archive"))) from None
    with archive:
        _guard(archive.infolist(), most_bytes)
        return _Workbook(archive, tell).read_sheets()


def _guard(parts: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(_PASSWORD)
    odd = next((part.filename for part in parts if part.compress_type not in _METHODS), None)
    if odd is not None:
        damage = say("the part {part} is packed as Excel never does", part=odd[:80])
        raise UnreadableFile(tell_damage(damage))
    # the archive's reader never gives more of a part than is declared here
    if sum(part.file_size for part in parts) > most_bytes:
        raise UnreadableFile(
            say("The workbook unfolds to more data than can be imported; split it.")
        )


class _Workbook:
    """An open archive, whose parts are read one after the other."""

    def __init__(self, archive: zipfile.ZipFile, tell: Share) -> None:
        self.tell = tell
        self.whole = sum(part.file_size for part in archive.infolist()) or 1
        self.done = 0
        self.package = Package(archive, self.count)
        self.book = Book()

    def read_sheets(self) -> list[Sheet]:
        workbook = WorkbookReader(self.book)
        path = self.find_workbook()
        self.package.read(path, workbook)
        if not workbook.is_workbook:
            raise UnreadableFile(_NEITHER)
        relations = self.package.relations_of(path)
        self.read_only(relations.of_kind("styles"), LooksReader(self.book))
        self.read_only(relations.of_kind("sharedStrings"), TextsReader(self.book), read_texts)
        budget = Budget(MOST_CELLS)
        places = list(_find_places(workbook.sheets, relations))
        return [self.read_sheet(entry, place, budget) for entry, place in places]

    def find_workbook(self) -> str:
        """The part that is the workbook; raises :class:`UnreadableFile` where there is none."""
        named = self.package.relations_of("").of_kind("officeDocument")
        for path in (*named, _USUAL):
            if path in self.package and not path.endswith(".bin"):
                return path
        kinds = (sentence for name, sentence in _SPECIAL if part_name(name) in self.package)
        raise UnreadableFile(next(kinds, _NEITHER))

    def read_only(
        self, paths: list[str], reader: PartReader, by: Callable[..., None] = read_part
    ) -> None:
        """Read the one part of a kind; one that is missing is an empty one."""
        there = [path for path in paths if path in self.package]
        if len(there) > 1:
            one, other = map(self.package.call, there[:2])
            damage = say("{one} and {other} are one part too many", one=one, other=other)
            raise UnreadableFile(tell_damage(damage))
        if there:
            self.package.read(there[0], reader, by)

    def read_sheet(self, entry: SheetEntry, path: str, budget: Budget) -> Sheet:
        """The sheet; where its part is missing, only that it could not be read."""
        sheet = Sheet(entry.name, SheetRows(), hidden=entry.hidden)
        if not path:
            return replace(sheet, unread=say("the workbook does not say which of its parts it is"))
        if path not in self.package:
            return replace(sheet, unread=say("its part {part} is missing", part=path))
        reader = SheetReader(sheet, self.book, budget)
        self.package.read(path, reader, read_rows)
        reader.mark_spills()
        return sheet

    def count(self, read: int) -> None:
        self.done += read
        self.tell(min(self.done / self.whole, 1.0))


def _find_places(
    sheets: list[SheetEntry], relations: Relations
) -> Iterator[tuple[SheetEntry, str]]:
    """The part of each sheet with cells, empty where it has none; charts and macros are none."""
    taken: set[str] = set()
    for entry in sheets:
        kind, path = relations.targets.get(entry.relation, (_CELLS, ""))
        if path and path in taken:
            damage = say("two of its sheets are the same part {part}", part=path)
            raise UnreadableFile(tell_damage(damage))
        taken.add(path)
        if kind == _CELLS:
            yield entry, path


MEGABYTE = 1_000_000
UNFOLDING = 10  # a workbook is a zip file: how many times its size limit it may unfold to
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


def read_sheets(
    filename: str, content: Content, *, megabytes: int, tell: Share = lambda share: None
) -> list[Sheet]:
    """The sheets of an Excel workbook (.xlsx) or a CSV file of at most ``megabytes``.

    ``tell`` hears the share read so far, 0 to 1, while it takes long.
    Raises :class:`UnreadableFile` with one sentence where it is anything else.
    """
    if not content:
        raise UnreadableFile(say("It is empty."))
    if len(content) > megabytes * MEGABYTE:
        raise UnreadableFile(
            say("It is larger than {megabytes} MB; split it.", megabytes=megabytes)
        )
    if content.startswith(_OLE):
        # a locked workbook and an old one share the same envelope
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(say("It is protected by a password; save it without one."))
        raise UnreadableFile(say("It is an old Excel file (.xls); save it as .xlsx."))
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return read_spreadsheet(content, most_bytes=megabytes * MEGABYTE * UNFOLDING, tell=tell)
    return [read_delimited(filename, content)]
