"""The demo world."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from so24.errors import ConfigurationError
from so24.sandbox.books.books import Books
from so24.sandbox.books.seed import ACCOUNTS, BERGEN, DEMO_WORLD, OSLO, STAVANGER, STRAY, seed_demo
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.sandbox.caller import Caller

WORLD: dict[str, Any] = {
    "customers": [
        {"number": "5001", "name": "Fjellheim Bygg AS", "organization_number": "911111111"},
        {"number": "5002", "name": "Fjordgløtt Hotell AS", "organization_number": "922222222"},
        {"number": "5003", "name": "Havblikk Drift AS", "organization_number": "933333333"},
        {"number": "5004", "name": "Ukjent Kunde AS", "organization_number": "944444444"},
    ],
    "products": [
        {"client": "10000001", "number": "1001", "name": "Hours", "category": "1"},
        {"client": "10000001", "number": "1090", "name": "Course", "category": "3"},
    ],
    "existing_orders": [
        {
            "client": "10000001",
            "customer_number": "5001",
            "reference": "RM-10-1001",
            "invoice_date": "2026-11-02",
            "rows": [
                {"product_number": "1001", "name": "Hours", "quantity": "7.5", "price": "400.00"}
            ],
        },
        {
            "client": "10000001",
            "customer_number": "5001",
            "reference": None,
            "invoice_date": "2026-11-03",
            "rows": [
                {"product_number": "1090", "name": "Course", "quantity": "1", "price": "950.00"}
            ],
        },
    ],
}


@pytest.fixture
def world(tmp_path: Path) -> Path:
    file = tmp_path / "world.json"
    file.write_text(json.dumps(WORLD), encoding="utf-8")
    return file


def books_of(world: Path | None) -> dict[int, dict[str, Any]]:
    with SandboxServer(world=world) as server:
        return Control(server.address).books()


def test_every_account_logs_in_at_its_standard_client() -> None:
    with SandboxServer() as server:
        for account in ACCOUNTS:
            caller = Caller(server.address)
            caller.login(account.username, account.password)
            identities = caller.call("Authenticate", "GetIdentities").records("Identity")
            current = caller.call("Authenticate", "GetIdentity").result["Client"]["Id"]
            caller.close()
            assert {int(one["Client"]["Id"]) for one in identities} == set(account.clients)
            assert int(current) == account.clients[0]


def test_without_a_world_there_are_clients_and_nothing_in_their_books(tmp_path: Path) -> None:
    for world in (None, tmp_path / "missing.json"):
        books = books_of(world)
        assert set(books) == {OSLO, BERGEN, STAVANGER, STRAY}
        assert [books[OSLO][part] for part in ("companies", "products", "orders")] == [[], [], []]
        assert [client for client in books if books[client]["maintenance"]] == [STAVANGER]


def test_the_known_customers_stand_as_the_demo_needs_them(world: Path) -> None:
    companies = {one["Name"]: one for one in books_of(world)[OSLO]["companies"]}
    assert len(companies) == 3
    assert companies["Fjellheim Bygg AS"]["ExternalId"] == "RM-5001"
    assert "ExternalId" not in companies["Fjordgløtt Hotell AS"]
    assert companies["Fjordgløtt Hotell AS"]["OrganizationNumber"] == "922222222"
    blocked = companies["Havblikk Drift AS"]
    assert (blocked["ExternalId"], blocked["BlockInvoice"]) == ("RM-5003", True)


def test_the_existing_orders_are_invoiced_one_with_our_reference_one_without(world: Path) -> None:
    first, second = books_of(world)[OSLO]["orders"]
    assert (first["ReferenceNumber"], first["InvoiceId"]) == ("RM-10-1001", 10001)
    assert first["OrderTotalIncVat"] == "3750.00"
    assert first["DateInvoiced"] == "2026-11-01T23:00:00Z"
    assert "ReferenceNumber" not in second
    assert (second["OrderStatus"], second["OrderTotalIncVat"]) == ("Invoiced", "950.00")
    assert first["CustomerId"] == second["CustomerId"]


def test_seeding_again_changes_nothing(world: Path, tmp_path: Path) -> None:
    books = Books(tmp_path / "books.db")
    seed_demo(books, world)
    seed_demo(books, world)
    with books.transaction():
        assert books.row("select count(*) from orders")[0] == 2
    books.close()


@pytest.mark.parametrize("change", [{"customers": []}, {"products": []}, {"existing_orders": 5}])
def test_a_world_that_does_not_fit_is_refused_and_leaves_the_books_empty(
    world: Path, change: dict[str, object]
) -> None:
    world.write_text(json.dumps(WORLD | change), encoding="utf-8")
    books = Books()
    with pytest.raises(ConfigurationError, match=r"world\.json cannot be read"):
        seed_demo(books, world)
    with books.transaction():
        assert books.row("select count(*) from client")[0] == 0
    books.close()


@pytest.mark.skipif(not DEMO_WORLD.is_file(), reason="the demo data has no world.json")
def test_the_demo_world_of_the_checkout_fits() -> None:
    books = books_of(DEMO_WORLD)[OSLO]
    numbers = {product["No"]: product["CategoryId"] for product in books["products"]}
    assert numbers.items() >= {"1001": 1, "1002": 1, "1090": 3}.items()
    references = [order.get("ReferenceNumber") for order in books["orders"]]
    assert sorted(map(str, references)) == ["None", "RM-10-1001"]
