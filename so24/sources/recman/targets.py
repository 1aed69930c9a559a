"""The fields that we want of RecMan, where they may stand, and what they may be called there.

The names to guess by are those of RecMan's documented scopes, of its old API, and plain English.
For the scope ``invoice`` they are guesses: its members are not public.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.language.said import say, say_as
from so24.sources.recman.answers import Members, Value

INVOICE, LINE = "invoice", "line"
COMPANY, PROJECT, DEPARTMENT, USER = "company", "project", "department", "user"
CORPORATION = "corporation"
REGISTERS = (COMPANY, PROJECT, DEPARTMENT, USER, CORPORATION)
LINES = "lines"

# asked for by name, so that no more than is needed is read; refused, RecMan's own set is read
ASKED: dict[str, tuple[str, ...]] = {
    COMPANY: (
        "name",
        "companyNumber",
        "vatNumber",
        "invoiceEmail",
        "creditTime",
        "invoiceAddress",
        "postAddress",
    ),
    PROJECT: ("number", "name", "departmentId", "invoiceRefUserId"),
    DEPARTMENT: ("name", "number", "corporationId"),
    USER: ("firstName", "lastName"),
    CORPORATION: ("name",),
}


@dataclass(frozen=True)
class WantedField:
    """A field of ours: ``scope`` is where RecMan's member stands, ``guesses`` its likely names.

    A ``line`` field's member stands within the lines of an invoice. ``longest`` is the most
    characters that can be kept, 0 where it is no text.
    """

    name: str
    label: str
    guesses: tuple[str, ...]
    required: bool = False
    longest: int = 0

    @property
    def scope(self) -> str:
        """The scope in which the member stands."""
        head, dot, _ = self.name.partition(".")
        return head if dot else INVOICE


TARGETS: tuple[WantedField, ...] = (
    WantedField("number", say("Number"), ("invoiceNumber", "invoiceNo", "number", "no"), True, 26),
    WantedField("date", say("Invoice date"), ("invoiceDate", "date", "issueDate"), True),
    WantedField(
        "customer", say("Customer (id of the company)"), ("companyId", "customerId"), longest=40
    ),
    WantedField(
        "customer_number",
        say("Customer no. (where it is no id)"),
        ("customerNumber", "companyNumber"),
        longest=40,
    ),
    WantedField("currency", say("Currency"), ("currency", "currencyCode", "currencyIso"), True, 3),
    WantedField(LINES, "Lines", ("lines", "invoiceLines", "rows"), True),
    WantedField(
        "net",
        say("Net"),
        (
            "net",
            "netAmount",
            "sumExclVat",
            "sumExVat",
            "totalExclVat",
            "totalExVat",
            "subTotal",
            "amountExclVat",
            "sum",
        ),
        True,
    ),
    WantedField(
        "vat", say("VAT"), ("vat", "vatAmount", "sumVat", "totalVat", "tax", "taxAmount"), True
    ),
    WantedField(
        "total",
        say("Total"),
        (
            "total",
            "totalAmount",
            "sumInclVat",
            "totalInclVat",
            "grandTotal",
            "amountInclVat",
            "amount",
        ),
        True,
    ),
    WantedField("due_date", say("Due date"), ("dueDate", "paymentDueDate")),
    WantedField("delivery_date", say("Delivery date"), ("deliveryDate",)),
    WantedField("department", say("Department (id)"), ("departmentId",), longest=32),
    WantedField("project", say("Project (id)"), ("projectId",), longest=40),
    WantedField(
        "kind", say("Credit note: a flag or a word"), ("isCreditNote", "creditNote", "isCredit")
    ),
    WantedField(
        "credited_number",
        say("Number of the credited invoice"),
        ("creditedInvoiceNumber", "creditInvoiceNumber"),
        longest=40,
    ),
    WantedField("kid", say("KID"), ("kid", "kidNumber", "paymentReference"), longest=40),
    WantedField(
        "our_reference", say("Our reference (text)"), ("ourReference", "ourRef"), longest=200
    ),
    WantedField(
        "our_user",
        say("Our reference (id of the user)"),
        ("ourReferenceUserId", "invoiceRefUserId"),
        longest=40,
    ),
    WantedField(
        "your_reference",
        say("Customer's reference"),
        ("yourReference", "customerReference", "yourRef"),
        longest=200,
    ),
    WantedField(
        "order_reference",
        say("Customer's order no."),
        ("orderReference", "purchaseOrderNumber", "customerOrderNumber"),
        longest=200,
    ),
    WantedField("note", say("Invoice text"), ("invoiceNote", "invoiceNotes", "note"), longest=2000),
    WantedField(
        "line.net",
        say("Net of the line"),
        ("net", "netAmount", "sumExclVat", "sumExVat", "totalExclVat", "sum", "amount", "total"),
        True,
    ),
    WantedField(
        "line.vat_rate",
        say("VAT %"),
        ("vatPercent", "vatPercentage", "vatRate", "taxPercent", "taxRate", "vat"),
        True,
    ),
    WantedField("line.quantity", say("Quantity"), ("quantity", "qty", "units", "count")),
    WantedField("line.unit_price", say("Price"), ("unitPrice", "price", "pricePerUnit", "rate")),
    WantedField("line.vat", say("VAT of the line"), ("vatAmount", "vatSum", "sumVat")),
    WantedField(
        "line.total", say("Total of the line"), ("totalInclVat", "sumInclVat", "grandTotal")
    ),
    WantedField("line.text", say("Text"), ("description", "text", "comment"), longest=300),
    WantedField(
        "line.product_number",
        say("Product no."),
        ("productNumber", "productNo", "articleNumber"),
        longest=100,
    ),
    WantedField(
        "line.product_name", say("Product"), ("productName", "product", "articleName"), longest=300
    ),
    WantedField("line.date", say("Date of the line"), ("date", "workDate")),
    WantedField(
        "company.number", say("Customer no."), ("companyNumber", "customerNumber"), longest=40
    ),
    WantedField("company.name", say("Name"), ("name",), longest=200),
    WantedField(
        "company.organization_number",
        say("Organization number"),
        ("vatNumber", "countryRegNumber", "organizationNumber"),
    ),
    WantedField(
        "company.address",
        say("Address"),
        ("invoiceAddress.address1", "postAddress.address1", "visitAddress.address1"),
    ),
    WantedField(
        "company.postal_code",
        say("Postal code"),
        ("invoiceAddress.postalCode", "postAddress.postalCode", "visitAddress.postalCode"),
    ),
    WantedField(
        "company.city",
        say("City"),
        ("invoiceAddress.city", "postAddress.city", "visitAddress.city"),
    ),
    WantedField(
        "company.country",
        say("Country"),
        ("invoiceAddress.country", "postAddress.country", "visitAddress.country"),
    ),
    WantedField("company.invoice_email", say("Invoice e-mail"), ("invoiceEmail",)),
    WantedField("company.credit_days", say("Credit days"), ("creditTime", "creditDays")),
    WantedField("project.number", say("Project no."), ("number", "projectNumber"), longest=40),
    WantedField("project.name", say("Project"), ("name",), longest=200),
    WantedField("project.department", say("Department (id)"), ("departmentId",), longest=32),
    WantedField(
        "project.our_user", say("Our reference (id of the user)"), ("invoiceRefUserId",), longest=40
    ),
    WantedField(
        "department.number", say("Department no."), ("number", "departmentNumber"), longest=32
    ),
    WantedField("department.name", say("Department"), ("name",), longest=200),
    WantedField(
        "department.corporation",
        say("Corporation (id)"),
        ("corporationId", "corporation_id"),
        longest=40,
    ),
    WantedField(
        "user.first_name", say("First name"), ("firstName", "first_name", "name"), longest=99
    ),
    WantedField("user.last_name", say("Last name"), ("lastName", "last_name"), longest=99),
    WantedField("corporation.name", say("Corporation"), ("name",), longest=200),
)
BY_NAME = {target.name: target for target in TARGETS}


EACH = "*"
EMPTY = say("empty")
_YES_OR_NO, _NUMBER, _TEXT = say("yes or no"), say_as("kind of value", "number"), say("text")
_LIST_BY_ID, _OBJECT, _LIST = say("list by id"), say("object"), say("list")
MOST_MEMBERS = 500
_DEEPEST = 5
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_KINDS = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), say("date as text")),
    (re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?.*"), say("time as text")),
    (re.compile(r"-?\d+(\.\d+)?"), say("number as text")),
)

Kinds = Mapping[str, tuple[str, ...]]


_PLAIN = (EMPTY, _YES_OR_NO, _NUMBER, _TEXT, _LIST_BY_ID, _OBJECT, _LIST)
_SAID = {kind: kind for kind in (*_PLAIN, *(kind for _, kind in _KINDS))}


def say_kinds(stored: Iterable[str]) -> tuple[str, ...]:
    """Types of a member that were stored, as they were said."""
    return tuple(_SAID.get(each, each) for each in stored)


def find_members(rows: Iterable[Members]) -> dict[str, tuple[str, ...]]:
    """The types of each member over all rows, by path, such as ``lines.*.price``.

    The keys of an object that is keyed by ids are values and become ``*``.
    """
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            if _NAME.fullmatch(name):
                _note(found, name, value, 1)
    return {path: _in_order(kinds) for path, kinds in sorted(found.items())}


def _note(found: dict[str, set[str]], path: str, value: Value, depth: int) -> None:
    if path not in found and len(found) >= MOST_MEMBERS:
        return
    found.setdefault(path, set()).add(_kind(value))
    if depth >= _DEEPEST:
        return
    if isinstance(value, Mapping):
        keyed = _is_keyed(value)
        for name, part in value.items():
            _note(found, f"{path}.{EACH if keyed else name}", part, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            _note(found, f"{path}.{EACH}", part, depth + 1)


def _kind(value: Value) -> str:
    if isinstance(value, bool):
        return _YES_OR_NO
    if isinstance(value, Decimal):
        return _NUMBER
    if not value:
        return EMPTY
    if isinstance(value, str):
        return next((kind for form, kind in _KINDS if form.fullmatch(value)), _TEXT)
    if isinstance(value, Mapping):
        return _LIST_BY_ID if _is_keyed(value) else _OBJECT
    return _LIST


def _is_keyed(value: Mapping[str, Value]) -> bool:
    return not all(_NAME.fullmatch(name) for name in value)


def _in_order(kinds: set[str]) -> tuple[str, ...]:
    return tuple(sorted(kinds, key=lambda kind: (kind == EMPTY, kind)))
