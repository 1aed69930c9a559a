"""The one rule of a document's totals, and the one sign of a credit note (pure).

RecMan and 24SevenOffice both have to come to the same total. A credit note has negative quantities
and sums at positive prices, however its source writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from so24.sources.documents.documents import SourceDocument, SourceLine
from so24.store.tables.document_tables import DocumentKind, Invoice

_ORE, _NOUGHT = Decimal("0.01"), Decimal("0.00")


@dataclass(frozen=True)
class Totals:
    """Sums of a document in its currency; the stated ones are the source's own, or None."""

    net: Decimal
    vat: Decimal
    total: Decimal
    stated_vat: Decimal | None
    stated_total: Decimal | None


def add_up(lines: Sequence[SourceLine]) -> Totals:
    """Net is the sum of the lines' nets; VAT per rate, half-up on the net of that rate.

    Where the source states VAT categories, two of one rate are rounded each for itself, as the
    source must do too. A document that has no VAT (or no sum with VAT) on each of its lines states
    none.
    """
    by_rate = _add_by_rate(lines)
    net = sum(by_rate.values(), _NOUGHT)
    vat = sum(
        [round_half_up(amount * rate / 100) for (rate, _), amount in by_rate.items()], _NOUGHT
    )
    return Totals(
        net,
        vat,
        net + vat,
        _stated([line.vat for line in lines]),
        _stated([line.total for line in lines]),
    )


def _add_by_rate(lines: Sequence[SourceLine]) -> dict[tuple[Decimal, str], Decimal]:
    """The nets of each rate and category; nearly all documents have one of them."""
    kinds = [(line.vat_rate, line.vat_category) for line in lines]
    if kinds and kinds.count(kinds[0]) == len(kinds):
        return {kinds[0]: sum([line.net for line in lines], Decimal(0))}
    by_rate: dict[tuple[Decimal, str], Decimal] = {}
    for kind, line in zip(kinds, lines, strict=True):
        by_rate[kind] = by_rate.get(kind, Decimal(0)) + line.net
    return by_rate


def round_half_up(amount: Decimal) -> Decimal:
    """The amount in whole øre; half an øre goes away from zero."""
    return amount.quantize(_ORE, ROUND_HALF_UP)


def _stated(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _NOUGHT) if len(known) == len(amounts) else None


def sign_amounts(document: SourceDocument) -> SourceDocument:
    """The document as it is kept: a credit note that its source states with a positive total turns.

    All amounts turn together, so that what contradicts itself still does.
    """
    if document.kind is not DocumentKind.CREDIT_NOTE or document.held:
        return document
    if add_up(document.lines).total <= 0:
        return document
    more = document.particulars
    return replace(
        document,
        lines=tuple(map(turn_line, document.lines)),
        particulars=replace(more, vat=_minus(more.vat), total=_minus(more.total)),
    )


def is_unsigned_credit(row: Invoice) -> bool:
    """Whether a stored document is a credit note for certain and has its total with the wrong sign.

    Its kind was decided after it had landed.
    """
    return row.kind is DocumentKind.CREDIT_NOTE and not row.held and row.total > 0


def turn_line(line: SourceLine) -> SourceLine:
    """The line with the opposite sign; its price stays."""
    return line._replace(
        quantity=-line.quantity,
        net=-line.net,
        vat=_minus(line.vat),
        total=_minus(line.total),
    )


def _minus(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount
