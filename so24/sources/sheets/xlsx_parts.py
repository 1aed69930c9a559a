"""The parts of a workbook that its sheets refer to: names, places, texts and number formats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS

from so24.errors import UnreadableFile
from so24.sources.sheets.cell_values import LONGEST_TEXT, Book, Look, look_of
from so24.sources.sheets.xml_stream import DAMAGED, PartReader

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
MOST_TEXTS = 1_000_000
MOST_CHARACTERS = 40_000_000  # of all texts: bounds memory
MUCH_TEXT = "It holds more text than can be imported; split it."
_STRICT = "http://purl.oclc.org/ooxml/"
_RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_MOST_RELATIONS = 2_000
_MOST_LOOKS = 66_000  # Excel's own limit is 65,490
_EPOCH_1904 = dt.date(1904, 1, 1)
_TRUE = ("1", "true")
_VALUE, _TEXT, _PHONETIC = MAIN + "v", MAIN + "t", MAIN + "rPh"


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


class WorkbookReader(PartReader):
    """``xl/workbook.xml``: its sheets, and the day that its dates are counted from."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.sheets: list[SheetEntry] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name.startswith(_STRICT):
            raise UnreadableFile("It is a Strict Open XML file; save it as an Excel Workbook.")
        if name == MAIN + "workbookPr" and attributes.get("date1904") in _TRUE:
            self.book.epoch = _EPOCH_1904
        elif name == MAIN + "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            entry = SheetEntry(attributes.get("name", ""), attributes.get(_RELATION_ID, ""), hidden)
            self.sheets.append(entry)
            _require(len(self.sheets) <= _MOST_RELATIONS)


class RelationsReader(PartReader):
    """``xl/_rels/workbook.xml.rels``: the part of each relation within the workbook."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, tuple[str, str]] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name == _RELATION and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets[attributes.get("Id", "")] = (kind, path)
            _require(len(self.targets) <= _MOST_RELATIONS)

    def only(self, kind: str) -> str | None:
        """The path of the one part of a kind, if the workbook has it."""
        return next((path for found, path in self.targets.values() if found == kind), None)


class CollectingReader(PartReader):
    """A part whose texts come in pieces; how one is spoken (``rPh``) is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.length = 0
        self.within = self.collecting = self.phonetic = False

    def begin_text(self) -> None:
        """From here on what stands in values and texts belongs to one text."""
        self.within, self.pieces, self.length = True, [], 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name in (_VALUE, _TEXT):
            self.collecting = self.within and not self.phonetic
        elif name == _PHONETIC:
            self.phonetic = True

    def text(self, data: str) -> None:
        if self.collecting:
            self.length += len(data)
            if self.length <= LONGEST_TEXT:
                self.pieces.append(data)

    def end(self, name: str) -> None:
        super().end(name)
        if name in (_VALUE, _TEXT):
            self.collecting = False
        elif name == _PHONETIC:
            self.phonetic = False

    def end_text(self) -> str | None:
        """The text as it stands; None where it is longer than any cell's."""
        self.within = False
        return None if self.length > LONGEST_TEXT else "".join(self.pieces)


class TextsReader(CollectingReader):
    """``xl/sharedStrings.xml``: the texts that cells refer to by their place."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.characters = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name == MAIN + "si":
            self.begin_text()

    def end(self, name: str) -> None:
        super().end(name)
        if name == MAIN + "si":
            text = self.end_text()
            self.book.texts.append(None if text is None else text.strip())
            self.characters += min(self.length, LONGEST_TEXT)
            if len(self.book.texts) > MOST_TEXTS or self.characters > MOST_CHARACTERS:
                raise UnreadableFile(MUCH_TEXT)


class LooksReader(PartReader):
    """``xl/styles.xml``: what each cell style makes of a number."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.formats: dict[str, str] = {str(key): code for key, code in BUILTIN_FORMATS.items()}
        self.of_cells = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        super().begin(name, attributes)
        if name == MAIN + "numFmt":
            self.formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            _require(len(self.formats) <= _MOST_LOOKS)
        elif name == MAIN + "cellXfs":
            self.of_cells = True
        elif name == MAIN + "xf" and self.of_cells:
            code = self.formats.get(attributes.get("numFmtId", "0"))
            self.book.looks.append(look_of(code) if code else Look.PLAIN)
            _require(len(self.book.looks) <= _MOST_LOOKS)

    def end(self, name: str) -> None:
        super().end(name)
        if name == MAIN + "cellXfs":
            self.of_cells = False


def _require(possible: bool) -> None:
    if not possible:
        raise UnreadableFile(DAMAGED)
