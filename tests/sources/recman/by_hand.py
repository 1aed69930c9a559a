"""Lines as a reader would give them."""

from __future__ import annotations

from decimal import Decimal

from so24.sources.documents.documents import SourceLine


def source_line(net: str, rate: str = "25") -> SourceLine:
    """One piece at this net."""
    return SourceLine(1, "", "", "", Decimal(1), Decimal(net), Decimal(net), Decimal(rate))
