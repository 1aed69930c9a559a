"""A running sandbox, a logged-in caller, and books with one customer and three products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from so24.office.interface.description import service_interface
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.sandbox.caller import NIL, Caller, Tree


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def control(server: SandboxServer) -> Control:
    return Control(server.address)


@pytest.fixture
def stranger(server: SandboxServer) -> Iterator[Caller]:
    """A caller without a session."""
    caller = Caller(server.address)
    yield caller
    caller.close()


@pytest.fixture
def caller(stranger: Caller) -> Caller:
    """A caller who is logged in at Nordlys Bemanning."""
    stranger.login("oslo@sandbox.example", "sandbox-oslo")
    assert stranger.session
    return stranger


@dataclass(frozen=True)
class Goods:
    """What the books hold before a test: ids of a customer and of products by VAT rate."""

    customer: int
    vat25: int
    vat15: int
    vat0: int

    def order(self, status: object = "Draft", /, **fields: object) -> dict[str, object]:
        """An order of two hours at 100, net."""
        return {
            "CustomerId": self.customer,
            "OrderStatus": status,
            "IncludeVAT": "false",
            "InvoiceRows": {"InvoiceRow": [self.row()]},
        } | fields

    def row(self, **fields: object) -> dict[str, object]:
        """Two hours at 100, net."""
        return {"ProductId": self.vat25, "Price": 100, "Quantity": 2} | fields


@pytest.fixture
def goods(control: Control) -> Goods:
    customer = control.edit("edit_company", OSLO, Name="Fjellheim Bygg AS", ExternalId="RM-1")
    products = (
        control.edit("edit_product", OSLO, Name=name, No=name, CategoryId=category)
        for category, name in ((1, "hours"), (2, "lunch"), (3, "fee"))
    )
    return Goods(customer["Id"], *(product["Id"] for product in products))


def ordered(order: Tree) -> dict[str, object]:
    """The order's elements in the order of the interface."""
    names = [field.name for field in service_interface("InvoiceService").records["InvoiceOrder"]]
    assert set(order) <= set(names), sorted(set(order) - set(names))
    return {name: order[name] for name in names if name in order}


__all__ = ["NIL", "Goods", "ordered"]
