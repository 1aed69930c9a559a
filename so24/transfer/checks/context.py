"""What the checks have to know beside the document itself, the same for many documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from so24.dates import today
from so24.keys.key_fields import KeyFields
from so24.settings import Settings
from so24.store.documents.neighbours import Habit, Others, UsualTotal


@dataclass(frozen=True)
class KnownProducts:
    """The product numbers that a key without a category has met in its company already."""

    key: str
    numbers: frozenset[str]


@dataclass(frozen=True)
class CheckContext:
    """The rules of the installation and the neighbours of the documents.

    What is not known is empty. ``closed_until``: the last day of the closed period. ``vat_rates``:
    per cent. ``usual``: the customers' usual totals. ``documents_alike``, ``numbers_alike``: other
    documents with the same customer, date and total, or the same number but for leading zeros, by
    invoice id.
    ``keyless``: ids of departments that no key serves. ``uncategorised``: what is known of the
    products by department, for keys that have no category for new ones. ``key_fields``: what the
    departments' keys carry.
    """

    today: dt.date | None = None
    closed_until: dt.date | None = None
    vat_rates: frozenset[Decimal] = frozenset()
    usual: Mapping[Habit, UsualTotal] = field(default_factory=dict)
    documents_alike: Mapping[int, Others] = field(default_factory=dict)
    numbers_alike: Mapping[int, Others] = field(default_factory=dict)
    keyless: frozenset[int] = frozenset()
    uncategorised: Mapping[int, KnownProducts] = field(default_factory=dict)
    key_fields: Mapping[int, KeyFields] = field(default_factory=dict)


def rules_of(settings: Settings) -> CheckContext:
    """The installation's own rules: all that a plan needs, and no query."""
    return CheckContext(
        today=today(), closed_until=settings.closed_until, vat_rates=settings.known_vat_rates
    )
