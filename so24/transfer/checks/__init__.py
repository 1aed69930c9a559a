"""The checks that a document must pass before anything of it is sent (pure).

The catalogue: what each check finds is in its own module, by subject; here is the order. Checks of
the document alone stand in ``CHECKS``, those that must know the rules or its key's choices in
``RULE_CHECKS``, those that must know its surroundings in ``CONTEXT_CHECKS``. The first error, in
this order, decides why a document is blocked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from so24.dates import format_date
from so24.language.said import say
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.tables.document_tables import DocumentKind
from so24.transfer.checks.amounts import (
    check_amount,
    check_documents_alike,
    check_lines,
    check_numbers_alike,
    check_totals,
    check_vat_rates,
)
from so24.transfer.checks.finding import CheckContext, Finding, Severity
from so24.transfer.checks.key import check_category, check_key, check_key_fields, check_vat
from so24.transfer.checks.particulars import (
    check_characters,
    check_customer,
    check_due_date,
    check_invoice_date,
    check_kid,
    check_lengths,
    check_organization_number,
    check_said_firm,
)
from so24.transfer.order.mapping import with_default_product


def check_document(document: Document, context: CheckContext) -> tuple[Finding, ...]:
    """Everything that the checks find, errors before warnings, the most telling first.

    Lines without a product number have the product that the department's key has for them.
    """
    return _errors_first(
        (*check_by_rules(document, context), *check_surroundings(document, context))
    )


def check_by_rules(document: Document, context: CheckContext) -> tuple[Finding, ...]:
    """What a plan asks: the part of :func:`check_document` that needs no look around."""
    document = _with_default(document, context)
    found = [finding for check in CHECKS for finding in check(document)]
    found += [finding for check in RULE_CHECKS for finding in check(document, context)]
    return _errors_first(found)


def check_surroundings(document: Document, context: CheckContext) -> tuple[Finding, ...]:
    """The other part, which needs what the store knows around the document."""
    document = _with_default(document, context)
    found = [finding for check in CONTEXT_CHECKS for finding in check(document, context)]
    return _errors_first(found)


def _with_default(document: Document, context: CheckContext) -> Document:
    default = context.default_products.get(document.invoice.department_id, "")
    return with_default_product(document, default)


def _errors_first(found: Collection[Finding]) -> tuple[Finding, ...]:
    if len(found) < 2:  # as nearly all
        return tuple(found)
    return tuple(sorted(found, key=lambda each: each.severity is Severity.WARNING))


def _check_sign(document: Document) -> Iterator[Finding]:
    invoice = document.invoice
    if invoice.kind is DocumentKind.INVOICE:
        if invoice.total < 0:
            yield Finding(Reason.NEGATIVE_INVOICE, "", say("total"))
        return
    if invoice.total < 0:
        return
    words = say("Its total is not negative, so that it credits nothing.")
    if invoice.total == 0:
        words = say(
            "Its total is 0, so that it credits nothing: what it corrects is entered by hand."
        )
    yield Finding(Reason.CREDIT_MISMATCH, words, say("total"))


def _check_standing(document: Document) -> Iterator[Finding]:
    invoice = document.invoice
    if invoice.excluded:
        yield Finding(Reason.EXCLUDED, invoice.excluded_reason)
    if invoice.held:
        yield Finding(Reason.HELD, invoice.held)
    for question in _questions(document):
        yield Finding(Reason.HELD, question)
    if invoice.changed_after_export:
        yield Finding(Reason.CHANGED_AFTER_EXPORT, invoice.change)
    if invoice.date_assumed:
        words = say("Date to confirm: {date}.", date=format_date(invoice.invoice_date))
        yield Finding(Reason.DATE_ASSUMED, words, say("invoice date"))


def _questions(document: Document) -> Iterator[str]:
    """What is asked about a document and its customer."""
    invoice = document.invoice
    yield from invoice.questions
    if document.customer.question and not invoice.excluded:
        yield document.customer.question


CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    _check_standing,
    _check_sign,
    check_due_date,
    check_customer,
    check_organization_number,
    check_lines,
    check_totals,
    check_kid,
    check_lengths,
    check_characters,
)
RULE_CHECKS: tuple[Callable[[Document, CheckContext], Iterator[Finding]], ...] = (
    check_key_fields,
    check_invoice_date,
    check_vat_rates,
)
CONTEXT_CHECKS: tuple[Callable[[Document, CheckContext], Iterator[Finding]], ...] = (
    check_said_firm,
    check_key,
    check_category,
    check_vat,
    check_documents_alike,
    check_numbers_alike,
    check_amount,
)
