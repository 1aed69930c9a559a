"""RecMan's report *Credit notes*, which says what each credit note credits, and when it was issued.

The report has no departments: a credit note is known by its number and its customer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import chain

from so24.sources.documents.documents import RefusedRow, SourceCredit
from so24.sources.sheets.cells.dates import read_date
from so24.sources.sheets.cells.numbers import read_decimal
from so24.sources.sheets.cells.texts import read_given
from so24.sources.sheets.repeated import take_undisputed
from so24.sources.sheets.tables import ReportTable, Row
from so24.store.tables.ground import MONEY_SCALE

_BETWEEN = re.compile(r"\s*[,;&+]\s*|\s+(?:og|and|samt|und|et)\s+", re.IGNORECASE)
_find_day = partial(read_given, read=read_date)
_find_money = partial(read_given, read=partial(read_decimal, decimals=MONEY_SCALE))


def read_credits(tables: Iterable[ReportTable]) -> tuple[list[SourceCredit], list[RefusedRow]]:
    """All rows of the sheets, and every row that was refused.

    A credit note that stands twice with different contents is refused each time: it credits several
    invoices, or one of the rows is wrong. Where they name several invoices, it comes in as one that
    credits none of them, so that an earlier report's word does not stand.
    """
    read = [(row, _read_credit(row)) for table in tables for row in table.rows()]
    named: dict[tuple[str, str], list[SourceCredit]] = {}
    for row, each in read:
        if not row.refused:
            named.setdefault(_key(each), []).append(each)
    taken, refused = take_undisputed(read, _key, _content)
    return [*taken, *filter(None, map(_leave_undecided, named.values()))], refused


def _leave_undecided(rows: Sequence[SourceCredit]) -> SourceCredit | None:
    """The credit note of rows that name several invoices; None where they agree on one."""
    stated = (each.disputed or (each.credited_number,) for each in rows)
    numbers = tuple(dict.fromkeys(chain.from_iterable(stated)))
    if len(numbers) == 1 or len({_content(each) for each in rows}) == 1:
        return None
    return replace(
        rows[0], credited_number="", credit_date=None, total=None, currency="", disputed=numbers
    )


def _key(credit: SourceCredit) -> tuple[str, str]:
    return credit.number, credit.customer_number


def _read_credit(row: Row) -> SourceCredit:
    row.require("number", "credited_number", "customer_number")
    total = row.read("total", _find_money, None)
    credited = split_numbers(row.identifier("credited_number"))
    return SourceCredit(
        sheet=row.table.sheet.name,
        row=row.number,
        number=row.identifier("number"),
        customer_number=row.identifier("customer_number"),
        credited_number=credited[0] if len(credited) == 1 else "",
        disputed=credited if len(credited) > 1 else (),
        credit_date=row.read("credit_date", _find_day, None),
        total=None if total is None else _negative(total),
        currency=row.text("currency").upper(),
    )


def split_numbers(text: str) -> tuple[str, ...]:
    """The invoice numbers of a cell that may hold several: ``1011, 1018`` or ``1011 og 1018``.

    Blanks alone part them only where each looks like a number of its own (``1011 1018``), for one
    may stand between series and number.
    """
    parts = tuple(dict.fromkeys(filter(None, _BETWEEN.split(text))))
    are_numbers = all(len(each) > 2 and any(map(str.isdigit, each)) for each in parts)
    if are_numbers and parts not in ((), (text,)):
        return parts
    words = tuple(dict.fromkeys(text.split()))
    return words if all(len(each) > 3 and each.isdigit() for each in words) and words else (text,)


def _negative(total: Decimal) -> Decimal:
    """The report may state what is credited with either sign."""
    return -abs(total)


def _content(credit: SourceCredit) -> tuple[object, ...]:
    return (
        credit.credited_number,
        credit.disputed,
        credit.credit_date,
        credit.total,
        credit.currency,
    )
