"""The office's books: what 24SevenOffice holds, by the rules that its documentation states.

Kept apart from the sandbox and from the product: plain records by the interface's field names. An
order remembers how it came into being (``born``), which no hand can change and no read shows.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Record = dict[str, Any]

DRAFT, INVOICED, INACTIVE, FOR_APPROVAL = "Draft", "Invoiced", "Inactive", "ForInvoicing"
FIRST_CUSTOMER, FIRST_PRODUCT, FIRST_ORDER, FIRST_INVOICE = 1001, 2001, 9001, 301
FOREIGN = 8  # customers and products that were there before us
_ORE = Decimal("0.01")
_VAT = Decimal("0.25")
_NO_TIME = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class ItemRefused(Exception):
    """One item of a call is not saved; the answer says why."""


@dataclass
class Order:
    """An order: its record now, and what each state of it was from when on."""

    record: Record
    born: str
    past: list[tuple[float, Record | None]] = field(default_factory=list)
    invoiced_by: str = ""
    date_moved: bool = False
    answered: bool = False  # somebody was told its number
    same_as: str = ""  # of one that a hand has entered: the reference of the same document
    withheld: int = 0  # how many answers have left it out that should have had it
    shown_at: float | None = None  # when an answer had it for the first time

    @property
    def nameless(self) -> bool:
        """Whether nobody can know it as what it was sent as."""
        known = self.record["ReferenceNumber"]
        return known is None or (known != self.born and not self.answered)

    def seen_at(self, moment: float) -> Record | None:
        """The record as it stood then; None before it was there, and after it was deleted."""
        seen = None
        for since, record in self.past:
            if since > moment:
                break
            seen = record
        return seen


class Ledger:
    """One company's books."""

    def __init__(self, client: int, name: str) -> None:
        self.client = client
        self.name = name
        self.companies: dict[int, Record] = {}
        self.products: dict[int, Record] = {}
        self.orders: dict[int, Order] = {}
        self.random_ids: random.Random | None = None
        self.invoices = FIRST_INVOICE
        for place in range(FOREIGN):
            number = FIRST_CUSTOMER + place
            self.companies[number] = self._card(
                number, {"Name": f"Annet foretak {place}"}, _NO_TIME
            )
            number = FIRST_PRODUCT + place
            self.products[number] = {"Id": number, "No": f"X{place}", "Name": f"Vare {place}",
                                     "CategoryId": 1, "StatusId": 1}  # fmt: skip

    # -- what so24 writes --

    def save_company(self, sent: Mapping[str, Any], at: dt.datetime) -> Record:
        """Create a customer."""
        number = self._next(self.companies, FIRST_CUSTOMER)
        self.companies[number] = self._card(number, sent, at)
        return {"Id": number, "ExternalId": sent.get("ExternalId")}

    def save_product(self, sent: Mapping[str, Any]) -> Record:
        """Create a product."""
        number = self._next(self.products, FIRST_PRODUCT)
        self.products[number] = {**sent, "Id": number, "StatusId": 1}
        return {"Id": number, "No": sent["No"]}

    def save_order(self, sent: Mapping[str, Any], moment: float, born: str) -> Record:
        """Create an order, or change the status of one; raises :class:`ItemRefused`."""
        number = sent.get("OrderId")
        order = None if number is None else self.orders.get(number)
        if number is not None and (order is None or order.past[-1][1] is None):
            raise ItemRefused(f"Order {number} does not exist")
        if order is not None and order.record["OrderStatus"] in (INVOICED, INACTIVE):
            word = "already invoiced" if order.record["InvoiceId"] else "inactive"
            raise ItemRefused(f"Order {number} is {word} and cannot be changed")
        if sent["CustomerId"] not in self.companies:
            raise ItemRefused(f"Customer {sent['CustomerId']} does not exist")
        if order is None:
            order = self._new_order(sent, born)
        else:
            wanted = ("CustomerId", "OrderStatus", "DateInvoiced", "ReferenceNumber")
            order.record = {**order.record, **{name: sent[name] for name in wanted}}
            order.date_moved = sent["DateInvoiced"] != order.record["DateOrdered"]
        if order.record["OrderStatus"] == INVOICED:
            order.invoiced_by = born
        self.book(order, moment)
        record = order.record
        return {name: record[name] for name in ("OrderId", "InvoiceId", "ReferenceNumber")}

    def book(self, order: Order, moment: float) -> None:
        """Number an order that is invoiced, and keep how it stands from now on."""
        record = order.record
        if record["OrderStatus"] == INVOICED and record["InvoiceId"] is None:
            order.record = {**record, "InvoiceId": self.invoices}
            self.invoices += 1
        order.past.append((moment, order.record))

    # -- what hands do --

    def change(self, order: Order, moment: float, **fields: Any) -> None:
        """A hand changes an order, within the rules or beside them."""
        order.record = {**order.record, **fields}
        if fields.get("OrderStatus") == INVOICED:
            order.invoiced_by = "hand"
        self.book(order, moment)

    def delete(self, order: Order, moment: float) -> None:
        """A hand deletes an order; its past is kept for reads that lag, and for the judge."""
        order.past.append((moment, None))
        order.record = {**order.record, "OrderStatus": "Deleted"}

    def touch(self, company: int, at: dt.datetime, **fields: Any) -> None:
        """A hand changes a customer's card."""
        self.companies[company] = {**self.companies[company], **fields, "DateChanged": at}

    def _new_order(self, sent: Mapping[str, Any], born: str) -> Order:
        rows = sent["InvoiceRows"]["InvoiceRow"]
        for row in rows:
            if row.get("ProductId") is not None and row["ProductId"] not in self.products:
                raise ItemRefused(f"Product {row['ProductId']} does not exist")
        net = sum((_amount(row) for row in rows), Decimal(0))
        vat = (net * _VAT).quantize(_ORE, ROUND_HALF_UP)
        number = self._next(self.orders, FIRST_ORDER)
        record = {
            **sent,
            "OrderId": number,
            "InvoiceId": None,
            "InvoiceRows": [{**row, "VatRate": Decimal(25)} for row in rows],
            "OrderTotalIncVat": net + vat,
            "OrderTotalVat": vat,
        }
        order = self.orders[number] = Order(record, born)
        return order

    def _card(self, number: int, sent: Mapping[str, Any], at: dt.datetime) -> Record:
        return {**sent, "Id": number, "Active": True, "DateChanged": at, "DateRegistered": at}

    def _next(self, held: Mapping[int, object], first: int) -> int:
        if self.random_ids is not None:
            while (number := self.random_ids.randrange(first, 10**6)) in held:
                pass
            return number
        return max(held, default=first - 1) + 1


def _amount(row: Mapping[str, Any]) -> Decimal:
    if row.get("ProductId") is None:
        return Decimal(0)
    return Decimal(row["Quantity"] * row["Price"]).quantize(_ORE, ROUND_HALF_UP)
