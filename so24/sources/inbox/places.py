"""The drop folder itself: its mark, the folders beside the arrivals, and how a file gets there."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from so24.errors import ConfigurationError
from so24.language.said import say
from so24.sources.documents.content import Content, copy_content
from so24.sources.inbox.arrivals import DONE, REFUSED, DroppedFile
from so24.sources.originals.keeping import PIECE, numbered_names

MARK = ".so24-inbox"
LONGEST_NAME = 230  # bytes; file systems take 255, and ".txt" comes behind it
NOTE = ".txt"


class InboxFolder:
    """A folder that is ready to be a drop folder.

    ``id`` is what the store knows it by: the same however a machine mounts it. Raises
    :class:`ConfigurationError` where it is not there, or may not be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            raise ConfigurationError(say("There is no folder {folder} to watch.", folder=path))
        try:
            for name in (DONE, REFUSED):
                _make_beside(path / name)
                _try_to_write(path / name)
            self.id = _read_mark(path)
        except OSError as error:
            raise ConfigurationError(
                say(
                    "The folder {folder} cannot be watched: {reason} ({file}). so24 moves what it "
                    "has taken in to {done}/ and {refused}/ in it, and so this user must be able "
                    "to write there.",
                    folder=path,
                    reason=error.strerror,
                    file=Path(error.filename or path).name,
                    done=DONE,
                    refused=REFUSED,
                )
            ) from None

    def read(self, arrival: DroppedFile, most_bytes: int) -> Content | None:
        """The file's bytes; None where it is not any more what was looked at.

        Raises ``OSError`` where it may not be read. One byte more than the most that may be
        imported is enough to see that it is too large.
        """
        opened = os.open(self.path / arrival.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(opened, "rb") as file:
            content = copy_content(file, most_bytes)
            same = self._is(arrival, os.fstat(file.fileno()))
        return content if same else None

    def still_is(self, arrival: DroppedFile) -> bool:
        """Whether the file is still there as it was looked at."""
        try:
            return self._is(arrival, os.lstat(self.path / arrival.path))
        except OSError:
            return False

    @staticmethod
    def _is(arrival: DroppedFile, status: os.stat_result) -> bool:
        known = (arrival.size, arrival.modified, arrival.inode)
        return known == (status.st_size, status.st_mtime_ns, status.st_ino)

    def hash(self, path: str) -> str:
        """The SHA-256 of a file, read in pieces; empty where there is none to be read."""
        found = hashlib.sha256()
        try:
            with (self.path / path).open("rb") as file:
                while piece := file.read(PIECE):
                    found.update(piece)
        except OSError:
            return ""
        return found.hexdigest()

    def has(self, path: str) -> bool:
        """Whether anything is at this path."""
        return os.path.lexists(self.path / path)

    def owner(self, path: str) -> str:
        """Whose file it is, as the file system has it."""
        try:
            return (self.path / path).owner()
        except (KeyError, OSError):
            return ""

    def find_place(self, folder: str, import_id: int, name: str, taken: set[str]) -> str:
        """A free path in ``done`` or ``refused`` for a file and for the note beside it."""
        wanted = _shorten(f"{import_id} {name}")
        for each in numbered_names(wanted):
            path = f"{folder}/{each}"
            if path not in taken and not self.has(path) and not self.has(path + NOTE):
                return path
        raise AssertionError  # there is always another number

    def write_note(self, path_of_file: str, target: str, note: str) -> None:
        """Write the note of a file whose place this is; it appears when it is whole.

        Whoever may read the file may read the note.
        """
        path = self.path / (target + NOTE)
        _make_beside(path.parent)  # somebody may have cleared it away
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with part.open("w", encoding="utf-8") as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(stat.S_IMODE(os.lstat(self.path / path_of_file).st_mode) & 0o666)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def move(self, path: str, target: str) -> None:
        """Move a file to its place, for good."""
        source, destination = self.path / path, self.path / target
        source.replace(destination)
        for folder in (source.parent, destination.parent):
            with suppress(OSError):  # not every file system lets a folder be opened
                opened = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(opened)
                finally:
                    os.close(opened)


def _make_beside(folder: Path) -> None:
    """Make a folder in the drop folder for those who may use that one."""
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        folder.chmod(stat.S_IMODE(folder.parent.stat().st_mode))


def _try_to_write(folder: Path) -> None:
    probe = folder / f".{secrets.token_hex(8)}.part"
    probe.touch(exist_ok=False)
    probe.unlink()


def _read_mark(folder: Path) -> str:
    """The folder's own mark, made by whoever comes first."""
    mark = folder / MARK
    if not mark.exists() or not mark.read_text().strip():
        part = folder / f".{secrets.token_hex(8)}.part"
        part.write_text(secrets.token_hex(16))
        try:
            if mark.exists():  # an empty one: whoever made it did not come to its end
                part.replace(mark)
            else:
                os.link(part, mark)
        except FileExistsError:
            pass  # another process was faster, and its mark counts
        except OSError:
            part.replace(mark)  # a file system without links
        finally:
            part.unlink(missing_ok=True)
    return mark.read_text().strip()[:64]


def _shorten(name: str) -> str:
    path = Path(name)
    ending = path.suffix if len(path.suffix.encode()) <= 20 else ""
    stem = name.removesuffix(ending).encode()[: LONGEST_NAME - len(ending.encode())]
    return stem.decode(errors="ignore") + ending
