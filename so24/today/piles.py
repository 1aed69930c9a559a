"""Documents that stand alike, sorted into piles: whose problem they are, why, and how much (pure).

Each pile has a name, which stands in the address of the list of its documents.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from so24.amounts import format_amount
from so24.reasons import Reason
from so24.store.transfers.standings import StandingFacts, StandingGroup
from so24.transfer.problems import (
    Whose,
    can_go_now,
    find_notice,
    find_problem,
    is_tried_later,
)

Blockades = Mapping[int, Reason]


class PileName(enum.StrEnum):
    """The piles that a document may lie in; the values stand in addresses."""

    FINANCE = Whose.FINANCE.value
    ADMINISTRATOR = Whose.ADMINISTRATOR.value
    ACCOUNTANT = Whose.ACCOUNTANT.value
    WAIT = Whose.WAIT.value
    UNSENT = "not-transferred"
    APPROVAL = "approval"
    CHANGED = "changed"
    LATER = "tried-again"
    SENDABLE = "can-be-sent"


_NOTICES = {
    Reason.WAITS_APPROVAL: PileName.APPROVAL,
    Reason.CHANGED_AFTER_EXPORT: PileName.CHANGED,
}


@dataclass
class Pile:
    """How many documents, their sums by currency, and the oldest invoice date of them."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    oldest: dt.date | None = None

    @property
    def amounts(self) -> str:
        """``NOK 386 635,22 · EUR 12,00``."""
        return " · ".join(format_amount(self.sums[each], each) for each in sorted(self.sums))

    def add(self, group: StandingGroup) -> None:
        """Lay a group on the pile."""
        self.count += group.count
        self.sums[group.currency] = self.sums.get(group.currency, Decimal(0)) + group.amount
        self.oldest = min(self.oldest or group.oldest, group.oldest)


@dataclass
class Piles:
    """All piles: each as a whole, by its causes, and what waits in each department."""

    whole: dict[PileName, Pile] = field(default_factory=dict)
    causes: dict[tuple[PileName, Reason], Pile] = field(default_factory=dict)
    departments: dict[int, Pile] = field(default_factory=dict)

    def of(self, name: PileName) -> Pile:
        """The pile of this name, which may be empty."""
        return self.whole.get(name, Pile())

    def of_cause(self, name: PileName, cause: Reason) -> Pile:
        """The part of a pile that lies there for this cause, which may be empty."""
        return self.causes.get((name, cause), Pile())

    def causes_of(self, name: PileName) -> list[tuple[Reason, Pile]]:
        """The causes of a pile, the most frequent first."""
        found = [(reason, pile) for (where, reason), pile in self.causes.items() if where is name]
        return sorted(found, key=lambda each: (-each[1].count, each[0]))


def sort_groups(groups: Iterable[StandingGroup], blockades: Blockades) -> Piles:
    """Sort what the store has grouped; a document may lie in two piles: a problem, and unsent."""
    piles = Piles()
    for group in groups:
        for name, reason in places_of(group.standing, blockades.get(group.department_id)):
            piles.whole.setdefault(name, Pile()).add(group)
            if reason is not None:
                piles.causes.setdefault((name, reason), Pile()).add(group)
            elif name is PileName.UNSENT:
                piles.departments.setdefault(group.department_id, Pile()).add(group)
    return piles


def places_of(now: StandingFacts, blockade: Reason | None) -> list[tuple[PileName, Reason | None]]:
    """The piles that documents which stand so lie in, each with the cause.

    No cause where they have only to be sent, for the first time or again.

    ``blockade`` is what keeps their department from sending at present.
    """
    places: list[tuple[PileName, Reason | None]] = []
    if now.state is None or not now.state.is_live:
        places.append((PileName.UNSENT, None))
    problem = find_problem(now, blockade or Reason.NONE)
    if problem is not None:
        places.append((PileName(problem.whose.value), problem.reason))
    elif can_go_now(now, blockade or Reason.NONE):
        places.append((PileName.SENDABLE, None))
    elif is_tried_later(now):
        places.append((PileName.LATER, now.reason))
    elif (notice := find_notice(now)) is not None:
        places.append((_NOTICES[notice], notice))
    return places


def pick_groups(
    groups: Iterable[StandingGroup], blockades: Blockades, name: PileName, cause: Reason | None
) -> list[StandingGroup]:
    """The groups whose documents lie in a pile, all or those with this cause."""
    return [
        group
        for group in groups
        if any(
            where is name and cause in (None, reason)
            for where, reason in places_of(group.standing, blockades.get(group.department_id))
        )
    ]
