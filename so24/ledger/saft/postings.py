"""What a SAF-T file says, in typed form: its head, and the postings on customers (pure)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from so24.firms.norwegian_numbers import bare_number, is_norwegian_number
from so24.language.said import say
from so24.sources.documents.content import Damage

_MONEY = re.compile(r"[+-]?(?:\d{1,16}(?:\.\d{0,6})?|\.\d{1,6})", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,9}", re.ASCII)
_VERSION = re.compile(r"(\d)\.(\d)0?", re.ASCII)
_WHOLE = re.compile(r"\d{1,4}", re.ASCII)
_MONTHS = 12
_SHOWN = 40

V13, V12 = "1.30", "1.20"


@dataclass(frozen=True)
class SaftHead:
    """Whose file it is, of which release, for which days (both included), in which currency."""

    version: str
    company_number: str
    company_name: str
    currency: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class SaftPosting:
    """What one voucher of the file books on one customer under one number.

    ``total`` is signed: what the customer owes more. ``foreign`` is the same in ``currency``, where
    all its lines state one. ``vat`` and ``foreign_vat`` are None where the file does not show them.
    ``number`` is the document's number where it is one; ``references`` are the elements that may
    hold our reference.
    """

    file: str
    journal: str
    voucher: str
    date: dt.date
    number: int | None
    references: tuple[str, ...]
    customer_id: str
    total: Decimal
    currency: str = ""
    foreign: Decimal | None = None
    vat: Decimal | None = None
    foreign_vat: Decimal | None = None

    def is_same_booking(self, other: SaftPosting) -> bool:
        """Whether it is the other's voucher again, out of another file."""
        return self.file != other.file and (
            (self.journal, self.voucher, self.date, self.number, self.customer_id, self.total)
            == (other.journal, other.voucher, other.date, other.number, other.customer_id,
                other.total)
        )  # fmt: skip


def read_head(fields: Mapping[str, str]) -> SaftHead:
    """The head by the names of its elements. Raises :class:`Damage`, which completes "the file …".

    A release that is not read is raised for too.
    """
    first, last = _read_period(fields)
    if first > last:
        raise Damage(say("ends its period before it begins"))
    return SaftHead(
        version=read_version(fields.get("AuditFileVersion", "")),
        company_number=bare_number(fields.get("RegistrationNumber", "")),
        company_name=fields.get("Name", ""),
        currency=fields.get("DefaultCurrencyCode", "").upper(),
        first=first,
        last=last,
    )


def read_version(text: str) -> str:
    """The release, in the standard's form. Raises :class:`Damage` for one that is not read."""
    found = _VERSION.fullmatch(text)
    version = f"{found[1]}.{found[2]}0" if found else ""
    if version not in (V13, V12):
        raise Damage(
            say(
                "is of release “{text}” of SAF-T Financial; so24 reads 1.30, and 1.20",
                text=text[:_SHOWN],
            )
        )
    return version


def read_money(text: str) -> Decimal:
    """An amount of the standard. Raises :class:`Damage`."""
    if not _MONEY.fullmatch(text):
        raise Damage(say("has an amount that is none: “{text}”", text=text[:_SHOWN]))
    return Decimal(text)


def read_day(text: str) -> dt.date:
    """A date of the standard, with a time zone behind it or without. Raises :class:`Damage`."""
    found = _DATE.fullmatch(text)
    try:
        return dt.date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise Damage(say("has a date that is none: “{text}”", text=text[:_SHOWN])) from None


def read_number(text: str) -> int | None:
    """A document's number as 24SevenOffice counts; None for what is no such number."""
    return int(text) if _NUMBER.fullmatch(text) else None


def firm_number(text: str) -> str:
    """The organization number that the text is; empty for a person's number and for none."""
    return bare_number(text) if is_norwegian_number(text) else ""


def _read_period(fields: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    if "SelectionStartDate" in fields and "SelectionEndDate" in fields:
        return read_day(fields["SelectionStartDate"]), read_day(fields["SelectionEndDate"])
    names = ("PeriodStart", "PeriodStartYear", "PeriodEnd", "PeriodEndYear")
    texts = [fields.get(name, "") for name in names]
    if not all(_WHOLE.fullmatch(each) for each in texts):
        raise Damage(say("does not say for which period it is"))
    start, start_year, end, end_year = map(int, texts)
    end = min(end, _MONTHS)  # a 13th period is the year's end
    if not (1 <= start <= _MONTHS and end and start_year and end_year):
        raise Damage(say("does not say for which period it is"))
    days = calendar.monthrange(end_year, end)[1]
    return dt.date(start_year, start, 1), dt.date(end_year, end, days)
