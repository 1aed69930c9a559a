"""Requests that create or invoice orders, written apart from the call that carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from so24.office import writing
from so24.office.outcomes import ORDERS, SavedKind
from so24.office.soap import encode_request
from so24.office.values import NewOrder, OrderToInvoice

Booked = Literal["Invoiced", "ForInvoicing"]


@dataclass(frozen=True)
class WrittenOrders:
    """A request to save orders, written but not sent: its fields and its bytes."""

    sent: list[writing.Fields]
    request: bytes


def write_drafts(orders: Sequence[NewOrder]) -> WrittenOrders:
    """Write the request that creates these orders; raises BadRequest where one cannot be sent."""
    sent = [writing.write_order(order) for order in orders]
    return WrittenOrders(sent, encode_saving(ORDERS, sent))


def show_request(request: bytes, stand_ins: Mapping[int, str]) -> str:
    """A request as people read it: indented, ids that stand in for others as «words»."""
    root = etree.fromstring(request)
    for element in root.iter("{*}CustomerId", "{*}ProductId"):
        number = int(element.text or 0)
        if number in stand_ins:
            element.text = f"«{stand_ins[number]}»"
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode"))


def write_invoicing(orders: Sequence[OrderToInvoice], status: Booked) -> WrittenOrders:
    """Write the request that invoices these orders, or hands them over for approval."""
    sent = [writing.write_status(order, status) for order in orders]
    return WrittenOrders(sent, encode_saving(ORDERS, sent))


def encode_saving(kind: SavedKind, sent: list[writing.Fields]) -> bytes:
    """The request of a Save call; raises BadRequest where an item does not fit the schema."""
    return encode_request(kind.service, kind.operation, {kind.parameter: {kind.element: sent}})
