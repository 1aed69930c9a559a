"""Whether a field map is credible: do the totals of RecMan's invoices reconcile when read by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from so24.sources.recman import values
from so24.sources.recman.envelope import RecManRow
from so24.sources.recman.field_map import FieldMap
from so24.sources.recman.invoices import read_line
from so24.sources.recman.row_reading import RowReading, find_difference
from so24.sources.recman.targets import INVOICE

MOST_SHOWN = 5
_ONE_IN = 20


@dataclass(frozen=True)
class Sample:
    """How many invoices were read, how many of them reconcile, and why the first others do not.

    ``telling``: whether any of those that reconcile has an amount at all.
    """

    documents: int
    reconciled: int
    differences: tuple[str, ...]
    telling: bool

    @property
    def credible(self) -> bool:
        """Whether the map may be confirmed: all but one in twenty reconcile.

        Those that do not are refused, one by one, by every fetch.
        """
        return self.telling and (self.documents - self.reconciled) * _ONE_IN <= self.documents

    @property
    def words(self) -> str:
        """The outcome in a sentence; names documents by their number, and their amounts."""
        if not self.documents:
            return "RecMan gives no invoice to reconcile."
        told = f"{self.reconciled} of {self.documents} invoices reconcile."
        return " ".join((told, *self.differences))


def reconcile_sample(rows: Sequence[RecManRow], field_map: FieldMap) -> Sample:
    """Read number, date, lines, net, VAT and total of these invoices and reconcile each."""
    differences: list[str] = []
    reconciled, telling = 0, False
    for row in rows:
        reading = RowReading.of(INVOICE, row, field_map)
        difference = _reconcile(reading)
        if difference:
            differences.append(difference)
        else:
            reconciled += 1
            telling = telling or reading.amount("total") != 0
    return Sample(len(rows), reconciled, tuple(differences[:MOST_SHOWN]), telling)


def _reconcile(row: RowReading) -> str:
    """Why the invoice does not reconcile; empty where it does."""
    number = row.read("number", values.read_name, "") or f"with RecMan's id {row.row_id}"
    row.read("date", values.read_day, None)
    lines = [read_line(line) for line in row.lines()]
    net, vat, total = row.amount("net"), row.amount("vat"), row.amount("total")
    if row.refused:
        first = row.refused[0]
        return f"Invoice {number}: {first.column} {first.reason}."
    reason = find_difference(lines, net, vat, total) if lines else "it has no lines"
    return f"Invoice {number}: {reason}." if reason else ""
