"""How many transfers and how much money: counts and sums for the screens, made in SQL."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.letters import norwegian_order
from so24.store.tables.document_tables import Customer, Import, Invoice
from so24.store.tables.transfer_tables import OPEN, Run, State, Transfer
from so24.store.transfers.receipt_line import WAITS
from so24.store.transfers.transfer_list import (
    TransferFilter,
    shown_status,
    standing_join,
    transfer_conditions,
)


@dataclass(frozen=True)
class StateSum:
    """How many transfers of a filter have one status, and their sum in one currency."""

    status: str
    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class RunRow:
    """A run in a list: who started it and when (aware UTC), and how many documents it has."""

    run_id: str
    created_at: dt.datetime
    created_by: str
    documents: int
    open: int
    transferred: int


@dataclass(frozen=True)
class ProposedDates:
    """An import that has documents whose invoice date is only a proposal."""

    import_id: int
    filename: str
    at: dt.datetime
    documents: int


def sum_transfers(session: Session, wanted: TransferFilter) -> list[StateSum]:
    """Counts and amounts of a filter by status and currency, whatever its limit."""
    each = (
        sa.select(shown_status().label("status"), col(Invoice.currency), col(Invoice.total))
        .select_from(Transfer)
        .join(Invoice, col(Invoice.id) == col(Transfer.invoice_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(Run, col(Run.id) == col(Transfer.run_id))
        .where(*transfer_conditions(wanted))
        .subquery()
    )
    alike = (each.c.status, each.c.currency)
    counted = (sa.func.count(), sa.func.sum(each.c.total))
    rows = session.execute(sa.select(*alike, *counted).group_by(*alike)).all()
    return [StateSum(*row) for row in rows]


def recent_runs(session: Session, *, limit: int) -> list[RunRow]:
    """The newest runs, newest first."""
    newest = (
        sa.select(col(Run.id), col(Run.created_at), col(Run.created_by))
        .order_by(col(Run.created_at).desc())
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            newest,
            sa.func.count(col(Transfer.id)),
            count_if(col(Transfer.state).in_(OPEN)),
            count_if(col(Transfer.state) == State.TRANSFERRED),
        )
        .outerjoin(Transfer, col(Transfer.run_id) == newest.c.id)
        .group_by(*newest.c)
        .order_by(newest.c.created_at.desc())
    ).all()
    return [RunRow(*row) for row in rows]


@dataclass(frozen=True)
class OpenRun:
    """A run that has something in transfer: its documents that go by a key, by their state.

    ``waiting``: so many of them wait for a person to mend their key; times aware UTC. ``again``:
    something of it is tried again by itself.
    """

    run_id: str
    created_at: dt.datetime
    created_by: str
    stopping: bool
    counts: Mapping[State, int]
    waiting: int
    again: bool


def open_runs(session: Session) -> list[OpenRun]:
    """The runs that have something in transfer, the oldest first."""
    named = (col(Run.created_at), col(Run.id), col(Run.created_by), col(Run.cancel_requested_at))
    inner = sa.orm.aliased(Transfer)
    rows = session.execute(
        sa.select(
            *named,
            col(Transfer.state),
            sa.func.count(col(Transfer.id)),
            count_if(sa.and_(col(Transfer.reason).in_(WAITS), col(Transfer.state).in_(OPEN))),
            count_if(sa.and_(col(Transfer.retries) > 0, col(Transfer.state).in_(OPEN))),
        )
        .join(Transfer, col(Transfer.run_id) == col(Run.id))
        .where(
            col(Run.id).in_(sa.select(col(inner.run_id)).where(col(inner.state).in_(OPEN))),
            col(Transfer.key_id).is_not(None),
        )
        .group_by(*named, col(Transfer.state))
        .order_by(col(Run.created_at), col(Run.id))
    ).all()
    found: list[OpenRun] = []
    for (at, run_id, by, stopped), states in groupby(rows, key=lambda row: tuple(row[:4])):
        counted = [tuple(row[4:]) for row in states]
        counts = {state: count for state, count, *_ in counted}
        waiting, again = (sum(each[place] for each in counted) for place in (2, 3))
        found.append(OpenRun(run_id, at, by, bool(stopped), counts, waiting, bool(again)))
    return found


def count_by_state(session: Session) -> dict[str, int]:
    """All documents by the public name of the state that they stand in, or why they have none.

    ``not_transferred`` were never sent, ``excluded`` are left out and have nothing live.
    """
    state = col(Transfer.state)
    rows = session.execute(
        sa.select(state, col(Invoice.excluded), sa.func.count(col(Invoice.id)))
        .select_from(Invoice)
        .outerjoin(Transfer, standing_join())
        .group_by(state, col(Invoice.excluded))
    ).all()
    counted: Counter[str] = Counter()
    for found, excluded, count in rows:
        counted[_name_standing(found, excluded=excluded)] += count
    return dict(counted)


def _name_standing(state: State | None, *, excluded: bool) -> str:
    if excluded and (state is None or not state.is_live):
        return "excluded"
    return "not_transferred" if state is None else state.public_name


def run_starters(session: Session) -> Sequence[str]:
    """Everybody who has ever started a run, by name."""
    found = session.execute(sa.select(col(Run.created_by)).distinct()).scalars()
    return sorted(found, key=norwegian_order)


def proposed_dates(session: Session) -> list[ProposedDates]:
    """The imports with documents whose date nobody has confirmed yet, newest first."""
    rows = session.execute(
        sa.select(
            col(Import.id), col(Import.filename), col(Import.at), sa.func.count(col(Invoice.id))
        )
        .join(Invoice, col(Invoice.import_id) == col(Import.id))
        .where(col(Invoice.date_assumed))
        .group_by(col(Import.id), col(Import.filename), col(Import.at))
        .order_by(col(Import.id).desc())
    ).all()
    return [ProposedDates(*row) for row in rows]


def count_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """How many rows of a group the condition holds for."""
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
