"""What a file holds on its way to the store, on disk: memory does not grow with the file.

It stands in a file of the data folder that has no name, so that it is gone with the process,
however that ends, and nobody else can open it. A system's own folder for temporary files is often
memory itself.
"""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from abc import abstractmethod
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from so24.errors import UnreadableFile
from so24.language.said import say

T = TypeVar("T")

_BUFFER = 1 << 16  # bytes that are written at once
_BATCH = 128  # things of a sequence that are written and read together
_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Let what is put on shelves meanwhile stand in this folder; without, in the system's own."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


class NamelessFile:
    """A file of the folder that is chosen now; it is made when something is written."""

    def __init__(self) -> None:
        self._file = -1
        self._folder = _folder.get() or Path(tempfile.gettempdir())

    def write(self, data: bytes | bytearray, place: int) -> None:
        """Write all of the data at a place.

        Raises :class:`UnreadableFile` where the disk has no room.
        """
        try:
            if self._file < 0:
                self._file = self._open()
            with memoryview(data) as rest:
                done = 0
                while done < len(rest):
                    done += os.pwrite(self._file, rest[done:], place + done)
        except OSError as error:
            words = say(
                "There is no room for what it holds in the folder {folder}: {reason}; make room "
                "there.",
                folder=self._folder,
                reason=error.strerror,
            )
            raise UnreadableFile(words) from None

    def read(self, size: int, place: int) -> bytes:
        """So many bytes from a place on, or as many as there are."""
        pieces: list[bytes] = []
        while size > 0 and (piece := os.pread(self._file, size, place)):
            pieces.append(piece)
            place, size = place + len(piece), size - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _open(self) -> int:
        with tempfile.TemporaryFile(dir=self._folder) as opened:
            file = os.dup(opened.fileno())
        weakref.finalize(self, os.close, file)
        return file


class Shelf(Generic[T]):
    """Things that are put away one by one and taken by their places, which count from 0."""

    def __init__(self) -> None:
        self._ends = array("Q")
        self._written, self._waiting = 0, bytearray()
        self._file = NamelessFile()

    def __len__(self) -> int:
        return len(self._ends)

    def put(self, thing: T) -> int:
        """Put the thing away; returns its place.

        Raises :class:`UnreadableFile` where the disk has no room.
        """
        self._waiting += pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        self._ends.append(self._written + len(self._waiting))
        if len(self._waiting) > _BUFFER:
            self._file.write(self._waiting, self._written)
            self._written += len(self._waiting)
            self._waiting.clear()
        return len(self._ends) - 1

    def take(self, place: int) -> T:
        """A copy of the thing at the place."""
        end = self._ends[place]
        start = self._ends[place - 1] if place else 0
        if start >= self._written:
            data = bytes(self._waiting[start - self._written : end - self._written])
        else:
            data = self._file.read(end - start, start)
        thing: T = pickle.loads(data)  # noqa: S301 - nobody else can have written it
        return thing


class OnDisk(Sequence[T]):
    """A sequence whose things are read anew whenever they are asked for."""

    @abstractmethod
    def read(self, place: int) -> T:
        """The thing at a place that there is, counted from 0."""

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> list[T]: ...

    def __getitem__(self, place: int | slice) -> T | list[T]:
        found = range(len(self))[place]
        return self.read(found) if isinstance(found, int) else list(map(self.read, found))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment] # as lists


class Spool(OnDisk[T]):
    """A sequence that only grows; all of it but the last few things are on a shelf."""

    def __init__(self) -> None:
        self._shelf: Shelf[Any] = Shelf()
        self._last: list[T] = []
        self._taken: tuple[int, list[T]] = (-1, [])

    def append(self, thing: T) -> None:
        """Add a thing; raises what :meth:`Shelf.put` raises."""
        self._last.append(thing)
        if len(self._last) == _BATCH:
            self._shelf.put(self.pack(self._last))
            self._last = []

    def extend(self, things: Sequence[T]) -> None:
        """Add things; raises what :meth:`Shelf.put` raises."""
        self._last += things
        while len(self._last) >= _BATCH:
            self._shelf.put(self.pack(self._last[:_BATCH]))
            del self._last[:_BATCH]

    @property
    def waiting(self) -> Sequence[T]:
        """The last things, which are not put away yet."""
        return self._last

    def packed(self) -> Iterator[Any]:
        """What :meth:`pack` has made of all others, in their order."""
        return map(self._shelf.take, range(len(self._shelf)))

    def pack(self, things: list[T]) -> Any:
        """What is put on the shelf of some things."""
        return things

    def unpack(self, packed: Any) -> list[T]:
        """The things of which that was packed."""
        found: list[T] = packed
        return found

    def __len__(self) -> int:
        return len(self._shelf) * _BATCH + len(self._last)

    def __iter__(self) -> Iterator[T]:
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[Sequence[T]]:
        """All things, some at a time."""
        yield from map(self.unpack, self.packed())
        yield self._last

    def read(self, place: int) -> T:
        """The thing at a place that there is, counted from 0."""
        batch, within = divmod(place, _BATCH)
        if batch == len(self._shelf):
            return self._last[within]
        if self._taken[0] != batch:
            self._taken = batch, self.unpack(self._shelf.take(batch))
        return self._taken[1][within]
