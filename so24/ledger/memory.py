"""What reconciliations have said: the difference to the one before, and what still stands (pure).

A result speaks for the days of its period, for one company and by one witness. A newer one that
has these days speaks in its place; of days that it does not have it says nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.amounts import sum_by_currency
from so24.store.ledger.results import KeptDifference, KeptResult
from so24.store.tables.ledger_tables import Witness

NEWEST_KEPT = 30  # results of a company and witness; of the older ones one a month


@dataclass(frozen=True)
class ResultChange:
    """The difference of a result to the one before it, on the days that both have."""

    before: KeptResult
    first: dt.date
    last: dt.date
    new: tuple[KeptDifference, ...]
    gone: tuple[KeptDifference, ...]
    same: tuple[KeptDifference, ...]

    @property
    def is_none(self) -> bool:
        """Whether both say the same of these days."""
        return not self.new and not self.gone


@dataclass(frozen=True)
class PastResult:
    """A result with its difference to the one before; None where there is none to compare with."""

    result: KeptResult
    change: ResultChange | None


@dataclass(frozen=True)
class StillApart:
    """What of a company's results does not agree by one witness and is not answered since.

    ``results`` are those that say so, the newest first; ``unlisted`` differences have no lines.
    ``earlier`` counts what the newest result of all says nothing of.
    """

    client_id: int
    company: str
    witness: Witness
    lines: tuple[KeptDifference, ...]
    unlisted: int
    results: tuple[KeptResult, ...]
    earlier: int

    @property
    def count(self) -> int:
        """How many lines do not agree."""
        return len(self.lines) + self.unlisted

    @property
    def sums(self) -> dict[str, Decimal]:
        """By how much both sides are apart in all, by currency; whatever the direction."""
        return sum_by_currency((each.currency, _amount_apart(each)) for each in self.lines)

    @property
    def newest(self) -> KeptResult:
        """The newest of the results that say so."""
        return self.results[0]

    @property
    def first(self) -> dt.date:
        """The first day of the results that say so."""
        return min(each.date_from for each in self.results)

    @property
    def last(self) -> dt.date:
        """The last day of the results that say so."""
        return max(each.date_to for each in self.results)

    @property
    def mark(self) -> str:
        """Equal only to the mark of the same differences."""
        told = sorted(map(repr, self.lines))
        told += [
            f"{each.date_from} {each.date_to} {each.unlisted}"
            for each in self.results
            if each.unlisted
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def with_changes(results: Sequence[KeptResult]) -> list[PastResult]:
    """Each of the results, which are the newest first, with its difference to the one before."""
    return [
        PastResult(each, change_of(each, results[place + 1 :]))
        for place, each in enumerate(results)
    ]


def change_of(result: KeptResult, older: Iterable[KeptResult]) -> ResultChange | None:
    """The difference to the newest of the same period, else to the newest with some of its days."""
    alike = [each for each in older if _is_comparable(each, result)]
    same_days = [each for each in alike if _days(each) == _days(result)]
    for before in [*same_days, *alike][:1]:
        first, last = max(before.date_from, result.date_from), min(before.date_to, result.date_to)
        whole = _days(before) == _days(result)
        was = dict.fromkeys(before.apart if whole else _on_days(before, first, last))
        now = dict.fromkeys(result.apart if whole else _on_days(result, first, last))
        return ResultChange(
            before,
            first,
            last,
            new=tuple(each for each in now if each not in was),
            gone=tuple(each for each in was if each not in now),
            same=tuple(each for each in now if each in was),
        )
    return None


def still_apart(results: Sequence[KeptResult]) -> list[StillApart]:
    """What stands of the results, which are the newest first, by company and witness."""
    parties: dict[tuple[int, Witness], list[KeptResult]] = {}
    for each in results:
        parties.setdefault((each.client_id, each.witness), []).append(each)
    found = (_standing(key, mine) for key, mine in sorted(parties.items()))
    return [each for each in found if each.count]


def find_superfluous(results: Sequence[KeptResult]) -> list[int]:
    """Which results, by id, of one company and witness need not be kept; they are newest first.

    Kept are the newest ones, the last of each month, and those that say what still stands.
    """
    speaking = {each.id for standing in still_apart(results) for each in standing.results}
    months: set[tuple[int, int]] = set()
    superfluous = []
    for place, each in enumerate(results):
        month = each.read_at.year, each.read_at.month
        if place >= NEWEST_KEPT and month in months and each.id not in speaking:
            superfluous.append(each.id)
        months.add(month)
    return superfluous


def _standing(key: tuple[int, Witness], results: Sequence[KeptResult]) -> StillApart:
    lines: dict[KeptDifference, None] = {}
    unlisted = earlier = 0
    speaking: list[KeptResult] = []
    for place, each in enumerate(results):
        newer = results[:place]
        is_answered = any(_covers_all(one, each) for one in newer)
        mine = [
            line
            for line in each.apart
            if not is_answered and not any(one.covers(line.date) for one in newer)
        ]
        mute = 0 if is_answered else each.unlisted
        lines.update(dict.fromkeys(mine))
        unlisted += mute
        if mine or mute:
            speaking.append(each)
            earlier += (len(mine) + mute) if newer else 0
    company = results[0].company
    client_id, witness = key
    return StillApart(client_id, company, witness, tuple(lines), unlisted, tuple(speaking), earlier)


def _amount_apart(line: KeptDifference) -> Decimal:
    """What one side has and the other has not: of the totals, else of the VATs."""
    totals = abs((line.theirs or Decimal(0)) - (line.ours or Decimal(0)))
    return totals or abs((line.their_vat or Decimal(0)) - (line.our_vat or Decimal(0)))


def _is_comparable(older: KeptResult, result: KeptResult) -> bool:
    """Whether it has some of the days, and all of its differences in full."""
    return (
        (older.client_id, older.witness) == (result.client_id, result.witness)
        and older.date_from <= result.date_to
        and result.date_from <= older.date_to
        and not (older.unlisted or result.unlisted)
    )


def _days(result: KeptResult) -> tuple[dt.date, dt.date]:
    return result.date_from, result.date_to


def _on_days(result: KeptResult, first: dt.date, last: dt.date) -> list[KeptDifference]:
    return [each for each in result.apart if each.date is None or first <= each.date <= last]


def _covers_all(newer: KeptResult, older: KeptResult) -> bool:
    return newer.date_from <= older.date_from and older.date_to <= newer.date_to
