"""What is ticked in the invoice overview: on the page shown, on its other pages, and out of sight.

A tick is never lost by a filter: what the filter hides stays in the basket, is counted and told of,
and goes when its user says so. What is hidden because it was sent meanwhile is ticked no more, and
that is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from so24.amounts import sum_by_currency
from so24.invoices.overview import list_documents, list_ids, sum_documents
from so24.people.desk import Desk
from so24.store.documents.overview import CurrencySum, InvoiceFilter, InvoiceRow
from so24.ui.parts.keeping import keep
from so24.ui.tab import basket


@dataclass(frozen=True)
class Ticked:
    """The basket told apart; ``hidden`` are those that the filter does not show on any page."""

    here: tuple[InvoiceRow, ...] = ()
    on_other_pages: tuple[CurrencySum, ...] = ()
    hidden: tuple[CurrencySum, ...] = ()
    hidden_ids: frozenset[int] = frozenset()

    @property
    def in_sight(self) -> int:
        """How many of the filter's documents are ticked."""
        return len(self.here) + sum(each.documents for each in self.on_other_pages)

    @property
    def documents(self) -> int:
        """How many are ticked at all: so many would be sent."""
        return self.in_sight + len(self.hidden_ids)

    @property
    def sums(self) -> dict[str, Decimal]:
        """What all of them come to, by currency."""
        here = [CurrencySum(row.currency, 1, row.total) for row in self.here]
        return add_up((*here, *self.on_other_pages, *self.hidden))


def add_up(sums: Iterable[CurrencySum]) -> dict[str, Decimal]:
    """The totals by currency, in the order of the currencies' names."""
    return dict(sorted(sum_by_currency((each.currency, each.total) for each in sums).items()))


def read_ticked(
    desk: Desk, wanted: InvoiceFilter, rows: Sequence[InvoiceRow], change: tuple[int, ...]
) -> Ticked:
    """What is ticked now, while these rows of the filter are shown, at this state of the store."""
    ids = basket.basket()
    here = tuple(row for row in rows if row.id in ids)
    others = frozenset(ids.difference(row.id for row in rows))
    if not others:
        return Ticked(here)
    depends_on = (wanted, others, change)
    beside = keep("ticked_elsewhere", depends_on, lambda: _read_others(desk, wanted, others))
    return replace(beside, here=here)


def _read_others(desk: Desk, wanted: InvoiceFilter, others: frozenset[int]) -> Ticked:
    elsewhere = replace(wanted, ids=others)
    hidden = basket.drop_gone(desk, others.difference(list_ids(desk, elsewhere)))
    return Ticked(
        on_other_pages=sum_documents(desk, elsewhere),
        hidden=sum_documents(desk, InvoiceFilter(ids=hidden)) if hidden else (),
        hidden_ids=hidden,
    )


def rows_ticked(desk: Desk) -> list[InvoiceRow]:
    """Every ticked document, whatever the filter shows."""
    ids = frozenset(basket.basket())
    return list_documents(desk, InvoiceFilter(ids=ids)) if ids else []
