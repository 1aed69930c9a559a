"""The peer's own few business rules: accounts, customers, products and orders in dicts.

It computes amounts its own way (rows to the øre, VAT by the product's rate on the order's sums) and
answers only what is asked for. Nothing of so24 is used here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.contract.doorkeeper import Account, Doorkeeper, Membership, Refusal
from tests.contract.wire import Manners, Record

ORE = Decimal("0.01")
VAT = Decimal(25)
OSLO = ZoneInfo("Europe/Oslo")
CATEGORIES: tuple[Record, ...] = (
    {"Id": 701, "Name": "Varer", "No": "V"},
    {"Id": 702, "Name": "Tjenester", "No": "T"},
)


@dataclass
class Company:
    """The books of one company of the peer."""

    customers: dict[int, Record] = field(default_factory=dict)
    products: dict[int, Record] = field(default_factory=dict)
    orders: dict[int, Record] = field(default_factory=dict)
    last_invoice: int = 50_000


class ForeignBooks:
    """All that the peer knows; one call at a time."""

    def __init__(self, account: Account, application: str, manners: Manners) -> None:
        self.door = Doorkeeper(account, application, manners)
        self.manners = manners
        self.companies = {each.client: Company() for each in account.memberships}
        self._last_id = 3000

    def carry_out(self, operation: str, given: Record, session: str | None) -> Any:
        """The result of one operation; raises :class:`Refusal`."""
        if operation == "Login":
            return self.door.log_in(given["credential"])
        member = self.door.find_member(operation, session)
        if operation == "HasSession":
            return member is not None
        if member is None:
            if operation == "GetIdentity" and not self.manners.lost_session:
                return None
            raise Refusal(self.manners.lost_session or "Not signed in")
        if operation == "SetIdentityById":
            return self.door.switch(str(session), given["identityId"])
        return self._work(operation, given, member)

    def _work(self, operation: str, given: Record, member: Membership) -> Any:
        work: dict[str, Callable[[Record, Membership], Any]] = {
            "GetIdentity": lambda _given, now: self.door.describe(now, now),
            "GetIdentities": lambda _given, now: [
                self.door.describe(each, now) for each in self.door.account.memberships
            ],
            "GetCategories": lambda given, _now: _columns(CATEGORIES, given["returnProperties"]),
            "GetCompanySyncList": self._list_customers,
            "GetCompanies": self._find_customers,
            "SaveCompanies": self._save_customers,
            "GetProducts": self._find_products,
            "SaveProducts": self._save_products,
            "GetInvoices": self._find_orders,
            "SaveInvoices": self._save_orders,
            "GetOrderSyncList": lambda _given, now: list(self.companies[now.client].orders),
        }
        return work[operation](given, member)

    # -- customers and products ---------------------------------------------------------------

    def _list_customers(self, given: Record, member: Membership) -> Record:
        known = list(self.companies[member.client].customers.values())
        wanted = given["syncSearchParameters"].get("Active")
        if not self.manners.ignores_active and wanted is not None:
            known = [each for each in known if each["Active"] is wanted]
        page = given["syncSearchParameters"].get("Page") or 1
        items = [
            {"CompanyId": each["Id"], "ExternalId": each.get("ExternalId"),
             "DateRegistered": _now(), "Active": each["Active"]}
            for each in known
        ]  # fmt: skip
        return {
            "CurrentPage": page,
            "TotalPages": 1 if known else self.manners.pages_of_nothing,
            "TotalItems": len(known),
            "ItemsPerPage": 1000,
            "Items": items if page == 1 else [],
        }

    def _find_customers(self, given: Record, member: Membership) -> list[Record]:
        ids = (given["searchParams"].get("CompanyIds") or {}).get("int", [])
        if not ids:
            raise Refusal("Please specify at least one search parameter")
        known = self.companies[member.client].customers
        found = [known[each] for each in ids if each in known]
        return _columns(found, given["returnProperties"])

    def _save_customers(self, given: Record, member: Membership) -> list[Record]:
        def save(item: Record) -> Record:
            kind = item.get("Type")
            if not item.get("Name") or kind not in ("Business", "Consumer") or item.get("Id"):
                raise Refusal("Name and Type are required, Id is given by the system")
            stored = {**item, "Id": self._next_id(), "Active": True}
            self.companies[member.client].customers[stored["Id"]] = stored
            return stored

        return self._save(given["companies"]["Company"], save, ("Id",), ("ExternalId", "Name"))

    def _find_products(self, given: Record, member: Membership) -> list[Record]:
        known = self.companies[member.client].products.values()
        since = given["searchParams"].get("DateChanged")
        if since is None:
            raise Refusal("Please specify at least one search parameter")
        found = [each for each in known if each["DateChanged"] >= _aware(since)]
        return _columns(found, given["returnProperties"])

    def _save_products(self, given: Record, member: Membership) -> list[Record]:
        def save(item: Record) -> Record:
            if not item.get("Name") or item.get("CategoryId") not in (701, 702):
                raise Refusal("Name and CategoryId are required")
            stored = {**item, "Id": self._next_id(), "StatusId": 1, "DateChanged": _now()}
            self.companies[member.client].products[stored["Id"]] = stored
            return stored

        return self._save(given["products"]["Product"], save, ("Id",), ("No", "Name"))

    # -- orders -------------------------------------------------------------------------------

    def _find_orders(self, given: Record, member: Membership) -> list[Record]:
        search = given["searchParams"]
        customers = (search.get("CustomerIds") or {}).get("int")
        ids = (search.get("OrderIds") or {}).get("int")
        invoices = (search.get("InvoiceIds") or {}).get("int")
        since = search.get("ChangedAfter")
        if (customers, ids, invoices, since) == (None, None, None, None):
            raise Refusal("Please specify at least one search parameter")
        found = [
            order
            for order in self.companies[member.client].orders.values()
            if (customers is None or order["CustomerId"] in customers)
            and (ids is None or order["OrderId"] in ids)
            and (invoices is None or order.get("InvoiceId") in invoices)
            and (since is None or order["DateChanged"] >= _aware(since))
        ]
        answers = _columns(found, given["invoiceReturnProperties"])
        for answer in answers:
            rows = answer.get("InvoiceRows")
            if rows is not None:
                answer["InvoiceRows"] = _columns(rows, given["rowReturnProperties"])
        return answers

    def _save_orders(self, given: Record, member: Membership) -> list[Record]:
        books = self.companies[member.client]

        def save(item: Record) -> Record:
            known = books.orders.get(item.get("OrderId") or 0)
            order = self._create(books, item) if known is None else self._change(known, item)
            if order["OrderStatus"] == "Invoiced":
                books.last_invoice += 1
                order["InvoiceId"] = books.last_invoice
            books.orders[order["OrderId"]] = order
            return order

        return self._save(
            given["invoices"]["InvoiceOrder"], save, ("OrderId",),
            ("CustomerId", "ReferenceNumber", "InvoiceId", "OrderStatus"),
        )  # fmt: skip

    def _create(self, books: Company, item: Record) -> Record:
        if item.get("CustomerId") not in books.customers or item.get("InvoiceId"):
            raise Refusal("CustomerId must exist, InvoiceId is given by the system")
        rows = []
        for place, row in enumerate(item["InvoiceRows"]["InvoiceRow"], start=1):
            rows.append({**row, "RowId": place} | self._price(books, row))
        net = sum((row["net"] for row in rows), Decimal(0))
        vat = sum((row["net"] * row["VatRate"] for row in rows), Decimal(0)) / 100
        vat = vat.quantize(ORE, ROUND_HALF_UP)
        fresh = {"OrderId": self._next_id(), "InvoiceRows": rows, "DateChanged": _now()}
        sums = {"OrderTotalVat": vat, "OrderTotalIncVat": net + vat}
        return {"OrderStatus": "Web", **item, **sums, **fresh} | _dates(item)

    @staticmethod
    def _price(books: Company, row: Record) -> Record:
        if row.get("Type") == "Text":
            return {"net": Decimal(0), "VatRate": Decimal(0), "ProductId": -1}
        if row["ProductId"] not in books.products:
            raise Refusal(f"There is no product {row['ProductId']}")
        net = (row["Price"] * row["Quantity"]).quantize(ORE, ROUND_HALF_UP)
        return {"net": net, "VatRate": VAT}

    @staticmethod
    def _change(order: Record, item: Record) -> Record:
        if order["OrderStatus"] == "Invoiced":
            raise Refusal("Orders with state Invoiced cannot be changed")
        given = {name: value for name, value in item.items() if value is not None}
        return {**order, **given, "DateChanged": _now()} | _dates(item)

    def _save(
        self,
        items: list[Record],
        save: Callable[[Record], Record],
        always: tuple[str, ...],
        otherwise: tuple[str, ...],
    ) -> list[Record]:
        names = always if self.manners.spare else (*always, *otherwise)
        answers: list[Record] = []
        for item in items:
            try:
                stored = save(item)
            except Refusal as refusal:
                answers.append(
                    {"APIException": {"Type": "Foreign.Refusal", "Message": str(refusal)}}
                )
            else:
                answers.append({name: stored.get(name) for name in names})
        return answers[::-1] if self.manners.turns_answers_round else answers

    def _next_id(self) -> int:
        self._last_id += 7
        return self._last_id


def _columns(records: Iterable[Record], wanted: Record) -> list[Record]:
    names = wanted.get("string", [])
    return [{name: record.get(name) for name in names} for record in records]


def _dates(item: Record) -> Record:
    return {name: _aware(item[name]) for name in ("DateOrdered", "DateInvoiced") if item.get(name)}


def _aware(time: dt.datetime) -> dt.datetime:
    """A time without zone is Norwegian."""
    return time if time.tzinfo else time.replace(tzinfo=OSLO)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
