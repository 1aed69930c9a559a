"""The parts of a workbook that its sheets refer to: names, places, texts and number formats."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Damage
from so24.sources.sheets.cells.cell_values import LONGEST_TEXT, Book, unescape
from so24.sources.sheets.cells.number_formats import Look, look_of
from so24.sources.sheets.cells.texts import read_text
from so24.sources.sheets.xml_stream import BLANKS, CHUNK, Attributes, PartReader, PastParser

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
MOST_TEXTS = 1_000_000
MOST_CHARACTERS = 40_000_000  # of all texts: bounds memory
MUCH_TEXT = say("It holds more text than can be imported; split it.")
TRUE = ("1", "true")
_RELATION_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"  # in English: a name
)
_MOST_SHEETS = 2_000
_MOST_LOOKS = 66_000  # Excel's own limit is 65,490
# the number formats of every workbook (ECMA-376 part 1, 18.8.30) that show a number otherwise
_BUILT_IN = {
    **dict.fromkeys(("1", "3", "37", "38", "41"), "0"),
    "9": "0%",
    "10": "0.00%",
    **{str(number): "d.m.yy" for number in range(14, 23)},
    "45": "mm:ss",
    "46": "[h]:mm:ss",
    "47": "mmss.0",
}
_LONGEST_ITEM = 1 << 20  # bytes
_ITEM = re.compile(  # UTF-8 writes what is no character with an \xef
    rb'%s<si><t(?: xml:space="preserve")?>([^<>&\x00-\x1f\xef]{1,255}+)</t></si>' % BLANKS
)
_ITEM_ELEMENTS = 2
_EPOCH_1904 = dt.date(1904, 1, 1)


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


class WorkbookReader(PartReader):
    """The workbook: its sheets, and the day that its dates are counted from."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.is_workbook = self.in_list = False
        self.sheets: list[SheetEntry] = []
        self.begins = {
            f"{MAIN}workbook": self.begin_workbook,
            f"{MAIN}workbookPr": self.begin_properties,
            f"{MAIN}sheets": self.begin_list,
            f"{MAIN}sheet": self.begin_sheet,
        }
        self.ends = {f"{MAIN}sheets": self.end_list}

    def begin_list(self, _: Attributes) -> None:
        self.in_list = True

    def end_list(self) -> None:
        self.in_list = False

    def begin_workbook(self, _: Attributes) -> None:
        self.is_workbook = True

    def begin_properties(self, attributes: Attributes) -> None:
        if attributes.get("date1904") in TRUE:
            self.book.epoch = _EPOCH_1904

    def begin_sheet(self, attributes: Attributes) -> None:
        if not self.in_list:
            raise Damage(say("has a sheet beside its list of sheets"))
        name = read_text(unescape(attributes.get("name", "")))
        hidden = attributes.get("state", "visible") != "visible"
        self.sheets.append(SheetEntry(name, attributes.get(_RELATION_ID, ""), hidden))
        if len(self.sheets) > _MOST_SHEETS:
            raise Damage(say("names more sheets than any program writes"))


