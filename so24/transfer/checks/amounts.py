"""Checks of amounts: a document's arithmetic, its VAT rates, its total beside others (pure).

Beside others: the same customer, date and total again, the same number again, an unusual total.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from so24.amounts import format_amount, format_quantity
from so24.language.said import say
from so24.reasons import Reason
from so24.store.documents.documents import Document, DocumentLine
from so24.store.documents.neighbours import Habit, Others
from so24.transfer.checks.finding import CheckContext, Finding
from so24.transfer.order.mapping import ORE, is_text, row_amount, row_price

# VAT per line against VAT per rate may differ by some øre; a krone is another invoice
ROUNDING = Decimal("1.00")
# how many other documents make a habit, and how many times more or less than it is unusual
FEWEST = 5
FACTOR = Decimal(5)
_VAT, _TOTAL = say("VAT"), say("Total")


def check_lines(document: Document) -> Iterator[Finding]:
    """There is a line with an amount, each has a product, and quantity times price gives its sum.

    RecMan cuts prices to two decimals, so a sum may miss that product by an øre per unit. A sum
    that is smaller is a discount where the document's own total says so too: it goes at the price
    that gives the sum, and is told.
    """
    if not any(not is_text(line) for line in document.lines):
        yield Finding(Reason.NO_LINES, field=say("lines"))
    for line in document.lines:
        if is_text(line):
            if line.quantity and line.unit_price:
                yield Finding(Reason.LINE_DISCOUNTED, _tell_discount(line), _sum_of(line))
            continue
        if not line.product_number:
            field = say("product number of line {line}", line=line.position)
            yield Finding(Reason.LINE_WITHOUT_PRODUCT, _where(line), field)
        missed = abs(row_amount(line.quantity, line.unit_price) - line.net)
        if not missed:
            continue
        cut = abs(line.quantity) * ORE + ORE
        if row_amount(line.quantity, row_price(line)) != line.net:
            yield Finding(Reason.LINE_ARITHMETIC, _where(line), _sum_of(line))
        elif missed > cut and _is_discount(document, line):
            yield Finding(Reason.LINE_DISCOUNTED, _tell_discount(line), _sum_of(line))
        elif missed > cut:
            yield Finding(Reason.LINE_ARITHMETIC, _where(line), _sum_of(line))


def _where(line: DocumentLine) -> str:
    return say("Line {line}.", line=line.position)


def _sum_of(line: DocumentLine) -> str:
    return say("sum of line {line}", line=line.position)


def _is_discount(document: Document, line: DocumentLine) -> bool:
    """Whether less than quantity times price was billed: the source's own total proves the sum."""
    stated = document.invoice.stated_total
    if stated is None or abs(stated - document.invoice.total) > _explain_by_rounding(document):
        return False
    gross = row_amount(line.quantity, line.unit_price)
    return 0 <= line.net < gross or gross < line.net <= 0


def _tell_discount(line: DocumentLine) -> str:
    """The line's figures; a line without product and sum goes as a text."""
    figures = {
        "line": line.position,
        "quantity": format_quantity(line.quantity),
        "price": format_quantity(line.unit_price, decimals=2),
        "gross": format_amount(row_amount(line.quantity, line.unit_price)),
        "net": format_amount(line.net),
    }
    if is_text(line):
        return say(
            "Line {line}: {quantity} × {price} is {gross}, and {net} was billed; it goes as a "
            "text.",
            **figures,
        )
    return say(
        "Line {line}: {quantity} × {price} is {gross}, and {net} was billed; it goes as {each} "
        "each.",
        each=format_quantity(row_price(line), decimals=2),
        **figures,
    )


def check_totals(document: Document) -> Iterator[Finding]:
    """VAT and total that the source states agree with the lines.

    A krone is the limit; within it every øre is told, because the lines go and the customer pays
    what the invoice says. What VAT rounded on each line explains is told apart.
    """
    invoice = document.invoice
    in_total = invoice.stated_total not in (None, invoice.total)
    for name, ours, stated in (
        (_VAT, invoice.vat, invoice.stated_vat),
        (_TOTAL, invoice.total, invoice.stated_total),
    ):
        if stated is None or stated == ours:
            continue
        apart, explained = abs(stated - ours), _explain_by_rounding(document)
        if name is _VAT and apart <= explained and in_total:
            continue
        reason = Reason.TOTALS_DISAGREE if apart > ROUNDING else Reason.TOTALS_APART
        if apart <= explained:
            reason = Reason.TOTALS_ROUNDED
        words = say(
            "{name} is {stated} as it came in, its lines give {ours}.",
            name=name,
            stated=format_amount(stated),
            ours=format_amount(ours),
        )
        yield Finding(reason, words, name)


def _explain_by_rounding(document: Document) -> Decimal:
    """How far VAT rounded on each line may be from VAT rounded once for each rate.

    Each rounding is off by half an øre at most; of a rate's only line both are the same one.
    """
    taxed = Counter(line.vat_rate for line in document.lines if line.vat_rate and not is_text(line))
    return ORE / 2 * sum(count + 1 for count in taxed.values() if count > 1)


def check_vat_rates(document: Document, context: CheckContext) -> Iterator[Finding]:
    """Each line's VAT rate is among the known ones."""
    if not context.vat_rates:
        return
    lines: dict[Decimal, list[int]] = defaultdict(list)
    for line in document.lines:
        if line.vat_rate not in context.vat_rates and not is_text(line):
            lines[line.vat_rate].append(line.position)
    for rate, positions in lines.items():
        field = say("VAT rate of line {line}", line=positions[0])
        yield Finding(Reason.VAT_RATE_UNKNOWN, _name_lines(_show_rate(rate), positions), field)


def _show_rate(rate: Decimal) -> str:
    return f"{rate.normalize():f}".replace(".", ",")


def _name_lines(rate: str, positions: list[int]) -> str:
    if len(positions) == 1:
        return say("{rate} % on line {line}.", rate=rate, line=positions[0])
    return say(
        "{rate} % on {count} lines, the first of them line {line}.",
        rate=rate,
        count=len(positions),
        line=positions[0],
    )


def check_documents_alike(document: Document, context: CheckContext) -> Iterator[Finding]:
    """No other document has the same customer, date and amount."""
    others = context.documents_alike.get(document.invoice_id)
    if others:
        yield Finding(Reason.SAME_AGAIN, _name(others), say("total"))


def check_numbers_alike(document: Document, context: CheckContext) -> Iterator[Finding]:
    """No other document of the number series has the same number but for leading zeros."""
    others = context.numbers_alike.get(document.invoice_id)
    if others:
        yield Finding(Reason.NUMBER_AGAIN, _name(others), say("number"))


def check_amount(document: Document, context: CheckContext) -> Iterator[Finding]:
    """The total is within five times the median of the customer's documents, up and down.

    Of the same kind and currency; asked only where there are at least five besides this one.
    """
    invoice = document.invoice
    habit = Habit(invoice.customer_id, invoice.kind, invoice.currency)
    usual = context.usual.get(habit)
    if usual is None or usual.documents <= FEWEST or not usual.median:
        return
    amount, median = abs(invoice.total), abs(usual.median)
    if median / FACTOR <= amount <= median * FACTOR:
        return
    words = say(
        "{total}, usually about {usual} ({count} documents).",
        total=format_amount(invoice.total),
        usual=format_amount(usual.median),
        count=usual.documents,
    )
    yield Finding(Reason.AMOUNT_UNUSUAL, words, say("total"))


def _name(others: Others) -> str:
    if others.count > 1:
        return say("{document} and {count} more.", document=others.name, count=others.count - 1)
    return f"{others.name}."
