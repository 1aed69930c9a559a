"""Checks of the key that a document would go by, and of what that key carries (pure).

Most of it needs the key alone, so that the plan says it before anything is sent; ``check_found``
needs the company's own lists, which only a lane reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from so24.keys.key_categories import kind_of
from so24.keys.key_fields import (
    CATEGORIES,
    HOME_CURRENCY,
    LONGEST,
    NO_KEY_FIELDS,
    TITLES,
    KeyField,
    KeyFields,
    format_rate,
    name_kind,
)
from so24.keys.routing import NoWay
from so24.language.said import join_said, say
from so24.office.values import NewOrder, Problem
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.finding import CheckContext, Finding
from so24.transfer.order.key_fields import (
    KeyLists,
    find_currency,
    find_employee,
    find_project,
    wanted_lists,
    wants_currency,
    wants_employee,
    wants_project,
)
from so24.transfer.order.vat_doubts import doubt_vat

# class names that 24SevenOffice has been seen to refuse with; only their endings are relied on
_REFUSALS = {
    "DepartmentIsRequiredException": Reason.DEPARTMENT_REQUIRED,
    "ProjectIsRequiredException": Reason.PROJECT_REQUIRED,
}
_CARRIED: dict[KeyField, Callable[[Document], str]] = {
    KeyField.KID: lambda document: document.invoice.kid,
    KeyField.YOUR_REFERENCE: lambda document: document.invoice.your_reference,
    KeyField.INVOICE_TEXT: lambda document: document.invoice.note,
    KeyField.INVOICE_EMAIL: lambda document: document.customer.invoice_email,
}


def check_key(document: Document, context: CheckContext) -> Iterator[Finding]:
    """A usable key serves the department."""
    department = document.department
    no_way = context.keyless.get(document.invoice.department_id)
    if no_way is not None:
        yield missing_key(department.name or department.number, no_way)


def missing_key(department: str, no_way: NoWay) -> Finding:
    """The finding where no usable key serves the department of this name."""
    told = [say("Department: {department}.", department=department)]
    if no_way.disabled is not None:
        told.append(say("Key: {key}.", key=no_way.disabled.name))
    return Finding(no_way.reason, join_said(told), say("department"))


def check_category(document: Document, context: CheckContext) -> Iterator[Finding]:
    """New products have a category, unless the key's company is known to have them all."""
    products = context.key_products.get(document.invoice.department_id)
    if products is None:
        return
    known = products.known
    unknown = {
        line.product_number
        for line in document.lines
        if line.product_number
        and line.product_number not in known.linked
        and known.categories.for_kind(kind_of(line.vat_rate, line.vat_category)) is None
    }
    if unknown:
        numbers = ", ".join(sorted(unknown)[:3])
        words = say(
            "It is not known yet whether the company of key “{key}” has {numbers}.",
            key=products.key,
            numbers=numbers,
        )
        yield Finding(Reason.CATEGORY_MISSING, words, say("product number"))


def check_vat(document: Document, context: CheckContext) -> Iterator[Finding]:
    """24SevenOffice reckons the VAT of each line as RecMan does, as far as the store can tell."""
    products = context.key_products.get(document.invoice.department_id)
    for doubt in doubt_vat(document, products.known) if products else ():
        field = say("VAT rate of line {line}", line=doubt.position)
        yield Finding(Reason.VAT_MAY_DIFFER, doubt.words, field)


def check_key_fields(document: Document, context: CheckContext) -> Iterator[Finding]:
    """The document can go with what its department's key carries; nothing is ever cut."""
    key_fields = context.key_fields.get(document.invoice.department_id, NO_KEY_FIELDS)
    return check_choice(document, key_fields)


def check_choice(document: Document, key_fields: KeyFields) -> Iterator[Finding]:
    """The document can go with what this key carries."""
    currency = document.invoice.currency
    if currency != HOME_CURRENCY and not key_fields.carries(KeyField.CURRENCY):
        words = say("Currency: {currency}.", currency=currency)
        yield Finding(Reason.FOREIGN_CURRENCY, words, say("currency"))
    for code, longest in LONGEST.items():
        if not key_fields.carries(code):
            continue
        length = len(_CARRIED[code](document))
        if length > longest:
            words = say(
                "{field} has {length} characters, 24SevenOffice takes {most}.",
                field=TITLES[code],
                length=length,
                most=longest,
            )
            yield Finding(Reason.CARRIED_TOO_LONG, words, TITLES[code])
    if key_fields.tax_codes:
        for line in document.lines:
            rate, category = line.vat_rate, line.vat_category
            if line.product_number and key_fields.tax_code(rate, category) is None:
                kind = category if category in CATEGORIES else format_rate(rate)
                words = say("Line {line} has {vat} VAT.", line=line.position, vat=name_kind(kind))
                field = say("VAT rate of line {line}", line=line.position)
                yield Finding(Reason.NO_TAX_CODE, words, field)


def check_found(document: Document, key_lists: KeyLists) -> Finding | None:
    """The fault that the company's own lists show, or None."""
    invoice = document.invoice
    for code, words in key_lists.refused.items():
        if code in wanted_lists(document, key_lists.fields):
            told = say("{field}: {words}", field=TITLES[code], words=words)
            return Finding(Reason.LIST_REFUSED, told)
    if wants_currency(document, key_lists.fields) and find_currency(document, key_lists) is None:
        words = say("Currency: {currency}.", currency=invoice.currency)
        return Finding(Reason.UNKNOWN_CURRENCY, words)
    if not wants_project(document, key_lists.fields):
        return None
    found = find_project(document, key_lists)
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.id})" for each in found)
        words = say("Project {project}: {names}.", project=invoice.project_number, names=names)
        return Finding(Reason.AMBIGUOUS_PROJECT, words)
    if not found and key_lists.fields.carries(KeyField.PROJECT_MUST_EXIST):
        words = say("Project {project}.", project=_project(document))
        return Finding(Reason.MISSING_PROJECT, words)
    return None


def list_left_out(document: Document, key_lists: KeyLists) -> str:
    """What the document names and the company lacks, in sentences for the receipt."""
    words = []
    if key_lists.refused:  # nobody knows what the company lacks
        return ""
    if wants_project(document, key_lists.fields) and not find_project(document, key_lists):
        words.append(
            say(
                "Project {project} is not in 24SevenOffice and was left out.",
                project=_project(document),
            )
        )
    if wants_employee(document, key_lists.fields) and len(find_employee(document, key_lists)) != 1:
        words.append(
            say(
                "Our reference {name} is no one employee of this name and was left out.",
                name=document.invoice.our_reference.strip(),
            )
        )
    return join_said(words)


def explain_refusal(problem: Problem, order: NewOrder) -> Finding:
    """The reason of a refused order, its words with what the order named of the company's own."""
    ending = problem.type.rpartition(".")[2]
    named = []
    if order.department_id is not None:
        named.append(say("department {id}", id=order.department_id))
    if order.project_id is not None:
        named.append(say("project {id}", id=order.project_id))
    if order.employee_id is not None:
        named.append(say("employee {id}", id=order.employee_id))
    words = problem.message
    if named:
        words = say("{words} (sent with {ids})", words=words, ids=join_said(named, ", "))
    return Finding(_REFUSALS.get(ending, Reason.REFUSED_ORDER), words)


def _project(document: Document) -> str:
    return f"{document.invoice.project_number} {document.invoice.project_name}".strip()
