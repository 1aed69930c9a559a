"""InvoiceService, reading: orders are looked up by ids, customers, states and time of change.

Documented: at least one filter; at most 1 000 OrderIds (CustomerIds alike, seen to work); only
the columns asked for are filled, rows only with ``InvoiceRows`` among them. There is no search by
reference, by invoice date or by amount. An order that a fault hides is not found.
"""

from __future__ import annotations

from so24.sandbox.books.books import as_list, micros, unpack
from so24.sandbox.books.calls import Call
from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import asked_columns, items, pick, values
from so24.sandbox.wire.refusals import UNPROCESSED, CallFault

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
