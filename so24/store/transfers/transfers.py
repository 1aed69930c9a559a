"""Transfers: moved by compare-and-set, each move written to the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.reasons import Reason
from so24.store.database.dialects import among_given, listed
from so24.store.history.events import append_events
from so24.store.links.links import Binding, bind_orders, intend_invoicing
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import LIVE, OPEN, State, Transfer

TABLE: sa.Table = Transfer.__table__  # type: ignore[attr-defined] # SQLModel hides it
_TOLD = tuple(
    TABLE.c[name]
    for name in ("id", "invoice_id", "sent_at", "order_id", "office_invoice_id", "payload_hash")
)
IS_OPEN = TABLE.c.state.in_(OPEN)
IS_LIVE = TABLE.c.state.in_(LIVE)
_WAITS = sa.and_(TABLE.c.state == State.TRANSFERRED, TABLE.c.reason == Reason.WAITS_APPROVAL)
_VERDICT = (TABLE.c.state, TABLE.c.reason, TABLE.c.words)
# a lane asks these at every step: they are made once
_THESE = among_given(TABLE.c.id, "ids")
_LOCKED = sa.select(*_TOLD, TABLE.c.state).where(_THESE).order_by(TABLE.c.id).with_for_update()
_MOVING, _WAITING = _LOCKED.where(IS_OPEN), _LOCKED.where(_WAITS)
_BY_IDS = select(Transfer).where(_THESE).order_by(TABLE.c.id)
_OF_LANE = (
    select(Transfer)
    .where(TABLE.c.run_id == sa.bindparam("run"), TABLE.c.key_id == sa.bindparam("key"), IS_OPEN)
    .order_by(TABLE.c.id)
)
_SOME_OF_LANE = _OF_LANE.where(_THESE)
_NOTE = (
    sa.update(TABLE)
    .where(_THESE, IS_OPEN)
    .values(note=sa.bindparam("said"), updated_at=sa.bindparam("moment"))
)
_KNOWN_ORDERS = (
    sa.select(TABLE.c.invoice_id, TABLE.c.organization_id, TABLE.c.order_id)
    .where(
        among_given(TABLE.c.invoice_id, "documents"),
        TABLE.c.order_id.is_not(None),
        TABLE.c.organization_id.is_not(None),
    )
    .distinct()
)
_STANDING = sa.select(*_TOLD, *_VERDICT).order_by(TABLE.c.id)
_STANDING_OF_RUN = _STANDING.where(TABLE.c.run_id == sa.bindparam("run"))
_STANDING_BY_IDS = _STANDING.where(_THESE)
_FOR_APPROVAL = (
    select(Transfer)
    .where(
        TABLE.c.key_id == sa.bindparam("key"),
        TABLE.c.look_again_at.is_not(None),  # all of them are looked at, and few others
        _WAITS,
    )
    .order_by(TABLE.c.id)
)
_OF_DOCUMENTS = select(Transfer).where(among_given(TABLE.c.invoice_id, "documents"), IS_LIVE)


@dataclass(frozen=True)
class Move:
    """A change of one transfer: its new state and whatever else is known by now.

    With ``comes_from`` it is only for a transfer that is in that state still.
    """

    state: State
    reason: Reason = Reason.NONE
    words: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    comes_from: State | None = None


@dataclass(frozen=True)
class KnownOrder:
    """An order that a transfer has named in one organization, booked or not."""

    organization_id: int
    order_id: int


@dataclass(frozen=True)
class LaneName:
    """A run's part for one key."""

    run_id: str
    key_id: int


@dataclass(frozen=True)
class Recorded:
    """The ids of the transfers that moved, and the bindings of the documents that were drafted.

    ``stopped``: somebody had stopped the run, so that no write was intended.
    """

    moved: frozenset[int]
    bound: Mapping[int, Binding]
    stopped: bool = False


def move_transfers(
    session: Session,
    moves: Mapping[int, Move],
    actor: str,
    *,
    sent_before: Mapping[int, dt.datetime | None] = MappingProxyType({}),
    organization_id: int | None = None,
    waiting: bool = False,
) -> Recorded:
    """Move open transfers (by transfer id) and write their history.

    A transfer that is no longer open stays as it is; with ``waiting``, one that does not wait for
    approval does. For those in ``sent_before`` the move is a compare-and-set on the time of the
    last write: a transfer that another worker has touched since is left alone. In the company
    ``organization_id`` a move to *drafted* binds the order to the document, for ever, or finds the
    one that is bound already; a move to *invoicing* notes that the order that it names will be
    invoiced, and is left out where that is not the bound one.
    """
    rows = session.execute(_WAITING if waiting else _MOVING, {"ids": listed(moves)}).mappings()
    standing = {
        row["id"]: dict(row)
        for row in rows
        if row["id"] not in sent_before or row["sent_at"] == sent_before[row["id"]]
        if moves[row["id"]].comes_from in (None, row["state"])
    }
    if organization_id is not None and any(
        moves[each].state is State.INVOICING for each in standing
    ):
        standing = _hold_bindings(session, standing, moves, organization_id)
    moment = now()
    changes = {each: _changed_values(moves[each], moment) for each in standing}
    _write_changes(session, changes)
    told = [{**row, **changes[each]} for each, row in standing.items()]
    append_events(session, told, actor)
    drafts = {
        row["invoice_id"]: row["order_id"]
        for row in told
        if row["state"] is State.DRAFTED and row["order_id"]
    }
    bound: Mapping[int, Binding] = {}
    if drafts and organization_id is not None:
        bound = bind_orders(session, organization_id, drafts)
    return Recorded(frozenset(standing), bound)


