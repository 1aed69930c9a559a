"""What each reconciliation has said: of which company, for which days, by which witness."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field

from so24.store.tables.ground import Stored, enum_column, now


class Witness(enum.StrEnum):
    """What so24's documents were put beside."""

    OFFICE = "24SevenOffice"
    SAFT = "SAF-T"


class LedgerResult(Stored, table=True):
    """One reconciliation of one company and period (both days included), and what it said.

    ``orders`` counts the lines that are compared, without drafts, ``differences`` those of them
    that do not agree. ``sums`` (by currency) and ``apart`` (the lines that differ) are JSON, see
    :mod:`so24.store.ledger.results`. ``files`` is JSON too, the names and SHA-256 of a SAF-T
    export; ``organization_number`` is the company's own, as that states it.
    """

    __tablename__ = "ledger_result"
    __table_args__ = (sa.Index("ix_ledger_result_company", "client_id", "witness", "id"),)

    client_id: int = Field(sa_type=sa.BigInteger)
    company: str = Field(default="", max_length=240)
    witness: Witness = Field(default=Witness.OFFICE, sa_type=enum_column(Witness))
    date_from: dt.date
    date_to: dt.date
    read_at: dt.datetime = Field(default_factory=now)
    read_by: str = Field(max_length=96)
    orders: int = 0
    differences: int = 0
    sums: str = "{}"
    apart: str = "[]"
    files: str = "[]"
    organization_number: str = Field(default="", max_length=20)
