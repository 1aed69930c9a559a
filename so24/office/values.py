"""What travels between so24 and 24SevenOffice: small frozen records, free of any SOAP.

Money, prices and quantities are :class:`~decimal.Decimal`; invoice dates are dates in Norway;
``None`` means that the service did not say (its .NET minimum values are read as ``None`` too).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")


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


@dataclass(frozen=True)
class Identity:
    """An account's membership in one company (client); ``id`` is a GUID in lower case."""

    id: str
    client_id: int
    client_name: str
    is_current: bool
    is_default: bool
    is_disabled: bool

    @property
    def label(self) -> str:
        """The company's name and client id, as people are shown them."""
        return f"{self.client_name} ({self.client_id})"


@dataclass(frozen=True)
class SyncedCompany:
    """One line of the list of all companies: the cheapest way to see what has become of them.

    ``changed`` marks the state of the card, another one after each change; ``untouched``: nothing
    has changed since the card was made.
    """

    id: int
    external_id: str | None
    active: bool
    changed: str = ""
    untouched: bool = False


@dataclass(frozen=True)
class NewCompany:
    """A customer to create; ``country`` is two letters, ``credit_days`` None leaves the default.

    A private person's ``name`` is the whole one: which part of it is the last name is not stated.
    """

    external_id: str
    name: str
    organization_number: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    invoice_email: str | None = None
    credit_days: int | None = None
    is_person: bool = False


@dataclass(frozen=True)
class OfficeProduct:
    """A product; ``number`` is the one that people see and RecMan sends.

    ``vat_rate`` is None where 24SevenOffice does not tell it; that it is in per cent is not
    documented, so nothing rests on it but a warning.
    """

    id: int
    number: str | None
    name: str
    category_id: int | None
    active: bool
    vat_rate: Decimal | None = None

    @property
    def label(self) -> str:
        """Id, number and name, as people are shown them."""
        return " ".join(filter(None, (str(self.id), (self.number or "").strip(), self.name)))


@dataclass(frozen=True)
class NewProduct:
    """A product to create; the category decides its account and VAT."""

    number: str
    name: str
    category_id: int


@dataclass(frozen=True)
class Category:
    """A product category."""

    id: int
    number: str | None
    name: str


@dataclass(frozen=True)
class OrderRow:
    """A row as 24SevenOffice holds it, as far as it is compared; ``price`` is per unit, net.

    ``vat_rate`` is what 24SevenOffice has decided; that it is in per cent is not documented. Rows
    get their ids in the order in which they were sent; in which they are read is not documented.
    """

    product_id: int | None
    quantity: Decimal | None
    price: Decimal | None
    type: str | None
    vat_rate: Decimal | None = None
    row_id: int | None = None


@dataclass(frozen=True)
class Order:
    """An order as 24SevenOffice holds it; only the columns that were asked for are filled.

    ``total`` includes VAT, ``vat`` is the VAT in it, both in ``currency`` (None: the company's
    own). ``invoice_id`` is the invoice number once it is invoiced, ``credited_invoice_id`` that of
    the invoice that it credits; ``credit_days`` is its time for payment.
    """

    order_id: int
    customer_id: int | None
    status: str
    invoice_id: int | None
    date_ordered: dt.date | None
    date_invoiced: dt.date | None
    total: Decimal | None
    vat: Decimal | None
    reference: str | None
    rows: tuple[OrderRow, ...]
    currency: str | None
    credited_invoice_id: int | None = None
    credit_days: int | None = None

    @property
    def due_date(self) -> dt.date | None:
        """The day on which it is to be paid, as far as that is known."""
        if self.date_invoiced is None or self.credit_days is None:
            return None
        return self.date_invoiced + dt.timedelta(days=self.credit_days)


@dataclass(frozen=True)
class OrderPayment:
    """What 24SevenOffice states of an order's payment: the day of it, None where it states none.

    Whether a part has been paid, and how much, it does not tell.
    """

    order_id: int
    status: str
    paid_on: dt.date | None


class NewOrderRow(NamedTuple):
    """A row to send: net ``price`` per unit; without ``product_id`` it is a row of text only.

    A run makes tens of thousands of them. ``tax_code`` is the account's own; without one the
    product's category decides about VAT.
    """

    product_id: int | None
    name: str
    quantity: Decimal | None = None
    price: Decimal | None = None
    tax_code: int | None = None


@dataclass(frozen=True)
class NewOrder:
    """An order to create; net prices, ``currency`` None stands for the company's own.

    ``reference`` is how the order is found again. A credit note names the invoice and the order
    that it credits. ``payment_id`` is the KID that was printed on the invoice; ``employee_id`` is
    "our reference", somebody of the company's own.
    """

    customer_id: int
    reference: str
    invoice_date: dt.date
    credit_days: int | None
    rows: tuple[NewOrderRow, ...]
    customer_name: str
    title: str
    your_reference: str | None = None
    organization_number: str | None = None
    currency: CurrencyRate | None = None
    status: str = "Draft"
    text: str | None = None
    payment_id: str | None = None
    delivery_date: dt.date | None = None
    project_id: int | None = None
    department_id: int | None = None
    employee_id: int | None = None
    invoice_email: str | None = None
    credited_invoice_id: int | None = None
    credited_order_id: int | None = None


@dataclass(frozen=True)
class OrderToInvoice:
    """An order that exists and shall change its status; its rows are not sent."""

    order_id: int
    customer_id: int
    invoice_date: dt.date
    reference: str


@dataclass(frozen=True)
class Problem:
    """Why one item was not saved: the service's own class name and words."""

    type: str
    message: str


@dataclass(frozen=True)
class SaveOutcome:
    """What became of one item: an ``id`` (order, company, product) or a problem, or both."""

    id: int | None
    invoice_id: int | None
    problem: Problem | None


@dataclass(frozen=True)
class Quota:
    """Calls left in the period and when it ends (aware UTC), as last announced."""

    remaining: int | None = None
    resets_at: dt.datetime | None = None


def norwegian_date(time: dt.datetime | None) -> dt.date | None:
    """The date in Norway of a time as read; a time without zone is Norwegian already."""
    if time is None or time.tzinfo is None:
        return None if time is None else time.date()
    return time.astimezone(NORWAY).date()


def local_midnight(date: dt.date) -> dt.datetime:
    """A date as the service wants it: midnight without zone, which no border can move."""
    return dt.datetime(date.year, date.month, date.day)  # noqa: DTZ001 - naive on purpose


def search_time(time: dt.datetime) -> dt.datetime:
    """An aware time as a search limit: UTC without zone, a minute early.

    The service cuts to the minute, and whether it takes the limit for UTC or Norwegian time is
    not documented; read as Norwegian it only reaches further back.
    """
    return time.astimezone(dt.UTC).replace(tzinfo=None) - dt.timedelta(minutes=1)