def _hold_bindings(
    session: Session,
    standing: dict[int, dict[str, Any]],
    moves: Mapping[int, Move],
    organization_id: int,
) -> dict[int, dict[str, Any]]:
    """Those that may move: of those to be invoiced only where the order is still the bound one."""
    orders = {
        row["invoice_id"]: moves[each].values["order_id"]
        for each, row in standing.items()
        if moves[each].state is State.INVOICING
    }
    held = intend_invoicing(session, organization_id, orders)
    return {
        each: row
        for each, row in standing.items()
        if row["invoice_id"] in held or row["invoice_id"] not in orders
    }


def standing_rows(session: Session, run_id: str) -> list[Mapping[str, Any]]:
    """The columns of a run's transfers that the history tells, in the order of their ids."""
    return [dict(row) for row in session.execute(_STANDING_OF_RUN, {"run": run_id}).mappings()]


def standing_by_ids(session: Session, ids: Iterable[int]) -> list[Mapping[str, Any]]:
    """The same columns of these transfers, in the order of their ids."""
    rows = session.execute(_STANDING_BY_IDS, {"ids": listed(ids)})
    return [dict(row) for row in rows.mappings()]


def note_transfers(session: Session, ids: Iterable[int], note: str) -> None:
    """Set the line shown beside open transfers while they wait; not part of the history."""
    session.execute(_NOTE, {"ids": listed(ids), "said": note, "moment": now()})


def open_of_lane(session: Session, lane: LaneName, ids: Collection[int] = ()) -> list[Transfer]:
    """The lane's open transfers, all or those among ``ids``, in the order they were planned."""
    named = {"run": lane.run_id, "key": lane.key_id}
    if ids:
        return list(session.exec(_SOME_OF_LANE, params={**named, "ids": listed(ids)}))
    return list(session.exec(_OF_LANE, params=named))


def transfers_of_run(session: Session, run_id: str) -> list[Transfer]:
    """All transfers of a run."""
    return list(
        session.exec(select(Transfer).where(Transfer.run_id == run_id).order_by(col(Transfer.id)))
    )


def live_transfers(session: Session, invoice_ids: Iterable[int]) -> dict[int, Transfer]:
    """The live transfer (open or transferred) of each of these documents that has one."""
    rows = session.exec(_OF_DOCUMENTS, params={"documents": listed(invoice_ids)})
    return {row.invoice_id: row for row in rows}


def waiting_transfers(session: Session, key_id: int) -> list[Transfer]:
    """The key's transfers whose orders wait for approval, in the order of their ids."""
    return list(session.exec(_FOR_APPROVAL, params={"key": key_id}))


def known_orders(session: Session, invoice_ids: Iterable[int]) -> dict[int, list[KnownOrder]]:
    """Every order that a transfer of these documents has ever named, by invoice id."""
    rows = session.execute(_KNOWN_ORDERS, {"documents": listed(invoice_ids)})
    found: dict[int, list[KnownOrder]] = {}
    for invoice_id, organization_id, order_id in rows:
        found.setdefault(invoice_id, []).append(KnownOrder(organization_id, order_id))
    return found


def transfers_by_ids(session: Session, ids: Iterable[int]) -> list[Transfer]:
    """These transfers, in the order of their ids."""
    return list(session.exec(_BY_IDS, params={"ids": listed(ids)}))


def _changed_values(move: Move, moment: dt.datetime) -> dict[str, Any]:
    """All columns that a move sets."""
    return {
        "state": move.state,
        "reason": move.reason,
        "words": move.words,
        "note": "",
        "updated_at": moment,
        **move.values,
    }


def _write_changes(session: Session, changes: Mapping[int, dict[str, Any]]) -> None:
    """One statement for all transfers whose move sets the same columns, or even the same values."""
    alike: dict[tuple[str, ...], dict[int, dict[str, Any]]] = {}
    for transfer_id, values in changes.items():
        alike.setdefault(tuple(values), {})[transfer_id] = values
    for names, group in alike.items():
        first, *others = (_new_values(each) for each in group.values())
        if all(values == first for values in others):
            session.connection().execute(_change_all(names), {**first, "ids": listed(group)})
            continue
        rows = [
            {"which": transfer_id, **values}
            for transfer_id, values in zip(group, (first, *others), strict=True)
        ]
        session.connection().execute(_change_each(names), rows)


@cache
def _change_each(names: tuple[str, ...]) -> sa.Update:
    """Sets these columns of a transfer to the values that are given as new ones."""
    return _change(names).where(TABLE.c.id == sa.bindparam("which"))


@cache
def _change_all(names: tuple[str, ...]) -> sa.Update:
    """The same of several transfers."""
    return _change(names).where(_THESE)


def _change(names: tuple[str, ...]) -> sa.Update:
    return sa.update(TABLE).values({name: sa.bindparam(f"new_{name}") for name in names})


def _new_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}
