"""Queries of which department of 24SevenOffice ours are, for one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.tables.key_tables import OfficeDepartment


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
