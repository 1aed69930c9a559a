"""The records of an answer as values; what cannot be missing is asked for by name.

A record without its own id, or an order without a status, makes the whole answer untrustworthy:
``Unknown`` is raised rather than a guess returned.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from so24.errors import Unknown
from so24.language.said import say
from so24.office.values import (
    Category,
    Identity,
    OfficeProduct,
    Order,
    OrderPayment,
    OrderRow,
    SyncedCompany,
    norwegian_date,
)

_Value = TypeVar("_Value")

Record = Mapping[str, Any]

# Only columns that are asked for come back filled; the others hold defaults that look like data.
PRODUCT_COLUMNS = ("Id", "No", "Name", "CategoryId", "StatusId", "TaxRate")
CATEGORY_COLUMNS = ("Id", "No", "Name")
ORDER_COLUMNS = (
    "OrderId", "CustomerId", "OrderStatus", "InvoiceId", "DateInvoiced", "OrderTotalIncVat",
    "OrderTotalVat", "ReferenceNumber", "PaymentTime",
)  # fmt: skip
COMPARED_COLUMNS = (*ORDER_COLUMNS, "InvoiceRows", "ReferenceInvoiceId")
LEDGER_COLUMNS = (*ORDER_COLUMNS, "DateOrdered", "Currency", "ReferenceInvoiceId")
PAYMENT_COLUMNS = ("OrderId", "OrderStatus", "Paid")
ROW_COLUMNS = ("RowId", "ProductId", "Price", "Quantity", "Type", "VatRate")
_MOST_PER_CENT, _RATE_DECIMALS = 100, 6


def present_records(result: list[Record | None] | None) -> list[Record]:
    """The records of an array; an absent array is empty, nil members are left out."""
    return [record for record in result or [] if record is not None]


def read_list(result: Any, read: Callable[[Record], _Value]) -> list[_Value]:
    """Each record of an array, read."""
    return [read(record) for record in present_records(result)]


def read_identity(record: Record) -> Identity:
    """An identity with its company; Unknown where the company is not told."""
    client = record.get("Client") or {}
    return Identity(
        id=required(record, "Id", "Identity"),
        client_id=required(client, "Id", "Client"),
        client_name=client.get("Name") or "",
        is_current=bool(record.get("IsCurrent")),
        is_default=bool(record.get("IsDefault")),
        is_disabled=bool(record.get("IsDisabled")),
    )


def read_synced_company(record: Record) -> SyncedCompany:
    """A line of the list of companies; one that does not say so is taken for active."""
    changed, registered = record.get("DateChanged"), record.get("DateRegistered")
    return SyncedCompany(
        id=required(record, "CompanyId", "SyncCompany"),
        external_id=record.get("ExternalId"),
        active=record.get("Active") is not False,
        changed=changed.isoformat() if changed else "",
        untouched=changed is not None and changed == registered,
    )


def read_product(record: Record) -> OfficeProduct:
    """A product; status 0 means expired."""
    return OfficeProduct(
        id=required(record, "Id", "Product"),
        number=record.get("No"),
        name=record.get("Name") or "",
        category_id=record.get("CategoryId"),
        active=record.get("StatusId") != 0,
        vat_rate=_read_rate(record.get("TaxRate")),
    )


def _read_rate(rate: Decimal | None) -> Decimal | None:
    """A rate that can be a per cent, without more decimals than any rate has; else None."""
    if rate is None or not 0 <= rate <= _MOST_PER_CENT:
        return None
    return round(rate, _RATE_DECIMALS)


def read_category(record: Record) -> Category:
    """A product category."""
    return Category(
        id=required(record, "Id", "Category"),
        number=record.get("No"),
        name=record.get("Name") or "",
    )


def read_order(record: Record) -> Order:
    """An order with its rows, as far as they were asked for."""
    return Order(
        order_id=required(record, "OrderId", "InvoiceOrder"),
        customer_id=assigned(record.get("CustomerId")),
        status=required(record, "OrderStatus", "InvoiceOrder"),
        invoice_id=assigned(record.get("InvoiceId")),
        date_ordered=norwegian_date(record.get("DateOrdered")),
        date_invoiced=norwegian_date(record.get("DateInvoiced")),
        total=record.get("OrderTotalIncVat"),
        vat=record.get("OrderTotalVat"),
        reference=record.get("ReferenceNumber"),
        rows=tuple(read_order_row(row) for row in present_records(record.get("InvoiceRows"))),
        currency=(record.get("Currency") or {}).get("Symbol"),
        credited_invoice_id=assigned(record.get("ReferenceInvoiceId")),
        credit_days=_days(record.get("PaymentTime")),
    )


def read_payment(record: Record) -> OrderPayment:
    """What is stated of an order's payment."""
    return OrderPayment(
        order_id=required(record, "OrderId", "InvoiceOrder"),
        status=required(record, "OrderStatus", "InvoiceOrder"),
        paid_on=norwegian_date(record.get("Paid")),
    )


def read_order_row(record: Record) -> OrderRow:
    """A row of an order; rows without a product carry the product id -1 or 0."""
    return OrderRow(
        product_id=assigned(record.get("ProductId")),
        quantity=record.get("Quantity"),
        price=record.get("Price"),
        type=record.get("Type"),
        vat_rate=record.get("VatRate"),
        row_id=assigned(record.get("RowId")),
    )


def assigned(number: int | None) -> int | None:
    """A number that the service assigned, or None: 0 and -1 stand for "none" as well."""
    return number if number is not None and number > 0 else None


def _days(number: int | None) -> int | None:
    """A number of days, or None: the schema's default is far below zero."""
    return number if number is not None and number >= 0 else None


def required(record: Record, name: str, owner: str) -> Any:
    """The value of a field; Unknown where the record, ``owner`` by name, lacks it."""
    value = record.get(name)
    if value is None:
        raise Unknown(
            say(
                "The answer holds {owner} without {name}; it cannot be relied on.",
                owner=owner,
                name=name,
            )
        )
    return value


log = logging.getLogger(__name__)

MOST_PAGES = 2000


def read_synced_pages(
    read_page: Callable[[int], Mapping[str, Any] | None],
) -> list[SyncedCompany]:
    """Every company once; ``read_page`` is asked for page 1, 2, … until nothing new comes.

    The announced totals only decide whether another page is asked for: an empty page, or one
    without anything new, ends the reading in any case. Raises Unknown beyond 2,000 pages.
    """
    found: dict[int, SyncedCompany] = {}
    for number in range(1, MOST_PAGES + 1):
        page = read_page(number) or {}
        companies = [read_synced_company(item) for item in present_records(page.get("Items"))]
        known = len(found)
        found.update((company.id, company) for company in companies)
        total = page.get("TotalItems") or 0
        is_last = number >= (page.get("TotalPages") or 0) and len(found) >= total
        if len(found) == known or is_last:
            if len(found) < total:
                log.warning(
                    "24SevenOffice announced %d companies and listed %d.", total, len(found)
                )
            return list(found.values())
    raise Unknown(
        say(
            "24SevenOffice's list of companies does not end after {pages} pages.",
            pages=MOST_PAGES,
        )
    )
