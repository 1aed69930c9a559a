"""What each reconciliation has said, kept by company, witness and period."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among
from so24.store.tables.ledger_tables import LedgerResult, Witness

MOST_APART = 1_000  # differences of one result that are kept; of more only their count is


@dataclass(frozen=True)
class KeptDifference:
    """A line of a reconciliation that does not agree; equal to one that says the same.

    ``there`` is its order, or in a SAF-T export its invoice number; ``theirs`` and ``ours`` are
    totals in ``currency``. ``their_vat`` and ``our_vat`` are None unless their VATs differ.
    """

    document_id: int | None
    there: str
    reference: str
    verdict: str
    date: dt.date | None
    theirs: Decimal | None
    ours: Decimal | None
    currency: str
    their_vat: Decimal | None = None
    our_vat: Decimal | None = None


@dataclass(frozen=True)
class KeptSum:
    """What both sides held in one currency."""

    currency: str
    theirs: Decimal
    ours: Decimal


@dataclass(frozen=True)
class WitnessFile:
    """A file of a SAF-T export, by its name and SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True)
class KeptResult:
    """A reconciliation as it is kept; ``unlisted`` are differences of which only the count is."""

    id: int
    client_id: int
    company: str
    witness: Witness
    date_from: dt.date
    date_to: dt.date
    read_at: dt.datetime
    read_by: str
    orders: int
    differences: int
    sums: tuple[KeptSum, ...]
    apart: tuple[KeptDifference, ...]
    files: tuple[WitnessFile, ...]
    organization_number: str

    @property
    def unlisted(self) -> int:
        """How many differences are not among those kept."""
        return max(0, self.differences - len(self.apart))

    def covers(self, day: dt.date | None) -> bool:
        """Whether a day is of its period; what has no day is of every period."""
        return day is None or self.date_from <= day <= self.date_to


def add_result(
    session: Session,
    row: LedgerResult,
    *,
    sums: Iterable[KeptSum],
    apart: Iterable[KeptDifference],
    files: Iterable[WitnessFile] = (),
) -> int:
    """Keep a result; ``row`` has all of it but the sums, the differences and the files."""
    row.sums = json.dumps({each.currency: [str(each.theirs), str(each.ours)] for each in sums})
    listed = [_pack(each) for _, each in zip(range(MOST_APART), apart, strict=False)]
    row.apart = json.dumps(listed, ensure_ascii=False)
    row.files = json.dumps([[each.name, each.sha256] for each in files], ensure_ascii=False)
    session.add(row)
    session.flush()
    return row.row_id


def kept_results(session: Session, client_id: int | None = None) -> list[KeptResult]:
    """All results that are kept, of all companies or of one, the newest first."""
    query = select(LedgerResult).order_by(col(LedgerResult.id).desc())
    if client_id is not None:
        query = query.where(LedgerResult.client_id == client_id)
    return [_unpack(row) for row in session.exec(query)]


def drop_results(session: Session, ids: Collection[int]) -> None:
    """Forget these results."""
    if ids:
        session.execute(sa.delete(LedgerResult).where(among(LedgerResult.id, ids)))


def drop_results_before(session: Session, moment: dt.datetime) -> int:
    """Forget the results that are older; returns how many those were."""
    old = session.exec(select(LedgerResult.id).where(col(LedgerResult.read_at) < moment)).all()
    drop_results(session, [each for each in old if each is not None])
    return len(old)


def _pack(each: KeptDifference) -> list[object]:
    plain = [each.document_id, each.there, each.reference, str(each.verdict)]
    told = [each.date, each.theirs, each.ours]
    vats = [each.their_vat, each.our_vat]
    listed: list[object] = [*plain, *map(_as_text, told), each.currency]
    return listed if vats == [None, None] else [*listed, *map(_as_text, vats)]


def _as_text(value: dt.date | Decimal | None) -> str | None:
    return None if value is None else str(value)


def _unpack(row: LedgerResult) -> KeptResult:
    sums = json.loads(row.sums)
    return KeptResult(
        row.row_id,
        row.client_id,
        row.company,
        row.witness,
        row.date_from,
        row.date_to,
        row.read_at,
        row.read_by,
        row.orders,
        row.differences,
        tuple(KeptSum(each, *map(Decimal, sums[each])) for each in sorted(sums)),
        tuple(_unpack_difference(*each) for each in json.loads(row.apart)),
        tuple(WitnessFile(*each) for each in json.loads(row.files)),
        row.organization_number,
    )


def _unpack_difference(
    document_id: int | None,
    there: str,
    reference: str,
    verdict: str,
    date: str | None,
    theirs: str | None,
    ours: str | None,
    currency: str,
    their_vat: str | None = None,
    our_vat: str | None = None,
) -> KeptDifference:
    return KeptDifference(
        document_id,
        there,
        reference,
        verdict,
        dt.date.fromisoformat(date) if date else None,
        Decimal(theirs) if theirs else None,
        Decimal(ours) if ours else None,
        currency,
        Decimal(their_vat) if their_vat else None,
        Decimal(our_vat) if our_vat else None,
    )
