"""The database is brought up to date by migrations, and they give exactly the tables we use."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session

from so24.installation import open_installation
from so24.settings import Settings
from so24.store.database.engine import Database, make_engine
from so24.store.database.migrate import (
    FOLDER,
    current_revision,
    known_revisions,
    newest_revision,
    upgrade,
)
from so24.store.history.events import append_events, latest_anchor, write_anchor_if_new
from so24.store.history.verification import verify_history
from so24.store.tables.schema import METADATA
from so24.store.tables.transfer_tables import Transfer
from so24.store.upkeep.upkeep import ENGINE_SCHEMA
from tests.postgres import Cluster
from tests.recovery.conftest import variables
from tests.recovery.processes import clean, first_line, running

PROCESSES = 2


@pytest.fixture
def empty(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings of a database that has no tables yet."""
    if not settings.database_url:
        (settings.data_dir / "so24.db").unlink()
        yield settings
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create_database(migrated=False)
    yield settings.model_copy(update={"database_url": url})
    cluster.drop_database(url)


ASKED = (
    "It is made out to “Havørn AS”, and its customer number 5001 is that of “Nordvik AS”. Is it "
    "the same firm?"
)


@pytest.mark.both
def test_the_migrations_give_the_tables_of_the_models(empty: Settings) -> None:
    upgrade(empty.database, empty.data_dir)
    engine = make_engine(empty.database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
    assert current_revision(engine) == newest_revision()
    engine.dispose()


def test_the_files_of_the_migrations_are_named_by_their_revisions_in_alembics_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    newest_first = [each.revision for each in ScriptDirectory.from_config(config).walk_revisions()]
    assert newest_first == sorted(known_revisions(), reverse=True)
    assert newest_revision() == newest_first[0]


@pytest.mark.slow
@pytest.mark.both
def test_several_processes_may_start_at_the_same_time(empty: Settings, tmp_path: Path) -> None:
    environment = clean() | variables(empty) | {"SO24_DATABASE_URL": empty.database_url}
    with ExitStack() as stack:
        command = ("-m", "tests.store.starter")
        starters = [
            stack.enter_context(running(*command, environment=environment, log=tmp_path / "log"))
            for _ in range(PROCESSES)
        ]
        for starter in starters:
            assert first_line(starter) == "here"
        for starter in starters:
            assert starter.stdin is not None
            starter.stdin.write("\n")
            starter.stdin.flush()
        assert [first_line(starter) for starter in starters] == ["open"] * PROCESSES
        assert [starter.wait() for starter in starters] == [0] * PROCESSES
    assert_each_migration_ran_once(empty)
    assert not list(empty.data_dir.glob("so24.db.before-*")), "a new database was copied"


def assert_each_migration_ran_once(settings: Settings) -> None:
    """Both version tables have their one row, and the store can be opened."""
    installation = open_installation(settings)
    schema = "" if installation.db.embedded else f"{ENGINE_SCHEMA}."
    with installation.db.reading() as session:
        for table in ("alembic_version", f"{schema}dbos_migrations"):
            count = session.execute(sa.text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - ours
            assert count.scalar_one() == 1
    installation.close()


@pytest.mark.slow
def test_credit_notes_that_landed_with_positive_sums_are_turned(empty: Settings) -> None:
    with _at_revision(empty, "0002") as connection:
        _insert_papers(connection)
    upgrade(empty.database, empty.data_dir)
    engine = make_engine(empty.database)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT i.net, i.vat, i.total, i.stated_vat, i.stated_total, l.quantity, "
                "l.unit_price, l.net, l.vat FROM invoice i JOIN invoice_line l "
                "ON l.invoice_id = i.id ORDER BY i.id"
            )
        ).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [
        (-8, -2, -10, -2, None, -4, 2, -8, -2),  # a credit note
        (8, 2, 10, 2, None, 4, 2, 8, 2),  # an invoice
        (8, 2, 10, 2, None, 4, 2, 8, 2),  # held: it may be an invoice
        (-8, -2, -10, -2, None, -4, 2, -8, -2),  # stated with its sign
    ]


