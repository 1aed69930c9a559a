"""PostgreSQL goes down and comes back, or somebody holds what another needs: nothing is lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from so24.store.database.engine import Database, make_engine
from so24.store.tables.people_tables import Role, User
from tests.postgres import Cluster

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]
NAME = "fia"


@pytest.fixture
def db(postgres_url: str, cluster: Cluster) -> Iterator[Database]:
    """A database with all tables; its server runs again afterwards, whatever the test did."""
    database = Database(postgres_url)
    yield database
    database.dispose()
    cluster.start()


def names(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(User.name)))


def add_user(session: Session) -> None:
    session.add(User(name=NAME, role=Role.FINANCE, password_hash=""))
    session.flush()


def test_a_writing_session_waits_until_the_killed_server_is_back(
    db: Database, cluster: Cluster
) -> None:
    killed = threading.Event()
    rounds: list[int] = []

    def write(session: Session) -> int:
        rounds.append(len(rounds))
        add_user(session)
        if len(rounds) == 1:
            cluster.kill()  # between the statement and the commit
            killed.set()
        return len(rounds)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(db.insisting, write)
        assert killed.wait(30)
        with pytest.raises(OperationalError):
            names(db)
        assert not writing.done()
        cluster.start()
        assert writing.result(30) == len(rounds)
    assert names(db) == [NAME]


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_a_reading_session_after_a_restart_gets_a_fresh_connection(
    db: Database, cluster: Cluster, end: str
) -> None:
    assert names(db) == []
    getattr(cluster, end)()
    cluster.start()
    assert names(db) == []


def test_while_the_server_is_down_a_reader_is_told_at_once(db: Database, cluster: Cluster) -> None:
    names(db)
    cluster.stop()
    with pytest.raises(OperationalError, match="refused"):
        names(db)


def test_a_statement_that_takes_too_long_is_not_tried_again(db: Database) -> None:
    rounds = []

    def dawdle(session: Session) -> None:
        rounds.append(1)
        session.execute(sa.text("SET LOCAL statement_timeout = '10ms'"))
        session.execute(sa.text("SELECT pg_sleep(10)"))

    with pytest.raises(OperationalError, match="statement timeout"):
        db.insisting(dawdle)
    assert rounds == [1]


def test_a_lock_that_another_holds_is_waited_for_again_and_again(db: Database) -> None:
    rounds = []
    with db.writing() as session:
        add_user(session)
    with db.writing() as holder:
        holder.execute(sa.text("SELECT 1 FROM user_account FOR UPDATE"))

        def rename(session: Session) -> None:
            rounds.append(1)
            if len(rounds) == 2:
                holder.rollback()
            session.execute(sa.text("SET LOCAL lock_timeout = '10ms'"))
            session.execute(sa.text("UPDATE user_account SET name = 'kari'"))

        db.insisting(rename)
    assert len(rounds) == 2
    assert names(db) == ["kari"]


def shown(engine: sa.Engine) -> list[str]:
    """The server's limits for a session of this engine: lock, statement, idle transaction."""
    limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with engine.connect() as connection:
        return [str(connection.scalar(sa.text(f"SHOW {each}"))) for each in limits]


def test_no_session_may_hang_for_ever_but_a_migration_may_take_its_time(db: Database) -> None:
    assert shown(db.engine) == ["30s", "2min", "1min"]
    migrating = make_engine(db.url, migrating=True)
    assert shown(migrating) == ["0", "0", "0"]
    migrating.dispose()


def test_what_the_address_says_goes_before_our_own_settings(db: Database) -> None:
    given = make_engine(f"{db.url}?application_name=mine&options=-c%20lock_timeout%3D7s")
    with given.connect() as connection:
        assert connection.scalar(sa.text("SHOW application_name")) == "mine"
        assert connection.scalar(sa.text("SHOW lock_timeout")) == "7s"
    given.dispose()


def test_an_outage_is_told_once_when_it_begins_and_once_when_it_is_over(
    db: Database, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "so24.outage")
    cluster.stop()
    for _ in range(3):
        with pytest.raises(OperationalError) as refused:
            names(db)
        db.outage.begin(refused.value)
    cluster.start()
    for _ in range(3):
        db.outage.end()
    lost, back = caplog.messages
    assert lost.startswith("The database does not answer (connection failed")
    assert back == "The database answers again."
