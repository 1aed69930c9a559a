"""The rows of an order: how a save changes them, and what the service adds to each.

Documented: a row of an existing order needs ``ChangeState``, and ``RowId`` unless it is added;
``ProductNo`` and ``VatRate`` are read-only. Assumed: rows that an update leaves out stay as they
are; without a price or name those of the product are taken, without a quantity it is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from so24.sandbox.wire.codec import Fields
from so24.sandbox.wire.records import check_lengths, refuse_unknown
from so24.sandbox.wire.refusals import MISSING, ItemRefused

ORE = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class OrderTotals:
    """Of one order, in its own currency: ``total`` includes ``vat``."""

    total: Decimal
    vat: Decimal


def add_up(rows: Iterable[Fields], *, prices_include_vat: bool) -> OrderTotals:
    """The totals of an order; every row of type ``Normal`` has Price, Quantity and VatRate."""
    sums: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for row in rows:
        if is_product_row(row):
            sums[row["VatRate"]] += row_amount(row)
    if prices_include_vat:
        vat = sum((_ore(s * rate / (HUNDRED + rate)) for rate, s in sums.items()), Decimal(0))
        return OrderTotals(_ore(sum(sums.values(), Decimal(0))), _ore(vat))
    vat = sum((_ore(s * rate / HUNDRED) for rate, s in sums.items()), Decimal(0))
    return OrderTotals(_ore(sum(sums.values(), vat)), _ore(vat))


def row_amount(row: Fields) -> Decimal:
    """The rounded amount of one row, as its price counts VAT or not."""
    discount: Decimal = row.get("DiscountRate") or Decimal(0)
    return _ore(row["Price"] * row["Quantity"] * (HUNDRED - discount) / HUNDRED)


def is_product_row(row: Fields) -> bool:
    """Whether the row sells something; text rows only say something."""
    return bool(row.get("Type", "Normal") == "Normal")


def _ore(amount: Decimal) -> Decimal:
    return amount.quantize(ORE, ROUND_HALF_UP)


FindProduct = Callable[[object], Fields | None]
FindRate = Callable[[Fields], Decimal | None]

NO_PRODUCT = -1


def new_rows(sent: list[Fields], find_product: FindProduct, find_rate: FindRate) -> list[Fields]:
    """The rows of a new order, numbered from one. Raises :class:`ItemRefused`."""
    return [_complete(row, number, find_product, find_rate) for number, row in enumerate(sent, 1)]


def changed_rows(
    old: list[Fields], sent: list[Fields], find_product: FindProduct, find_rate: FindRate
) -> list[Fields]:
    """The rows of an order after an update. Raises :class:`ItemRefused`."""
    rows = {row["RowId"]: row for row in old}
    for row in sent:
        change = row.get("ChangeState", "None")
        if change == "None":
            raise ItemRefused(MISSING, "ChangeState is required for the rows of an existing order")
        number = row.get("RowId")
        if change == "Add":
            number = max(rows, default=0) + 1
            rows[number] = _complete(row, number, find_product, find_rate)
        elif number is None or number not in rows:
            raise refuse_unknown("Row", number)
        elif change == "Delete":
            del rows[number]
        else:
            given = {k: v for k, v in row.items() if v is not None}
            rows[number] = _complete({**rows[number], **given}, number, find_product, find_rate)
    return list(rows.values())


def _complete(row: Fields, number: int, find_product: FindProduct, find_rate: FindRate) -> Fields:
    check_lengths("InvoiceRow", row)
    record = {k: v for k, v in row.items() if v is not None and k != "ChangeState"}
    record |= {"RowId": number, "Type": record.get("Type", "Normal")}
    if not is_product_row(record):
        return record | {"ProductId": NO_PRODUCT}
    if record.get("ProductId") is None:
        raise ItemRefused(MISSING, f"ProductId is required in row {number}")
    product = find_product(record["ProductId"])
    if product is None:
        raise refuse_unknown("Product", record["ProductId"])
    own_rate = find_rate(record.get("TaxSettings") or {})
    return {
        "Name": product["Name"],
        "Price": product.get("Price", Decimal(0)),
        "Quantity": Decimal(1),
        "SequenceNumber": number,
        **record,
        "ProductNo": product["No"],
        "VatRate": product["TaxRate"] if own_rate is None else own_rate,
    }
