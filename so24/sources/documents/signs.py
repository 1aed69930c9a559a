"""The one sign of a credit note: negative quantities and sums at positive prices (pure).

RecMan's report and EHF both exist with either sign. It is the total that says which: a correction
of a VAT rate has no net, or one of the other sign. A credit note whose total is 0 credits nothing;
it is kept as its source states it, and does not go. A document that is held may turn out to be an
invoice; it keeps the signs of its source until a person has said what it is.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from so24.sources.documents.documents import SourceDocument, SourceLine
from so24.sources.documents.totals import add_up
from so24.store.tables.document_tables import DocumentKind, Invoice


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
    return replace(
        line,
        quantity=-line.quantity,
        net=-line.net,
        vat=_minus(line.vat),
        total=_minus(line.total),
    )


def _minus(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount
