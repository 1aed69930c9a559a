"""A file's bytes: in memory, or on disk where there are many of them.

What comes as a file of the system is copied: nobody can change it while it is read, kept and told
by its hash. The copy has no name, so that it is gone with the process, however that ends. Whoever
reads a part of it that is broken raises :class:`Damage`.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias, cast

from so24.sources.documents.spool import NamelessFile

_BLOCK = 1 << 20  # bytes that are read at once
_FEW = 4 * _BLOCK  # stay in memory: each copy on disk takes a descriptor


class StoredBytes:
    """Bytes on disk, of which as many are read as are asked for."""

    def __init__(self) -> None:
        self._file, self._size = NamelessFile(), 0

    def append(self, data: bytes) -> None:
        """Add bytes; raises :class:`UnreadableFile` where the disk has no room."""
        self._file.write(data, self._size)
        self._size += len(data)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, step = part.indices(self._size)
        if step != 1:
            raise ValueError("bytes on disk are taken one after the other")
        return self._file.read(stop - start, start)

    def startswith(self, begins: bytes | tuple[bytes, ...]) -> bool:
        """Whether they begin with this, or with one of these."""
        any_of = (begins,) if isinstance(begins, bytes) else begins
        return self[: max(map(len, any_of))].startswith(any_of)

    def count(self, sought: bytes) -> int:
        """How often these bytes, which do not overlap themselves, stand there."""
        found, end = 0, b""
        for block in blocks_of(self):
            data = end + block
            found += data.count(sought)
            end = data[max(0, len(data) - len(sought) + 1) :]
        return found

    def __contains__(self, sought: bytes) -> bool:
        return self.count(sought) > 0


Content: TypeAlias = bytes | StoredBytes


def copy_content(file: BinaryIO, most: int) -> Content:
    """The bytes of an open file, at most ``most`` and one more, by which it is seen to be larger.

    Raises :class:`UnreadableFile` where the disk has no room.
    """
    left = most + 1
    block = file.read(min(_FEW, left))
    if len(block) < _FEW:
        return block
    copy = StoredBytes()
    while block:
        copy.append(block)
        left -= len(block)
        block = file.read(min(_BLOCK, left))
    return copy


def whole(content: Content) -> bytes:
    """All bytes in memory, for what is read as a whole."""
    return content if isinstance(content, bytes) else content[:]


def blocks_of(content: Content) -> Iterator[bytes]:
    """The bytes, some at a time."""
    for start in range(0, len(content), _BLOCK):
        yield content[start : start + _BLOCK]


def hash_content(content: Content) -> str:
    """The SHA-256 by which bytes are known."""
    found = hashlib.sha256()
    for block in blocks_of(content):
        found.update(block)
    return found.hexdigest()


def open_content(content: Content) -> BinaryIO:
    """The bytes as an open file, which is at its beginning."""
    if isinstance(content, bytes):
        return io.BytesIO(content)
    return cast(BinaryIO, io.BufferedReader(_Walk(content), _BLOCK))


class _Walk(io.RawIOBase):
    """A place in bytes on disk that moves on with what is read."""

    def __init__(self, content: StoredBytes) -> None:
        self._content, self._place = content, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: len(self._content)}
        self._place = max(0, begin[whence] + offset)
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # as io calls it
        data = self._content[self._place : self._place + len(buffer)]
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)


class Damage(Exception):
    """A part of a file cannot be read; the message completes "the part …"."""
