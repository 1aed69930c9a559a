"""The rows of each document on each sheet, put away on disk, and what is known without them.

There is one group for each document of a file at once, so that of each only some bytes are held: it
is a number, by which all else is found.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, overload

from so24.sources.documents.documents import RefusedRow
from so24.sources.documents.packed import KnownTexts
from so24.sources.documents.spool import Shelf
from so24.sources.reports.gists import Gist, find_gist, find_repeat
from so24.sources.reports.line_cells import DocumentKey, LineRow
from so24.sources.reports.packed_rows import pack_rows, unpack_rows
from so24.store.tables.document_tables import DocumentKind

T = TypeVar("T")

_KINDS = tuple(DocumentKind)

_Part = tuple[int, bytes]  # the place of the part before it, or -1; and its rows


class SheetOfLines(NamedTuple):
    """A sheet: its name, the columns that it has, and the kind that its documents are taken for.

    ``again`` are the rows in which its headings stand again.
    """

    name: str
    columns: frozenset[str]
    kind: DocumentKind
    again: tuple[int, ...] = ()


class _Shared(Generic[T]):
    """Things of which many are equal: each is held once, and known by a number."""

    def __init__(self, first: T) -> None:
        """The first one has the number 0."""
        self._numbers, self.things = {first: 0}, [first]

    def number(self, thing: T) -> int:
        """The number of the thing."""
        number = self._numbers.setdefault(thing, len(self.things))
        if number == len(self.things):
            self.things.append(thing)
        return number


class LineGroups:
    """The groups of a file, each by a number; those of a sheet have the numbers in its order."""

    def __init__(self) -> None:
        self.shelf: Shelf[_Part] = Shelf()
        self.sheets: list[SheetOfLines] = []
        self.names = KnownTexts()  # sheet and key of each group but those of some rows of another
        self.of_name = array("I")  # the rest by the group's number: its name's place …
        self.newest_part = array("q")  # … that of its newest part on the shelf, or -1 …
        self.kinds = bytearray()
        self.held, self.gists = array("I"), array("I")  # … and numbers of what is shared
        self.questions = _Shared("")
        self.known_gists: _Shared[Gist | None] = _Shared(None)
        self.strays: dict[int, int] = {}
        self.parted: dict[int, None] = {}  # those with rows of others between theirs
        self.open: dict[int, list[LineRow]] = {}  # rows that are not put away yet

    def __len__(self) -> int:
        return len(self.of_name)

    def add_sheet(self, sheet: SheetOfLines) -> int:
        """Add a sheet, whose groups are added before those of the next one; returns its number."""
        self.sheets.append(sheet)
        return len(self.sheets) - 1

    def meet(self, sheet: int, key: DocumentKey) -> LineGroup:
        """The group of the document on the sheet; a new one without rows where it has none."""
        found = self.find(sheet, key)
        if found is not None:
            return LineGroup(self, found)
        self.names.append(_name(sheet, key))
        return self.add(len(self.names) - 1, self.sheets[sheet].kind)

    def find(self, sheet: int, key: DocumentKey) -> int | None:
        """The number of the document's group on the sheet; None where it has none."""
        return self.names.find(_name(sheet, key))

    def add(self, name: int, kind: DocumentKind) -> LineGroup:
        """A group without rows, with the name at this place."""
        self.of_name.append(name)
        self.newest_part.append(-1)
        self.kinds.append(_KINDS.index(kind))
        self.held.append(0)
        self.gists.append(0)
        return LineGroup(self, len(self) - 1)


