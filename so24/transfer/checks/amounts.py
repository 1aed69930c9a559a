"""Checks of a document's arithmetic and of its VAT rates (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from so24.amounts import format_amount
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.transfer.checks.finding import CheckContext, Finding
from so24.transfer.order.mapping import ORE, is_text, row_amount, row_price

# VAT per line against VAT per rate may differ by some øre; a krone is another invoice
ROUNDING = Decimal("1.00")


def check_lines(document: Document) -> Iterator[Finding]:
    """There is a line with an amount, each has a product, and quantity times price gives its sum.

    RecMan cuts prices to two decimals, so a sum may miss that product by an øre per unit.
    """
    if not any(not is_text(line) for line in document.lines):
        yield Finding(Reason.NO_LINES, field="lines")
    for line in document.lines:
        if is_text(line):
            continue
        where, field = f"Line {line.position}.", f"line {line.position}"
        if not line.product_number:
            yield Finding(Reason.LINE_WITHOUT_PRODUCT, where, f"product number of {field}")
        cut = abs(line.quantity) * ORE + ORE
        missed = abs(row_amount(line.quantity, line.unit_price) - line.net)
        if missed > cut or row_amount(line.quantity, row_price(line)) != line.net:
            yield Finding(Reason.LINE_ARITHMETIC, where, f"sum of {field}")


def check_totals(document: Document) -> Iterator[Finding]:
    """VAT and total that the source states agree with the lines.

    A krone is the limit; within it, what no rounding explains is told, because the lines go.
    """
    invoice, explained = document.invoice, _explain_by_rounding(document)
    for name, ours, stated in (
        ("VAT", invoice.vat, invoice.stated_vat),
        ("Total", invoice.total, invoice.stated_total),
    ):
        if stated is None or abs(stated - ours) <= explained:
            continue
        reason = Reason.TOTALS_DISAGREE if abs(stated - ours) > ROUNDING else Reason.TOTALS_APART
        words = f"{name} is {format_amount(stated)} in the report, its lines give "
        yield Finding(reason, f"{words}{format_amount(ours)}.", name)


def _explain_by_rounding(document: Document) -> Decimal:
    """How far VAT rounded on each line may be from VAT rounded once for each rate.

    Each rounding is off by half an øre at most.
    """
    taxed = [line.vat_rate for line in document.lines if line.vat_rate and not is_text(line)]
    return ORE / 2 * (len(taxed) + len(set(taxed)))


def check_vat_rates(document: Document, context: CheckContext) -> Iterator[Finding]:
    """Each line's VAT rate is among the known ones."""
    if not context.vat_rates:
        return
    lines: dict[Decimal, list[int]] = defaultdict(list)
    for line in document.lines:
        if line.vat_rate not in context.vat_rates and not is_text(line):
            lines[line.vat_rate].append(line.position)
    for rate, positions in lines.items():
        words = f"{_show_rate(rate)} % on {_name_lines(positions)}."
        yield Finding(Reason.VAT_RATE_UNKNOWN, words, f"VAT rate of line {positions[0]}")


def _show_rate(rate: Decimal) -> str:
    return f"{rate.normalize():f}".replace(".", ",")


def _name_lines(positions: list[int]) -> str:
    if len(positions) == 1:
        return f"line {positions[0]}"
    return f"{len(positions)} lines, the first of them line {positions[0]}"
