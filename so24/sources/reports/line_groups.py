"""The rows of one document on one sheet, put away on disk, and what is known without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from so24.company_names import share_a_word
from so24.sources.documents.documents import Parties, RefusedRow
from so24.sources.documents.spool import Shelf
from so24.sources.documents.totals import add_up
from so24.sources.reports.line_rows import DocumentKey, LineHead, LineRow
from so24.store.tables.document_tables import DocumentKind

_ALIKE = (  # what all rows of a document must agree on, with its heading
    ("customer_number", "Customer no.", "customers"),
    ("currency", "Currency", "currencies"),
    ("invoice_date", "Invoice date", "invoice dates"),
)

_REMEMBERED = 2_000  # gists: most documents have that of another one

Part = tuple[int, Sequence[LineRow]]  # the place of the part before it, or -1; and its rows


class Gist(NamedTuple):
    """What documents are compared by: most are never looked at closer.

    ``sign`` is that of the total with VAT, in which rows that were refused count nothing.
    ``unclear``: the signs of its lines do not say which kind it is. ``sound``: no row is refused,
    and none contradicts another. ``parties`` are those of the document that it then is.
    """

    sign: int
    unclear: bool
    sound: bool
    parties: Parties


class LineGroup:
    """The rows of one document on one sheet; ``held`` asks a person for its kind.

    ``columns`` are those that the sheet has. ``stray`` is a row beside it that may be one of its
    lines. There is one of these for each document of a file at once, so that it holds little.
    """

    __slots__ = (
        "_gist", "_open", "_place", "_shelf", "columns", "held", "key", "kind", "sheet", "stray",
    )  # fmt: skip

    def __init__(
        self,
        shelf: Shelf[Part],
        sheet: str,
        key: DocumentKey,
        kind: DocumentKind,
        columns: frozenset[str],
    ) -> None:
        """A group without rows, which are put on the ``shelf``."""
        self.sheet, self.key, self.kind, self.columns = sheet, key, kind, columns
        self.held, self.stray = "", 0
        self._shelf, self._place = shelf, -1
        self._open: list[LineRow] | None = None
        self._gist: Gist | None = None

    def add(self, row: LineRow) -> None:
        """Add a row; those that follow each other are put away together, by :meth:`close`."""
        if self._open is None:
            self._open = []
        self._open.append(row)

    def close(self, gists: dict[Gist, Gist]) -> None:
        """Put the rows away that were added; ``gists`` has the latest ones, each once."""
        if self._open is None:
            return
        gist = _find_gist(self.key, self._open) if self._place < 0 else None
        if len(gists) > _REMEMBERED:
            gists.clear()
        self._gist = gists.setdefault(gist, gist) if gist else None
        self._place = self._shelf.put((self._place, self._open))
        self._open = None

    @property
    def rows(self) -> list[LineRow]:
        """Its rows in the order of the sheet, read anew each time."""
        parts: list[Sequence[LineRow]] = []
        place = self._place
        while place >= 0:
            place, rows = self._shelf.take(place)
            parts.append(rows)
        return [row for rows in (*reversed(parts), self._open or ()) for row in rows]

    @property
    def newest(self) -> LineRow:
        """The row that was added last, while the group is open."""
        return self._open[-1] if self._open else self.rows[-1]

    @property
    def gist(self) -> Gist:
        """What is known of it, once all rows are in."""
        if self._gist is None:
            self._gist = _find_gist(self.key, self.rows)
        return self._gist

    def of_rows(self, rows: Iterable[LineRow]) -> LineGroup:
        """The same with these rows alone, if there are any."""
        other = LineGroup(self._shelf, self.sheet, self.key, self.kind, self.columns)
        other.held, other.stray = self.held, self.stray
        for row in rows:
            other.add(row)
        other.close({})
        return other

    def refuse(self, reason: str, column: str = "") -> list[RefusedRow]:
        """All its rows refused for one reason, or each for its own where it has one."""
        return [
            refusal
            for row in self.rows
            for refusal in row.refused or (RefusedRow(self.sheet, row.line.row, column, reason),)
        ]


def find_fault(key: DocumentKey, rows: Sequence[LineRow]) -> tuple[str, str]:
    """Why the rows are no document, and the heading that is at fault; two empty texts if they are.

    One of them was refused, or two contradict each other.
    """
    bad = next((row for row in rows if row.refused), None)
    if bad is not None:
        return f"left out, because row {bad.line.row} of {key[1]} was refused", ""
    heads = list(dict.fromkeys(row.head for row in rows))
    if len(heads) == 1:
        return "", ""
    for name, heading, words in _ALIKE:
        values = {getattr(head, name) for head in heads} - {None}
        if len(values) > 1:
            listed = ", ".join(sorted(map(str, values)))
            return f"{key[1]} has two {words}: {listed}", heading
    two = _find_two_firms(key, rows)
    return (two, "Company") if two else ("", "")


def _find_two_firms(key: DocumentKey, rows: Sequence[LineRow]) -> str:
    """That rows of the document name two firms, which share no word; empty where they do not."""
    named = {
        row.head.customer_name: row.line.row for row in reversed(rows) if row.head.customer_name
    }
    for (one, first), (other, second) in combinations(named.items(), 2):
        if not share_a_word(one, other):
            told = sorted(((first, one), (second, other)))
            both = " and ".join(f"“{name[:80]}” in row {row}" for row, name in told)
            return f"{key[1]} has two firms under one customer number: {both}"
    return ""


def find_parties(heads: Iterable[LineHead]) -> Parties:
    """The department and customer of a document whose rows have these heads."""
    heads = list(heads)
    first = heads[0]
    return Parties(
        first.department_number,
        first_stated(head.department_name for head in heads),
        first.customer_number,
        first_stated(head.customer_name for head in heads),
    )


def first_stated(values: Iterable[str]) -> str:
    """The first that is not empty, if there is one."""
    return next((value for value in values if value), "")


def _find_gist(key: DocumentKey, rows: Sequence[LineRow]) -> Gist:
    total = add_up([row.line for row in rows]).total
    nets = [row.line.net for row in rows]
    return Gist(
        (total > 0) - (total < 0),
        not any(nets) or min(nets) < 0 < max(nets),
        not any(find_fault(key, rows)),
        find_parties(dict.fromkeys(row.head for row in rows)),
    )
