"""Tables of the files as they came: their bytes, what they brought, and what a drop folder owes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from so24.store.tables.ground import SaidWords, Stored, Table, now


class OriginalFile(Stored, table=True):
    """The bytes of a file as it came, kept once however often the same bytes come.

    ``size`` is the file's in bytes, ``packed_size`` what its pieces take in the store. Once its
    time is over the pieces are purged and the row stays, so that an import can tell what it had.
    """

    __tablename__ = "original"

    sha256: str = Field(max_length=64, unique=True)
    size: int = Field(sa_type=sa.BigInteger)
    packed_size: int = Field(sa_type=sa.BigInteger)
    kept_at: dt.datetime = Field(default_factory=now)
    purged_at: dt.datetime | None = None


class OriginalPiece(Table, table=True):
    """A piece of a file, in its place; ``packed``: compressed by zlib, by itself."""

    __tablename__ = "original_piece"

    original_id: int = Field(foreign_key="original.id", primary_key=True)
    position: int = Field(primary_key=True)
    packed: bool
    content: bytes = Field(sa_type=sa.LargeBinary)


class ImportOriginal(Stored, table=True):
    """A file that an import read, by the name that it came with."""

    __tablename__ = "import_original"

    import_id: int = Field(foreign_key="import_run.id", index=True)
    original_id: int = Field(foreign_key="original.id", index=True)
    name: str = Field(max_length=255)


class DocumentImport(Table, table=True):
    """An import that brought a document, or another content of it.

    ``place`` is the file of an archive, or of several, that the document is by itself; of a report
    it is the sheet.
    """

    __tablename__ = "document_import"

    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True)
    import_id: int = Field(foreign_key="import_run.id", primary_key=True, index=True)
    place: str = Field(max_length=255)


class InboxFile(Stored, table=True):
    """A file of a drop folder that is being taken in, until it is moved away.

    ``folder`` is the folder's own mark, ``path`` the file's within it. ``attempts`` counts how
    often it was begun with. ``import_ids`` (JSON) are the imports that it is in, written when they
    are opened. ``target`` is where it goes, and ``note`` what is written beside it; both are
    written when all its imports have ended.
    """

    __tablename__ = "inbox_file"
    __table_args__ = (sa.UniqueConstraint("folder", "path"),)

    folder: str = Field(max_length=64)
    path: str = Field(max_length=1000)
    sha256: str = Field(max_length=64)
    claimed_at: dt.datetime = Field(default_factory=now)
    attempts: int = 1
    import_ids: str = "[]"
    target: str = Field(default="", max_length=1000)
    note: str = Field(default="", sa_type=SaidWords)
