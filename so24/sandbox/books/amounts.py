"""What an order adds up to: pure arithmetic on its rows.

A row is price x quantity x (1 - discount / 100), rounded half-up to the øre; VAT is rounded
half-up once per rate, on the sum of that rate's rows. 24SevenOffice documents no rounding: this is
the usual Norwegian way and an assumption.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from so24.sandbox.wire.codec import Fields

ORE = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Totals:
    """Of one order, in its own currency: ``total`` includes ``vat``."""

    total: Decimal
    vat: Decimal


def add_up(rows: Iterable[Fields], *, prices_include_vat: bool) -> Totals:
    """The totals of an order; every row of type ``Normal`` has Price, Quantity and VatRate."""
    sums: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for row in rows:
        if is_product_row(row):
            sums[row["VatRate"]] += row_amount(row)
    if prices_include_vat:
        vat = sum((_ore(s * rate / (HUNDRED + rate)) for rate, s in sums.items()), Decimal(0))
        return Totals(_ore(sum(sums.values(), Decimal(0))), _ore(vat))
    vat = sum((_ore(s * rate / HUNDRED) for rate, s in sums.items()), Decimal(0))
    return Totals(_ore(sum(sums.values(), vat)), _ore(vat))


def row_amount(row: Fields) -> Decimal:
    """The rounded amount of one row, as its price counts VAT or not."""
    discount: Decimal = row.get("DiscountRate") or Decimal(0)
    return _ore(row["Price"] * row["Quantity"] * (HUNDRED - discount) / HUNDRED)


def is_product_row(row: Fields) -> bool:
    """Whether the row sells something; text rows only say something."""
    return bool(row.get("Type", "Normal") == "Normal")


def _ore(amount: Decimal) -> Decimal:
    return amount.quantize(ORE, ROUND_HALF_UP)