@pytest.mark.slow
def test_names_and_numbers_of_earlier_versions_are_found_by_their_letters(empty: Settings) -> None:
    with _at_revision(empty, "0006") as connection:
        _insert_papers(connection)
        connection.execute(sa.text("UPDATE customer SET name = 'Østlandet  BEMANNING'"))
        connection.execute(sa.text("UPDATE invoice SET number = 'Å-4' WHERE id = 4"))
    upgrade(empty.database, empty.data_dir)
    engine = make_engine(empty.database)
    with engine.connect() as connection:
        names = connection.execute(sa.text("SELECT name_folded FROM customer")).scalars().all()
        numbers = connection.execute(sa.text("SELECT number_folded FROM invoice ORDER BY id"))
        assert list(names) == ["østlandet bemanning"]
        assert list(numbers.scalars()) == ["1", "2", "3", "å-4"]
    engine.dispose()


@pytest.mark.slow
def test_numbers_get_their_form_where_nothing_is_merged_and_what_is_left_is_told(
    empty: Settings,
) -> None:
    with _at_revision(empty, "0015") as connection:
        _insert_papers(connection)
        connection.execute(sa.text("UPDATE invoice SET number = '4\u200b' WHERE id = 1"))
        connection.execute(sa.text("UPDATE invoice SET number = '=\"002\"' WHERE id = 2"))
        _inserter(connection)("import_run", report='["is no number: 01017012345, 12345678901"]')
    upgrade(empty.database, empty.data_dir)
    engine = make_engine(empty.database)
    with engine.connect() as connection:
        papers = sa.text("SELECT number, number_likeness FROM invoice ORDER BY id")
        numbers = [tuple(row) for row in connection.execute(papers)]
        told = sa.text("SELECT action, detail FROM audit_event ORDER BY id")
        events = [tuple(row) for row in connection.execute(told)]
        reports = connection.execute(sa.text("SELECT report FROM import_run")).scalars().all()
    engine.dispose()
    assert numbers == [("4\u200b", "4"), ("002", "2"), ("3", "3"), ("4", "4")]
    assert sorted(events) == [
        ("number brought to its form", "It is 002 from here on."),
        ("number left as it is", "There is another 4: are they one?"),
    ]
    assert reports == ['["is no number: [personal number], 12345678901"]']


@pytest.mark.slow
@pytest.mark.both  # of those that change data, the one that asks most of a database
def test_what_departments_products_and_credits_are_called_changes_in_all_places_at_once(
    empty: Settings,
) -> None:
    with _at_revision(empty, "0021") as connection:
        _insert_papers(connection)
        insert = _inserter(connection)
        _say(connection, "UPDATE department SET number = '10\u200b', series = '10\u200b'")
        _say(connection, "UPDATE invoice SET series = '10\u200b', project_number = '\uff11'")
        _say(connection, "UPDATE invoice SET credited_number = '=\"2\"' WHERE id = 1")
        _say(connection, "UPDATE invoice_line SET product_number = 'K\u200b'")
        insert("product", number="K\u200b")
        insert("product_link", product_number="K\u200b", product_id=7)
        insert("office_key", name="Oslo", state="usable", mode="invoice", default_product="K\u200b")
        insert("department", id=2, number="O\u200bslo", name="O\u200bslo", series="30")
        insert("credit_statement", number="1\u200b", customer_number="5001", credited_number="2")
    upgrade(empty.database, empty.data_dir)
    assert read(empty, "SELECT number, name, series FROM department ORDER BY id") == [
        ("10", "", "10"),
        ("Oslo", "Oslo", "30"),
    ]
    assert read(empty, "SELECT DISTINCT series, project_number FROM invoice") == [("10", "1")]
    assert read(empty, "SELECT credited_number FROM invoice WHERE id = 1") == [("2",)]
    places = ("product.number", "invoice_line.product_number", "product_link.product_number",
              "office_key.default_product")  # fmt: skip
    for place in places:
        table, column = place.split(".")
        assert read(empty, f"SELECT DISTINCT {column} FROM {table}") == [("K",)]  # noqa: S608
    assert read(empty, "SELECT number FROM credit_statement") == [("1",)]
    told = read(empty, "SELECT DISTINCT action FROM audit_event")
    assert told == [("number brought to its form",)]


