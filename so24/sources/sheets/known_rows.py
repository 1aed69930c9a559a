"""Rows of a form that was read before, read again without their XML being parsed.

The rows of a report are alike but for their values. The parser reads every row whose form is new.
A row whose bytes are those of such a row, but for its number and for values of the same kinds,
means the same, and is taken by a pattern that was made of it. Whatever is anything else goes to the
parser, which sees all of the part but the rows taken. So no rule about XML or cells stands here: a
pattern is used only in the place where the parser has read the same tags, and fits only values
without a sign that means something in XML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from operator import getitem, lt
from typing import IO

from so24.sources.documents.content import Damage
from so24.sources.sheets.cells.cell import Cell
from so24.sources.sheets.cells.cell_values import (
    SIGNIFICANT,
    TEXTS,
    Book,
    NoValue,
    find_look,
    read_number,
    read_value,
)
from so24.sources.sheets.cells.number_formats import Look
from so24.sources.sheets.rows import AS_SHEET_ROW
from so24.sources.sheets.xlsx_cells import (
    LAST_ROW,
    MOST_COLUMNS,
    SheetReader,
    column_of,
    holds_value,
    is_hidden,
)
from so24.sources.sheets.xml_stream import BLANKS, CHUNK, PastParser

_MOST_FORMS = 64  # tried for each row
_MOST_LEARNED = 256  # of a sheet: making a pattern takes as long as reading ten rows
_LONGEST_ROW = 1 << 20  # bytes
_REMEMBERED, _MOST_REMEMBERED = 10_000, 16  # values of a kind, and kinds: they repeat
_END = b"</row>"
_ATTRIBUTES = rb'(?: [\w:.-]+="[^"<&\x00-\x1f]*+")'
# the beginning of a part whose bytes are UTF-8, before its first element
_EMPTY_ROWS = re.compile(rb"(?:%s<row%s*+ ?/>)++" % (BLANKS, _ATTRIBUTES))
_ROW = re.compile(rb"%s<row(%s++)>" % (BLANKS, _ATTRIBUTES))
_CELL = re.compile(
    rb"""(?P<before>%s)<c(?P<tag>%s++)(?:(?P<nothing> ?/>|></c>|><v ?/></c>)"""
    rb"""|(?P<opening>><v>|><is><t(?: xml:space="preserve")?>)[^<>&]++"""
    rb"""(?P<closing></v></c>|</t></is></c>))""" % (BLANKS, _ATTRIBUTES)
)
_ATTRIBUTE = re.compile(rb' ([\w:.-]+)="([^"]*)"')
_LETTERS = re.compile(rb"[A-Z]{1,3}")
_NUMBER, _SAME_NUMBER = rb"([1-9][0-9]{0,6}+)", rb"\1"
_TEXT = rb"([^<>&\x00-\x1f\xef]{1,255}+)"  # UTF-8 writes what is no character with an \xef
_VALUES = {
    "n": rb"([-+0-9.eE]{1,40}+)",
    "s": rb"([0-9]{1,9}+)",
    "b": rb"([01])",
    "d": rb"([-0-9T:.]{1,40}+)",
    **dict.fromkeys(TEXTS, _TEXT),
}

# numbers as read_number takes them, of so few signs that none is beyond any amount
_SHORT = rb"(?=[-0-9.]{1,20}(?:\n|\Z))-?[0-9]++(?:\.[0-9]++)?"
_SHORT_NUMBERS = re.compile(rb"(?:%s\n)*+%s" % (_SHORT, _SHORT))
_SEVERAL = 4  # rows
_NOUGHT = Decimal(0)

Convert = Callable[[bytes], Cell]


def read_rows(part: IO[bytes], reader: SheetReader, tell: Callable[[int], None]) -> None:
    """As :func:`read_part` for a worksheet: what ``reader`` gathers and what is raised is alike."""
    rows = _Rows(reader)
    while chunk := part.read(CHUNK):
        rows.feed(chunk)
        tell(len(chunk))
    rows.finish()


@dataclass(frozen=True)
class _Form:
    """The form of a row that was read: ``match`` finds others, of which it gives the values."""

    match: Callable[[bytes, int], re.Match[bytes] | None]
    columns: tuple[int, ...]  # of the values
    known: tuple[_Known, ...]  # what each of them means
    width: int
    own: int  # values that are not shared
    elements: int
    hidden: bool

    def read(self, values: list[bytes]) -> list[Cell]:
        """The row's cells up to its last value; raises what the reader of a value raises."""
        cells = list(map(getitem, self.known, values))
        if len(cells) < self.width:
            found, cells = cells, [""] * self.width
            for column, cell in zip(self.columns, found, strict=True):
                cells[column] = cell
        while cells and cells[-1] == "":
            cells.pop()
        return cells

    def read_columns(self, values: Sequence[Sequence[bytes]]) -> list[Sequence[Cell]] | None:
        """The columns of several rows up to the last one with values, each with what it holds.

        None where a row ends earlier than that. Raises what the reader of a value raises.
        """
        found = [known.read_all(each) for known, each in zip(self.known, values, strict=True)]
        if not found or not all(cell or cell != "" for cell in found[-1]):
            return None
        columns: list[Sequence[Cell]] = [("",) * len(found[0])] * (self.columns[-1] + 1)
        for column, cells in zip(self.columns, found, strict=True):
            columns[column] = cells
        return columns


