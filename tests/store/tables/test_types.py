"""Money stays exact and times stay aware, whatever the database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError
from sqlmodel import select

from so24.installation import Installation
from so24.store.tables.ground import Money
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Role, User

pytestmark = pytest.mark.both


def key(tolerance: Any) -> Key:
    return Key(
        name="k",
        organization_id=1,
        client_id=1,
        username="u",
        password_sealed="",
        tolerance=tolerance,
    )


def test_the_largest_amounts_come_back_to_the_last_ore(installation: Installation) -> None:
    with installation.db.writing() as session:
        session.add(key(Decimal("9999999999999999.99")))
    with installation.db.reading() as session:
        assert session.exec(select(Key)).one().tolerance == Decimal("9999999999999999.99")


@pytest.mark.parametrize("wrong", [1.1, Decimal("0.005")])
def test_a_float_or_a_fraction_of_an_ore_is_refused(
    installation: Installation, wrong: object
) -> None:
    with (
        pytest.raises((StatementError, TypeError, ValueError)),
        installation.db.writing() as session,
    ):
        session.add(key(wrong))


@pytest.mark.sqlite_only
def test_a_column_of_amounts_is_written_as_each_of_them_is() -> None:
    kind, dialect = Money(), sqlite.dialect()
    some = [Decimal("0.10"), Decimal("-3.5"), Decimal("1E+3"), Decimal("9999999999999999.99")]
    for column in (some, [*some, None], [None], []):
        each = [kind.process_bind_param(value, dialect) for value in column]
        assert kind.take_column(column) == each
    for wrong in (1.1, 1, Decimal("0.005")):
        with pytest.raises((TypeError, ValueError)):
            kind.take_column([*some, wrong])


def test_a_time_comes_back_aware_and_in_utc(installation: Installation) -> None:
    oslo = dt.timezone(dt.timedelta(hours=1))
    moment = dt.datetime(2026, 11, 22, 0, 30, tzinfo=oslo)
    with installation.db.writing() as session:
        session.add(User(name="x", role=Role.ANALYST, password_hash="", password_until=moment))
    with installation.db.reading() as session:
        stored = session.exec(select(User.password_until)).one()
    assert stored == moment
    assert stored is not None
    assert stored.utcoffset() == dt.timedelta(0)