class CollectingReader(PartReader):
    """A part whose texts (``t`` within ``item``) come in pieces.

    How a text is spoken (``rPh``) is left out.
    """

    item = ""

    def __init__(self) -> None:
        super().__init__()
        self.within = self.phonetic = False
        self.words: list[str] = []  # of the open item, or of the last one
        self.pieces: list[str] | None = None  # to which text is added
        self.length = 0
        self.told: set[int] = set()  # the depths at which the open item has its text
        self.begins = {
            f"{MAIN}{self.item}": self.begin_item,
            f"{MAIN}r": self.begin_run,
            f"{MAIN}t": self.begin_text,
            f"{MAIN}rPh": self.begin_spoken,
        }
        self.ends = {
            f"{MAIN}{self.item}": self.end_item,
            f"{MAIN}t": self.stop,
            f"{MAIN}rPh": self.end_spoken,
        }

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins, which none does within a text."""
        if self.pieces is not None:
            raise Damage(
                say("has an element within a text")
            )  # some programs show what is before it
        super().begin(name, attributes)

    def begin_item(self, _: Attributes) -> None:
        self.within, self.words = True, []
        self.told.clear()

    def begin_run(self, _: Attributes) -> None:
        self.told.discard(self.depth + 1)

    def end_item(self) -> None:
        self.within = False

    def begin_text(self, _: Attributes) -> None:
        if self.within and not self.phonetic:
            # of two texts in one place some programs show both, some the last
            if self.depth in self.told:
                raise Damage(say("has two texts in one place"))
            self.told.add(self.depth)
            self.pieces = self.words

    def begin_spoken(self, _: Attributes) -> None:
        self.phonetic = True

    def end_spoken(self) -> None:
        self.phonetic = False

    def stop(self) -> None:
        self.pieces = None

    def text(self, data: str) -> None:
        if self.pieces is not None:
            self.length += len(data)
            if self.length <= LONGEST_TEXT:
                self.pieces.append(data)


class TextsReader(CollectingReader):
    """The shared texts, which cells refer to by their place."""

    item = "si"

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.characters = 0

    def begin_item(self, attributes: Attributes) -> None:
        super().begin_item(attributes)
        self.length = 0

    def end_item(self) -> None:
        super().end_item()
        self.take("".join(self.words), self.length)

    def take(self, text: str, length: int) -> None:
        """The next text, or the beginning of one of this length."""
        whole = length <= LONGEST_TEXT
        self.book.texts.append(unescape(text).strip() if whole else None)
        self.characters += min(length, LONGEST_TEXT)
        if len(self.book.texts) > MOST_TEXTS or self.characters > MOST_CHARACTERS:
            raise UnreadableFile(MUCH_TEXT)


def read_texts(part: IO[bytes], reader: TextsReader, tell: Callable[[int], None]) -> None:
    """As :func:`read_part` for shared texts: what ``reader`` gathers and raises is alike.

    Those that are nothing but a text are read without their XML being parsed. As with
    :mod:`.known_rows` no rule about XML stands here. The parser reads the first text, and each
    that is anything else. While it stands in the same place as then, just within the root, what
    follows with the very same tags means the same.
    """
    texts = _Texts(reader)
    while chunk := part.read(CHUNK):
        texts.feed(chunk)
        tell(len(chunk))
    texts.finish()


class _Texts(PastParser):
    """The part's items on their way to the parser, or past it."""

    end, longest = b"</si>", _LONGEST_ITEM

    def __init__(self, reader: TextsReader) -> None:
        super().__init__(reader)
        self.reader = reader
        self.known = False  # whether the parser has read such an item where it stands now

    def take_known(self, data: bytes, place: int) -> int:
        """Take items from ``place`` on; where another one begins."""
        reader = self.reader
        while self.known and (found := _ITEM.match(data, place)):
            try:
                text = found[1].decode()
            except UnicodeDecodeError:
                break
            if reader.elements + _ITEM_ELEMENTS > reader.most_elements:
                break
            reader.elements += _ITEM_ELEMENTS
            reader.take(text, len(text))
            place = found.end()
        return place

    def parse(self, data: bytes) -> None:
        """Give the parser what ends with an item."""
        if b"<!" in data or b"<?" in data:
            self.plain = False
        reader = self.reader
        before = len(reader.book.texts)
        self.parser.feed(data)
        if reader.depth != 1:
            self.known = False
        elif _ITEM.fullmatch(data[data.rfind(b"<si>") :]) and len(reader.book.texts) == before + 1:
            self.known = True


class LooksReader(PartReader):
    """The styles: what each cell style makes of a number."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self.formats = dict(_BUILT_IN)
        self.of_cells = False
        self.begins = {
            f"{MAIN}numFmt": self.begin_format,
            f"{MAIN}cellXfs": self.begin_cell_styles,
            f"{MAIN}xf": self.begin_style,
        }
        self.ends = {f"{MAIN}cellXfs": self.end_cell_styles}

    def begin_format(self, attributes: Attributes) -> None:
        code = unescape(attributes.get("formatCode", ""))
        self.formats[attributes.get("numFmtId", "")] = code
        _require(len(self.formats) <= _MOST_LOOKS)

    def begin_cell_styles(self, _: Attributes) -> None:
        self.of_cells = True

    def begin_style(self, attributes: Attributes) -> None:
        if self.of_cells:
            code = self.formats.get(attributes.get("numFmtId", "0"))
            self.book.looks.append(look_of(code) if code else Look.PLAIN)
            _require(len(self.book.looks) <= _MOST_LOOKS)

    def end_cell_styles(self) -> None:
        self.of_cells = False


def _require(possible: bool) -> None:
    if not possible:
        raise Damage(say("has more styles than any program writes"))
