"""What travels with an order beside what always does, by the key's choice (pure).

Nothing is cut: a text that is too long is no matter of this module but of
:mod:`so24.transfer.checks.key`, which runs before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from so24.keys.key_fields import HOME_CURRENCY, NO_KEY_FIELDS, KeyField, KeyFields
from so24.letters import fold
from so24.office.values import CurrencyRate, Employee, NewOrderRow, Project
from so24.store.documents.documents import Document


@dataclass(frozen=True)
class KeyLists:
    """A key's fields, and the lists of its account that they refer to.

    ``departments``: 24SevenOffice's department by our department's id. The lists are empty where
    no document of the lane needs them. ``refused``: its words for a list that it did not give.
    """

    fields: KeyFields = NO_KEY_FIELDS
    departments: Mapping[int, int] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    employees: tuple[Employee, ...] = ()
    currencies: tuple[CurrencyRate, ...] = ()
    refused: Mapping[KeyField, str] = field(default_factory=dict)


NO_KEY_LISTS = KeyLists()


class CarriedFields(TypedDict, total=False):
    """The fields of a :class:`NewOrder` that travel by the key's choice."""

    payment_id: str | None
    your_reference: str | None
    text: str | None
    invoice_email: str | None
    delivery_date: dt.date | None
    department_id: int | None
    project_id: int | None
    employee_id: int | None
    currency: CurrencyRate | None


def carried_fields(document: Document, key_lists: KeyLists) -> CarriedFields:
    """What the key carries of the document; what the account lacks is left out."""
    if key_lists is NO_KEY_LISTS:
        return {}
    invoice, carried = document.invoice, key_lists.fields.fields
    found: CarriedFields = {"department_id": key_lists.departments.get(invoice.department_id)}
    if KeyField.KID in carried:
        found["payment_id"] = invoice.kid or None
    if KeyField.YOUR_REFERENCE in carried:
        found["your_reference"] = invoice.your_reference or None
    if KeyField.INVOICE_TEXT in carried:
        found["text"] = invoice.note or None
    if KeyField.INVOICE_EMAIL in carried:
        found["invoice_email"] = document.customer.invoice_email or None
    if KeyField.DELIVERY_DATE in carried:
        found["delivery_date"] = invoice.delivery_date
    if not carried.isdisjoint(_OF_LISTS):
        project, employee = find_project(document, key_lists), find_employee(document, key_lists)
        found["project_id"] = project[0].id if len(project) == 1 else None
        found["employee_id"] = employee[0].id if len(employee) == 1 else None
        found["currency"] = find_currency(document, key_lists)
    return found


def with_tax_codes(
    rows: tuple[NewOrderRow, ...], document: Document, key_fields: KeyFields
) -> tuple[NewOrderRow, ...]:
    """The rows of the document's lines with the account's codes for their VAT, if it has any."""
    if not key_fields.tax_codes:
        return rows
    return tuple(
        row
        if row.product_id is None
        else row._replace(tax_code=key_fields.tax_code(line.vat_rate, line.vat_category))
        for row, line in zip(rows, document.lines, strict=True)
    )


def wants_project(document: Document, key_fields: KeyFields) -> bool:
    """Whether the document names a project that shall travel."""
    return key_fields.carries(KeyField.PROJECT) and bool(document.invoice.project_number.strip())


def wants_employee(document: Document, key_fields: KeyFields) -> bool:
    """Whether the document names somebody of ours who shall travel."""
    ours = document.invoice.our_reference.strip()
    return key_fields.carries(KeyField.OUR_REFERENCE) and bool(ours)


def wants_currency(document: Document, key_fields: KeyFields) -> bool:
    """Whether the document is in a foreign currency that shall travel."""
    return key_fields.carries(KeyField.CURRENCY) and document.invoice.currency != HOME_CURRENCY


_OF_LISTS: Mapping[KeyField, Callable[[Document, KeyFields], bool]] = {
    KeyField.PROJECT: wants_project,
    KeyField.OUR_REFERENCE: wants_employee,
    KeyField.CURRENCY: wants_currency,
}


def wanted_lists(document: Document, key_fields: KeyFields) -> frozenset[KeyField]:
    """The fields of the document that need a list of the company's own."""
    if key_fields.fields.isdisjoint(_OF_LISTS):
        return frozenset()
    return frozenset(field for field, want in _OF_LISTS.items() if want(document, key_fields))


def find_project(document: Document, key_lists: KeyLists) -> list[Project]:
    """The projects of the document's number: none, the one, or several.

    24SevenOffice's projects have an id and a name but no number of their own. So either the name
    begins with RecMan's number, or the number is the id and the name is the same as well: an
    equal number alone could be another project.
    """
    if not wants_project(document, key_lists.fields):
        return []
    number = fold(document.invoice.project_number)
    name = fold(document.invoice.project_name)
    return [
        project
        for project in key_lists.projects
        if _plain(project.name).partition(" ")[0] == number
        or (str(project.id) == number and name == _plain(project.name))
    ]


def find_employee(document: Document, key_lists: KeyLists) -> list[Employee]:
    """The employees of exactly the name of the document's "our reference", whatever its case."""
    if not wants_employee(document, key_lists.fields):
        return []
    name = _plain(document.invoice.our_reference)
    return [each for each in key_lists.employees if _plain(each.name) == name]


def find_currency(document: Document, key_lists: KeyLists) -> CurrencyRate | None:
    """The account's rate for a foreign document; None where there is none, or none is needed."""
    if not wants_currency(document, key_lists.fields):
        return None
    symbol = document.invoice.currency
    return next((each for each in key_lists.currencies if each.symbol == symbol), None)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
