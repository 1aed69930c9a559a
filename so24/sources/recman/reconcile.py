"""Whether a document's totals hold together, by :mod:`so24.sources.documents.totals`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from so24.amounts import format_amount
from so24.sources.documents.documents import SourceLine
from so24.sources.documents.totals import add_up

_ORE = Decimal("0.01")


def find_difference(lines: Sequence[SourceLine], net: Decimal, vat: Decimal, total: Decimal) -> str:
    """Why RecMan's own net, VAT and total do not fit its lines; empty where they do.

    Net and total must be exact; VAT may be an øre per line off the VAT per rate, since RecMan may
    round each line.
    """
    ours = add_up(lines)
    if ours.net != net:
        return _sentence("the nets of its lines add up to", ours.net, "its net is", net)
    if net + vat != total:
        return _sentence("its net and VAT add up to", net + vat, "its total is", total)
    if abs(ours.vat - vat) > _ORE * max(len(lines), 1):
        return _sentence("its lines' VAT rates give a VAT of", ours.vat, "its VAT is", vat)
    return ""


def _sentence(what: str, ours: Decimal, which: str, theirs: Decimal) -> str:
    return f"{what} {format_amount(ours)}, but {which} {format_amount(theirs)}"
