"""One voucher of a SAF-T file: what its lines book together on whom, and its VAT (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from so24.language.said import say
from so24.ledger.saft.postings import read_money
from so24.sources.documents.content import Damage
from so24.sources.sheets.xml_stream import BEYOND

_MOST_NUMBERS = 100_000  # that one voucher may book
_ZERO = Decimal(0)
_Line = Mapping[str, str]


class Amount:
    """Amounts added up; ``foreign`` is of ``currency``, which is empty unless all lines have it."""

    __slots__ = ("currency", "foreign", "home", "lines")

    def __init__(self) -> None:
        self.home = self.foreign = _ZERO
        self.currency = ""
        self.lines = 0

    def add(self, home: Decimal, currency: str, foreign: Decimal) -> None:
        """Add one."""
        if self.lines and currency != self.currency:
            currency = ""
        self.currency = currency
        self.home += home
        self.foreign += foreign
        self.lines += 1


class BookedNumber:
    """What a voucher books on one customer under one number."""

    __slots__ = ("amount", "customer_id", "number", "references")

    def __init__(self, customer_id: str, number: str, references: tuple[str, ...]) -> None:
        self.customer_id, self.number, self.references = customer_id, number, references
        self.amount = Amount()


class Voucher:
    """What the lines of one Transaction say together.

    ``is_sale``: it is a document's, and no payment: a line of it has VAT, or is of income.
    """

    def __init__(self) -> None:
        self.is_sale = False
        self.booked: dict[tuple[str, ...], BookedNumber] = {}
        self._taxes: dict[str, Amount] = {}
        self._of_line: list[_Line] = []

    def note_tax(self, tax: _Line) -> None:
        """Keep the TaxInformation of the line that is being read, until it has ended."""
        self._of_line.append(tax)
        if len(self._of_line) > _MOST_NUMBERS:
            raise Damage(BEYOND)

    def add_line(self, line: _Line, income: Collection[str]) -> None:
        """Add a line that has ended. Raises :class:`Damage`."""
        taxes, self._of_line = self._of_line, []
        number = line.get("ReferenceNumber", "") or line.get("SourceDocumentID", "")
        customer_id = line.get("CustomerID", "")
        if customer_id:
            self._add_booking(line, customer_id, number)
            return
        if taxes or line.get("AccountID", "") in income:
            self.is_sale = True
        for each in taxes:
            amount = _read_tax(each, line)
            if amount is not None:
                self._taxes.setdefault(number, Amount()).add(*amount)
        if len(self._taxes) > _MOST_NUMBERS:
            raise Damage(BEYOND)

    def vat_of(self, booked: BookedNumber) -> tuple[Decimal | None, Decimal | None]:
        """The VAT of what is booked, and that in its own currency; None where it is not shown.

        Of a voucher with one number all VAT is that number's. Of one with several it is by the
        numbers that the lines with VAT carry; where not all do, nobody can say whose it is.
        """
        numbers = {each.number for each in self.booked.values()}
        if not self._taxes:
            return None, None
        if len(self.booked) == 1:
            mine = list(self._taxes.values())
        elif len(numbers) == len(self.booked) and self._taxes.keys() <= numbers:
            mine = [self._taxes[booked.number]] if booked.number in self._taxes else []
        else:
            return None, None
        currencies = {each.currency for each in mine}
        foreign = -sum((each.foreign for each in mine), _ZERO)
        known = currencies == {booked.amount.currency} and booked.amount.currency
        return -sum((each.home for each in mine), _ZERO), foreign if known else None

    def _add_booking(self, line: _Line, customer_id: str, number: str) -> None:
        stated = (line.get("ReferenceNumber", ""), line.get("SourceDocumentID", ""))
        references = tuple(dict.fromkeys(each for each in stated if each))
        key = (customer_id, number)
        booked = self.booked.get(key)
        if booked is None:
            if len(self.booked) >= _MOST_NUMBERS:
                raise Damage(BEYOND)
            booked = self.booked[key] = BookedNumber(customer_id, number, references)
        booked.amount.add(*_read_amount(line, "DebitAmount", "CreditAmount"))


def _read_amount(line: _Line, debit: str, credit: str) -> tuple[Decimal, str, Decimal]:
    sides = [each for each in (debit, credit) if f"{each} Amount" in line]
    if len(sides) != 1:
        raise Damage(say("has a line that is not of one side: debit or credit"))
    [side] = sides
    sign = 1 if side == debit else -1
    home = read_money(line[f"{side} Amount"]) * sign
    currency = line.get(f"{side} CurrencyCode", "").upper()
    foreign = line.get(f"{side} CurrencyAmount", "")
    if not (currency and foreign):
        return home, "", _ZERO
    return home, currency, read_money(foreign) * sign


def _read_tax(tax: _Line, line: _Line) -> tuple[Decimal, str, Decimal] | None:
    """Signed as debit; None where no amount is stated."""
    if "TaxAmount Amount" not in tax:
        stated = any(f"{each} Amount" in tax for each in ("DebitTaxAmount", "CreditTaxAmount"))
        return _read_amount(tax, "DebitTaxAmount", "CreditTaxAmount") if stated else None
    home, currency, foreign = _read_amount(tax, "TaxAmount", "")
    on_credit = "CreditAmount Amount" in line
    sign = -1 if on_credit else 1
    return home * sign, currency, foreign * sign
