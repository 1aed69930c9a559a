"""What lies in a drop folder: files that may be taken in, and what has to be told of the others.

A file may still be being written. It is ready when size and time of two looks are the same and,
where the operating system tells (Linux, files of the same user), nobody has it open for writing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from so24.language.said import say

DONE, REFUSED = "done", "refused"
DEPARTMENT = "department "  # and its number or name: the name of a subfolder
EMPTY_SECONDS = 60.0  # some make a file long before they fill it
_UNFINISHED_STARTS = (".", "~$", "~lock")
_UNFINISHED_ENDS = (
    ".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~",
)  # fmt: skip
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}
_SET_SIGNAL = getattr(fcntl, "F_SETSIG", None)


@dataclass(frozen=True)
class DroppedFile:
    """A file by its path within the folder, as it was at one look."""

    path: str
    department: str
    size: int
    modified: int
    inode: int

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]


@dataclass
class Sight:
    """One look: the files by path, and sentences about what is left alone, by path."""

    arrivals: dict[str, DroppedFile] = field(default_factory=dict)
    complaints: dict[str, str] = field(default_factory=dict)


def look_into(folder: Path) -> Sight:
    """What lies in the folder and in its subfolders of departments; nothing is changed or opened.

    A folder that cannot be read is a complaint.
    """
    sight = Sight()
    _look(folder, "", "", sight)
    return sight


def _look(folder: Path, inside: str, department: str, sight: Sight) -> None:
    try:
        with os.scandir(folder / inside) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        sight.complaints[inside or "."] = say(
            "The folder {folder} cannot be read: {reason}.",
            folder=folder / inside,
            reason=error.strerror,
        )
        return
    for entry in found:
        if inside or entry.name not in (DONE, REFUSED):
            _look_at(folder, entry, inside, department, sight)


def _look_at(
    folder: Path, entry: os.DirEntry[str], inside: str, department: str, sight: Sight
) -> None:
    path = f"{inside}{entry.name}"
    if is_unfinished(entry.name):
        return
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return  # it has gone meanwhile
    if stat.S_ISREG(status.st_mode):
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in entry.name):
            sight.complaints[path] = say(
                "{file} has a name that cannot be written; rename it, and it is taken in.",
                file=ascii(path),
            )
            return
        sight.arrivals[path] = DroppedFile(
            path, department, status.st_size, status.st_mtime_ns, status.st_ino
        )
    elif stat.S_ISDIR(status.st_mode):
        named = entry.name[len(DEPARTMENT) :].strip()
        if not inside and named and entry.name.casefold().startswith(DEPARTMENT):
            _look(folder, f"{entry.name}/", named, sight)
        else:
            sight.complaints[path] = say(
                "“{path}” is a folder and is left alone: only folders that are called like "
                "“{example}” are looked into. Put its files beside it, or pack them (.zip).",
                path=path,
                example=f"{DEPARTMENT}10",
            )
    elif stat.S_ISLNK(status.st_mode):
        sight.complaints[path] = say(
            "“{path}” is a link and is left alone: put the file itself there.", path=path
        )
    else:
        sight.complaints[path] = say("“{path}” is no file and is left alone.", path=path)


def is_unfinished(name: str) -> bool:
    """Whether the name is one that programs give to what is not meant to be read (yet)."""
    folded = name.casefold()
    return (
        folded.startswith(_UNFINISHED_STARTS)
        or folded.endswith(_UNFINISHED_ENDS)
        or folded in _OF_THE_SYSTEM
    )


def find_ready(
    folder: Path, now: Mapping[str, DroppedFile], before: Mapping[str, DroppedFile]
) -> Iterator[DroppedFile]:
    """Those files that are as they were at the look before, and not open for writing."""
    for path, arrival in now.items():
        old = arrival.size == 0 and time.time() - arrival.modified / 1e9 < EMPTY_SECONDS
        if arrival == before.get(path) and not old and not is_being_written(folder / path):
            yield arrival


def is_being_written(file: Path) -> bool:
    """Whether anybody has the file open for writing, where that can be told; else False.

    Asked by a lease, which Linux gives only on a file that nobody writes to.
    """
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # whoever reads it is told why it cannot be
    try:
        if _SET_SIGNAL is None:
            return False
        # a writer who comes while the lease is held makes a signal, by default one that kills
        fcntl.fcntl(opened, _SET_SIGNAL, signal.SIGURG)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.EWOULDBLOCK)
    finally:
        os.close(opened)
    return False
