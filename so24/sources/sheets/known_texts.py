"""Shared texts that are nothing but a text, read without their XML being parsed.

As with :mod:`.known_rows` no rule about XML stands here. The parser reads the first text, and each
that is anything else. While it stands in the same place as then, just within the root, what follows
with the very same tags means the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO

from so24.sources.sheets.known_rows import BLANKS
from so24.sources.sheets.xlsx_parts import TextsReader
from so24.sources.sheets.xml_stream import CHUNK, PastParser

_LONGEST_ITEM = 1 << 20  # bytes
_ITEM = re.compile(  # UTF-8 writes what is no character with an \xef
    rb'%s<si><t(?: xml:space="preserve")?>([^<>&\x00-\x1f\xef]{1,255}+)</t></si>' % BLANKS
)
_ELEMENTS = 2  # of an item


def read_texts(part: IO[bytes], reader: TextsReader, tell: Callable[[int], None]) -> None:
    """As :func:`read_part` for shared texts: what ``reader`` gathers and raises is alike."""
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
            if reader.elements + _ELEMENTS > reader.most_elements:
                break
            reader.elements += _ELEMENTS
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
