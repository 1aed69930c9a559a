"""The rules about amounts: how lines, allowances and totals add up.

The sums are exact, but for the 0.02 that the standard leaves to a line and to a percentage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from so24.amounts import format_amount
from so24.language.said import say
from so24.sources.documents.totals import round_half_up
from so24.sources.ehf.bill import Adjustment, Bill, BillLine, Broken
from so24.sources.ehf.kinds import check_type
from so24.sources.ehf.markup import LARGEST, to_fine
from so24.sources.ehf.release import DECIMALS, SIZE
from so24.sources.ehf.vat_rules import check_vat, differs

SLACK = Decimal("0.02")
_ORE = Decimal("0.01")
# templates of what is told where it is so
_OF_CHARGE = say("base and percentage of a charge give {reckoned}, but {stated} is stated")
_OF_ALLOWANCE = say("base and percentage of an allowance give {reckoned}, but {stated} is stated")
_SUMS = {
    "BR-CO-10": say("the lines come to {reckoned}, but {stated} is stated"),
    "BR-CO-11": say("the allowances come to {reckoned}, but {stated} is stated"),
    "BR-CO-12": say("the charges come to {reckoned}, but {stated} is stated"),
    "BR-CO-13": say("lines, allowances and charges come to {reckoned}, but {stated} is stated"),
    "BR-CO-14": say("the VAT of the categories comes to {reckoned}, but {stated} is stated"),
    "BR-CO-15": say("net and VAT come to {reckoned}, but {stated} is stated"),
    "BR-CO-16": say(
        "total, prepaid amount and rounding come to {reckoned}, but {stated} is stated"
    ),
}


def check_amounts(bill: Bill) -> list[Broken]:
    """All rules that the bill breaks by its amounts, or by what it says that it is."""
    rules = (check_type, _check_lines, _check_adjustments, _check_sums, check_vat)
    return [broken for rule in rules for broken in rule(bill)]


def _check_lines(bill: Bill) -> Iterator[Broken]:
    for line in bill.lines:
        if line.base_quantity <= 0:
            words = say("line {line} has a base quantity of 0", line=line.id)
            yield Broken("PEPPOL-EN16931-R121", words, line.line)
            continue
        if line.price < 0:
            words = say("the price of line {line} is negative", line=line.id)
            yield Broken("BR-27", words, line.line)
        if line.gross is not None and line.gross < 0:
            words = say("the gross price of line {line} is negative", line=line.id)
            yield Broken("BR-28", words, line.line)
        if line.gross is not None and line.price != line.gross - line.discount:
            words = say(
                "the price of line {line} is not its gross price less the discount", line=line.id
            )
            yield Broken("PEPPOL-EN16931-R046", words, line.line)
        reckoned = reckon_net(line)
        each = line.price / line.base_quantity, line.net / (line.quantity or 1)
        if max(map(abs, (reckoned, *each))) >= LARGEST:
            words = say("line {line} has larger amounts than can be kept", line=line.id)
            yield Broken(SIZE, words, line.line)
            continue
        if abs(reckoned - line.net) > SLACK:
            words = say(
                "quantity, price, allowances and charges of line {line} give {reckoned}, but "
                "{stated} is stated",
                line=line.id,
                reckoned=format_amount(reckoned),
                stated=format_amount(line.net),
            )
            yield Broken("PEPPOL-EN16931-R120", words, line.line)
        elif _is_moved_by_rounding(line):
            words = say(
                "the quantity of line {line} has more than six decimals ({quantity}); with six it "
                "would give another sum",
                line=line.id,
                quantity=f"{line.quantity:f}",
            )
            yield Broken(DECIMALS, words, line.line)


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
        if each.percent is not None and each.base is None:
            words = (
                say("a charge in percent has no base")
                if each.is_charge
                else say("an allowance in percent has no base")
            )
            yield Broken("PEPPOL-EN16931-R041", words, each.line)
        elif each.percent is None and each.base is not None:
            words = (
                say("a charge with a base has no percent")
                if each.is_charge
                else say("an allowance with a base has no percent")
            )
            yield Broken("PEPPOL-EN16931-R042", words, each.line)
        elif each.percent is not None and each.base is not None:
            reckoned = each.base * each.percent / 100
            if abs(reckoned - each.amount) > SLACK:
                words = _OF_CHARGE if each.is_charge else _OF_ALLOWANCE
                yield differs("PEPPOL-EN16931-R040", words, reckoned, each.amount, each.line)


def _check_sums(bill: Bill) -> Iterator[Broken]:
    sums = bill.sums
    allowances = -_total(each for each in bill.adjustments if not each.is_charge)
    charges = _total(each for each in bill.adjustments if each.is_charge)
    lines = sum((line.net for line in bill.lines), Decimal(0))
    vat = sum((each.amount for each in bill.subtotals), Decimal(0))
    exclusive = sums.lines - sums.allowances + sums.charges
    payable = sums.inclusive - sums.prepaid + sums.rounding
    for rule, reckoned, stated in (
        ("BR-CO-10", lines, sums.lines),
        ("BR-CO-11", allowances, sums.allowances),
        ("BR-CO-12", charges, sums.charges),
        ("BR-CO-13", exclusive, sums.exclusive),
        ("BR-CO-14", vat, bill.vat),
        ("BR-CO-15", sums.exclusive + bill.vat, sums.inclusive),
        ("BR-CO-16", payable, sums.payable),
    ):
        if reckoned != stated:
            yield differs(rule, _SUMS[rule], reckoned, stated, sums.line)


def _total(adjustments: Iterator[Adjustment]) -> Decimal:
    return sum((each.net for each in adjustments), Decimal(0))
