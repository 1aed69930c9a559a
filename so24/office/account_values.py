"""What a company has set up in 24SevenOffice, as far as an order may refer to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OwnDepartment:
    """A department of the company; its id goes into an order's DepartmentId."""

    id: int
    name: str


@dataclass(frozen=True)
class CurrencyRate:
    """A currency of the company's own table: ``unit`` of ``symbol`` cost ``rate`` at home."""

    symbol: str
    rate: Decimal
    unit: int


@dataclass(frozen=True)
class Employee:
    """Somebody who works for the company; the id goes into an order's OurReference."""

    id: int
    name: str


@dataclass(frozen=True)
class TaxCode:
    """A tax code: its number goes into a row's TaxSettings; ``rate`` in per cent."""

    code: int
    name: str
    rate: Decimal


@dataclass(frozen=True)
class Project:
    """An open project; the id goes into an order's ProjectId.

    ``name`` is the project's own, without the customer's that 24SevenOffice may show with it.
    """

    id: int
    name: str
