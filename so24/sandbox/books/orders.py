"""InvoiceService: orders are created, changed, invoiced, and looked up.

Documented: the customer must exist; ``InvoiceId`` is given by the system, in sequence; an
invoiced order cannot be changed; an ``OrderId`` names the order to update. Assumed: an inactive
order cannot be changed either; a customer with ``BlockInvoice`` takes no order; an unknown
``OrderId`` with rows makes an order of that id, without rows it is refused. A credit note is an
order with a ``ReferenceInvoiceId`` or ``ReferenceOrderId``, documented as such; assumed is all
that is asked of it here: these exist, are of the same customer and one another, and the total is
not positive; it gets its number from the same series as invoices.
"""

from __future__ import annotations

from functools import cache, partial

from so24.sandbox.books.books import Books, Call, as_list, micros, pack, unpack
from so24.sandbox.books.companies import find_company
from so24.sandbox.books.lists import check_listed, find_product, tax_rate
from so24.sandbox.books.order_rows import add_up, changed_rows, new_rows
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import (
    asked_columns,
    check_lengths,
    items,
    pick,
    refuse_unknown,
    save_each,
    values,
)
from so24.sandbox.wire.refusals import (
    BLOCKED,
    FROZEN,
    MISMATCH,
    MISSING,
    READ_ONLY,
    UNPROCESSED,
    CallFault,
    ItemRefused,
)

INVOICED = "Invoiced"
INACTIVE = "Inactive"
_READ_ONLY = frozenset(
    ("APIException", "OrderTotalIncVat", "OrderTotalVat", "DateChanged", "Paid", "PaymentAmount",
     "InvoiceRows", "InvoiceId")
)  # fmt: skip


def find_order(books: Books, client: int, number: object) -> Fields | None:
    """The order of that id, hidden or not; None when there is none."""
    row = books.row("select record from orders where client = ? and id = ?", client, number)
    return unpack(row[0]) if row else None


def save_invoices(call: Call, parameters: Fields) -> Fields:
    """Create and change orders one by one; each answers with its ids or its exception."""
    sent = items(parameters.get("invoices"), "InvoiceOrder")
    saving = _Saving(call)
    return {"InvoiceOrder": save_each(sent, saving.save)}


def save_order(call: Call, sent: Fields) -> Fields:
    """Save one order; its ids and totals on top of what was sent. Raises :class:`ItemRefused`."""
    return _Saving(call).save(sent)


def put_order(call: Call, order: Fields, *, marked: bool) -> None:
    """Put an order that is there into the books as it is given; ``marked``: it has changed."""
    if marked:
        order["DateChanged"] = call.now
    call.books.change(
        "update orders set changed = case when ? then ? else changed end, record = ? "
        "where client = ? and id = ?",
        marked, micros(call.now), pack(order), call.client, order["OrderId"],
    )  # fmt: skip


