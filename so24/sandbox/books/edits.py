"""What a person could do in 24SevenOffice by hand, for tests: ``POST /sandbox/edit``.

Every action is a JSON object with ``action`` and ``client``; further keys are the parameters of
the function of that name below. The rules are those of the service, except where a hand can do
more: delete a draft or a product, put another price on a draft, let an order be older than it is,
pay an invoice, change the lists that orders refer to, set the invoice series to another number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from so24.errors import WrongUse
from so24.sandbox.books import lists
from so24.sandbox.books.books import Call
from so24.sandbox.books.companies import save_company
from so24.sandbox.books.lists import save_product
from so24.sandbox.books.orders import find_order, put_order, save_order
from so24.sandbox.wire.codec import Fields, read_time
from so24.sandbox.wire.refusals import ItemRefused

_PAID_SO_FAR = "PaidSoFar"  # no column of the interface


def delete_draft(call: Call, order_id: int) -> Fields:
    """Delete an order that is not invoiced."""
    _open_order(call, order_id)
    call.books.change("delete from orders where client = ? and id = ?", call.client, order_id)
    return {"OrderId": order_id}


def invoice_order(call: Call, order_id: int) -> Fields:
    """Invoice an order; its new ``InvoiceId`` is in the answer."""
    _open_order(call, order_id)
    return save_order(call, {"OrderId": order_id, "OrderStatus": "Invoiced"})


def set_invoice_series(call: Call, number: int) -> Fields:
    """Let the invoice series go on with this number, as an accountant sets it."""
    number = int(number)
    if number < 1:
        raise WrongUse("An invoice series begins with 1 or more.")
    call.books.set_number(call.client, "invoice", number)
    return {"InvoiceId": number}


def invoice_by_hand(call: Call) -> Fields:
    """Invoice something to the client's first customer; its ``InvoiceId`` is in the answer."""
    customer, product = (
        call.books.row(f"select id from {table} where client = ? order by id", call.client)  # noqa: S608 - two fixed words
        for table in ("company", "product")
    )
    if customer is None or product is None:
        raise WrongUse(f"Client {call.client} has no customer or no product to invoice.")
    row = {"ProductId": product[0], "Name": "By hand", "Quantity": Decimal(1), "Price": Decimal(1)}
    order: Fields = {
        "CustomerId": customer[0],
        "OrderStatus": "Invoiced",
        "IncludeVAT": False,
        "InvoiceRows": {"InvoiceRow": [row]},
    }
    return save_order(call, order)


def take_back_order(call: Call, order_id: int) -> Fields:
    """Make a draft again of an order that waits for approval."""
    _open_order(call, order_id)
    return save_order(call, {"OrderId": order_id, "OrderStatus": "Draft"})


def pay_order(
    call: Call,
    order_id: int,
    amount: str | None = None,
    on: str | None = None,
    marked: bool = True,
) -> Fields:
    """Enter a payment of an invoice, of what is left of it or of an amount.

    Assumed: ``Paid`` is set once all is paid, and a part of it shows nowhere, for no column of the
    interface could say so. ``marked`` false: the order does not count as changed by it, since it
    is not documented that it does.
    """
    order = _invoiced_order(call, order_id)
    total, before = order["OrderTotalIncVat"], order.get(_PAID_SO_FAR, Decimal(0))
    paid = total if amount is None else before + _number(amount)
    day = read_time(f"{on[:10]}T00:00:00") if on is not None else call.now
    order |= {_PAID_SO_FAR: paid} | ({"Paid": day} if paid >= total else {})
    put_order(call, order, marked=marked)
    return {"OrderId": order_id, "left": str(total - paid)}


def take_back_payment(call: Call, order_id: int, marked: bool = True) -> Fields:
    """Take back all payments of an invoice; ``marked`` as above."""
    order = _invoiced_order(call, order_id)
    for name in ("Paid", _PAID_SO_FAR):
        order.pop(name, None)
    put_order(call, order, marked=marked)
    return {"OrderId": order_id}


def create_order(
    call: Call,
    customer_id: int,
    rows: list[Mapping[str, Any]],
    reference: str | None = None,
    status: str = "Draft",
    invoice_date: str | None = None,
) -> Fields:
    """Create an order; ``rows`` have product_number, name, quantity and price (all text)."""
    order: Fields = {
        "CustomerId": customer_id,
        "OrderStatus": status,
        "IncludeVAT": False,
        "InvoiceRows": {"InvoiceRow": [_row(call, row) for row in rows]},
    }
    if reference is not None:
        order["ReferenceNumber"] = reference
    if invoice_date is not None:
        order["DateInvoiced"] = read_time(f"{invoice_date[:10]}T00:00:00")
    return save_order(call, order)


def reprice_draft(call: Call, order_id: int, price: str) -> Fields:
    """Put another price on the first row of an order that is not invoiced."""
    row = _open_order(call, order_id)["InvoiceRows"]["InvoiceRow"][0]
    change = {"RowId": row["RowId"], "ChangeState": "Edit", "Price": _number(price)}
    return save_order(call, {"OrderId": order_id, "InvoiceRows": {"InvoiceRow": [change]}})


