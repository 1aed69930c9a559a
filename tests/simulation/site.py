"""An installation of the simulated world: the product's own store, in memory.

The tables are made once, with two keys and six documents in them, and copied for each history.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlmodel import Session

from so24.installation import Installation
from so24.keys.activation import activate
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.settings import Settings
from so24.store.database.engine import Database
from so24.store.database.migrate import upgrade
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice, InvoiceLine
from so24.store.tables.key_tables import Department, Key, KeyDepartment
from so24.store.tables.people_tables import Role
from so24.store.transfers.transfers import LaneName
from so24.transfer.runs import start_run
from so24.vault import new_cookie_key, new_secret_key
from tests.simulation import clock
from tests.simulation.quick.memory import MemoryDatabase
from tests.simulation.schedule import Scheduler
from tests.simulation.server import HERE, THERE

Change = tuple[str, tuple[Any, ...]]  # SQL and its parameters

ADMIN = Actor("ada", Role.ADMIN)
DAY = dt.date(2026, 11, 2)
SERIES = {HERE: "10", THERE: "20"}
ACCOUNTS = {HERE: "her@example.com", THERE: "der@example.com"}
DOCUMENTS = {HERE: 4, THERE: 2}
PATIENCE = 100.0
_ORE = Decimal("0.01")


class PlainVault:
    """Seals nothing: the simulation has no secrets, and a history must come out the same again."""

    def seal(self, secret: str) -> str:
        """The text as it is."""
        return secret

    unseal = seal

    def opens(self, _sealed: str) -> bool:
        """Every text can be read."""
        return True


class Site:
    """One installation and what stands around it."""

    def __init__(
        self,
        number: int,
        scheduler: Scheduler,
        documents: tuple[int, ...],
        changes: tuple[Change, ...] = (),
        patience: float = PATIENCE,
    ) -> None:
        """``documents`` are in transfer already, by the run and lanes of ``pressed``.

        ``changes`` were carried out before that. ``patience``: how many seconds of trouble a lane
        bears.
        """
        self.number = number
        self.scheduler = scheduler
        self.pressed = press(documents, changes)
        self.db = _database(number, self.pressed)
        self.db.renew()
        self.db.point = scheduler.point
        self.installation = Installation(_settings(patience), self.db, PlainVault())  # type: ignore[arg-type] # as the vault does
        self.desk = Desk(self.installation, ADMIN)

    def query(self, sql: str) -> list[Any]:
        """Look into the store beside the product."""
        return self.db.look(sql)


@cache
def _database(_number: int, pressed: Pressed) -> MemoryDatabase:
    """The databases of a process are used again by each history that begins alike."""
    return MemoryDatabase(pressed.content, pressed)


@cache
def _settings(patience: float = PATIENCE) -> Settings:
    return Settings(
        _env_file=None,
        mode="sandbox",
        data_dir=Path(tempfile.gettempdir()),
        secret_keys=SecretStr(new_secret_key()),
        cookie_key=SecretStr(new_cookie_key()),
        office_url="https://office.example",
        demo=False,
        settle_seconds=10.0,
        connect_seconds=2.0,
        read_seconds=8.0,
        patience_seconds=patience,
        login_pause_seconds=60.0,
    )


@dataclass(frozen=True, eq=False)
class Pressed:
    """A database in which somebody has just pressed the button for some documents."""

    content: sqlite3.Connection
    run_id: str
    lanes: tuple[LaneName, ...]


@cache
def press(documents: tuple[int, ...], changes: tuple[Change, ...]) -> Pressed:
    """Press the button once for all histories that begin with these documents."""
    lanes: list[LaneName] = []
    with clock.time_of_its_own():
        database = MemoryDatabase(template(), changes)
        for change in changes:
            database.connection.execute(*change)
        desk = Desk(Installation(_settings(), database, PlainVault()), ADMIN)  # type: ignore[arg-type] # as the vault does
        run_id = start_run(desk, documents, lambda _, lane: lanes.append(lane))
    database.connection.execute("COMMIT")
    return Pressed(database.connection, run_id, tuple(lanes))


@cache
def template() -> sqlite3.Connection:
    """The database that every history begins with."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'so24.db'}"
        upgrade(url, Path(folder))
        database = Database(url)
        activate(Desk(Installation(_settings(), database, PlainVault()), ADMIN))  # type: ignore[arg-type] # as the vault does
        with database.writing() as session:
            for client in SERIES:
                _fill(session, client)
        database.dispose()
        made = sqlite3.connect(Path(folder) / "so24.db", isolation_level=None)
        made.execute("PRAGMA journal_mode=DELETE")
        made.execute("VACUUM")
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        made.backup(kept)
        made.close()
        return kept


def _fill(session: Session, client: int) -> None:
    """A key, its department and the documents that it sends."""
    series = SERIES[client]
    department = Department(number=series, name=series, series=series)
    session.add(department)
    key = Key(
        name=f"key {series}",
        organization_id=client,
        client_id=client,
        username=ACCOUNTS[client],
        password_sealed="password",
        category_id=1,
    )
    session.add(key)
    session.flush()
    session.add(KeyDepartment(key_id=key.row_id, department_id=department.row_id))
    customers = [_customer(session, f"{series}{place}") for place in range(2)]
    for place in range(DOCUMENTS[client]):
        _add_invoice(session, department, customers[place % 2], int(series) * 100 + place + 1)


def _customer(session: Session, number: str) -> Customer:
    customer = Customer(
        tenant="recman",
        number=number,
        name=f"Kunde {number} AS",
        address="Storgata 1",
        postal_code="0155",
        city="Oslo",
        country="NO",
        credit_days=14,
        completed=True,
    )
    session.add(customer)
    session.flush()
    return customer


def _add_invoice(session: Session, department: Department, customer: Customer, number: int) -> None:
    price = 1_000 + number % 1_000  # the same for the documents of both companies
    lines = [
        InvoiceLine(
            invoice_id=0,
            position=position,
            product_number=f"P{position % 2}",
            product_name=f"Product {position % 2}",
            text=f"Work {position}",
            quantity=Decimal(position),
            unit_price=Decimal(price),
            net=Decimal(price * position).quantize(_ORE),
            vat_rate=Decimal(25),
        )
        for position in range(1, 2 + number % 2)
    ]
    net = sum((line.net for line in lines), Decimal(0))
    vat = (net / 4).quantize(_ORE)
    invoice = Invoice(
        tenant="recman",
        kind=DocumentKind.INVOICE,
        series=department.series,
        number=str(number),
        department_id=department.row_id,
        customer_id=customer.row_id,
        invoice_date=DAY,
        due_date=DAY + dt.timedelta(days=14),
        currency="NOK",
        net=net,
        vat=vat,
        total=net + vat,
        fingerprint=f"f{number}",
    )
    session.add(invoice)
    session.flush()
    for line in lines:
        line.invoice_id = invoice.row_id
    session.add_all(lines)
