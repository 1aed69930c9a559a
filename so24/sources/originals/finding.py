"""Originals found again: those of an import, of a document, and their bytes as they came."""

from __future__ import annotations

import hashlib
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from so24.dates import format_moment
from so24.errors import ConfigurationError, WrongUse
from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.originals.keeping import numbered_names
from so24.store.documents import originals as store
from so24.store.documents.originals import Bringing, KeptFile
from so24.store.upkeep.backup import fresh_file

LONGEST_FILENAME = 150


def list_import_files(desk: Desk, import_ids: Iterable[int]) -> dict[int, tuple[KeptFile, ...]]:
    """The files that these imports read, by import; an import from before has none.

    Raises :class:`NotAllowed`.
    """
    with desk.reading(Permission.SEE_IMPORTS) as session:
        return store.files_of_imports(session, import_ids)


def list_bringings(desk: Desk, invoice_id: int) -> list[Bringing]:
    """The imports that brought a document or changed it, newest first, with their files.

    Raises :class:`NotAllowed`.
    """
    with desk.reading(Permission.SEE_INVOICES) as session:
        return store.what_brought(session, invoice_id)


def read_original(desk: Desk, file_id: int) -> Iterator[bytes]:
    """The bytes of an import's file, piece by piece; that it is given out is audited.

    Raises :class:`NotAllowed`, :class:`WrongUse` where there is no such file or its time is over
    and, behind the last piece, :class:`ConfigurationError` where the bytes are not as they came.
    """
    with desk.reading(Permission.GET_ORIGINALS) as session:
        file = store.file_of_import(session, file_id)
    if file is None:
        raise WrongUse(say("There is no original {id}.", id=file_id))
    if file.purged_at is not None:
        raise WrongUse(
            say(
                "{file} was purged {moment}: its time was over. A back-up of before then has it.",
                file=show_name(file.name),
                moment=format_moment(file.purged_at),
            )
        )
    desk.note(
        "original given out", show_name(file.name), say("import {number}", number=file.import_id)
    )
    return _read_pieces(desk, file)


def _read_pieces(desk: Desk, file: KeptFile) -> Iterator[bytes]:
    found, position = hashlib.sha256(), 0
    while True:
        # each in a session of its own: whoever reads slowly holds no connection meanwhile
        with desk.reading(Permission.GET_ORIGINALS) as session:
            piece = store.read_piece(session, file.original_id, position)
        if piece is None:
            break
        packed, kept = piece
        try:
            plain = zlib.decompress(kept) if packed else kept
        except zlib.error:
            raise _damaged(file) from None
        found.update(plain)
        yield plain
        position += 1
    if found.hexdigest() != file.sha256:
        raise _damaged(file)


def _damaged(file: KeptFile) -> ConfigurationError:
    return ConfigurationError(
        say(
            "{file} of import {id} is not in the database as it came (SHA-256 {hash}). Restore it "
            "from a back-up.",
            file=show_name(file.name),
            id=file.import_id,
            hash=file.sha256,
        )
    )


def write_original(desk: Desk, file: KeptFile, folder: Path) -> Path:
    """Write an import's file into a folder, under a name that is free; returns where it is.

    Raises what :func:`read_original` does, and :class:`WrongUse` where it cannot be written.
    """
    desk.require(Permission.GET_ORIGINALS)
    return write_file(folder, file.name, read_original(desk, file.id))


def write_file(folder: Path, name: str, pieces: Iterator[bytes]) -> Path:
    """Write the pieces into a folder, made where it is missing, under a name that is free.

    It appears when it is whole, for this user only. Raises :class:`WrongUse` where it cannot be
    written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = say("{folder} cannot be made: {reason}.", folder=folder, reason=error.strerror)
        raise WrongUse(words) from None
    names = numbered_names(safe_name(name))
    target = next(path for path in (folder / each for each in names) if not path.exists())
    with fresh_file(target, overwrite=False) as part, part.open("wb") as opened:
        for piece in pieces:
            opened.write(piece)
    return target


def safe_name(name: str) -> str:
    """A name that a file may have anywhere, of one that a stranger has chosen."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(
        sign if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*/' else "_"
        for sign in bare
    ).strip(" .")
    path = PurePosixPath(kept or "file")
    return f"{path.stem[:LONGEST_FILENAME]}{path.suffix[:20]}"


def show_name(name: str) -> str:
    """The name as it may be shown: personal numbers are hidden."""
    return hide_personal_numbers(name)
