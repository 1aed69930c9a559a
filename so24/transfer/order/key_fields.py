"""What travels with an order beside what always does, by the key's choice (pure).

Nothing is cut: a text that is too long is no matter of this module but of
:mod:`so24.transfer.checks.key_fields`, which runs before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from so24.keys.carrying import HOME_CURRENCY, NOTHING, Carried, Carrying
from so24.office.values import CurrencyRate, Employee, NewOrder, Project
from so24.store.documents.documents import Document


@dataclass(frozen=True)
class Extras:
    """A key's choice, and what the account has that it refers to.

    ``departments``: 24SevenOffice's department by our department's id. The lists are empty where
    no document of the lane needs them. ``refused``: its words for a list that it did not give.
    """

    carrying: Carrying = NOTHING
    departments: Mapping[int, int] = field(default_factory=dict)
    projects: tuple[Project, ...] = ()
    employees: tuple[Employee, ...] = ()
    currencies: tuple[CurrencyRate, ...] = ()
    refused: Mapping[Carried, str] = field(default_factory=dict)


NO_EXTRAS = Extras()


def add_extras(order: NewOrder, document: Document, extras: Extras) -> NewOrder:
    """The order with what the key carries; what the account lacks is left out."""
    if extras is NO_EXTRAS:
        return order
    invoice, carries = document.invoice, extras.carrying.carries
    project, employee = find_project(document, extras), find_employee(document, extras)
    return replace(
        _with_tax_codes(order, document, extras.carrying),
        payment_id=invoice.kid or None if carries(Carried.KID) else None,
        your_reference=invoice.your_reference or None if carries(Carried.YOUR_REFERENCE) else None,
        text=invoice.note or None if carries(Carried.INVOICE_TEXT) else None,
        invoice_email=(
            document.customer.invoice_email or None if carries(Carried.INVOICE_EMAIL) else None
        ),
        delivery_date=invoice.delivery_date if carries(Carried.DELIVERY_DATE) else None,
        department_id=extras.departments.get(invoice.department_id),
        project_id=project[0].id if len(project) == 1 else None,
        employee_id=employee[0].id if len(employee) == 1 else None,
        currency=find_currency(document, extras),
    )


def _with_tax_codes(order: NewOrder, document: Document, carrying: Carrying) -> NewOrder:
    if not carrying.tax_codes:
        return order
    rows = tuple(
        row
        if row.product_id is None
        else replace(row, tax_code=carrying.tax_code(line.vat_rate, line.vat_category))
        for row, line in zip(order.rows, document.lines, strict=True)
    )
    return replace(order, rows=rows)


def wants_project(document: Document, carrying: Carrying) -> bool:
    """Whether the document names a project that shall travel."""
    return carrying.carries(Carried.PROJECT) and bool(document.invoice.project_number.strip())


def wants_employee(document: Document, carrying: Carrying) -> bool:
    """Whether the document names somebody of ours who shall travel."""
    return carrying.carries(Carried.OUR_REFERENCE) and bool(document.invoice.our_reference.strip())


def wants_currency(document: Document, carrying: Carrying) -> bool:
    """Whether the document is in a foreign currency that shall travel."""
    return carrying.carries(Carried.CURRENCY) and document.invoice.currency != HOME_CURRENCY


def wanted_lists(document: Document, carrying: Carrying) -> frozenset[Carried]:
    """The fields of the document that need a list of the company's own."""
    wants = {
        Carried.PROJECT: wants_project,
        Carried.OUR_REFERENCE: wants_employee,
        Carried.CURRENCY: wants_currency,
    }
    return frozenset(field for field, wanted in wants.items() if wanted(document, carrying))


def find_project(document: Document, extras: Extras) -> list[Project]:
    """The projects of the document's number: none, the one, or several.

    24SevenOffice's projects have an id and a name but no number of their own. So either the name
    begins with RecMan's number, or the number is the id and the name is the same as well: an
    equal number alone could be another project.
    """
    if not wants_project(document, extras.carrying):
        return []
    number = _plain(document.invoice.project_number)
    name = _plain(document.invoice.project_name)
    return [
        project
        for project in extras.projects
        if _plain(project.name).partition(" ")[0] == number
        or (str(project.id) == number and name == _plain(project.name))
    ]


def find_employee(document: Document, extras: Extras) -> list[Employee]:
    """The employees of exactly the name of the document's "our reference", whatever its case."""
    if not wants_employee(document, extras.carrying):
        return []
    name = _plain(document.invoice.our_reference)
    return [each for each in extras.employees if _plain(each.name) == name]


def find_currency(document: Document, extras: Extras) -> CurrencyRate | None:
    """The account's rate for a foreign document; None where there is none, or none is needed."""
    if not wants_currency(document, extras.carrying):
        return None
    symbol = document.invoice.currency
    return next((each for each in extras.currencies if each.symbol == symbol), None)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
