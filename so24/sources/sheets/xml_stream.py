"""The XML of a workbook's part as a stream: whatever it holds, it costs no more than its cells.

Some hundred kilobytes of zip file can hold millions of elements, names or levels; a reader that
builds a tree of them needs gigabytes. Here nothing is kept but what the part's reader takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from so24.errors import UnreadableFile

DAMAGED = "The workbook is damaged; open it in Excel, save it again and import that file."
_ENTITIES = (
    "It declares a document type or entities, which Excel never writes; "
    "open it in Excel, save it again and import that file."
)
_CHUNK = 1 << 16
_DEEPEST = 64  # levels of elements
_LONGEST_TAG = 1 << 20  # bytes of one tag or comment, which the parser holds as a whole
_MOST_NAMES = 10_000  # of elements and attributes, which the parser never forgets


class PartReader:
    """What is done at each element of one part; names are ``namespace name``."""

    most_elements = 2_500_000  # as many as a million texts have, and more than any other part

    def __init__(self) -> None:
        self.depth = self.elements = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; a reader that overrides this calls it, for it counts them."""
        self.depth += 1
        self.elements += 1
        if self.depth > _DEEPEST or self.elements > self.most_elements:
            raise UnreadableFile(DAMAGED)

    def end(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1

    def text(self, data: str) -> None:
        """A piece of text, of which one element may have many."""


def read_part(part: IO[bytes], reader: PartReader, tell: Callable[[int], None]) -> None:
    """Lead ``reader`` through the part; ``tell`` hears how many bytes were read each time.

    Raises :class:`UnreadableFile` for entities, for what no program writes, and for no XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartNamespaceDeclHandler = _NameCount().add
    fed = 0
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk)
            fed += len(chunk)
            tell(len(chunk))
            if fed - parser.CurrentByteIndex > _LONGEST_TAG or len(parser.intern) > _MOST_NAMES:
                raise UnreadableFile(DAMAGED)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise UnreadableFile(DAMAGED) from None


class _NameCount:
    """The namespaces that a part declares, which the parser does not forget either."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, *_: object) -> None:
        self.count += 1
        if self.count > _MOST_NAMES:
            raise UnreadableFile(DAMAGED)


def _refuse_entities(*_: object) -> None:
    raise UnreadableFile(_ENTITIES)