@pytest.mark.slow
def test_what_would_become_one_with_another_is_left_and_told(empty: Settings) -> None:
    with _at_revision(empty, "0021") as connection:
        _insert_papers(connection)
        insert = _inserter(connection)
        insert("department", id=2, number="10\u200b", series="10\u200b")
        insert("department", id=3, number="20", series="20\u200b")
        insert("run", id="first", retry_of=None)
        insert("invoice", id=9, kind="invoice", number="9", series="20\u200b", project_number="P")
        insert("transfer", id=1, run_id="first", invoice_id=9, state="transferred")
        _say(connection, "UPDATE invoice SET project_number = 'P\u200b' WHERE id = 1")
        insert("product", number="K")
        insert("product_link", product_number="K\u200b", product_id=7)
        insert("invoice", id=10, kind="invoice", number="8\u200b", credited_number="8\u200b")
    upgrade(empty.database, empty.data_dir)
    departments = read(empty, "SELECT number, series FROM department ORDER BY id")
    assert departments == [("10", "10"), ("10\u200b", "10\u200b"), ("20", "20\u200b")]
    assert read(empty, "SELECT series FROM invoice WHERE id = 9") == [("20\u200b",)]
    assert read(empty, "SELECT project_number FROM invoice WHERE id = 1") == [("P\u200b",)]
    assert read(empty, "SELECT product_number FROM product_link") == [("K\u200b",)]
    assert read(empty, "SELECT credited_number FROM invoice WHERE id = 10") == [("8\u200b",)]
    told = read(empty, "SELECT subject, detail FROM audit_event ORDER BY id")
    assert told == [
        (r"department '10\u200b'", "There is another department 10: are they one?"),
        (r"number series '10\u200b'", "There is another series 10: are they one?"),
        (r"number series '20\u200b'", "Documents of it were sent; people see it as 20."),
        (r"product 'K\u200b'", "There is another product K: are they one?"),
        (r"project 'P\u200b'", "There is another project P: are they one?"),
    ]


@pytest.mark.slow
def test_look_alikes_that_came_in_before_they_were_held_are_held_unless_they_were_sent(
    empty: Settings,
) -> None:
    with _at_revision(empty, "0021") as connection:
        insert = _inserter(connection)
        insert("department", number="10", series="10")
        insert("customer", number="5001")
        insert("run", id="first", retry_of=None)
        papers = [("10", "7", 8), ("11", "7", 8), ("11", "07", 9), ("12", "7", 9), ("13", "7", 8),
                  ("14", "7", 8)]  # fmt: skip
        for number, (series, name, total) in enumerate(papers, 1):
            insert("invoice", id=number, kind="invoice", series=series, number=name,
                   number_likeness="7", total=total, excluded=series == "14")  # fmt: skip
        insert("transfer", id=1, run_id="first", invoice_id=5, state="transferred")
    upgrade(empty.database, empty.data_dir)
    found = read(empty, "SELECT id, resembles FROM invoice WHERE resembles <> '' ORDER BY id")
    question = "which came in before. Is it the same document, or another one?"
    assert found == [
        (2, f"It is like invoice 10-7, {question}"),  # the same content in another series
        (3, f"It is like invoice 11-7, {question}"),  # a like number in its own
        (4, f"It is like invoice 11-07, {question}"),
    ]


@pytest.mark.slow
def test_dressed_numbers_that_came_in_before_are_found_by_the_bare_number(empty: Settings) -> None:
    with _at_revision(empty, "0032") as connection:
        _insert_papers(connection)
        _say(connection, "UPDATE invoice SET number = 'Faktura 1011', series = '10' WHERE id = 1")
        _say(connection, "UPDATE invoice SET number = 'RM-10-1012', series = '10' WHERE id = 2")
    upgrade(empty.database, empty.data_dir)
    found = read(empty, "SELECT number_likeness FROM invoice ORDER BY id")
    assert found == [("1011",), ("1012",), ("3",), ("4",)]


@pytest.mark.slow
@pytest.mark.both
def test_customers_and_departments_of_before_are_found_without_accents(empty: Settings) -> None:
    with _at_revision(empty, "0037") as connection:
        _insert_papers(connection)
        _say(connection, "UPDATE customer SET name = 'Café Å', name_folded = 'café å'")
        _say(connection, "UPDATE department SET number = '2A', name = 'Malmö'")
    upgrade(empty.database, empty.data_dir)
    assert read(empty, "SELECT name_folded FROM customer") == [("cafe å",)]
    assert read(empty, "SELECT number_folded, name_folded FROM department") == [("2a", "malmo")]


