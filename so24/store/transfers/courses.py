"""The course of each document: when it came, how its first try ended, how it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.reasons import Reason
from so24.store.database.dialects import among
from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.ground import enum_column
from so24.store.tables.original_tables import DocumentImport
from so24.store.tables.transfer_tables import State, Transfer, TransferEvent
from so24.store.transfers.transfer_list import IN_THE_WAY, standing_join


@dataclass(frozen=True)
class Course:
    """One document's way so far; moments are aware UTC, ``total`` is in ``currency``.

    ``came_at`` is the import that first brought it. ``state`` and ``reason`` are of the transfer
    that tells how it stands, ``first_state`` and ``first_reason`` of the first try ever; None and
    NONE where there is none. ``transferred_at`` is None until it is transferred. ``tried_later``:
    it was not sent, and so24 tries again by itself.
    """

    invoice_id: int
    currency: str
    total: Decimal
    excluded: bool
    came_at: dt.datetime
    state: State | None
    reason: Reason
    first_state: State | None
    first_reason: Reason
    transferred_at: dt.datetime | None
    tried_later: bool = False


@dataclass(frozen=True)
class CourseFilter:
    """Which documents; empty fields do not restrict. The period is of ``came_at``, UTC."""

    department_ids: frozenset[int] = frozenset()
    came_from: dt.datetime | None = None
    came_before: dt.datetime | None = None


def list_courses(session: Session, wanted: CourseFilter) -> list[Course]:
    """The courses of a filter's documents, in the order in which they were first stored."""
    came, firsts, arrivals = _came(), _first_tries(), _arrivals()
    first = sa.orm.aliased(Transfer)
    came_at = sa.func.coalesce(came.c.at, col(Import.at))
    statement = (
        sa.select(
            col(Invoice.id),
            col(Invoice.currency),
            col(Invoice.total),
            col(Invoice.excluded),
            came_at,
            col(Transfer.state),
            sa.func.coalesce(col(Transfer.reason), Reason.NONE),
            _first_state(first).label("first_state"),
            sa.func.coalesce(_first_reason(first), Reason.NONE),
            arrivals.c.at,
            col(Transfer.retry_at).is_not(None),
        )
        .outerjoin(Import, col(Import.id) == col(Invoice.import_id))
        .outerjoin(came, came.c.invoice_id == col(Invoice.id))
        .outerjoin(Transfer, standing_join())
        .outerjoin(firsts, firsts.c.invoice_id == col(Invoice.id))
        .outerjoin(first, col(first.id) == firsts.c.id)
        .outerjoin(arrivals, arrivals.c.transfer_id == col(Transfer.id))
        .where(came_at.is_not(None))
        .order_by(col(Invoice.id))
    )
    return [Course(*row) for row in session.execute(_narrow(statement, came_at, wanted))]


def _narrow(
    statement: sa.Select[Any], came_at: sa.ColumnElement[Any], wanted: CourseFilter
) -> sa.Select[Any]:
    if wanted.department_ids:
        statement = statement.where(among(Invoice.department_id, wanted.department_ids))
    if wanted.came_from:
        statement = statement.where(came_at >= wanted.came_from)
    if wanted.came_before:
        statement = statement.where(came_at < wanted.came_before)
    return statement


def _came() -> sa.Subquery:
    """The first import that brought each document, of those whose imports are known one by one."""
    return (
        sa.select(col(DocumentImport.invoice_id), sa.func.min(col(Import.at)).label("at"))
        .join(Import, col(Import.id) == col(DocumentImport.import_id))
        .group_by(col(DocumentImport.invoice_id))
        .subquery()
    )


def _first_tries() -> sa.Subquery:
    """The first transfer of each document that says more than that another one was there first."""
    return (
        sa.select(col(Transfer.invoice_id), sa.func.min(col(Transfer.id)).label("id"))
        .where(col(Transfer.reason).not_in(IN_THE_WAY))
        .group_by(col(Transfer.invoice_id))
        .subquery()
    )


def _first_state(first: type[Transfer]) -> sa.ColumnElement[Any]:
    """How the first try ended; what was tried again by itself was not sent at the first one."""
    not_sent = sa.literal(State.NOT_SENT, enum_column(State))
    return sa.case((col(first.retries) > 0, not_sent), else_=col(first.state))


def _first_reason(first: type[Transfer]) -> sa.ColumnElement[Any]:
    """Why; of what was tried again by itself the history tells it."""
    ended = (
        sa.select(col(TransferEvent.reason))
        .where(
            col(TransferEvent.transfer_id) == col(first.id),
            col(TransferEvent.state) == State.NOT_SENT.value,
        )
        .order_by(col(TransferEvent.sequence))
        .limit(1)
        .correlate(first)
        .scalar_subquery()
    )
    return sa.case((col(first.retries) > 0, ended), else_=col(first.reason))


def _arrivals() -> sa.Subquery:
    """When each transfer was first known to be transferred."""
    return (
        sa.select(col(TransferEvent.transfer_id), sa.func.min(col(TransferEvent.at)).label("at"))
        .where(col(TransferEvent.state) == State.TRANSFERRED.value)
        .group_by(col(TransferEvent.transfer_id))
        .subquery()
    )
