"""Queries of keys, departments, the activation and the connection to RecMan.

The callers own the session. RecMan's calls are counted so that no two processes get it wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.errors import WrongUse
from so24.identifiers import document_likeness
from so24.language.said import say
from so24.letters import fold, norwegian_order
from so24.store.database.dialects import insert_into
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import (
    Department,
    Key,
    KeyDepartment,
    KeyState,
    OfficeDepartment,
    RecManCalls,
    RecManConnection,
)
from so24.store.tables.people_tables import Activation
from so24.store.tables.transfer_tables import LIVE, OrderLink, Transfer

_CALLS: sa.Table = RecManCalls.__table__  # type: ignore[attr-defined] # SQLModel hides it
_KEYS: sa.Table = Key.__table__  # type: ignore[attr-defined] # as above
_BY_ID = select(Key).where(Key.id == sa.bindparam("key"))
_SERVED = select(KeyDepartment)
_LIVING = select(Key).where(Key.state != KeyState.DELETED)
# each pass logs in by these, or finds that it need not: they are made once
_THIS = _KEYS.c.id == sa.bindparam("key")
_CLAIM_THOUGH_REFUSED = (
    sa.update(_KEYS)
    .where(
        _THIS,
        sa.or_(_KEYS.c.last_login_at.is_(None), _KEYS.c.last_login_at <= sa.bindparam("not_after")),
        sa.or_(_KEYS.c.login_until.is_(None), _KEYS.c.login_until <= sa.bindparam("moment")),
    )
    .values(last_login_at=sa.bindparam("moment"), login_until=sa.bindparam("until"))
)
_CLAIM = _CLAIM_THOUGH_REFUSED.where(_KEYS.c.login_refused_at.is_(None))
_CLAIMED = sa.update(_KEYS).where(_THIS, _KEYS.c.last_login_at == sa.bindparam("claimed"))
_DROP_SESSION = (
    sa.update(_KEYS)
    .where(_THIS, _KEYS.c.session_sealed == sa.bindparam("sealed"))
    .values(session_sealed="")
)


def activation_row(session: Session) -> Activation | None:
    """The one row of the activation, or None where nobody ever pressed the button."""
    return session.get(Activation, 1)


def living_keys(session: Session) -> Sequence[Key]:
    """All keys that are not deleted, by name."""
    rows = session.exec(_LIVING)
    return sorted(rows, key=lambda key: norwegian_order(key.name))


def name_company(key: Key) -> str:
    """A key's company as people know it: its name, and its Organization ID."""
    return label_company(key.client_name or key.name, key.client_id)


def label_company(name: str, client_id: int) -> str:
    """A company of this name as lists show it."""
    return f"{name} ({client_id})"


def known_key(session: Session, key_id: int, *, locked: bool = False) -> Key:
    """The key; raises :class:`WrongUse` where it does not exist or is deleted.

    ``locked``: for whoever changes by what it reads how the key's logins stand, which people and
    lanes do beside each other.
    """
    key = session.get(Key, key_id, with_for_update=locked or None)
    if key is None or key.state is KeyState.DELETED:
        raise WrongUse(say("This key does not exist any more. Reload the list of keys."))
    return key


def key_of_lane(session: Session, key_id: int) -> Key:
    """The key that a lane was planned for, even if it was deleted meanwhile."""
    return session.exec(_BY_ID, params={"key": key_id}).one()


def refuse_taken_name(session: Session, name: str, *, apart_from: int | None = None) -> None:
    """Raise :class:`WrongUse` where another living key has this name, whatever its case."""
    others = [key for key in living_keys(session) if key.id != apart_from]
    if fold(name) in {fold(key.name) for key in others}:
        raise WrongUse(
            say("There is a key named “{name}” already; choose another name.", name=name)
        )


def insert_key(session: Session, key: Key) -> int:
    """Add a key and return its id."""
    session.add(key)
    session.flush()
    return key.row_id


def served_departments(session: Session) -> Sequence[KeyDepartment]:
    """Which key is for which specific departments, of all keys."""
    return session.exec(_SERVED).all()


def replace_served(session: Session, key_id: int, department_ids: Collection[int]) -> None:
    """Make exactly these the specific departments of the key."""
    session.execute(sa.delete(KeyDepartment).where(col(KeyDepartment.key_id) == key_id))
    session.add_all(
        KeyDepartment(key_id=key_id, department_id=each) for each in sorted(department_ids)
    )


def claim_login(
    session: Session,
    key_id: int,
    at: dt.datetime,
    *,
    not_after: dt.datetime,
    until: dt.datetime,
    though_refused: bool = False,
) -> bool:
    """Take the key's next login, which ends ``until`` then, by compare-and-set.

    False where one was after ``not_after`` or is under way, and where the present password was
    refused, unless ``though_refused``.
    """
    changed = session.execute(
        _CLAIM_THOUGH_REFUSED if though_refused else _CLAIM,
        {"key": key_id, "moment": at, "not_after": not_after, "until": until},
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined] # an UPDATE has it