@pytest.mark.slow
def test_locks_are_lifted_waiting_one_time_passwords_end_and_open_logins_were_proved_when_opened(
    empty: Settings,
) -> None:
    with _at_revision(empty, "0023") as connection:
        insert = _inserter(connection)
        for number, must_change in ((1, True), (2, False)):
            insert("user_account", id=number, name=f"user{number}", role="finance", active=True,
                   must_change=must_change, failed_attempts=5,
                   locked_until=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))  # fmt: skip
        insert("login_session", id_hash="a", user_id=2)
    upgrade(empty.database, empty.data_dir)
    with _opened(empty) as connection:
        until = sa.column("password_until", sa.DateTime(timezone=True))
        users = sa.select(until).select_from(sa.table("user_account")).order_by(sa.column("id"))
        waiting, chosen = connection.execute(users).scalars()
    assert chosen is None
    left = waiting.replace(tzinfo=waiting.tzinfo or dt.UTC) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(hours=71) < left < dt.timedelta(hours=72)
    logins = "SELECT created_at = proved_at, source, browser FROM login_session"
    assert [tuple(map(bool, row)) for row in read(empty, logins)] == [(True, False, False)]


@pytest.mark.slow
def test_users_and_logins_of_before_have_nothing_to_do_with_the_company_login(
    empty: Settings,
) -> None:
    with _at_revision(empty, "0029") as connection:
        insert = _inserter(connection)
        insert("user_account", id=1, name="kari", role="finance", active=True)
        insert("login_session", id_hash="a", user_id=1)
    upgrade(empty.database, empty.data_dir)
    turned_off = read(empty, "SELECT password_off FROM user_account")
    assert [bool(each) for (each,) in turned_off] == [False]
    logins = "SELECT by_company, company_second_factor FROM login_session"
    assert [list(map(bool, row)) for row in read(empty, logins)] == [[False, False]]


@pytest.mark.slow
def test_documents_are_made_out_to_their_customers_or_to_whom_a_question_names(
    empty: Settings,
) -> None:
    with _at_revision(empty, "0023") as connection:
        insert = _inserter(connection)
        insert("department", number="10", series="10")
        insert("customer", number="5001", name="Nordvik AS", organization_number="100000008")
        for number, whose in ((1, ""), (2, ASKED)):
            insert("invoice", id=number, kind="invoice", number=str(number), whose=whose)
    upgrade(empty.database, empty.data_dir)
    assert read(empty, "SELECT known_as FROM customer") == [("Nordvik AS",)]
    made_out = "SELECT buyer_name, buyer_number, owner_name, owner_number FROM invoice ORDER BY id"
    assert read(empty, made_out) == [
        ("Nordvik AS", "", "Nordvik AS", "100000008"),
        ("Havørn AS", "", "", ""),
    ]


