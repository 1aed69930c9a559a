"""The *Customers* list, which completes what the invoice lines say about a customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from so24.norwegian_numbers import NORWAY as HOME
from so24.norwegian_numbers import bare_number, is_norwegian_number
from so24.sources.documents.documents import RefusedRow, SourceCustomer
from so24.sources.sheets.numbers import BadCell, Cell, read_identifying, read_text
from so24.sources.sheets.tables import ReportTable, Row, take_undisputed

LONGEST_CREDIT = 365

_COUNTRIES = {
    "norge": "NO",
    "norway": "NO",
    "sverige": "SE",
    "sweden": "SE",
    "danmark": "DK",
    "denmark": "DK",
    "finland": "FI",
    "island": "IS",
    "iceland": "IS",
    "tyskland": "DE",
    "germany": "DE",
    "storbritannia": "GB",
    "united kingdom": "GB",
    "uk": "GB",
}
_WITHOUT = "the customer came in without it"
_CODE = re.compile("[A-Z]{2}")
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_DAYS = re.compile(r"(\d{1,3})( (dager|days))?")


def read_customers(tables: Iterable[ReportTable]) -> tuple[list[SourceCustomer], list[RefusedRow]]:
    """All customers of the sheets, and every row that was refused.

    A number that stands twice with different contents is refused each time: nobody knows which one
    is right. A detail that cannot be read, such as a number that is no organization number, is left
    out and told like a refusal; the customer comes in without it.
    """
    rows = [(row, _read_customer(row)) for table in tables for row in table.rows()]
    customers, refused = take_undisputed(rows, lambda each: each.number, lambda each: each)
    left_out = [each for row, _ in rows for some in row.left_out.values() for each in some]
    told = [replace(each, reason=f"{each.reason}; {_WITHOUT}") for each in left_out]
    return customers, [*refused, *told]


def normalise_organization_number(text: str, country: str) -> str:
    """The number without blanks, ``NO`` and ``MVA``; a Norwegian one checked by modulus 11.

    Raises :class:`BadCell` where a Norwegian number has not nine digits that pass the check.
    Other countries' numbers are kept without blanks.
    """
    if country != HOME:
        return text.replace(" ", "")
    bare = bare_number(text)
    if bare and not is_norwegian_number(bare):
        raise BadCell(f"is no Norwegian organization number: “{text[:20]}”")
    return bare


def _read_customer(row: Row) -> SourceCustomer:
    for name in ("number", "name"):
        if not row.guess(name):
            row.refuse(name, "is empty")
    country = row.read("country", _country, HOME)

    def read_organization(cell: Cell) -> str:
        return normalise_organization_number(read_identifying(cell), country)

    return SourceCustomer(
        number=row.identifier("number"),
        name=row.text("name"),
        organization_number=row.read_optional(
            "organization_number", lambda name: row.read(name, read_organization, ""), ""
        ),
        address=row.read_optional("address", row.text, ""),
        postal_code=_postal_code(row.read_optional("postal_code", row.text, ""), country),
        city=row.read_optional("city", row.text, ""),
        country=country,
        invoice_email=row.read_optional("invoice_email", lambda _: _read_mail(row), ""),
        credit_days=row.read_optional(
            "credit_days", lambda name: row.read_given(name, _credit_days), None
        ),
        given=frozenset(row.table.columns.keys() - row.left_out.keys()),
    )


def _country(cell: Cell) -> str:
    text = read_text(cell)
    code = _COUNTRIES.get(text.casefold(), text.upper())
    if not code:
        return HOME
    if not _CODE.fullmatch(code):
        raise BadCell(f"must be a country's two letters such as NO, not “{text[:30]}”")
    return code


def _postal_code(text: str, country: str) -> str:
    """A number cell has lost the zeros that Norwegian codes may begin with."""
    return text.zfill(4) if country == HOME and text.isdigit() else text


def _read_mail(row: Row) -> str:
    text = row.text("invoice_email")
    if text and not _MAIL.fullmatch(text):
        row.refuse("invoice_email", "must be one e-mail address")
    return text


def _credit_days(cell: Cell) -> int:
    text = read_text(cell)
    found = _DAYS.fullmatch(text.casefold())
    if found is None or not Decimal(found[1]) <= LONGEST_CREDIT:
        raise BadCell(f"must be a number of days from 0 to {LONGEST_CREDIT}, not “{text[:20]}”")
    return int(found[1])
