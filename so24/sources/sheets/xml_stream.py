"""The XML of a workbook's part as a stream: whatever it holds, it costs no more than its cells.

Some hundred kilobytes of zip file can hold millions of elements, names or levels; a reader that
builds a tree of them needs gigabytes. Here nothing is kept but what the part's reader takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Damage

CHUNK = 1 << 16
BLANKS = rb"[ \t\r\n]{0,200}+"
_ENTITIES = say(
    "It declares a document type or entities, which Excel never writes; "
    "open it in Excel, save it again and import that file."
)
_DEEPEST = 64  # levels of elements
_LONGEST_TAG = 1 << 20  # bytes of one tag or comment, which the parser holds as a whole
_MOST_NAMES = 10_000  # of elements and attributes, which the parser never forgets
BEYOND = say("holds more than any program writes")
# each namespace of Strict Open XML (ISO/IEC 29500-1) with what most programs write instead of it
_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    f"{_STRICT}spreadsheetml/main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    f"{_STRICT}officeDocument/relationships": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}

_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'](?: encoding=["'](?i:utf-8)["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])? ?\?>)?[ \t\r\n]*(?=<[A-Za-z])"""
)

Attributes = dict[str, str]


class PartReader:
    """What is done at each element of one part; names are ``namespace name``.

    ``begins`` and ``ends`` have what is done where an element of that name begins and ends.
    """

    most_elements = 2_500_000  # as many as a million texts have, and more than any other part
    entities = _ENTITIES  # why a document type is refused

    def __init__(self) -> None:
        self.depth = self.elements = 0
        self.begins: dict[str, Callable[[Attributes], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        self.depth += 1
        self.elements += 1
        if self.depth > _DEEPEST or self.elements > self.most_elements:
            raise Damage(BEYOND)
        action = self.begins.get(name)
        if action is not None:
            action(attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        self.depth -= 1
        action = self.ends.get(name)
        if action is not None:
            action()

    def text(self, data: str) -> None:
        """A piece of text, of which one element may have many."""


class PartParser:
    """Leads ``reader`` through a part that is fed piece by piece.

    Strict Open XML is read as what most programs write: only its namespaces differ.
    """

    def __init__(self, reader: PartReader) -> None:
        self.reader = reader
        self.fed = self.namespaces = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin_root
        self.parser.EndElementHandler = reader.end
        self.parser.CharacterDataHandler = reader.text
        self.parser.StartDoctypeDeclHandler = self._refuse_entities
        self.parser.StartNamespaceDeclHandler = self._count_namespace

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """The next bytes of the part.

        Raises :class:`UnreadableFile` for entities, :class:`Damage` for what no program writes and
        for no XML.
        """
        try:
            self.parser.Parse(data, last)
        except expat.ExpatError:
            raise Damage(say("is no well-formed XML")) from None
        self.fed += len(data)
        waiting = self.fed - self.parser.CurrentByteIndex
        if not last and (waiting > _LONGEST_TAG or len(self.parser.intern) > _MOST_NAMES):
            raise Damage(BEYOND)

    def _begin_root(self, name: str, attributes: Attributes) -> None:
        strict = name.startswith(_STRICT)
        begin = self._begin_strict if strict else self.reader.begin
        self.parser.StartElementHandler = begin
        if strict:
            self.parser.EndElementHandler = self._end_strict
        begin(name, attributes)

    def _begin_strict(self, name: str, attributes: Attributes) -> None:
        usual = {_as_transitional(key): value for key, value in attributes.items()}
        self.reader.begin(_as_transitional(name), usual)

    def _end_strict(self, name: str) -> None:
        self.reader.end(_as_transitional(name))

    def _refuse_entities(self, *_: object) -> None:
        raise UnreadableFile(self.reader.entities)

    def _count_namespace(self, *_: object) -> None:
        """The parser does not forget the namespaces that a part declares either."""
        self.namespaces += 1
        if self.namespaces > _MOST_NAMES:
            raise Damage(BEYOND)


def read_part(part: IO[bytes], reader: PartReader, tell: Callable[[int], None]) -> None:
    """Lead ``reader`` through the part; ``tell`` hears how many bytes were read each time.

    Raises what :meth:`PartParser.feed` does.
    """
    parser = PartParser(reader)
    while chunk := part.read(CHUNK):
        parser.feed(chunk)
        tell(len(chunk))
    parser.feed(b"", last=True)


def _as_transitional(name: str) -> str:
    namespace, blank, local = name.partition(" ")
    return f"{_TRANSITIONAL.get(namespace, namespace)}{blank}{local}"


class PastParser:
    """A part's bytes on their way to the parser, or past it: what is known needs no parsing.

    ``end`` is what the elements end with that a subclass knows, ``longest`` how many bytes one has.
    """

    end: bytes
    longest: int

    def __init__(self, reader: PartReader) -> None:
        self.parser = PartParser(reader)
        self.waiting = b""
        self.plain: bool | None = None  # whether all that begins like a tag is one, so far

    def feed(self, chunk: bytes) -> None:
        """Take or parse the elements that are whole by now."""
        data = self.waiting + chunk
        place = self._begin(data) if self.plain is None else 0
        while self.plain:
            place = self.take_known(data, place)
            end = data.find(self.end, place)
            if end < 0:
                break
            self.parse(data[place : end + len(self.end)])
            place = end + len(self.end)
        self.waiting = data[place:]
        if not self.plain or len(self.waiting) > self.longest:
            self.plain = False
            self.parser.feed(self.waiting)
            self.waiting = b""

    def finish(self) -> None:
        """All bytes were fed."""
        self.parser.feed(self.waiting)
        self.parser.feed(b"", last=True)

    def take_known(self, data: bytes, place: int) -> int:
        """Take what is known from ``place`` on; where the parser has to go on."""
        raise NotImplementedError

    def parse(self, data: bytes) -> None:
        """Give the parser what ends with an element, and learn from it."""
        raise NotImplementedError

    def _begin(self, data: bytes) -> int:
        """Parse what stands before the first element; where that begins."""
        start = _UTF8.match(data)
        self.plain = start is not None
        if start is None:
            return 0
        self.parser.feed(start[0])
        return start.end()