@contextmanager
def _opened(settings: Settings) -> Iterator[sa.Connection]:
    """The database as the program finds it."""
    engine = make_engine(settings.database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def read(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    """What the database answers."""
    with _opened(settings) as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def _say(connection: sa.Connection, statement: str) -> None:
    connection.execute(sa.text(statement))


@contextmanager
def _at_revision(settings: Settings, revision: str) -> Iterator[sa.Connection]:
    """The database as an earlier version has left it."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    engine = make_engine(settings.database, migrating=True)
    with engine.execution_options(so24_write=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        yield connection
    engine.dispose()


def _inserter(connection: sa.Connection) -> Callable[..., None]:
    """A function that inserts a row; what it is not given is filled with something blank."""
    tables = sa.MetaData()
    tables.reflect(connection)
    blank = {sa.String: "", sa.Integer: 1, sa.BigInteger: 0, sa.Boolean: False}
    moment = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    blank |= {sa.Date: moment.date(), sa.DateTime: moment}

    def insert(into: str, /, **values: object) -> None:
        table = tables.tables[into]
        needed = [each for each in table.columns if not each.nullable]
        filled = {
            each.name: next(v for kind, v in blank.items() if isinstance(each.type, kind))
            for each in needed
        }
        connection.execute(table.insert().values({**filled, **values}))

    return insert


def _insert_papers(connection: sa.Connection) -> None:
    insert = _inserter(connection)
    insert("department", number="10", series="10")
    insert("customer", number="5001")
    for number, (kind, held, sign) in enumerate(
        [("credit_note", "", 1), ("invoice", "", 1), ("credit_note", "?", 1),
         ("credit_note", "", -1)], 1,
    ):  # fmt: skip
        insert("invoice", id=number, kind=kind, number=str(number), held=held, net=8 * sign,
               vat=2 * sign, total=10 * sign, stated_vat=2 * sign)  # fmt: skip
        insert("invoice_line", id=number, invoice_id=number, quantity=4 * sign, unit_price=2,
               net=8 * sign, vat=2 * sign)  # fmt: skip


OLD_BREAKS = {
    "": 0,
    "DELETE FROM transfer_event WHERE id = 4": 1,  # the end of a chain
    "DELETE FROM transfer_event WHERE invoice_id = 1": 2,
    "DELETE FROM history_anchor WHERE id = 2": 1,
    "UPDATE transfer_event SET words = 'other' WHERE id = 1": 1,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "tampering",
    ["", *(pytest.param(each, marks=pytest.mark.long) for each in OLD_BREAKS if each)],
)
def test_the_anchors_until_now_are_carried_over_with_what_they_guard(
    empty: Settings, tampering: str
) -> None:
    with _at_revision(empty, "0006") as connection:
        _insert_history(connection)
        if tampering:
            connection.execute(sa.text(tampering))
    upgrade(empty.database, empty.data_dir)
    database = Database(empty.database)
    with database.reading() as session:
        before = verify_history(session)
    assert len(before.breaks) >= OLD_BREAKS[tampering]
    assert bool(before.breaks) == bool(tampering)
    with database.writing() as session:
        _go_on(session)
        write_anchor_if_new(session, latest_anchor(session))
    with database.reading() as session:
        after = verify_history(session)
    assert after.breaks == before.breaks, "nothing new is wrong, and nothing is forgotten"
    with database.writing() as session:
        session.execute(sa.text("DELETE FROM transfer_event WHERE invoice_id = 2"))
    with database.reading() as session:
        assert len(verify_history(session).breaks) > len(after.breaks)
    database.dispose()


def _insert_history(connection: sa.Connection) -> None:
    """Two documents' events, and three anchors over them, as revision 0006 has written them."""
    insert = _inserter(connection)
    insert("department", number="10", series="10")
    insert("customer", number="5001")
    insert("run", id="first", retry_of=None)
    for number in (1, 2):
        insert("invoice", id=number, kind="invoice", number=str(number))
        insert("transfer", id=number, run_id="first", invoice_id=number, state="transferred")
    heads: dict[int, tuple[int, str]] = {}
    told = [(1, "queued"), (2, "queued"), (1, "drafted"), (2, "drafted"), (2, "transferred")]
    anchor_hash = "0" * 64
    for number, (invoice_id, state) in enumerate(told, 1):
        moment = dt.datetime(2026, 11, 2, 9, number, 0, 123, tzinfo=dt.UTC)
        sequence, before = heads.get(invoice_id, (0, "0" * 64))
        values = [invoice_id, invoice_id, sequence + 1, moment.isoformat(), "ada", state, "",
                  None, None, "", "Øre", before]  # fmt: skip
        text = json.dumps(values, ensure_ascii=False)
        heads[invoice_id] = (sequence + 1, hashlib.sha256(text.encode()).hexdigest())
        insert("transfer_event", id=number, transfer_id=invoice_id, invoice_id=invoice_id,
               sequence=sequence + 1, at=moment, actor="ada", state=state, words="Øre",
               hash_before=before, hash=heads[invoice_id][1])  # fmt: skip
        if number in (2, 3, 5):
            text = "".join(f"{key}:{at}:{digest};" for key, (at, digest) in sorted(heads.items()))
            digest = hashlib.sha256(text.encode()).hexdigest()
            insert("history_anchor", id=number, at=moment, chains=2, events=number,
                   last_event_id=number, hash=digest, hash_before=anchor_hash)  # fmt: skip
            anchor_hash = digest
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("ALTER SEQUENCE transfer_event_id_seq RESTART WITH 6"))


def _go_on(session: Session) -> None:
    """What the present version adds to that history."""
    row = session.get_one(Transfer, 2)
    append_events(session, [{**row.model_dump(), "state": "exists"}], "ada")


@pytest.mark.slow
@pytest.mark.sqlite_only(reason="PostgreSQL changes tables in a transaction and keeps no copy")
def test_a_database_with_data_is_copied_before_it_is_changed(empty: Settings) -> None:
    file = empty.data_dir / "so24.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE old (x)")
    connection.close()
    upgrade(empty.database, empty.data_dir)
    assert list(empty.data_dir.glob("so24.db.before-*"))
