"""What a look at one lane has found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from so24.office.values import Quota
from so24.store.tables.ground import now
from so24.transfer.order.key_fields import NO_KEY_LISTS, KeyLists
from so24.transfer.order.mapping import CreditedOrder
from so24.transfer.preview.forecast import Prospect


@dataclass(frozen=True)
class Creation:
    """A customer or product to be created: RecMan's number and name; products: the category."""

    number: str
    name: str
    category: str = ""


@dataclass(frozen=True)
class LookedUp:
    """What a look at one lane has found; with a ``problem`` it was not to be had.

    ``found_companies`` and ``found_products`` are the ids of what had no link, by our customer id
    and product number; ``key_lists`` is what the key lets travel, ``credited`` what credit notes
    name, by our invoice id. ``requests`` is what a run would make now, ``quota`` as the last answer
    announced it, and ``round_trip`` the seconds of the look's own requests on average.
    """

    key_id: int
    problem: str = ""
    prospects: tuple[Prospect, ...] = ()
    customers: tuple[Creation, ...] = ()
    products: tuple[Creation, ...] = ()
    requests: int = 0
    quota: Quota = field(default_factory=Quota)
    round_trip: float = 0.0
    found_companies: Mapping[int, int] = field(default_factory=dict)
    found_products: Mapping[str, int] = field(default_factory=dict)
    key_lists: KeyLists = NO_KEY_LISTS
    credited: Mapping[int, CreditedOrder] = field(default_factory=dict)
    taken_at: dt.datetime = field(default_factory=now)
