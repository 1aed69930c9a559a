"""The rules about amounts: how lines, allowances and totals add up.

The sums are exact, but for the 0.02 that the standard leaves to a line and to a percentage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from so24.amounts import format_amount
from so24.sources.documents.totals import round_half_up
from so24.sources.ehf.bill import Adjustment, Bill, BillLine, Broken
from so24.sources.ehf.kinds import check_type
from so24.sources.ehf.markup import LARGEST, to_fine
from so24.sources.ehf.release import DECIMALS, SIZE
from so24.sources.ehf.vat_rules import check_vat

SLACK = Decimal("0.02")
_ORE = Decimal("0.01")


def check_amounts(bill: Bill) -> list[Broken]:
    """All rules that the bill breaks by its amounts, or by what it says that it is."""
    rules = (check_type, _check_lines, _check_adjustments, _check_sums, check_vat)
    return [broken for rule in rules for broken in rule(bill)]


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
            yield Broken(SIZE, f"{where} has larger amounts than can be kept", line.line)
            continue
        if abs(reckoned - line.net) > SLACK:
            words = f"quantity, price, allowances and charges of {where} give "
            yield _differs("PEPPOL-EN16931-R120", words, reckoned, line.net, line.line)
        elif _is_moved_by_rounding(line):
            words = f"the quantity of {where} has more than six decimals ({line.quantity:f})"
            yield Broken(DECIMALS, f"{words}; with six it would give another sum", line.line)


def _is_moved_by_rounding(line: BillLine) -> bool:
    """Whether the six decimals that are kept of its quantity give quite another sum than all.

    By an øre they may: it is sent at the price that gives the sum.
    """
    kept = replace(line, quantity=to_fine(line.quantity))
    return abs(round_half_up(reckon_net(kept)) - round_half_up(reckon_net(line))) > _ORE


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


def _total(adjustments: Iterator[Adjustment]) -> Decimal:
    return sum((each.net for each in adjustments), Decimal(0))


def _differs(rule: str, words: str, reckoned: Decimal, stated: Decimal, line: int) -> Broken:
    amounts = f"{format_amount(reckoned)}, but {format_amount(stated)} is stated"
    return Broken(rule, words + amounts, line)
