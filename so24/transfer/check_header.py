"""Checks of a document's payment id and VAT rates (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from so24.store.documents import Document
from so24.transfer.check_context import CheckContext
from so24.transfer.findings import Finding
from so24.transfer.kid import is_kid
from so24.transfer.mapping import is_text


def check_kid(document: Document) -> Iterator[Finding]:
    """A KID passes one of the two control rules; none at all is right as well.

    It was sent to the customer with the invoice, so a wrong one is carried and only pointed out.
    """
    kid = document.invoice.kid
    if kid and not is_kid(kid):
        yield Finding("kid_wrong", f"KID: {kid}.", "KID")


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
        yield Finding("vat_rate_unknown", words, f"VAT rate of line {positions[0]}")


def _show_rate(rate: Decimal) -> str:
    return f"{rate.normalize():f}".replace(".", ",")


def _name_lines(positions: list[int]) -> str:
    if len(positions) == 1:
        return f"line {positions[0]}"
    return f"{len(positions)} lines, the first of them line {positions[0]}"
