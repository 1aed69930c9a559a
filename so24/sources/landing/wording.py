"""The sentences about what a document may be, and why it stays out (pure)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.sources.documents.documents import SourceDocument
from so24.sources.documents.totals import Totals
from so24.store.tables.document_tables import Customer, Invoice

SAME_OR_ANOTHER = "Is it the same document, or another one?"
_MAKE_WAY = (
    "If the stored one is wrong, exclude it in the invoice overview (Finance) and import this one "
    "again: it then takes its place."
)
_STAYS = "The stored one is in 24SevenOffice already and stays as it is."


def describe_stored(row: Invoice, owner: Customer) -> str:
    """Who a stored document is for, its date where somebody has stated it, and its amounts."""
    date = None if row.date_assumed else row.invoice_date
    return _describe(owner.number, owner.name, date, row.currency, row.net, row.vat)


def describe_arriving(document: SourceDocument, totals: Totals) -> str:
    """The same of a document that arrives, with the customer as it names it."""
    number, name = document.customer_number, document.customer_name
    date, currency = document.invoice_date, document.currency
    return _describe(number, name, date, currency, totals.net, totals.vat)


def _describe(
    number: str, name: str, date: dt.date | None, currency: str, net: Decimal, vat: Decimal
) -> str:
    dated = f", {format_date(date)}" if date else ""
    amounts = f"net {format_amount(net)}, VAT {format_amount(vat)}"
    customer = f"{number} {name[:80]}".strip()
    return f"{customer}{dated}, {currency} {format_amount(net + vat)} ({amounts})"


def ask_whether_same(series: str, number: str, other: Invoice, owner: Customer) -> str:
    """The question for a document that looks like another one."""
    dated = "" if other.date_assumed else f" of {format_date(other.invoice_date)}"
    amount = format_amount(other.total, other.currency)
    stored = f"{other.full_name}{dated}, customer {owner.number}, {amount}"
    if number == other.number:
        return (
            f"It is like {stored}, but for its number series {series}: perhaps its department has "
            f"another number now. {SAME_OR_ANOTHER}"
        )
    return f"Its number {series}-{number} looks like that of {stored}. {SAME_OR_ANOTHER}"


def ask_about_date(row: Invoice, arriving: str, date: dt.date) -> str:
    """The question for a document whose number comes again with another date."""
    return (
        f"{row.number} of {format_date(row.invoice_date)} has come again with the date "
        f"{format_date(date)}: {arriving}. RecMan never changes an invoice's date: is it the same "
        "document, or another one with its number?"
    )


def tell_apart(number: str) -> str:
    """Why a document of another date stays out after a person has said that it is another one."""
    return (
        f"{number} is the number of a document of another date, and was said to be another "
        "document; give it a number or a department of its own, or exclude the other one first"
    )


def tell_taken(row: Invoice) -> str:
    """Why a number cannot be had in a series that another department has as well."""
    return (
        f"another department with the number series {row.series} has the number {row.number} "
        "already"
    )


def tell_purged(row: Invoice) -> str:
    """Why a document whose time is over does not come in again."""
    return (
        f"{row.number} is known in the number series {row.series}, and its details are purged: it "
        "is not taken in again"
    )


def tell_elsewhere(row: Invoice, number: str) -> str:
    """Why a document that is in another department, by a person's choice, does not come in."""
    return (
        f"{number} is here already as {row.series}-{row.number}, in another department, with "
        f"{format_amount(row.total, row.currency)}; choose that department for its file, or "
        "exclude that one first if its department is wrong"
    )


def tell_other_customer(row: Invoice, stored: str, arriving: str, *, exported: bool) -> str:
    """Why another customer's document does not come in under a stored one's number."""
    return (
        f"{row.number} is here already as another document: {row.full_name} of {stored}; this one "
        f"is of {arriving}. If it belongs to another department, choose that one for its file. "
        f"{_STAYS if exported else _MAKE_WAY}"
    )


def tell_contradiction(row: Invoice, stored: str, arriving: str, *, exported: bool) -> str:
    """Why a document does not come in that another source states otherwise."""
    return (
        f"{row.number} is stated otherwise by another source: {row.full_name} is here as {stored}; "
        f"this one says {arriving}. If it was corrected in RecMan, import it again from the source "
        f"that it came from first, and then this one. {_STAYS if exported else _MAKE_WAY}"
    )


def tell_change(row: Invoice, stored: str, arriving: str) -> str:
    """What is stated otherwise of an exported document than when it was exported."""
    if stored == arriving:
        return (
            f"It has come again as {arriving}, with other lines or references than those that were "
            "exported."
        )
    return f"It was exported as {stored}, and has come again as {arriving}."


def tell_other_buyer(buyer: str, arriving: str) -> str:
    """That an exported document has come again made out to another party."""
    was = f"It was made out to {buyer}" if buyer else "It was exported"
    return f"{was}, and has come again as that of {arriving}."
