"""Which documents a text means that somebody types into a search field.

It is looked for in the document's number and KID and in the names of its customer and department;
it may be the number behind its series, or our reference, as lists and orders show them
(``10-1001``, ``RM-10-1001``). It may also be the customer's or the department's number, a total, or
the number that 24SevenOffice has given to the invoice or its order. One pass over an index that
holds all that is asked and summed of a document (``ix_invoice_search``) is faster than the
databases' own text indexes are slow to keep, and knows Æ, Ø and Å (:mod:`so24.letters`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from so24.amounts import amounts_typed
from so24.letters import fold, fold_for_search
from so24.store.database.dialects import holds
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department
from so24.store.tables.transfer_tables import Transfer

_REFERENCE = re.compile(r"r([mc])-(.*)", re.IGNORECASE)
_KINDS = {"m": DocumentKind.INVOICE, "c": DocumentKind.CREDIT_NOTE}
_BRACKETED = re.compile(r"\((.+)\)-(.+)")
_GROUPED_AMOUNT = re.compile(r"[-\u2212]?\d{1,3}(?:\s\d{3})+(?:[.,]\d{1,2})?")
_SHORT_NUMBER = re.compile(r"\d{1,2}")
_MOST_PARTS = 9  # of what has more hyphens, nobody knows which one ends a series
_MOST_WORDS = 4  # each is looked for in all of these places
_LONGEST_OFFICE_NUMBER = 9  # of digits: they are 32-bit integers


def means_text(text: str) -> sa.ColumnElement[bool]:
    """Whether a document is one of those that the text means; it is not empty.

    A few words mean a document that each of them means, too: ``nordvik 1002``. An amount that is
    written in groups of three digits is one word, and so is what has a number too short to tell
    anything, which stands in most others (``Kunde 1``).
    """
    words = text.split()
    whole = _GROUPED_AMOUNT.fullmatch(text) or any(map(_SHORT_NUMBER.fullmatch, words))
    if whole or not 1 < len(words) <= _MOST_WORDS:
        return _means_whole(text)
    return sa.or_(_means_whole(text), sa.and_(*map(_means_whole, words)))


def _means_whole(text: str) -> sa.ColumnElement[bool]:
    # SQLite asks in this order: what stands elsewhere is known to be nothing after one look there
    return sa.or_(
        _has_any(Invoice.customer_id, Customer.id, _means_customer(text)),
        _has_any(Invoice.department_id, Department.id, _means_department(text)),
        *_by_office_number(text),
        *_by_its_own(text),
        *_by_series_and_number(text),
    )


def _has_any(column: Any, ids: Any, meant: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the column has one of the ids meant; asked of each document only if there are any."""
    there = sa.select(col(ids)).where(meant).exists()
    return sa.and_(there, col(column).in_(sa.select(col(ids)).where(meant)))


def _by_its_own(text: str) -> Iterator[sa.ColumnElement[bool]]:
    yield holds(Invoice.number_folded, fold(text))
    bare = "".join(text.split())
    if bare.isdecimal():
        yield holds(Invoice.kid, bare)
    amounts = amounts_typed(text)
    if amounts is not None:
        first, last = amounts
        yield col(Invoice.total).between(first, last)
        yield col(Invoice.total).between(-last, -first)


def _by_series_and_number(text: str) -> Iterator[sa.ColumnElement[bool]]:
    """Whether it is the document's series and number, of either kind where no reference says it."""
    reference = _REFERENCE.fullmatch(text)
    kind = [col(Invoice.kind) == _KINDS[reference[1].lower()]] if reference else []
    for series, number in _split(reference[2] if reference else text):
        yield sa.and_(
            col(Invoice.series) == series, col(Invoice.number_folded) == fold(number), *kind
        )


def _split(named: str) -> Iterator[tuple[str, str]]:
    """What may be a series with the number behind it: they may have hyphens of their own."""
    bracketed = _BRACKETED.fullmatch(named)
    if bracketed:
        yield bracketed[1], bracketed[2]
    parts = named.split("-")
    for place in range(1, len(parts)) if len(parts) <= _MOST_PARTS else ():
        series, number = "-".join(parts[:place]), "-".join(parts[place:])
        if series and number:
            yield series, number


def _means_customer(text: str) -> sa.ColumnElement[bool]:
    named = holds(Customer.name_folded, fold_for_search(text))
    return sa.or_(named, col(Customer.number) == text)


def _means_department(text: str) -> sa.ColumnElement[bool]:
    """Whether the department has this in its name, or has this number or label."""
    wanted = fold_for_search(text)
    name, number = col(Department.name_folded), col(Department.number_folded)
    return sa.or_(holds(name, wanted), number == wanted, number + " " + name == wanted)


def _by_office_number(text: str) -> Iterator[sa.ColumnElement[bool]]:
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_OFFICE_NUMBER:
        number = int(text)
        there = sa.or_(col(Transfer.office_invoice_id) == number, col(Transfer.order_id) == number)
        yield _has_any(Invoice.id, Transfer.invoice_id, there)
