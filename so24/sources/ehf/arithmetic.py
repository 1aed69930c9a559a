"""The rules of the standard about amounts: lines, totals and VAT must come to what is stated.

Each function yields what the bill breaks, with the official code; the sums are exact, but for the
two øre that the standard leaves to a line, to a percentage and to nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from so24.amounts import format_amount
from so24.sources.documents.totals import round_half_up
from so24.sources.ehf.bill import CODES, Adjustment, Bill, BillLine, Broken, Tax

SLACK = Decimal("0.02")
LARGEST = Decimal(10) ** 12


def check_amounts(bill: Bill) -> list[Broken]:
    """All rules about amounts that the bill breaks."""
    return [broken for rule in _RULES for broken in rule(bill)]


def _check_lines(bill: Bill) -> Iterator[Broken]:
    for line in bill.lines:
        where = f"line {line.id}"
        if line.base_quantity <= 0:
            yield Broken("PEPPOL-EN16931-R121", f"{where} has a base quantity of 0", line.line)
            continue
        if line.price < 0:
            yield Broken("BR-27", f"the price of {where} is negative", line.line)
        if line.gross is not None and line.gross < 0:
            yield Broken("BR-28", f"the gross price of {where} is negative", line.line)
        if line.gross is not None and line.price != line.gross - line.discount:
            words = f"the price of {where} is not its gross price less the discount"
            yield Broken("PEPPOL-EN16931-R046", words, line.line)
        reckoned = reckon_net(line)
        each = line.price / line.base_quantity, line.net / (line.quantity or 1)
        if max(map(abs, (reckoned, *each))) >= LARGEST:
            yield Broken("", f"{where} has larger amounts than can be kept", line.line)
            continue
        if abs(reckoned - line.net) > SLACK:
            words = f"quantity, price, allowances and charges of {where} give "
            yield _differs("PEPPOL-EN16931-R120", words, reckoned, line.net, line.line)


def reckon_net(line: BillLine) -> Decimal:
    """Quantity × price ÷ base quantity, with the line's allowances and charges; not rounded."""
    own = line.quantity * line.price / line.base_quantity
    return own + sum((each.net for each in line.adjustments), Decimal(0))


def _check_adjustments(bill: Bill) -> Iterator[Broken]:
    each_of = [*bill.adjustments, *(each for line in bill.lines for each in line.adjustments)]
    for each in each_of:
        word = "charge" if each.is_charge else "allowance"
        if each.percent is not None and each.base is None:
            yield Broken("PEPPOL-EN16931-R041", f"a {word} in percent has no base", each.line)
        elif each.percent is None and each.base is not None:
            yield Broken("PEPPOL-EN16931-R042", f"a {word} with a base has no percent", each.line)
        elif each.percent is not None and each.base is not None:
            reckoned = each.base * each.percent / 100
            if abs(reckoned - each.amount) > SLACK:
                words = f"base and percentage of a {word} give "
                yield _differs("PEPPOL-EN16931-R040", words, reckoned, each.amount, each.line)


def _check_sums(bill: Bill) -> Iterator[Broken]:
    sums = bill.sums
    allowances = -_total(each for each in bill.adjustments if not each.is_charge)
    charges = _total(each for each in bill.adjustments if each.is_charge)
    lines = sum((line.net for line in bill.lines), Decimal(0))
    vat = sum((each.amount for each in bill.subtotals), Decimal(0))
    exclusive = sums.lines - sums.allowances + sums.charges
    payable = sums.inclusive - sums.prepaid + sums.rounding
    for rule, words, reckoned, stated in (
        ("BR-CO-10", "the lines come to ", lines, sums.lines),
        ("BR-CO-11", "the allowances come to ", allowances, sums.allowances),
        ("BR-CO-12", "the charges come to ", charges, sums.charges),
        ("BR-CO-13", "lines, allowances and charges come to ", exclusive, sums.exclusive),
        ("BR-CO-14", "the VAT of the categories comes to ", vat, bill.vat),
        ("BR-CO-15", "net and VAT come to ", sums.exclusive + bill.vat, sums.inclusive),
        ("BR-CO-16", "total, prepaid amount and rounding come to ", payable, sums.payable),
    ):
        if reckoned != stated:
            yield _differs(rule, words, reckoned, stated, sums.line)


def _check_vat(bill: Bill) -> Iterator[Broken]:
    """Each category and rate has one subtotal, of the right taxable amount, rounded half-up."""
    nets: dict[Tax, Decimal] = {}
    for line in bill.lines:
        nets[line.tax] = nets.get(line.tax, Decimal(0)) + line.net
    for each in bill.adjustments:
        if each.tax:
            nets[each.tax] = nets.get(each.tax, Decimal(0)) + each.net
    counts = Counter(subtotal.tax for subtotal in bill.subtotals)
    for tax in sorted(nets.keys() | counts.keys(), key=str):
        if counts[tax] != 1 or tax not in nets:
            found = "no line has" if tax not in nets else f"{counts[tax]} subtotals are of"
            yield Broken(f"BR-{CODES[tax.category]}-01", f"{found} VAT {tax}", bill.sums.line)
    for subtotal in bill.subtotals:
        taxable = nets.get(subtotal.tax, subtotal.taxable)
        if taxable != subtotal.taxable:
            rule = f"BR-{CODES[subtotal.tax.category]}-08"
            words = f"what has VAT {subtotal.tax} comes to "
            yield _differs(rule, words, taxable, subtotal.taxable, subtotal.line)
        vat = round_half_up(subtotal.taxable * subtotal.tax.rate / 100)
        if vat != subtotal.amount:
            words = f"VAT {subtotal.tax} of {format_amount(subtotal.taxable)} is "
            yield _differs("BR-CO-17", words, vat, subtotal.amount, subtotal.line)


def _check_payment(bill: Bill) -> Iterator[Broken]:
    if bill.sums.payable > 0 and not bill.due_date and not bill.terms:
        words = "there is an amount to pay, but neither a due date nor terms of payment"
        yield Broken("BR-CO-25", words, bill.sums.line)


def _total(adjustments: Iterator[Adjustment]) -> Decimal:
    return sum((each.net for each in adjustments), Decimal(0))


def _differs(rule: str, words: str, reckoned: Decimal, stated: Decimal, line: int) -> Broken:
    amounts = f"{format_amount(reckoned)}, but {format_amount(stated)} is stated"
    return Broken(rule, words + amounts, line)


_RULES: tuple[Callable[[Bill], Iterator[Broken]], ...] = (
    _check_lines,
    _check_adjustments,
    _check_sums,
    _check_vat,
    _check_payment,
)