def end_login(session: Session, key_id: int, claimed: dt.datetime, **values: object) -> None:
    """Note that the claimed login has ended, unless somebody has claimed the next one since.

    ``values`` are the columns that say how; a login that never left gives ``last_login_at`` back.
    """
    told = {f"new_{name}": value for name, value in values.items()}
    session.execute(_end_login(tuple(values)), {"key": key_id, "claimed": claimed, **told})


@cache
def _end_login(names: tuple[str, ...]) -> sa.Update:
    """Sets these columns of a key to the values that are given as new ones."""
    told: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return _CLAIMED.values(login_until=None, **told)


def drop_session(session: Session, key_id: int, sealed: str) -> None:
    """Forget the stored session of the key, unless it has been replaced since."""
    session.execute(_DROP_SESSION, {"key": key_id, "sealed": sealed})


def all_departments(session: Session) -> Sequence[Department]:
    """Every department, in the order of their numbers (2 before 10)."""
    rows = session.exec(select(Department))
    return sorted(rows, key=lambda row: (len(row.number), norwegian_order(row.number)))


def known_department(session: Session, department_id: int) -> Department:
    """The department; raises :class:`WrongUse` where it does not exist."""
    row = session.get(Department, department_id)
    if row is None:
        raise WrongUse(say("This department does not exist. Reload the list of departments."))
    return row


def insert_department(session: Session, number: str, name: str, series: str) -> int:
    """Add a department and return its id; raises :class:`WrongUse` where the number is taken."""
    taken = {fold(each) for each in session.exec(select(Department.number))}
    if fold(number) in taken:
        raise WrongUse(say("Department {number} exists already.", number=number))
    row = Department(number=number, name=name, series=series)
    session.add(row)
    session.flush()
    return row.row_id


def exported_departments(session: Session) -> set[int]:
    """The departments of which a document was sent, or is about to be."""
    bound = sa.exists().where(
        col(OrderLink.invoice_id) == col(Invoice.id), col(OrderLink.order_id).is_not(None)
    )
    sent = sa.exists().where(
        col(Transfer.invoice_id) == col(Invoice.id),
        sa.or_(col(Transfer.state).in_(LIVE), col(Transfer.sent_at).is_not(None)),
    )
    return set(
        session.exec(select(Invoice.department_id).where(sa.or_(bound, sent)).distinct()).all()
    )


def move_documents(session: Session, department_id: int, series: str) -> None:
    """Put the department's documents into another number series.

    Raises ``IntegrityError`` where a document of that kind, series and number exists already.
    """
    mine = col(Invoice.department_id) == department_id
    session.execute(sa.update(Invoice).where(mine).values(series=series))
    kept = session.exec(select(Invoice.id, Invoice.number, Invoice.number_likeness).where(mine))
    alike = [(row_id, document_likeness(series, number), known) for row_id, number, known in kept]
    if moved := [{"id": one, "number_likeness": new} for one, new, known in alike if new != known]:
        session.execute(sa.update(Invoice), moved)


def mapped_departments(session: Session, key_id: int) -> dict[int, int]:
    """24SevenOffice's department ids by our departments' ids."""
    return {row.department_id: row.office_id for row in department_map(session, key_id)}


def department_map(session: Session, key_id: int) -> Sequence[OfficeDepartment]:
    """The key's departments with the names that were chosen."""
    wanted = select(OfficeDepartment).where(OfficeDepartment.key_id == key_id)
    return session.exec(wanted.order_by(col(OfficeDepartment.department_id))).all()


def replace_department_map(
    session: Session, key_id: int, chosen: Mapping[int, tuple[int, str]]
) -> None:
    """Make exactly these the key's departments: id and name there, by our department's id."""
    session.execute(sa.delete(OfficeDepartment).where(col(OfficeDepartment.key_id) == key_id))
    session.add_all(
        OfficeDepartment(
            key_id=key_id, department_id=ours, office_id=office_id, office_name=name[:200]
        )
        for ours, (office_id, name) in sorted(chosen.items())
    )


def connection_row(session: Session) -> RecManConnection | None:
    """The connection, or None where there is none."""
    return session.get(RecManConnection, 1)


def save_connection(session: Session, row: RecManConnection) -> None:
    """Keep this connection in the place of the one that may be there."""
    delete_connection(session)
    session.add(row)


def delete_connection(session: Session) -> None:
    """Forget the connection, its key with it; the calls stay counted."""
    session.execute(sa.delete(RecManConnection))
    session.expire_all()


def take_call(session: Session, day: dt.date, *, most: int) -> bool:
    """Count one call of this day by one statement; False, and not counted, where ``most`` are."""
    counted = (
        insert_into(session, _CALLS)
        .values(day=day, calls=1)
        .on_conflict_do_update(
            index_elements=[_CALLS.c.day],
            set_={"calls": _CALLS.c.calls + 1},
            where=_CALLS.c.calls < most,
        )
        .returning(_CALLS.c.calls)
    )
    return session.execute(counted).first() is not None


def calls_on(session: Session, day: dt.date) -> int:
    """How many calls were counted on this day."""
    found = session.exec(select(RecManCalls.calls).where(col(RecManCalls.day) == day)).first()
    return found or 0
