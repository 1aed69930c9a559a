"""Zip archives of files to import: each member within bounds, none of them written to disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from so24.errors import UnreadableFile
from so24.language.said import say
from so24.sources.documents.content import Content, open_content
from so24.sources.sheets.package import TORN, part_name

MOST_MEMBERS = 5_000
MOST_RATIO = 200  # times that a member may unfold; EHF files do so about ten times
_SMALL = 1_000_000  # bytes that any member may unfold to, whatever its ratio
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = {  # of Excel, Word and their kin, of OpenDocument and of Numbers, by their part names
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/workbook.bin",
    "[content_types].xml",
    "content.xml",
    "index/document.iwa",
}


@dataclass(frozen=True)
class Member:
    """A file of an archive; ``problem`` says why it cannot be read, ``content`` is empty then."""

    name: str
    content: bytes
    problem: str = ""


def is_archive(content: Content) -> bool:
    """Whether the content is a zip archive that is no workbook or other office file."""
    if not content.startswith(_BEGINNINGS):
        return False
    try:
        with zipfile.ZipFile(open_content(content)) as archive:
            return _OFFICE.isdisjoint(map(part_name, archive.namelist()))
    except TORN:
        return False  # what a damaged workbook is told is right for it too


def read_members(content: Content, *, most_bytes: int, most_of_all: int) -> Iterator[Member]:
    """The files of the archive in its order, folders and what systems add of themselves left out.

    One at a time is unfolded. ``most_bytes`` is what one may unfold to, ``most_of_all`` what all
    may together. Raises :class:`UnreadableFile` for an archive that is beyond them, has too many
    members or none.
    """
    with zipfile.ZipFile(open_content(content)) as archive:
        for part in _wanted_parts(archive, most_of_all):
            yield _read_member(archive, part, most_bytes)


def stream_members(
    content: Content, *, most_bytes: int, most_of_all: int
) -> Iterator[tuple[str, IO[bytes]]]:
    """As :func:`read_members`, each by its name as a stream that is never whole in memory.

    Raises :class:`UnreadableFile` for a member that cannot be read as well; reading a stream raises
    what :data:`TORN` lists.
    """
    with zipfile.ZipFile(open_content(content)) as archive:
        for part in _wanted_parts(archive, most_of_all):
            if problem := _find_problem(part, most_bytes):
                raise UnreadableFile(problem)
            with archive.open(part) as stream:
                yield _path_of(part).name or part.filename, stream


def _wanted_parts(archive: zipfile.ZipFile, most_of_all: int) -> list[zipfile.ZipInfo]:
    parts = archive.infolist()
    if len(parts) > MOST_MEMBERS:
        raise UnreadableFile(say("It holds more than {most} files; split it.", most=MOST_MEMBERS))
    # the archive's reader never gives more of a part than is declared here
    if sum(part.file_size for part in parts) > most_of_all:
        raise UnreadableFile(say("It unfolds to more data than can be imported; split it."))
    wanted = [part for part in parts if not part.is_dir() and not _is_of_the_system(part)]
    if not wanted:
        raise UnreadableFile(say("It is an archive without any file."))
    return wanted


def _is_of_the_system(part: zipfile.ZipInfo) -> bool:
    path = _path_of(part)
    return path.parts[:1] == ("__MACOSX",) or path.name.startswith(".") or path.name == "Thumbs.db"


def _read_member(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most_bytes: int) -> Member:
    name = _path_of(part).name or part.filename
    if problem := _find_problem(part, most_bytes):
        return Member(name, b"", problem)
    try:
        content = archive.read(part)
    except TORN:
        return Member(name, b"", say("It is damaged within the archive."))
    if is_archive(content):
        return Member(name, b"", say("It is an archive within an archive; import it by itself."))
    return Member(name, content)


def _find_problem(part: zipfile.ZipInfo, most_bytes: int) -> str:
    path = _path_of(part)
    if path.is_absolute() or ".." in path.parts or ":" in part.filename:
        return say("Its name leads out of the archive.")
    if part.flag_bits & 1:
        return say("It is protected by a password; pack it without one.")
    if part.file_size > most_bytes:
        return say("It unfolds to more data than can be imported.")
    if part.file_size > max(_SMALL, part.compress_size * MOST_RATIO):
        return say(
            "It unfolds to more than {times} times its size, as no such file does.",
            times=MOST_RATIO,
        )
    return ""


def _path_of(part: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(part.filename.replace("\\", "/"))