def edit_company(call: Call, **fields: Any) -> Fields:
    """Create a company, or change the one of the given ``Id``; fields as in the service.

    ``Active`` false takes it out of use, which the service's own save cannot.
    """
    active = fields.pop("Active", None)
    saved = save_company(call, fields)
    if active is not None:
        call.books.change(
            "update company set active = ? where client = ? and id = ?",
            bool(active), call.client, saved["Id"],
        )  # fmt: skip
    return saved


def delete_company(call: Call, company_id: int) -> Fields:
    """Delete a company; the orders that have it stay."""
    call.books.change("delete from company where client = ? and id = ?", call.client, company_id)
    return {"Id": company_id}


def merge_companies(call: Call, company_id: int, into: int) -> Fields:
    """Merge a company into another one: orders that are not invoiced go along, the card goes."""
    drafts = call.books.rows(
        "select id from orders where client = ? and customer = ? and invoice is null",
        call.client, company_id,
    )  # fmt: skip
    for (order_id,) in drafts:
        save_order(call, {"OrderId": order_id, "CustomerId": into})
    delete_company(call, company_id)
    return {"Id": into}


def edit_product(call: Call, **fields: Any) -> Fields:
    """Create a product, or change the one of the given ``Id``; fields as in the service."""
    if "Price" in fields:
        fields["Price"] = _number(fields["Price"])
    return save_product(call, fields)


def delete_product(call: Call, product_id: int) -> Fields:
    """Delete a product; the orders that have it stay."""
    call.books.change("delete from product where client = ? and id = ?", call.client, product_id)
    return {"Id": product_id}


def put_listed(call: Call, kind: str, number: int, **fields: Any) -> Fields:
    """Put an entry into one of the client's lists; fields as in the service, amounts as text."""
    if "Rate" in fields:
        fields["Rate"] = _number(fields["Rate"])
    if "TaxRate" in fields:
        fields["TaxRate"] = _number(fields["TaxRate"])
    if kind == lists.PROJECT:
        fields = lists.project(number, "") | fields
    lists.put_listed(call.books, call.client, kind, number, fields)
    return {"Id": number}


def drop_listed(call: Call, kind: str, number: int) -> Fields:
    """Remove an entry from one of the client's lists; the orders that name it stay."""
    if not lists.drop_listed(call.books, call.client, kind, number):
        raise WrongUse(f"Client {call.client} has no {kind} {number}.")
    return {"Id": number}


def set_maintenance(call: Call, on: bool) -> Fields:
    """Let the client's services answer 503, or work again."""
    call.books.change("update client set maintenance = ? where id = ?", on, call.client)
    return {"maintenance": on}


ACTIONS: Mapping[str, Callable[..., Fields]] = {
    action.__name__: action
    for action in (
        delete_draft, invoice_order, take_back_order, pay_order, take_back_payment, create_order,
        reprice_draft, edit_company, delete_company, merge_companies, edit_product, delete_product,
        put_listed, drop_listed, set_maintenance, set_invoice_series, invoice_by_hand,
    )
}  # fmt: skip


def carry_out(call: Call, action: str, parameters: Mapping[str, Any]) -> Fields:
    """Carry out one action; raises :class:`WrongUse` when it is unknown or refused."""
    if action not in ACTIONS:
        raise WrongUse(f"There is no action '{action}'; there are {', '.join(ACTIONS)}.")
    try:
        return ACTIONS[action](call, **parameters)
    except TypeError as error:
        raise WrongUse(f"The parameters of {action} do not fit: {error}.") from None
    except ItemRefused as refusal:
        raise WrongUse(f"{refusal}.") from None


def _invoiced_order(call: Call, order_id: int) -> Fields:
    order = find_order(call.books, call.client, order_id)
    if order is None:
        raise WrongUse(f"Client {call.client} has no order {order_id}.")
    if order["OrderStatus"] != "Invoiced":
        raise WrongUse(f"Order {order_id} is not invoiced; only an invoice is paid.")
    return order


def _open_order(call: Call, order_id: int) -> Fields:
    order = find_order(call.books, call.client, order_id)
    if order is None:
        raise WrongUse(f"Client {call.client} has no order {order_id}.")
    if order["OrderStatus"] == "Invoiced":
        raise WrongUse(f"Order {order_id} is invoiced; invoiced orders stay as they are.")
    return order


def _row(call: Call, row: Mapping[str, Any]) -> Fields:
    number = row["product_number"]
    product = call.books.row(
        "select id from product where client = ? and number = ? order by id", call.client, number
    )
    if product is None:
        raise WrongUse(f"Client {call.client} has no product {number}.")
    return {
        "ProductId": product[0],
        "Name": row["name"],
        "Quantity": _number(row["quantity"]),
        "Price": _number(row["price"]),
    }


def _number(text: object) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        raise WrongUse(f"'{text}' is not a number.") from None
