"""What proves a company's documents of a period: who stands in it, and the chains with anchors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.history.hashes import HASHED
from so24.store.history.hashes import digest_heads as digest_heads
from so24.store.tables.document_tables import Invoice
from so24.store.tables.original_tables import DocumentImport, ImportOriginal, OriginalFile
from so24.store.tables.transfer_tables import (
    DayHead,
    HistoryAnchor,
    State,
    Transfer,
    TransferEvent,
)
from so24.store.transfers.transfer_list import standing_join

_EVENTS: sa.Table = TransferEvent.__table__  # type: ignore[attr-defined] # SQLModel hides it
_AT_ONCE = 2_000

Record = dict[str, Any]
Head = tuple[int, int, str]  # document, sequence and hash of a chain's newest event in a section


def documents_of_company(
    session: Session, organization_id: int, first: dt.date, last: dt.date
) -> list[int]:
    """Ids of the documents dated in the period that so24 has sent, or tried to, to this company."""
    sent = sa.exists().where(
        col(Transfer.invoice_id) == col(Invoice.id),
        col(Transfer.organization_id) == organization_id,
    )
    dated = col(Invoice.invoice_date).between(first, last)
    order = (col(Invoice.invoice_date), col(Invoice.id))
    return list(session.scalars(sa.select(col(Invoice.id)).where(dated, sent).order_by(*order)))


def unsent_documents(session: Session, first: dt.date, last: dt.date) -> list[int]:
    """Ids of the documents of the period that are in no company: never sent, or never got there."""
    statement = (
        sa.select(col(Invoice.id))
        .outerjoin(Transfer, standing_join())
        .where(
            col(Invoice.invoice_date).between(first, last),
            sa.or_(col(Transfer.id).is_(None), col(Transfer.organization_id).is_(None)),
        )
        .order_by(col(Invoice.invoice_date), col(Invoice.id))
    )
    return list(session.scalars(statement))


def hashes_sent(session: Session, invoice_ids: Iterable[int]) -> dict[int, set[str]]:
    """The hashes of the orders that the history of each of these documents tells of."""
    digest = _EVENTS.c.payload_hash
    rows = session.execute(
        sa.select(_EVENTS.c.invoice_id, digest)
        .where(among(TransferEvent.invoice_id, invoice_ids), digest != "")
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for invoice_id, payload_hash in rows:
        found.setdefault(invoice_id, set()).add(payload_hash)
    return found


def events_in_full(session: Session, invoice_ids: Iterable[int]) -> list[Record]:
    """The whole history of these documents, chain after chain, with all that its hashes cover."""
    columns = [_EVENTS.c[name] for name in (*HASHED, "hash", "anchor_id")]
    rows = session.execute(
        sa.select(*columns)
        .where(among(TransferEvent.invoice_id, invoice_ids))
        .order_by(_EVENTS.c.invoice_id, _EVENTS.c.sequence)
    )
    return [dict(row) for row in rows.mappings()]


def transfers_of(session: Session, invoice_ids: Iterable[int]) -> list[Transfer]:
    """All transfers of these documents, by document and age."""
    order = (col(Transfer.invoice_id), col(Transfer.id))
    wanted = among(Transfer.invoice_id, invoice_ids)
    return list(session.exec(select(Transfer).where(wanted).order_by(*order)))


def booked_orders(session: Session, invoice_ids: Iterable[int]) -> list[int]:
    """The orders by which these documents are booked, or wait for approval, by number."""
    wanted = sa.select(col(Transfer.order_id)).where(
        among(Transfer.invoice_id, invoice_ids),
        col(Transfer.state) == State.TRANSFERRED,
        col(Transfer.order_id).is_not(None),
    )
    return sorted({order_id for order_id in session.scalars(wanted) if order_id})


def all_anchors(session: Session) -> Sequence[HistoryAnchor]:
    """The anchors of the history, oldest first."""
    return session.exec(select(HistoryAnchor).order_by(col(HistoryAnchor.id))).all()


def all_day_heads(session: Session) -> Sequence[DayHead]:
    """The heads of days, oldest first."""
    return session.exec(select(DayHead).order_by(col(DayHead.id))).all()


def sections(session: Session) -> Iterator[tuple[int, list[Head]]]:
    """Of each anchor, by its id, the newest event that it covers of each document."""
    columns = (_EVENTS.c.anchor_id, _EVENTS.c.invoice_id, _EVENTS.c.sequence, _EVENTS.c.hash)
    statement = sa.select(*columns).where(_EVENTS.c.anchor_id.is_not(None)).order_by(*columns[:3])
    rows = session.execute(statement, execution_options={"yield_per": _AT_ONCE})
    for anchor, covered in groupby(rows, key=lambda row: row[0]):
        heads = {row[1]: (row[1], row[2], row[3]) for row in covered}
        yield int(anchor), list(heads.values())


def originals_of(session: Session, invoice_ids: Iterable[int]) -> Mapping[int, list[str]]:
    """The SHA-256 of each kept file that brought these documents, by document."""
    rows = session.execute(
        sa.select(col(DocumentImport.invoice_id), col(OriginalFile.sha256))
        .join(ImportOriginal, col(ImportOriginal.import_id) == col(DocumentImport.import_id))
        .join(OriginalFile, col(OriginalFile.id) == col(ImportOriginal.original_id))
        .where(among(DocumentImport.invoice_id, invoice_ids))
        .where(col(OriginalFile.purged_at).is_(None))
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for invoice_id, sha256 in sorted(tuple(row) for row in rows):
        found.setdefault(invoice_id, []).append(sha256)
    return found


def names_of_originals(session: Session, hashes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Of these kept files, by SHA-256: an id to read it by, and the name that it came under."""
    rows = session.execute(
        sa.select(
            col(OriginalFile.sha256), sa.func.min(col(ImportOriginal.id)), col(ImportOriginal.name)
        )
        .join(OriginalFile, col(OriginalFile.id) == col(ImportOriginal.original_id))
        .where(among(OriginalFile.sha256, hashes))
        .group_by(col(OriginalFile.sha256), col(ImportOriginal.name))
    )
    found: dict[str, tuple[int, str]] = {}
    for sha256, file_id, name in sorted(tuple(row) for row in rows):
        found.setdefault(sha256, (file_id, name))
    return found
