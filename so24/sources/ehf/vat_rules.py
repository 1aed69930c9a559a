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
from so24.language.said import say, say_count
from so24.sources.documents.totals import round_half_up
from so24.sources.ehf.bill import CODES, Bill, Broken, Doubt, Subtotal, Tax
from so24.sources.ehf.release import APART, VAT
from so24.sources.ehf.rule_table import ANY_RATE, TAXED

_BY_RATE = (*TAXED, *ANY_RATE)  # have a breakdown for each rate; the others have one
_LEFT = Decimal(1)
# templates of what is told where it is so
_TAXABLE = say("what has VAT {tax} comes to {reckoned}, but {stated} is stated")
_NO_VAT = say("VAT {tax} is {reckoned}, but {stated} is stated")
_OF_TAXABLE = say("VAT {tax} of {taxable} is {reckoned}, but {stated} is stated")
_OF_LINES = say("VAT {tax} of the lines is {reckoned}, but {stated} is stated")


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
                say(
                    "VAT {tax}: 24SevenOffice would reckon {ours}; the file says {stated}.",
                    tax=each.tax,
                    ours=format_amount(ours),
                    stated=format_amount(each.amount),
                ),
            )
        elif net != each.taxable:
            yield Doubt(
                APART,
                say(
                    "VAT {tax}: the file says that it is of {stated}; its lines come to {net}, and "
                    "24SevenOffice would reckon of that.",
                    tax=each.tax,
                    stated=format_amount(each.taxable),
                    net=format_amount(net),
                ),
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
            words = (
                say_count(
                    "VAT category {category} is of something and has {number} breakdown",
                    "VAT category {category} is of something and has {number} breakdowns",
                    count,
                    category=category,
                )
                if category in used
                else say_count(
                    "VAT category {category} is of nothing and has {number} breakdown",
                    "VAT category {category} is of nothing and has {number} breakdowns",
                    count,
                    category=category,
                )
            )
            yield Broken(f"BR-{letters}-01", words, bill.sums.line)


def _check_breakdown(subtotal: Subtotal, nets: Mapping[Tax, Decimal]) -> Iterator[Broken]:
    tax, letters = subtotal.tax, CODES[subtotal.tax.category]
    net, stated = nets.get(tax, Decimal(0)), subtotal.taxable
    apart = abs(net - stated)
    wrong = apart >= _LEFT if letters in _BY_RATE else bool(apart)
    unused = letters in TAXED and tax not in nets
    if letters != "B" and (wrong or unused):
        yield differs(f"BR-{letters}-08", _TAXABLE, net, stated, subtotal.line, tax=tax)
    if letters not in (*_BY_RATE, "B"):
        if subtotal.amount:
            zero, amount = Decimal(0), subtotal.amount
            yield differs(f"BR-{letters}-09", _NO_VAT, zero, amount, subtotal.line, tax=tax)
        return
    vat = round_half_up(stated * tax.rate / 100)
    if abs(abs(subtotal.amount) - abs(vat)) >= _LEFT:
        of = {"tax": tax, "taxable": format_amount(stated)}
        yield differs("BR-CO-17", _OF_TAXABLE, vat, subtotal.amount, subtotal.line, **of)


def _check_own(bill: Bill, nets: Mapping[Tax, Decimal]) -> Iterator[Broken]:
    """What the tests let pass and 24SevenOffice would reckon quite otherwise."""
    counts = Counter(each.tax for each in bill.subtotals)
    for tax in sorted(nets.keys() | counts.keys(), key=str):
        if counts[tax] != 1:
            words = say_count(
                "VAT {tax} has {number} breakdown and must have one",
                "VAT {tax} has {number} breakdowns and must have one",
                counts[tax],
                tax=tax,
            )
            yield Broken(VAT, words, bill.sums.line)
    for each in bill.subtotals:
        ours = _reckon(each.tax, nets)
        if abs(ours - each.amount) >= _LEFT:
            yield differs(VAT, _OF_LINES, ours, each.amount, each.line, tax=each.tax)


def differs(
    rule: str, template: str, reckoned: Decimal, stated: Decimal, line: int, **values: object
) -> Broken:
    """The rule is broken, for another amount is stated than that; the template names both."""
    amounts = {"reckoned": format_amount(reckoned), "stated": format_amount(stated)}
    return Broken(rule, say(template, **amounts, **values), line)