@dataclass(slots=True)
class LineGroup:
    """The rows of one document on one sheet, by the group's number."""

    _all: LineGroups
    number: int

    def add(self, rows: Iterable[LineRow]) -> None:
        """Add rows; those that follow each other are put away together, by :meth:`close`."""
        self._all.open.setdefault(self.number, []).extend(rows)

    def close(self) -> None:
        """Put the rows away that were added."""
        rows = self._all.open.pop(self.number, None)
        if rows is None:
            return
        before = self._all.newest_part[self.number]
        self._keep_gist(find_gist(self._read_key, rows) if before < 0 else None)
        if before >= 0:
            self._all.parted[self.number] = None
        self._all.newest_part[self.number] = self._all.shelf.put((before, pack_rows(rows)))

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self._read_name()[0].name

    @property
    def sheet_number(self) -> int:
        """The sheet's place among those of the file."""
        return _read_name(self._all.names[self._all.of_name[self.number]])[0]

    @property
    def columns(self) -> frozenset[str]:
        """Those that the sheet has."""
        return self._read_name()[0].columns

    @property
    def headings_again(self) -> tuple[int, ...]:
        """The rows of the sheet in which its headings stand again."""
        return self._read_name()[0].again

    @property
    def key(self) -> DocumentKey:
        """The document's department and number."""
        return self._read_name()[1]

    def _read_key(self) -> DocumentKey:
        return self.key

    def _read_name(self) -> tuple[SheetOfLines, DocumentKey]:
        sheet, key = _read_name(self._all.names[self._all.of_name[self.number]])
        return self._all.sheets[sheet], key

    @property
    def kind(self) -> DocumentKind:
        """What it is taken for."""
        return _KINDS[self._all.kinds[self.number]]

    def decide(self, kind: DocumentKind) -> None:
        """Let it be of this kind."""
        self._all.kinds[self.number] = _KINDS.index(kind)

    @property
    def held(self) -> str:
        """The question for a person; empty where nothing is asked."""
        return self._all.questions.things[self._all.held[self.number]]

    def hold(self, question: str) -> None:
        """Ask a person for its kind."""
        self._all.held[self.number] = self._all.questions.number(question)

    @property
    def stray(self) -> int:
        """A row beside it that may be one of its lines; 0 where there is none."""
        return self._all.strays.get(self.number, 0)

    def note_stray(self, row: int) -> None:
        """Note such a row."""
        self._all.strays[self.number] = row

    @property
    def rows(self) -> list[LineRow]:
        """Its rows in the order of the sheet, read anew each time."""
        return [row for rows in self.parts for row in rows]

    @property
    def parts(self) -> list[Sequence[LineRow]]:
        """Its rows in the order of the sheet, in parts with rows of others between them."""
        parts: list[Sequence[LineRow]] = []
        place = self._all.newest_part[self.number]
        while place >= 0:
            place, packed = self._all.shelf.take(place)
            parts.append(unpack_rows(packed))
        parts.reverse()
        if waiting := self._all.open.get(self.number):
            parts.append(waiting)
        return parts

    def find_repeat(self) -> int:
        """The row from which its lines are all there again; 0 where there is none.

        All its rows must be in; what is known of it without them is found by the same reading.
        """
        parts = self.parts
        self._keep_gist(find_gist(self._read_key, [row for rows in parts for row in rows]))
        return find_repeat(parts)

    @property
    def newest(self) -> LineRow:
        """The row that was added last."""
        waiting = self._all.open.get(self.number)
        return waiting[-1] if waiting else self.rows[-1]

    @property
    def gist(self) -> Gist:
        """What is known of it, once all rows are in."""
        gist = self._all.known_gists.things[self._all.gists[self.number]]
        if gist is None:
            gist = find_gist(self._read_key, self.rows)
            self._keep_gist(gist)
        return gist

    def _keep_gist(self, gist: Gist | None) -> None:
        self._all.gists[self.number] = self._all.known_gists.number(gist)

    def of_rows(self, rows: Iterable[LineRow]) -> LineGroup:
        """Another group of the same sheet and document, with these rows alone, if there are any."""
        other = self._all.add(self._all.of_name[self.number], self.kind)
        other.hold(self.held)
        if self.stray:
            other.note_stray(self.stray)
        if some := list(rows):
            other.add(some)
        other.close()
        return other

    def has_rows(self) -> bool:
        """Whether it has any row."""
        return self._all.newest_part[self.number] >= 0 or self.number in self._all.open

    def refuse(self, reason: str, column: str = "") -> list[RefusedRow]:
        """All its rows refused for one reason, or each for its own where it has one."""
        sheet = self.sheet
        return [
            refusal
            for row in self.rows
            for refusal in row.refused or (RefusedRow(sheet, row.line.row, column, reason),)
        ]


class SomeGroups(Sequence[LineGroup]):
    """Some of a file's groups, in an order; each document has at most one of a sheet."""

    def __init__(self, groups: LineGroups, numbers: Iterable[int] = ()) -> None:
        self.groups = groups
        self.numbers = array("I", numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[LineGroup]:
        return (LineGroup(self.groups, number) for number in self.numbers)

    @overload
    def __getitem__(self, place: int) -> LineGroup: ...

    @overload
    def __getitem__(self, place: slice) -> SomeGroups: ...

    def __getitem__(self, place: int | slice) -> LineGroup | SomeGroups:
        if isinstance(place, slice):
            return SomeGroups(self.groups, self.numbers[place])
        return LineGroup(self.groups, self.numbers[place])


class ByDocument(Container[DocumentKey]):
    """Some of a file's groups, by the key of their document."""

    def __init__(self, some: SomeGroups, sheets: Iterable[int]) -> None:
        """``sheets`` are those numbers of sheets that are looked through, in that order."""
        self._groups, self._sheets = some.groups, tuple(sheets)
        self._numbers = array("I", bytes(4 * len(some.groups.names)))  # by name, and one
        for number in some.numbers:
            self._numbers[some.groups.of_name[number]] = number + 1

    def of(self, key: DocumentKey) -> Iterator[LineGroup]:
        """Those of one document, in the order of the sheets."""
        for sheet in self._sheets:
            name = self._groups.find(sheet, key)
            if name is not None and self._numbers[name]:
                yield LineGroup(self._groups, self._numbers[name] - 1)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and any(self.of(key))


def _name(sheet: int, key: DocumentKey) -> str:
    department, number = key
    return f"{sheet} {len(department)} {department}{number}"


def _read_name(name: str) -> tuple[int, DocumentKey]:
    sheet, length, rest = name.split(" ", 2)
    return int(sheet), (rest[: int(length)], rest[int(length) :])
