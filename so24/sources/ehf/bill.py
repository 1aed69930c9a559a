"""A document as the standard states it; amounts are Decimal, with the signs of the file.

``line`` is always the line of the file at which the thing stands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from so24.language.said import join_said
from so24.sources.ehf.rule_table import name_rule

CODES = {
    # VAT categories of UNCL5305, with the letters that the rules about them are named by
    "S": "S",
    "Z": "Z",
    "E": "E",
    "AE": "AE",
    "K": "IC",
    "G": "G",
    "O": "O",
    "L": "AF",
    "M": "AG",
    "B": "B",
}


@dataclass(frozen=True)
class Broken:
    """A rule of the table that the document breaks, and what is wrong in words.

    ``rule`` is empty where no rule of the table is meant: its words say all.
    """

    rule: str
    words: str
    line: int

    def __str__(self) -> str:
        name = name_rule(self.rule) if self.rule else ""
        return join_said([name, self.words], by=": ")


@dataclass(frozen=True)
class Doubt:
    """What a person decides before the document is sent, by the rule of the table that holds it."""

    rule: str
    words: str


@dataclass(frozen=True)
class Tax:
    """A VAT category (UNCL5305) and its rate in percent; category O has the rate 0."""

    category: str
    rate: Decimal

    def __str__(self) -> str:
        return f"{self.category} {self.rate.normalize():f} %"


@dataclass(frozen=True)
class Adjustment:
    """An allowance, or a charge; of the document (with ``tax``), of a line or of a price."""

    is_charge: bool
    amount: Decimal
    base: Decimal | None
    percent: Decimal | None
    reason_code: str
    reason: str
    tax: Tax | None
    line: int

    @property
    def net(self) -> Decimal:
        """What it adds to the net: negative for an allowance."""
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True)
class BillLine:
    """A line; ``price`` is for ``base_quantity`` of the unit, ``gross`` the price undiscounted."""

    id: str
    quantity: Decimal
    net: Decimal
    price: Decimal
    base_quantity: Decimal
    gross: Decimal | None
    discount: Decimal
    adjustments: tuple[Adjustment, ...]
    name: str
    description: str
    seller_number: str
    tax: Tax
    date: dt.date | None
    line: int


@dataclass(frozen=True)
class Subtotal:
    """The VAT of one category and rate."""

    tax: Tax
    taxable: Decimal
    amount: Decimal
    line: int


@dataclass(frozen=True)
class Sums:
    """The totals that the document states."""

    lines: Decimal
    exclusive: Decimal
    inclusive: Decimal
    allowances: Decimal
    charges: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal
    line: int


@dataclass(frozen=True)
class Party:
    """Seller or buyer; ``number`` is the buyer's customer number where the file states one."""

    number: str
    name: str
    organization_number: str
    address: str
    postal_code: str
    city: str
    country: str
    contact: str
    email: str


@dataclass(frozen=True)
class Bill:
    """One invoice or, by its root element, credit note."""

    is_credit_note: bool
    type_code: str
    number: str
    issue_date: dt.date | None
    due_date: dt.date | None
    delivery_date: dt.date | None
    currency: str
    buyer_reference: str
    order_reference: str
    project: str
    note: str
    payment_ids: tuple[str, ...]
    credited: tuple[str, ...]
    seller: Party
    buyer: Party
    lines: tuple[BillLine, ...]
    adjustments: tuple[Adjustment, ...]
    subtotals: tuple[Subtotal, ...]
    vat: Decimal
    sums: Sums
