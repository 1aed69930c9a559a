"""What may go wrong, by name; each habit can be switched by itself.

A habit is a probability: of an answer, of a moment of a hand, of a history. Those that still find
breaches in the product are listed, so that the short run is green and the list says what is open.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping

# how likely, of each call (or read) while the world is not yet quiet
CALLS: Mapping[str, float] = {
    "lost before the write": 0.2,
    "lost after the write": 0.25,
    "late write": 0.25,
    "doubled request": 0.2,
    "doubled request, late": 0.2,
    "reordered answer": 0.5,
    "cut answer": 0.2,
    "fault after the write": 0.25,
    "half of a batch": 0.25,
    "item refused after the write": 0.2,
    "item refused": 0.2,
    "fault": 0.2,
    "not sent": 0.1,
    "throttled": 0.05,
    "session ends": 0.05,
    "reads lag": 0.4,
    "reads lag for long": 0.4,
    "reads lack items": 0.2,
    "reads are capped": 0.4,
    "reads shuffled": 0.5,
    "rows shuffled": 0.3,
    "session moved": 0.1,
}
# how likely, of a history
WORLDS: Mapping[str, float] = {
    "ids at random": 0.3,
    "references rewritten": 0.3,
    "references dropped": 0.2,
    "dates moved": 0.2,
    "two installations": 0.5,
    "two keys of one account": 0.5,
    "double presses": 0.4,
    "stops": 0.3,
    "crashes": 0.5,
    "stalls": 0.4,
    "full disks": 0.3,
    "clocks step": 0.3,
    "a hand invoices": 0.3,
    "a hand deletes": 0.3,
    "a hand edits": 0.3,
    "a hand sets inactive": 0.3,
    "a hand merges customers": 0.2,
    "a hand enters the same": 0.2,
    "it was entered before": 0.15,
    "orders for approval": 0.25,
    "the office is away": 0.2,
    "lanes give up soon": 0.3,
    "taken over while it lives": 0.3,
    "two workers at one lane": 0.15,
}
FEW = 6
MOST_CALLS = 2  # of the habits of calls, in one history on the average
ALL = (*CALLS, *WORLDS)
"""Everything that can be switched, in its order."""

FOR_PERSONS = (
    "doubled cards",  # a customer's or a product's creation has landed twice
    "references dropped",
    "references rewritten",
    "dates moved",
    "reads lack items",
    "reads are capped",
    "reads lag for long",
    "session moved",
    "it was entered before",
    *(name for name in WORLDS if name.startswith("a hand")),
)
"""After these so24 may leave a document to a person."""

LATER = (
    "two installations",
    "orders for approval",
    "late write",
    "doubled request, late",
    "reads lag for long",
    "reads lack items",
    "reads are capped",
    "session moved",
    "clocks step",
)
"""With these only later looks find what is true: nothing is judged before they were taken."""

# by themselves these break nothing, but for what a repeating proxy sends long after, which
# reconcile tells; among all the others they still do: reads that show too little or too old a
# state, of which several come together; a clock that is set back by an hour, for which a lane may
# wait; an account that is moved and moved back while it is read;
# an office that changes references; two installations at an office that shows its orders late
AMONG_OTHERS = (
    "clocks step",
    "reads lag for long",
    "reads are capped",
    "session moved",
    "two keys of one account",
    "doubled request, late",
    "references rewritten",
    "two installations",
)

# some do so together with others only
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "reads lack items": ("orders for approval",),
    "clocks step": ("lost after the write",),
}


def default_habits() -> tuple[str, ...]:
    """The habits that the product survives."""
    return tuple(name for name in ALL if name not in AMONG_OTHERS)


# these strike what is sent with others
OF_SEVERAL = ("half of a batch", "reordered answer")


class Habits:
    """Which habits one history has; those of the world are drawn once."""

    def __init__(
        self,
        names: Collection[str],
        draw: Callable[[str], random.Random],
        chance: Callable[[str], float],
    ) -> None:
        """``draw`` gives the source of draws of each habit, ``chance`` a single one."""
        unknown = set(names) - set(ALL)
        if unknown:
            raise ValueError(f"no such habit: {', '.join(sorted(unknown))}")
        self._draw = draw
        least = 0.6 if len(names) <= FEW else 0.0  # what is looked for among few comes often
        self._world = {
            name
            for name, likely in WORLDS.items()
            if name in names and chance(name) < max(likely, least)
        }
        # few at once, so that a history has time to come to something
        calls = [name for name in CALLS if name in names]
        chosen = [name for name in calls if chance(name) < MOST_CALLS / len(calls)]
        self._calls = {name: CALLS[name] for name in chosen}
        self.quiet = False
        self.struck: dict[str, int] = {}

    def has(self, name: str) -> bool:
        """Whether the world is of this kind."""
        return name in self._world

    def strikes(self, name: str) -> bool:
        """Whether a call meets this now."""
        chance = self._calls.get(name)
        if chance is None or self.quiet or self._draw(name).random() >= chance:
            return False
        self.note(name)
        return True

    def note(self, name: str) -> None:
        """Count that it has struck."""
        self.struck[name] = self.struck.get(name, 0) + 1

    @property
    def need_person(self) -> bool:
        """Whether something struck that is nobody's but a person's to mend."""
        return any(name in self.struck for name in FOR_PERSONS)

    @property
    def names(self) -> tuple[str, ...]:
        """What this history has been given."""
        return tuple(name for name in ALL if name in self._world or name in self._calls)