class _Rows(PastParser):
    """A worksheet's rows on their way to the parser, or past it."""

    end, longest = _END, _LONGEST_ROW

    def __init__(self, reader: SheetReader) -> None:
        super().__init__(reader)
        self.reader = reader
        self.forms: list[_Form] = []
        self.learned = 0
        self.converts = _Converts(reader.book)

    def take_known(self, data: bytes, place: int) -> int:
        """Take rows of known forms from ``place`` on; where another one begins."""
        while known := self.find_form(data, place):
            index, first = known
            match, found = self.forms[index].match, [first]
            while more := match(data, found[-1].end()):
                found.append(more)
            taken = self.take_all(self.forms[index], found)
            place = found[taken - 1].end() if taken else place
            if taken < len(found):
                break
            if index:  # the next row is likely to be like this one
                self.forms.insert(0, self.forms.pop(index))
        if empty := _EMPTY_ROWS.match(data, place):
            self.parser.feed(empty[0])
            place = empty.end()
        return place

    def find_form(self, data: bytes, place: int) -> tuple[int, re.Match[bytes]] | None:
        """Which form the row at ``place`` has."""
        for index, form in enumerate(self.forms):
            if found := form.match(data, place):
                return index, found
        return None

    def take_all(self, form: _Form, found: list[re.Match[bytes]]) -> int:
        """Take rows of one form that follow each other; how many, before the parser has to tell."""
        if len(found) >= _SEVERAL and self.take_together(form, found):
            return len(found)
        for place, each in enumerate(found):
            if not self.take(form, each):
                return place
        return len(found)

    def take_together(self, form: _Form, found: list[re.Match[bytes]]) -> bool:
        """Take the rows by their columns; False, and none is taken, where one of them is odd."""
        stated, *values = zip(*[each.groups() for each in found], strict=True)
        reader, numbers = self.reader, list(map(int, stated))
        in_turn = reader.row < numbers[0] and all(map(lt, numbers, numbers[1:]))
        if not in_turn or numbers[-1] > LAST_ROW:
            return False
        try:
            columns = form.read_columns(values)
            joined = b"".join(chain.from_iterable(values))
            characters = len(joined) if joined.isascii() else len(joined.decode())
        except (NoValue, Damage, UnicodeDecodeError):
            return False
        if columns is None:
            return False
        reader.hidden = form.hidden
        rows = list(map(AS_SHEET_ROW, zip(numbers, zip(*columns, strict=True), strict=True)))
        if not reader.take_rows(rows, form.width, form.own, characters):
            return False
        reader.elements += len(rows) * form.elements
        return True

    def take(self, form: _Form, found: re.Match[bytes]) -> bool:
        """Take one row; False where the parser has to tell what is wrong with it."""
        stated, *values = found.groups()
        reader, number = self.reader, int(stated)
        if not reader.row < number <= LAST_ROW:
            return False
        try:
            cells = form.read(values)
            joined = b"".join(values)
            characters = len(joined) if joined.isascii() else len(joined.decode())
        except (NoValue, Damage, UnicodeDecodeError):
            return False
        reader.row, reader.hidden = number, form.hidden
        reader.elements += form.elements
        reader.take_row(cells, form.width, form.own, characters)
        return True

    def parse(self, data: bytes) -> None:
        """Give the parser what ends with a row; learn the form of one that follows a row."""
        if b"<!" in data or b"<?" in data:
            self.plain = False
        alone = _ROW.match(data) is not None and data.count(b"<row") == 1
        if not alone:
            self.forms.clear()  # the next row may stand within another element than these did
        reader, row, elements = self.reader, self.reader.row, self.reader.elements
        self.parser.feed(data)
        is_row = alone and reader.row > row
        if is_row and len(self.forms) < _MOST_FORMS and self.learned < _MOST_LEARNED:
            form = self.learn(data, reader.elements - elements)
            if form is not None:
                self.forms.insert(0, form)
                self.learned += 1

    def learn(self, data: bytes, elements: int) -> _Form | None:
        """The form of a row that the parser has just read; None where it is not plain enough."""
        head = _ROW.match(data)
        number = b"%d" % self.reader.row
        opening = _Tag.read(head[1], number) if head else None
        if head is None or opening is None or opening.letters:
            return None
        draft = _Draft(BLANKS + b"<row" + opening.tell(_NUMBER) + b">")
        place = head.end()
        while cell := _CELL.match(data, place):
            place = cell.end()
            if not draft.add(cell, number, self.converts):
                return None
        match = re.compile(draft.pattern + re.escape(data[place:])).match
        whole = data[place:].strip() == _END and match(data, 0) is not None
        if not whole or draft.column >= MOST_COLUMNS:
            return None
        columns, known = tuple(draft.values), tuple(draft.values.values())
        hidden = is_hidden(opening.get(b"hidden"), opening.get(b"ht"))
        return _Form(match, columns, known, draft.column + 1, draft.own, elements, hidden)


