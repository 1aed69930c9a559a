"""The sentences about what a document may be, and why it stays out (pure)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from so24.amounts import format_amount
from so24.dates import format_date
from so24.language.said import join_said, say
from so24.sources.documents.documents import SourceDocument
from so24.sources.documents.totals import Totals
from so24.store.tables.document_tables import Customer, Invoice

SAME_OR_ANOTHER = say("Is it the same document, or another one?")
DATE_NEVER_CHANGES = say(
    "RecMan never changes an invoice's date: is it the same document, or another one with its "
    "number?"
)
_MAKE_WAY = say(
    "If the stored one is wrong, exclude it in the invoice overview (Finance) and import this one "
    "again: it then takes its place."
)
_STAYS = say("The stored one is in 24SevenOffice already and stays as it is.")


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
    values = {
        "customer": f"{number} {name[:80]}".strip(),
        "currency": currency,
        "total": format_amount(net + vat),
        "net": format_amount(net),
        "vat": format_amount(vat),
    }
    if date is None:
        return say("{customer}, {currency} {total} (net {net}, VAT {vat})", **values)
    return say(
        "{customer}, {date}, {currency} {total} (net {net}, VAT {vat})",
        date=format_date(date),
        **values,
    )


def ask_whether_same(series: str, number: str, other: Invoice, owner: Customer) -> str:
    """The question for a document that looks like another one."""
    stored = _name_with_customer(other, owner)
    if number == other.number:
        told = say(
            "It is like {stored}, but for its number series {series}: perhaps its department has "
            "another number now.",
            stored=stored,
            series=series,
        )
    else:
        document = f"{series}-{number}"
        told = say(
            "Its number {document} looks like that of {stored}.", document=document, stored=stored
        )
    return join_said([told, SAME_OR_ANOTHER])


def _name_with_customer(row: Invoice, owner: Customer) -> str:
    values = {
        "document": row.full_name,
        "customer": owner.number,
        "amount": format_amount(row.total, row.currency),
    }
    if row.date_assumed:
        return say("{document}, customer {customer}, {amount}", **values)
    return say(
        "{document} of {date}, customer {customer}, {amount}",
        date=format_date(row.invoice_date),
        **values,
    )


def ask_about_date(row: Invoice, arriving: str, date: dt.date) -> str:
    """The question for a document whose number comes again with another date."""
    told = say(
        "{document} of {stored} has come again with the date {date}: {arriving}.",
        document=row.number,
        stored=format_date(row.invoice_date),
        date=format_date(date),
        arriving=arriving,
    )
    return join_said([told, DATE_NEVER_CHANGES])


def tell_apart(number: str) -> str:
    """Why a document of another date stays out after a person has said that it is another one."""
    return say(
        "{document} is the number of a document of another date, and was said to be another "
        "document; give it a number or a department of its own, or exclude the other one first",
        document=number,
    )


def tell_taken(row: Invoice) -> str:
    """Why a number cannot be had in a series that another department has as well."""
    return say(
        "another department with the number series {series} has the number {document} already",
        series=row.series,
        document=row.number,
    )


def tell_purged(row: Invoice) -> str:
    """Why a document whose time is over does not come in again."""
    return say(
        "{document} is known in the number series {series}, and its details are purged: it is not "
        "taken in again",
        document=row.number,
        series=row.series,
    )


def tell_elsewhere(row: Invoice, number: str) -> str:
    """Why a document that is in another department, by a person's choice, does not come in."""
    return say(
        "{document} is here already as {stored}, in another department, with {amount}; choose that "
        "department for its file, or exclude that one first if its department is wrong",
        document=number,
        stored=f"{row.series}-{row.number}",
        amount=format_amount(row.total, row.currency),
    )


def tell_other_customer(row: Invoice, stored: str, arriving: str, *, exported: bool) -> str:
    """Why another customer's document does not come in under a stored one's number."""
    told = say(
        "{document} is here already as another document: {name} of {stored}; this one is of "
        "{arriving}. If it belongs to another department, choose that one for its file.",
        document=row.number,
        name=row.full_name,
        stored=stored,
        arriving=arriving,
    )
    return join_said([told, _STAYS if exported else _MAKE_WAY])


def tell_contradiction(row: Invoice, stored: str, arriving: str, *, exported: bool) -> str:
    """Why a document does not come in that another source states otherwise."""
    told = say(
        "{document} is stated otherwise by another source: {name} is here as {stored}; this one "
        "says {arriving}. If it was corrected in RecMan, import it again from the source that it "
        "came from first, and then this one.",
        document=row.number,
        name=row.full_name,
        stored=stored,
        arriving=arriving,
    )
    return join_said([told, _STAYS if exported else _MAKE_WAY])


def tell_change(row: Invoice, stored: str, arriving: str) -> str:
    """What is stated otherwise of an exported document than when it was exported."""
    if stored == arriving:
        return say(
            "It has come again as {arriving}, with other lines or references than those that were "
            "exported.",
            arriving=arriving,
        )
    return say(
        "It was exported as {stored}, and has come again as {arriving}.",
        stored=stored,
        arriving=arriving,
    )


def tell_other_buyer(buyer: str, arriving: str) -> str:
    """That an exported document has come again made out to another party."""
    if not buyer:
        return say("It was exported, and has come again as that of {arriving}.", arriving=arriving)
    return say(
        "It was made out to {buyer}, and has come again as that of {arriving}.",
        buyer=buyer,
        arriving=arriving,
    )
