"""How customers and products land in the store; they appear by themselves with their documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session

from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.language.said import pack
from so24.sources.documents.documents import (
    Counts,
    RefusedRow,
    SourceCustomer,
    SourceDocument,
    tell_cell,
)
from so24.sources.landing.buyers import ask_again
from so24.sources.landing.whose import (
    Firm,
    ask_about_customer,
    have_equal_numbers,
    is_another_firm,
    tells_a_firm,
)
from so24.store.documents.intake import (
    customers_by_number,
    insert_customers,
    products_by_number,
    read_customers,
    refresh_due_dates,
)
from so24.store.tables.document_tables import Customer, Product

_DETAILS = (
    "name",
    "organization_number",
    "address",
    "postal_code",
    "city",
    "country",
    "invoice_email",
    "credit_days",
)
_ALWAYS = frozenset({"name", "country"})


def land_customers(
    session: Session,
    tenant: str,
    filename: str,
    customers: Sequence[SourceCustomer],
    counts: Counts,
) -> None:
    """Add or update the customers of a list; due dates follow the credit days.

    Columns that the list does not have are left as they are, and so is all that is known where the
    customer comes from a document. What of its row could not be read is kept with the customer.
    A customer's documents are compared with what it is called now. ``counts`` is added to.
    """
    known = customers_by_number(session, tenant, (each.number for each in customers))
    retimed: set[int] = set()
    renamed: list[Customer] = []
    for source in customers:
        row = known.get(source.number)
        if row is None:
            row = Customer(tenant=tenant, number=source.number)
            session.add(row)
            counts.added += 1
            _take(row, source, filename)
            continue
        stored = Firm.of(row)
        if is_another_firm(row, Firm(source.name, source.organization_number)):
            if not source.fills_only:  # a document's own buyer is compared where that lands
                counts.questions.append(_ask_about(row, source))
            continue
        days = row.credit_days
        changed = _take(row, source, filename)
        counts.updated += changed
        counts.unchanged += not changed
        if row.credit_days != days:
            retimed.add(row.row_id)
        if Firm.of(row) != stored:
            renamed.append(row)
    session.flush()
    counts.questions += ask_again(session, renamed)
    refresh_due_dates(session, retimed)


def keep_shut_out(
    session: Session, tenant: str, filename: str, shut_out: Mapping[str, RefusedRow]
) -> None:
    """Keep with these customers why a list's row of theirs was refused; nothing else changes."""
    known = customers_by_number(session, tenant, shut_out)
    for number, cell in shut_out.items():
        row = known.get(number)
        if row is None:
            row = Customer(tenant=tenant, number=number)
            session.add(row)
        _keep_doubts(row, {**row.read_doubts(), "": _tell(cell, filename)})


def _ask_about(row: Customer, source: SourceCustomer) -> str:
    """The question where the list states another party; nothing of the customer changes then."""
    stated = Firm(source.name, source.organization_number)
    question = ask_about_customer(source.number, Firm.of(row), stated)
    if (row.stated_name, row.stated_number) != (stated.name, stated.organization_number):
        row.stated_name, row.stated_number = stated.name, stated.organization_number
        row.question = question
    return question


def _take(row: Customer, source: SourceCustomer, filename: str) -> bool:
    """Put the list's details into the row; whether anything changed.

    A list without an organization number, or with a placeholder, leaves the one that is known: the
    next list could give the customer's number to anybody else.
    """
    stated = Firm(source.name, source.organization_number)
    confirmed = not source.fills_only and have_equal_numbers(Firm.of(row), stated)
    if confirmed or not row.known_as:
        row.known_as = source.name
    was_complete = row.completed
    changed = not was_complete
    row.completed = True
    doubts = row.read_doubts()
    if not source.fills_only:
        doubts.pop("", None)
    for name in _DETAILS:
        value = getattr(source, name)
        given = name in source.given or (name in _ALWAYS and name not in source.doubts)
        if source.fills_only and was_complete and getattr(row, name):
            continue
        if (
            name == "organization_number"
            and not tells_a_firm(value)
            and tells_a_firm(row.organization_number)
        ):
            given = False
        if given:
            doubts.pop(name, None)
        if given and getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    doubts |= {name: _tell(cell, filename) for name, cell in source.doubts.items()}
    return _keep_doubts(row, doubts) or changed


def _tell(cell: RefusedRow, filename: str) -> str:
    return hide_personal_numbers(tell_cell(cell, filename))


def _keep_doubts(row: Customer, doubts: Mapping[str, str]) -> bool:
    """Whether they are others than before."""
    if row.read_doubts() == doubts:  # what they were made of is no change
        return False
    packed = {field: pack(doubt) for field, doubt in doubts.items()}
    row.doubts = json.dumps(packed, ensure_ascii=False, sort_keys=True)
    return True


def meet_customers(
    session: Session, tenant: str, names: Mapping[str, str], counts: Counts
) -> dict[str, Customer]:
    """The customers by number, whom documents call by these names; new ones are not complete.

    They are for reading. What is then asked about documents that are here is added to ``counts``.
    """
    known = read_customers(session, tenant, names)
    fresh = {number: name for number, name in names.items() if number not in known}
    renamed = [number for number in names if number in known
               and _may_be_called(known[number], names[number])]  # fmt: skip
    if not (fresh or renamed):
        return known
    insert_customers(session, tenant, fresh)
    counts.questions += _rename(session, tenant, {each: names[each] for each in renamed})
    return known | read_customers(session, tenant, (*fresh, *renamed))


def _rename(session: Session, tenant: str, names: Mapping[str, str]) -> list[str]:
    """Let these customers be called so; what is then asked about documents that are here."""
    rows = customers_by_number(session, tenant, names) if names else {}
    for number, name in names.items():
        rows[number].name, rows[number].known_as = name, rows[number].known_as or name
    session.flush()
    return ask_again(session, [rows[number] for number in names])


def _may_be_called(row: Customer, name: str) -> bool:
    """Whether a document tells what a customer of no list is called now."""
    if not name or row.completed or row.name == name:
        return False
    return not is_another_firm(row, Firm(name))


def meet_products(session: Session, tenant: str, documents: Iterable[SourceDocument]) -> None:
    """Keep each product number of the lines with the name it was last seen with."""
    names: dict[str, str] = {}
    for document in documents:
        for line in document.lines:
            if line.product_number:
                names[line.product_number] = line.product_name or names.get(line.product_number, "")
    known = products_by_number(session, tenant, names)
    for number, name in names.items():
        row = known.get(number)
        if row is None:
            session.add(Product(tenant=tenant, number=number, name=name))
        elif name and row.name != name:
            row.name = name
