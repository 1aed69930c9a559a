"""VAT: the rules about its breakdown, and where 24SevenOffice would reckon it otherwise.

The tests of the release leave less than 1 (a krone, of a document in kroner) to the VAT of each
breakdown and to what it is of; 24SevenOffice reckons VAT to the øre from the lines. What differs
within that breaks no rule: a person decides. The tests compare amounts without their signs, and
forget a rate that has lines and no breakdown; what only they let pass is refused as ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from so24.amounts import format_amount
from so24.sources.documents.totals import round_half_up
from so24.sources.ehf.bill import CODES, Bill, Broken, Doubt, Subtotal, Tax
from so24.sources.ehf.release import APART, VAT
from so24.sources.ehf.rule_table import ANY_RATE, TAXED

_BY_RATE = (*TAXED, *ANY_RATE)  # have a breakdown for each rate; the others have one
_LEFT = Decimal(1)


def check_vat(bill: Bill) -> Iterator[Broken]:
    """Each category and rate has one breakdown, of what is of it, with its VAT."""
    nets = _nets_of(bill)
    broken = [*_check_breakdowns(bill, nets)]
    for subtotal in bill.subtotals:
        broken += _check_breakdown(subtotal, nets)
    yield from broken
    if not broken:
        yield from _check_own(bill, nets)


def find_vat_apart(bill: Bill) -> Iterator[Doubt]:
    """What a person must know of VAT that breaks no rule: one sentence for each difference."""
    nets = _nets_of(bill)
    for each in bill.subtotals:
        ours, net = _reckon(each.tax, nets), nets.get(each.tax, Decimal(0))
        if ours != each.amount:
            yield Doubt(
                APART,
                f"VAT {each.tax}: 24SevenOffice would reckon {format_amount(ours)}; the file says "
                f"{format_amount(each.amount)}.",
            )
        elif net != each.taxable:
            yield Doubt(
                APART,
                f"VAT {each.tax}: the file says that it is of {format_amount(each.taxable)}; its "
                f"lines come to {format_amount(net)}, and 24SevenOffice would reckon of that.",
            )


def _nets_of(bill: Bill) -> dict[Tax, Decimal]:
    """The net of each category and rate, by lines, allowances and charges."""
    nets: dict[Tax, Decimal] = {}
    for line in bill.lines:
        nets[line.tax] = nets.get(line.tax, Decimal(0)) + line.net
    for each in bill.adjustments:
        if each.tax:
            nets[each.tax] = nets.get(each.tax, Decimal(0)) + each.net
    return nets


def _reckon(tax: Tax, nets: Mapping[Tax, Decimal]) -> Decimal:
    """The VAT as 24SevenOffice reckons it."""
    return round_half_up(nets.get(tax, Decimal(0)) * tax.rate / 100)


def _check_breakdowns(bill: Bill, nets: Mapping[Tax, Decimal]) -> Iterator[Broken]:
    """A category has a breakdown exactly if something is of it; one, where its rate is 0."""
    counts = Counter(each.tax.category for each in bill.subtotals)
    used = {tax.category for tax in nets}
    for category in sorted(used | counts.keys()):
        letters, count = CODES[category], counts[category]
        right = bool(count) is (category in used) if letters in _BY_RATE else count == 1
        if letters != "B" and not right:
            of = "is of something" if category in used else "is of nothing"
            words = f"VAT category {category} {of} and has {count or 'no'} breakdowns"
            yield Broken(f"BR-{letters}-01", words, bill.sums.line)


def _check_breakdown(subtotal: Subtotal, nets: Mapping[Tax, Decimal]) -> Iterator[Broken]:
    tax, letters = subtotal.tax, CODES[subtotal.tax.category]
    net, stated = nets.get(tax, Decimal(0)), subtotal.taxable
    apart = abs(net - stated)
    wrong = apart >= _LEFT if letters in _BY_RATE else bool(apart)
    unused = letters in TAXED and tax not in nets
    if letters != "B" and (wrong or unused):
        words = f"what has VAT {tax} comes to "
        yield _differs(f"BR-{letters}-08", words, net, stated, subtotal.line)
    if letters not in (*_BY_RATE, "B"):
        if subtotal.amount:
            words, zero = f"VAT {tax} is ", Decimal(0)
            yield _differs(f"BR-{letters}-09", words, zero, subtotal.amount, subtotal.line)
        return
    vat = round_half_up(stated * tax.rate / 100)
    if abs(abs(subtotal.amount) - abs(vat)) >= _LEFT:
        words = f"VAT {tax} of {format_amount(stated)} is "
        yield _differs("BR-CO-17", words, vat, subtotal.amount, subtotal.line)


def _check_own(bill: Bill, nets: Mapping[Tax, Decimal]) -> Iterator[Broken]:
    """What the tests let pass and 24SevenOffice would reckon quite otherwise."""
    counts = Counter(each.tax for each in bill.subtotals)
    for tax in sorted(nets.keys() | counts.keys(), key=str):
        if counts[tax] != 1:
            words = f"VAT {tax} has {counts[tax] or 'no'} breakdowns and must have one"
            yield Broken(VAT, words, bill.sums.line)
    for each in bill.subtotals:
        ours = _reckon(each.tax, nets)
        if abs(ours - each.amount) >= _LEFT:
            words = f"VAT {each.tax} of the lines is "
            yield _differs(VAT, words, ours, each.amount, each.line)


def _differs(rule: str, words: str, reckoned: Decimal, stated: Decimal, line: int) -> Broken:
    amounts = f"{format_amount(reckoned)}, but {format_amount(stated)} is stated"
    return Broken(rule, words + amounts, line)
