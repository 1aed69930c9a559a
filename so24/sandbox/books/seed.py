"""The demo world as 24SevenOffice holds it before the first export: clients, users, and traps.

The clients are fixed here. The figures that must agree with the demo invoices (organization
numbers, dates, rows) come from the demo data's ``world.json``; without it the clients are empty.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from so24.errors import ConfigurationError, WrongUse
from so24.sandbox.books.books import Books, Call
from so24.sandbox.books.companies import save_company
from so24.sandbox.books.edits import create_order
from so24.sandbox.books.identities import add_account
from so24.sandbox.books.lists import add_category, add_lists, save_product
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.refusals import ItemRefused

DEMO_WORLD = Path(__file__).resolve().parents[3] / "data" / "demo" / "world.json"


@dataclass(frozen=True)
class DemoAccount:
    """A user of the demo world; ``clients`` begin with the standard client."""

    username: str
    password: str
    clients: tuple[int, ...]


OSLO, BERGEN, STAVANGER, STRAY = 10000001, 10000002, 10000003, 10000009
CLIENTS: Mapping[int, str] = {
    OSLO: "Nordlys Bemanning AS",
    BERGEN: "Fjordglimt Vikar AS",
    STAVANGER: "Havbris Personell AS",
    STRAY: "Andre Bøker AS",
}
UNDER_MAINTENANCE = STAVANGER
# Invented, published passwords of invented accounts that exist on this machine only.
ACCOUNTS = tuple(
    DemoAccount(f"{name}@sandbox.example", f"sandbox-{name}", clients)
    for name, clients in (
        ("oslo", (OSLO,)),
        ("bergen", (OSLO, BERGEN)),
        ("stavanger", (STAVANGER,)),
        ("stray", (STRAY,)),
    )
)
CATEGORIES: tuple[tuple[int, str, Decimal], ...] = (
    (1, "Services 25 %", Decimal(25)),
    (2, "Food 15 %", Decimal(15)),
    (3, "Exempt 0 %", Decimal(0)),
)
# How the demo customers already stand in the standard client's books.
KNOWN_BY_EXTERNAL_ID, KNOWN_BY_NUMBER, BLOCKED = "5001", "5002", "5003"


def seed_demo(books: Books, world: Path | None) -> None:
    """Put the demo world into empty books, all or nothing; books that have clients stay as is.

    Raises :class:`ConfigurationError` when ``world`` exists but does not fit.
    """
    with books.transaction():
        known = [row[0] for row in books.rows("select id from client")]
        for client in known:
            add_lists(books, client)
        if known:
            return
        for client, name in CLIENTS.items():
            add_client(books, client, name, maintenance=client == UNDER_MAINTENANCE)
        for account in ACCOUNTS:
            add_account(books, account.username, account.password, list(account.clients))
        if world is not None and world.is_file():
            try:
                _add_world(books, json.loads(world.read_text(encoding="utf-8")))
            except (KeyError, TypeError, ValueError, WrongUse, ItemRefused) as error:
                raise ConfigurationError(
                    f"The demo world {world.name} cannot be read: {error!r}."
                ) from error


def add_client(books: Books, client: int, name: str, *, maintenance: bool = False) -> None:
    """Open the books of a client, with the demo's product categories and lists."""
    books.change("insert into client values(?, ?, ?)", client, name, maintenance)
    for number, title, vat in CATEGORIES:
        add_category(books, client, number, title, vat)
    add_lists(books, client)


def _add_world(books: Books, world: Mapping[str, Any]) -> None:
    now = dt.datetime.now(dt.UTC)
    for product in world["products"]:
        call = Call(books, now, acting_client=int(product["client"]))
        fields = {"Name": product["name"], "No": product["number"]}
        save_product(call, fields | {"CategoryId": int(product["category"])})
    call = Call(books, now, acting_client=OSLO)
    customers = {customer["number"]: customer for customer in world["customers"]}
    for number in (KNOWN_BY_EXTERNAL_ID, KNOWN_BY_NUMBER, BLOCKED):
        save_company(call, _company(customers[number]))
    for order in world["existing_orders"]:
        call = Call(books, now, acting_client=int(order["client"]))
        create_order(
            call,
            _known_company(call, customers[order["customer_number"]]),
            order["rows"],
            reference=order["reference"],
            status="Invoiced",
            invoice_date=order["invoice_date"],
        )


def _company(customer: Mapping[str, Any]) -> Fields:
    number = customer["number"]
    company: Fields = {"Name": customer["name"], "Type": "Business"}
    if customer.get("organization_number"):
        company["OrganizationNumber"] = customer["organization_number"]
    if number != KNOWN_BY_NUMBER:
        company["ExternalId"] = f"RM-{number}"
    return company | {"BlockInvoice": number == BLOCKED}


def _known_company(call: Call, customer: Mapping[str, Any]) -> int:
    row = call.books.row(
        "select id from company where client = ? and (external_id = ? or organization_number = ?)",
        call.client, f"RM-{customer['number']}", customer.get("organization_number"),
    )  # fmt: skip
    return int(row[0]) if row else int(save_company(call, _company(customer))["Id"])
