"""Files as they came: their pieces, the imports and documents that they belong to, their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among, insert_columns, insert_into
from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.ground import now
from so24.store.tables.original_tables import (
    DocumentImport,
    ImportOriginal,
    OriginalFile,
    OriginalPiece,
)

Piece = tuple[bool, bytes]  # whether it is compressed, and what is kept of it
LONGEST_PLACE = 255
UNUSED_AFTER = dt.timedelta(days=1)  # an import may still be about to name it


@dataclass(frozen=True)
class KeptFile:
    """A file of an import as it came; ``id`` is that of its place in the import.

    ``size`` is in bytes. ``purged_at`` is when its bytes went, None while they are kept.
    """

    id: int
    import_id: int
    original_id: int
    name: str
    sha256: str
    size: int
    purged_at: dt.datetime | None


@dataclass(frozen=True)
class Bringing:
    """An import that brought a document, or another content of it, from ``place`` in its files."""

    import_id: int
    at: dt.datetime
    actor: str
    kind: str
    place: str
    files: tuple[KeptFile, ...]


@dataclass(frozen=True)
class Use:
    """What keeps an original: an import of it, and the last date of what that brought.

    ``brought``: it brought anything at all, or has not come to its end.
    """

    original_id: int
    size: int
    packed_size: int
    at: dt.datetime
    brought: bool
    latest: dt.date | None


def find_original(session: Session, sha256: str) -> OriginalFile | None:
    """The original of these bytes, also where they are purged."""
    return session.exec(select(OriginalFile).where(OriginalFile.sha256 == sha256)).first()


def add_original(session: Session, sha256: str, size: int, pieces: Iterable[Piece]) -> int:
    """Keep the pieces of a file whose bytes are not kept, or not any more; returns its id."""
    row = find_original(session, sha256)
    if row is None:
        row = OriginalFile(sha256=sha256, size=size, packed_size=0)
        session.add(row)
    row.purged_at, row.packed_size, row.kept_at = None, 0, now()
    session.flush()
    for position, (packed, content) in enumerate(pieces):
        values = {"original_id": row.row_id, "position": position}
        session.execute(
            sa.insert(OriginalPiece), [{**values, "packed": packed, "content": content}]
        )
        row.packed_size += len(content)
    return row.row_id


def read_piece(session: Session, original_id: int, position: int) -> Piece | None:
    """One piece of a file; None behind its last one."""
    piece = session.get(OriginalPiece, (original_id, position))
    if piece is None:
        return None
    session.expunge(piece)  # of a large file one piece is in memory, not all that were read
    return piece.packed, piece.content


def link_originals(session: Session, links: Iterable[tuple[int, int, str]]) -> None:
    """Say which imports (first) read which originals (second), by which names."""
    session.add_all(
        ImportOriginal(import_id=import_id, original_id=original_id, name=name)
        for import_id, original_id, name in links
    )
    session.flush()


def link_documents(session: Session, import_id: int, places: Mapping[int, str]) -> None:
    """Say which documents, by id, an import brought, and from which place in its files."""
    insert = insert_into(session, DocumentImport.__table__)  # type: ignore[attr-defined] # hidden
    columns: dict[str, Sequence[Any]] = {
        "invoice_id": list(places),
        "import_id": [import_id] * len(places),
        "place": list(places.values()),
    }
    insert_columns(session, insert.on_conflict_do_nothing(), columns)


def files_of_imports(
    session: Session, import_ids: Iterable[int]
) -> dict[int, tuple[KeptFile, ...]]:
    """The files of these imports, by import, in the order in which they came."""
    found: dict[int, tuple[KeptFile, ...]] = {}
    rows = session.exec(
        select(ImportOriginal, OriginalFile)
        .join(OriginalFile, col(OriginalFile.id) == col(ImportOriginal.original_id))
        .where(among(ImportOriginal.import_id, import_ids))
        .order_by(col(ImportOriginal.id))
    )
    for link, original in rows:
        kept = _as_kept(link, original)
        found[link.import_id] = (*found.get(link.import_id, ()), kept)
    return found


def file_of_import(session: Session, file_id: int) -> KeptFile | None:
    """One file of an import, by the id of its place there."""
    link = session.get(ImportOriginal, file_id)
    if link is None:
        return None
    return _as_kept(link, session.get_one(OriginalFile, link.original_id))


def _as_kept(link: ImportOriginal, original: OriginalFile) -> KeptFile:
    return KeptFile(
        link.row_id,
        link.import_id,
        link.original_id,
        link.name,
        original.sha256,
        original.size,
        original.purged_at,
    )


def what_brought(session: Session, invoice_id: int) -> list[Bringing]:
    """The imports that brought a document or changed it, the newest first."""
    rows = session.exec(
        select(DocumentImport, Import)
        .join(Import, col(Import.id) == col(DocumentImport.import_id))
        .where(DocumentImport.invoice_id == invoice_id)
        .order_by(col(DocumentImport.import_id).desc())
    ).all()
    files = files_of_imports(session, [link.import_id for link, _ in rows])
    return [
        Bringing(row.row_id, row.at, row.actor, row.kind, link.place, files.get(link.import_id, ()))
        for link, row in rows
    ]


def uses_of_originals(session: Session, only: Iterable[int] | None = None) -> list[Use]:
    """Every import of an original whose bytes are kept; ``only`` of these originals, by id."""
    counts = sum(
        (col(each) for each in (Import.added, Import.updated, Import.unchanged, Import.flagged)),
        sa.literal(0),
    )
    statement = (
        sa.select(
            col(OriginalFile.id), col(OriginalFile.size), col(OriginalFile.packed_size),
            col(Import.at), sa.or_(counts > 0, col(Import.remarks).is_(None)), col(Import.id),
        )
        .join(ImportOriginal, col(ImportOriginal.original_id) == col(OriginalFile.id))
        .join(Import, col(Import.id) == col(ImportOriginal.import_id))
        .where(col(OriginalFile.purged_at).is_(None))
    )  # fmt: skip
    if only is not None:
        statement = statement.where(among(OriginalFile.id, only))
    rows = session.execute(statement).all()
    latest = _latest_dates(session, {row[5] for row in rows})
    return [
        Use(original_id, size, packed_size, at, brought, latest.get(import_id))
        for original_id, size, packed_size, at, brought, import_id in rows
    ]


def _latest_dates(session: Session, import_ids: Iterable[int]) -> dict[int, dt.date]:
    """The latest invoice date of what each import brought."""
    rows = session.execute(
        sa.select(col(DocumentImport.import_id), sa.func.max(col(Invoice.invoice_date)))
        .join(Invoice, col(Invoice.id) == col(DocumentImport.invoice_id))
        .where(among(DocumentImport.import_id, import_ids))
        .group_by(col(DocumentImport.import_id))
    )
    return {row[0]: row[1] for row in rows}


def purge(session: Session, original_ids: Sequence[int]) -> None:
    """Delete the bytes of these originals; what is known of them stays."""
    session.execute(sa.delete(OriginalPiece).where(among(OriginalPiece.original_id, original_ids)))
    session.execute(
        sa.update(OriginalFile).where(among(OriginalFile.id, original_ids)).values(purged_at=now())
    )


def forget_unused(session: Session) -> None:
    """Delete originals that no import names a day later: one was cut off before it began."""
    unused = session.scalars(
        sa.select(col(OriginalFile.id)).where(
            col(OriginalFile.kept_at) < now() - UNUSED_AFTER,
            ~sa.exists().where(col(ImportOriginal.original_id) == col(OriginalFile.id)),
        )
    ).all()
    session.execute(sa.delete(OriginalPiece).where(among(OriginalPiece.original_id, unused)))
    session.execute(sa.delete(OriginalFile).where(among(OriginalFile.id, unused)))


def sum_kept(session: Session) -> tuple[int, int, int]:
    """How many originals are kept, their bytes as they came, and those that they take here."""
    sizes = (OriginalFile.size, OriginalFile.packed_size)
    sums = (sa.func.coalesce(sa.func.sum(each), 0) for each in sizes)
    kept = col(OriginalFile.purged_at).is_(None)
    count, size, packed = session.execute(sa.select(sa.func.count(), *sums).where(kept)).one()
    return int(count), int(size), int(packed)
