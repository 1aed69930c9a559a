"""How a history begins: what the accounts reach, and what an earlier export has left.

Most installations have exported before: they know the customers' and products' cards and have a
session. What that looks like nobody has written down: a first export was played for it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulation.books import DRAFT, FIRST_ORDER, FOREIGN, INVOICED, Ledger, Order, Record
from tests.simulation.schedule import BEGIN
from tests.simulation.server import HERE, THERE, Server, Session
from tests.simulation.site import ACCOUNTS, Change, Site

MOSTLY = 0.7  # of the histories begin after an earlier export
ELSEWHERE = "99"  # the series of a department that was given another number
LONG_AGO = dt.timedelta(hours=3)
CHANGES: Mapping[str, Change] = {
    "orders for approval": ("update office_key set mode = 'approval'", ()),
    "two keys of one account": ("update office_key set username = 'her@example.com'", ()),
}
_TABLES = {"customer_link": ("said_at",), "product_link": ("read_at", "said_at")}
_ACCOUNT = (
    "update office_key set session_sealed = ?, client_name = ?, companies = ?, last_login_at = ?, "
    "last_used_at = ? where organization_id = ?"
)


@dataclass(frozen=True)
class Known:
    """What an export leaves: cards in the companies' books, and the store's links to them."""

    companies: Mapping[int, Mapping[int, Record]]
    products: Mapping[int, Mapping[int, Record]]
    orders: Mapping[int, Mapping[str, Record]]
    links: tuple[Change, ...]


def keep_known(site: Site, server: Server) -> Known:
    """What is known after an export, as of long ago."""
    earlier = BEGIN - LONG_AGO
    dates = {"DateChanged": earlier, "DateRegistered": earlier}
    return Known(
        {
            client: {number: {**card, **dates} for number, card in ledger.companies.items()}
            for client, ledger in server.ledgers.items()
        },
        {client: dict(ledger.products) for client, ledger in server.ledgers.items()},
        {
            client: {order.born: order.record for order in ledger.orders.values()}
            for client, ledger in server.ledgers.items()
        },
        tuple(change for table in _TABLES for change in _copy_rows(site, table)),
    )


def begin(
    server: Server, known: Known | None, sites: int, *, foreign: bool
) -> list[tuple[Change, ...]]:
    """Set the office up; returns what each installation's database is changed by beforehand.

    ``foreign``: the other company has drafts of its own, with the numbers that ours will have here.
    """
    habits, draw = server.habits, server.scheduler.draw("beginning")
    earlier, alone = draw.random() < MOSTLY, draw.random() < 0.5
    if alone and not {"session moved", "two keys of one account"} & set(habits.names):
        server.accounts = {account: (client,) for client, account in ACCOUNTS.items()}
    changes = tuple(change for name, change in CHANGES.items() if habits.has(name))
    if known is None or not earlier or habits.has("two keys of one account"):
        return [changes] * sites
    for client, ledger in server.ledgers.items():
        ledger.companies = dict(known.companies[client])
        ledger.products = dict(known.products[client])
    if habits.has("it was entered before"):
        _enter_one(server, known)
    if foreign:
        _enter_foreign(server.ledgers[THERE], known.orders[THERE])
    return [(*changes, *known.links, *_log_in(server)) for _ in range(sites)]


def _enter_one(server: Server, known: Known) -> None:
    """One of the documents is invoiced there already, by a hand or from another department."""
    draw = server.scheduler.draw("it was entered before")
    ledger, orders = server.ledgers[HERE], known.orders[HERE]
    enter_same(ledger, draw, orders[draw.choice(sorted(orders))], -LONG_AGO.total_seconds())
    server.habits.note("it was entered before")


def _enter_foreign(ledger: Ledger, orders: Mapping[str, Record]) -> None:
    """Drafts that are none of ours."""
    like = next(iter(orders.values()))
    for number in range(FIRST_ORDER, FIRST_ORDER + FOREIGN):
        theirs = {"OrderId": number, "OrderStatus": DRAFT, "InvoiceId": None, "CustomerId": number}
        order = ledger.orders[number] = Order({**like, **theirs, "ReferenceNumber": "theirs"}, "")
        ledger.book(order, -LONG_AGO.total_seconds())


def enter_same(ledger: Ledger, draw: random.Random, record: Record, moment: float) -> None:
    """Enter and invoice the document of this order once more, as it may look when others do so.

    Without our reference, or with one of another series; its date may be a day off.
    """
    reference = record["ReferenceNumber"]
    number = max(ledger.orders, default=FIRST_ORDER - 1) + 1
    others = {
        "OrderId": number,
        "InvoiceId": None,
        "OrderStatus": DRAFT,
        "DateInvoiced": record["DateInvoiced"] + dt.timedelta(days=draw.choice((-1, 0, 0, 1))),
        "ReferenceNumber": draw.choice((None, f"RM-{ELSEWHERE}-{reference.split('-')[2]}")),
    }
    entered = ledger.orders[number] = Order({**record, **others}, "", same_as=reference)
    ledger.change(entered, moment, OrderStatus=INVOICED)


def _log_in(server: Server) -> list[Change]:
    """Sessions from earlier, one for each key of one installation."""
    changes: list[Change] = []
    earlier = _in_store(BEGIN - LONG_AGO)
    for client, account in ACCOUNTS.items():
        name = f"session{len(server.sessions) + 1:04d}"
        server.sessions[name] = Session(account, client)
        company, reached = server.ledgers[client].name, len(server.reach(account))
        changes.append((_ACCOUNT, (name, company, reached, earlier, earlier, client)))
    return changes


def _copy_rows(site: Site, table: str) -> list[Change]:
    """Insertions of the table's rows, with the times of long ago."""
    cursor = site.db.connection.execute(f"select * from {table}")  # noqa: S608 - fixed names
    names = [column[0] for column in cursor.description]
    places = ", ".join("?" * len(names))
    insert = f"insert into {table} ({', '.join(names)}) values ({places})"  # noqa: S608 - as above
    earlier = _in_store(BEGIN - LONG_AGO)
    times = _TABLES[table]
    return [
        (
            insert,
            tuple(
                _as_of(name in times, value, earlier)
                for name, value in zip(names, row, strict=True)
            ),
        )
        for row in cursor.fetchall()
    ]


def _as_of(is_time: bool, value: Any, earlier: str) -> Any:
    return earlier if is_time and value is not None else value


def _in_store(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"