@dataclass
class _Draft:
    """A form that is being learned, cell by cell; ``column`` is that of the last one."""

    pattern: bytes
    values: dict[int, _Known] = field(default_factory=dict)
    own: int = 0
    column: int = -1

    def add(self, cell: re.Match[bytes], number: bytes, converts: _Converts) -> bool:
        """Add a cell of the row of this number; False where it is not plain enough."""
        tag = _Tag.read(cell["tag"], number)
        if tag is None or not tag.letters:
            return False
        kind = tag.get(b"t") or "n"
        if kind not in _VALUES or (b"<is>" in cell[0] and kind not in TEXTS):
            return False
        self.column = column_of(tag.letters.decode())
        self.pattern += re.escape(cell["before"]) + b"<c" + tag.tell(tag.letters + _SAME_NUMBER)
        if cell["nothing"]:
            self.pattern += re.escape(cell["nothing"])
            return True
        self.pattern += re.escape(cell["opening"]) + _VALUES[kind] + re.escape(cell["closing"])
        self.values[self.column] = converts.find(kind, tag.get(b"s"))
        self.own += holds_value(kind)
        return True


@dataclass(frozen=True)
class _Tag:
    """The attributes of a row or cell; ``letters`` are its place's, without the row's number."""

    attributes: dict[bytes, bytes]
    letters: bytes

    @classmethod
    def read(cls, written: bytes, number: bytes) -> _Tag | None:
        """The attributes as they are written; None where they do not say the place in full."""
        attributes = dict(_ATTRIBUTE.findall(written))
        place = attributes.get(b"r", b"")
        letters = place.removesuffix(number)
        if letters == place or (letters and not _LETTERS.fullmatch(letters)):
            return None
        return cls(attributes, letters)

    def get(self, name: bytes) -> str:
        """An attribute; empty where there is none."""
        return self.attributes.get(name, b"").decode()

    def tell(self, place: bytes) -> bytes:
        """The pattern of the attributes, with another one for the place."""
        return b"".join(
            b' r="%s"' % place if name == b"r" else re.escape(b' %s="%s"' % (name, value))
            for name, value in self.attributes.items()
        )


class _Known(dict[bytes, Cell]):
    """The cells of values of one kind, by the values' bytes; what is not known yet is read."""

    def __init__(self, convert: Convert, most: int = _REMEMBERED) -> None:
        super().__init__()
        self.convert, self.most = convert, most

    def __missing__(self, value: bytes) -> Cell:
        if len(self) >= self.most:
            self.clear()
        cell = self[value] = self.convert(value)
        return cell

    def read_all(self, values: Sequence[bytes]) -> Sequence[Cell]:
        """The cells of several values."""
        return list(map(self.__getitem__, values))


class _KnownNumbers(_Known):
    """Numbers, of which nearly all differ: several that are short are read together."""

    def read_all(self, values: Sequence[bytes]) -> Sequence[Cell]:
        """The cells of several values."""
        joined = b"\n".join(values)
        if not _SHORT_NUMBERS.fullmatch(joined):
            return super().read_all(values)
        texts = joined.decode().split("\n")
        numbers = [number or _NOUGHT for number in map(Decimal, texts)]  # no minus before a zero
        for place in [place for place, text in enumerate(texts) if len(text) > SIGNIFICANT]:
            numbers[place] = read_number(texts[place])
        return numbers


class _Converts:
    """What makes cells of values, by kind and style."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.known: dict[Hashable, _Known] = {}

    def find(self, kind: str, style: str) -> _Known:
        """The cells of values of this kind; to ask for one raises what :func:`read_value` does."""
        meaning = find_look(self.book, style) if kind == "n" else kind
        if meaning not in self.known:
            convert = self.make(kind, style, meaning)
            known = _KnownNumbers if meaning is Look.PLAIN else _Known
            if len(self.known) >= _MOST_REMEMBERED:
                return known(convert, 1)
            self.known[meaning] = known(convert)
        return self.known[meaning]

    def make(self, kind: str, style: str, meaning: Hashable) -> Convert:
        """What makes the cell; what is not the usual value of its kind is read as any is."""
        book, texts = self.book, self.book.texts

        def convert(value: bytes) -> Cell:
            return read_value(book, kind, style, value.decode())

        def share(value: bytes) -> Cell:
            place = int(value)
            text = texts[place] if place < len(texts) else None
            return convert(value) if text is None else text

        def count(value: bytes) -> Cell:
            return read_number(value.decode())

        if meaning is Look.PLAIN:
            return count
        return share if kind == "s" else convert
