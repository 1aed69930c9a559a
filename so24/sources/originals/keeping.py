"""How files are put into the store: in pieces, packed where that serves, the same bytes once."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import TypeVar

from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.documents.content import Content, hash_content
from so24.sources.documents.spool import Shelf, kept_in
from so24.store.documents.originals import Piece, add_original, find_original

T = TypeVar("T", bound=Content)

PIECE = 2**20  # bytes of a file that one piece holds: what reading it back takes of memory
_PACKED_ALREADY = (b"PK\x03\x04",)  # workbooks and archives


def keep_files(desk: Desk, files: Sequence[tuple[str, Content]]) -> dict[str, int]:
    """Keep each file (name, content) as it is; returns the originals' ids by name.

    It is committed by itself, before an import names it, so that a large one keeps no others from
    writing for longer than it takes. Raises :class:`NotAllowed`.
    """
    desk.require(Permission.IMPORT)
    return {name: _keep(desk, content) for name, content in files}


def _keep(desk: Desk, content: Content) -> int:
    sha256 = hash_content(content)
    with desk.reading(Permission.IMPORT) as session:
        known = find_original(session, sha256)
        if known is not None and known.purged_at is None:
            return known.row_id
    with kept_in(desk.settings.data_dir):
        pieces = _pack_beforehand(content)
    with desk.writing(Permission.IMPORT) as session:
        known = find_original(session, sha256)  # another one may have brought it meanwhile
        if known is not None and known.purged_at is None:
            return known.row_id
        return add_original(session, sha256, len(content), pieces)


def _pack_beforehand(content: Content) -> Iterable[Piece]:
    """The pieces; what takes time is done before the store is asked for, and stands on disk."""
    if content.startswith(_PACKED_ALREADY):
        return pack(content)
    shelf: Shelf[Piece] = Shelf()
    for piece in pack(content):
        shelf.put(piece)
    return map(shelf.take, range(len(shelf)))


def pack(content: Content) -> Iterator[Piece]:
    """The pieces of the content; each is packed by itself, where that makes it smaller."""
    worthwhile = not content.startswith(_PACKED_ALREADY)
    for start in range(0, len(content), PIECE):
        plain = content[start : start + PIECE]
        packed = zlib.compress(plain) if worthwhile else plain
        yield (True, packed) if len(packed) < len(plain) else (False, plain)


def name_apart(files: Sequence[tuple[str, T]]) -> list[tuple[str, T]]:
    """The files with names that differ: a second ``a.xml`` is ``a (2).xml``, as it is reported."""
    taken: set[str] = set()
    named: list[tuple[str, T]] = []
    for name, content in files:
        free = next(each for each in numbered_names(name) if each not in taken)
        taken.add(free)
        named.append((free, content))
    return named


def numbered_names(name: str) -> Iterator[str]:
    """The name, then ``name (2)``, ``name (3)`` and so on, before its ending."""
    yield name
    path = PurePath(name)
    number = 2
    while True:
        yield f"{path.stem} ({number}){path.suffix}"
        number += 1