class _Saving:
    """One SaveInvoices call: customers and products are looked up once."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._books = call.books
        self._client = call.client
        self._product = cache(lambda number: find_product(self._books, self._client, number))
        self._rate = partial(tax_rate, self._books, self._client)
        self._customer = cache(lambda number: find_company(self._books, self._client, number))

    def save(self, sent: Fields) -> Fields:
        """Save one order and echo it with OrderId, InvoiceId and totals."""
        check_lengths("InvoiceOrder", sent)
        if sent.get("InvoiceId") is not None:
            raise ItemRefused(READ_ONLY, "InvoiceId is set by the system and cannot be given")
        number = sent.get("OrderId")
        old = None if number is None else find_order(self._books, self._client, number)
        _refuse_frozen(old)
        record = self._merged(old, sent)
        self._check_references(record, sent)
        if number is None:
            number = self._books.next_number(self._client, "order")
        elif old is None:
            self._books.pass_number(self._client, "order", number)
        record["OrderId"] = number
        self._close(record)
        self._put(record)
        echo = ("OrderId", "InvoiceId", "OrderStatus", "OrderTotalIncVat", "OrderTotalVat")
        return sent | {name: record[name] for name in echo if name in record}

    def _merged(self, old: Fields | None, sent: Fields) -> Fields:
        rows = items(sent.get("InvoiceRows"), "InvoiceRow")
        if old is None:
            if sent.get("OrderId") is not None and not rows:
                raise refuse_unknown("Order", sent["OrderId"])
            rows = new_rows(rows, self._product, self._rate)
        else:
            kept = items(old["InvoiceRows"], "InvoiceRow")
            rows = changed_rows(kept, rows, self._product, self._rate)
        if not rows:
            raise ItemRefused(MISSING, "An order needs at least one row")
        given = {k: v for k, v in sent.items() if v is not None and k not in _READ_ONLY}
        fresh = {"OrderStatus": "Web", "DateOrdered": self._call.now}
        record = {**(fresh if old is None else old), **given}
        totals = add_up(rows, prices_include_vat=record.get("IncludeVAT") is True)
        return record | {
            "InvoiceRows": {"InvoiceRow": rows},
            "OrderTotalIncVat": totals.total,
            "OrderTotalVat": totals.vat,
            "DateChanged": self._call.now,
        }

    def _check_references(self, record: Fields, sent: Fields) -> None:
        if record.get("CustomerId") is None:
            raise ItemRefused(MISSING, "CustomerId is required to save an order")
        customer = self._customer(record["CustomerId"])
        if customer is None:
            raise refuse_unknown("Customer", record["CustomerId"])
        if customer.get("BlockInvoice") and record["OrderStatus"] != INACTIVE:
            raise ItemRefused(BLOCKED, f"Customer {customer['Id']} is blocked for invoicing")
        check_listed(self._books, self._client, sent)
        record.setdefault("CustomerName", customer["Name"][:100])
        self._check_credited(record, sent)

    def _check_credited(self, record: Fields, sent: Fields) -> None:
        credited = [
            self._credited_order(name, column, sent[name], record["CustomerId"])
            for name, column in (("ReferenceOrderId", "id"), ("ReferenceInvoiceId", "invoice"))
            if sent.get(name) is not None
        ]
        if len(set(credited)) > 1:
            raise ItemRefused(
                MISMATCH,
                f"Order {sent['ReferenceOrderId']} is not invoice {sent['ReferenceInvoiceId']}",
            )
        if credited and record["OrderTotalIncVat"] > 0:
            raise ItemRefused(MISMATCH, "A credit note cannot have a positive total")

    def _credited_order(self, name: str, column: str, number: object, customer: object) -> int:
        # ``column`` is one of two fixed words; the number is bound.
        sql = f"select id, customer from orders where client = ? and {column} = ?"  # noqa: S608
        row = self._books.row(sql, self._client, number)
        thing = name.removeprefix("Reference").removesuffix("Id")
        if row is None:
            raise refuse_unknown(thing, number)
        if row[1] != customer:
            raise ItemRefused(MISMATCH, f"{thing} {number} does not belong to customer {customer}")
        return int(row[0])

    def _close(self, record: Fields) -> None:
        if record["OrderStatus"] == INVOICED:
            record["InvoiceId"] = self._books.next_number(self._client, "invoice")
            record.setdefault("DateInvoiced", self._call.now)

    def _put(self, record: Fields) -> None:
        changed = micros(self._call.now)
        self._books.change(
            "insert into orders values(?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set "
            "customer = excluded.customer, status = excluded.status, invoice = excluded.invoice, "
            "changed = excluded.changed, record = excluded.record",
            self._client, record["OrderId"], record["CustomerId"], record["OrderStatus"],
            record.get("InvoiceId"), changed, changed, self._call.hide_reads, pack(record),
        )  # fmt: skip


def _refuse_frozen(old: Fields | None) -> None:
    if old is None:
        return
    if old["OrderStatus"] == INVOICED:
        raise ItemRefused(
            FROZEN, f"Order {old['OrderId']} is already invoiced and cannot be changed"
        )
    if old["OrderStatus"] == INACTIVE:
        raise ItemRefused(FROZEN, f"Order {old['OrderId']} is inactive and cannot be changed")


MOST_IDS = 1000
_LISTS = {
    "CustomerIds": ("customer", "int"),
    "OrderStates": ("status", "OrderSlipStateType"),
    "InvoiceIds": ("invoice", "int"),
    "OrderIds": ("id", "int"),
    "ExternalStatus": ("json_extract(record, '$.ExternalStatus')", "int"),
}


def get_invoices(call: Call, parameters: Fields) -> Fields:
    """The orders that fit all filters, by OrderId, with the columns asked for.

    Raises :class:`CallFault` without any filter and for lists that are too long.
    """
    where, bound = _conditions(parameters.get("searchParams") or {})
    columns = asked_columns(
        "InvoiceService", "InvoiceOrder", parameters.get("invoiceReturnProperties")
    )
    row_columns = asked_columns(
        "InvoiceService", "InvoiceRow", parameters.get("rowReturnProperties")
    )
    # Only fixed texts are joined; every value is bound.
    sql = f"select record from orders where client = ? and hidden = 0 and {where} order by id"  # noqa: S608
    rows = call.books.rows(sql, call.client, *bound)
    _count_read(call)
    return {"InvoiceOrder": [_cut(unpack(row[0]), columns, row_columns) for row in rows]}


def _conditions(search: Fields) -> tuple[str, list[object]]:
    where: list[str] = []
    bound: list[object] = []
    for name, (column, kind) in _LISTS.items():
        wanted = values(search.get(name), kind)
        if len(wanted) > MOST_IDS:
            raise CallFault(f"{UNPROCESSED}At most {MOST_IDS} {name} in one request")
        if wanted:
            # the column is one of the fixed texts above
            where.append(f"{column} in (select value from json_each(?))")  # noqa: S608
            bound.append(as_list(wanted))
    if search.get("ChangedAfter") is not None:
        where.append("changed > ?")
        bound.append(micros(search["ChangedAfter"]))
    if not where:
        raise CallFault(f"{UNPROCESSED}Please specify at least one search parameter")
    return " and ".join(where), bound


def _count_read(call: Call) -> None:
    call.books.change(
        "update orders set hidden = hidden - 1 where client = ? and hidden > 0", call.client
    )


def _cut(order: Fields, columns: frozenset[str], row_columns: frozenset[str]) -> Fields:
    record = pick(order, columns)
    if "InvoiceRows" in record:
        rows = items(order["InvoiceRows"], "InvoiceRow")
        record["InvoiceRows"] = {"InvoiceRow": [pick(row, row_columns) for row in rows]}
    return record


def get_order_sync_list(call: Call, parameters: Fields) -> Fields:
    """The ids of all orders registered, and where asked also changed, after a time."""
    search = parameters.get("syncParams") or {}
    registered, changed = (
        micros(search[name]) if search.get(name) else -1
        for name in ("RegisteredAfter", "ChangedAfter")
    )
    rows = call.books.rows(
        "select id from orders where client = ? and hidden = 0 "
        "and registered > ? and changed > ? order by id",
        call.client, registered, changed,
    )  # fmt: skip
    return {"int": [row[0] for row in rows]}
