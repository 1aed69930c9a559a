"""The categories of 24SevenOffice that a key's new products go to, by the VAT of their lines.

A category decides about account and VAT of its products, for good; 24SevenOffice does not tell
which VAT that is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from so24.keys.key_fields import CATEGORIES, TaxKind, read_kind, write_kinds
from so24.office.values import Category
from so24.store.tables.key_tables import Key


def kind_of(rate: Decimal, vat_category: str) -> TaxKind:
    """The kind of VAT that a line has: a category without VAT, or else its rate."""
    return vat_category if vat_category in CATEGORIES else rate


def rate_of(kind: TaxKind) -> Decimal:
    """The rate of a kind of VAT, in per cent."""
    return Decimal(0) if isinstance(kind, str) else kind


@dataclass(frozen=True)
class KeyCategories:
    """The categories that a key has chosen: for kinds of VAT, and the ``usual`` one for others."""

    usual: Category | None = None
    of_kinds: tuple[tuple[TaxKind, Category], ...] = ()

    def for_kind(self, kind: TaxKind) -> Category | None:
        """The category of a new product whose line has this kind of VAT, None where none is."""
        return dict(self.of_kinds).get(kind, self.usual)

    def kinds_of(self, category_id: int) -> tuple[TaxKind, ...]:
        """The kinds of VAT that the key has chosen this category for."""
        return tuple(kind for kind, chosen in self.of_kinds if chosen.id == category_id)


NO_CATEGORIES = KeyCategories()


def categories_of(key: Key) -> KeyCategories:
    """The choice as the key keeps it."""
    usual = None
    if key.category_id is not None:
        usual = Category(key.category_id, None, key.category_name or str(key.category_id))
    kept = json.loads(key.categories) if key.categories else {}
    return KeyCategories(
        usual,
        tuple((read_kind(kind), Category(id_, None, name)) for kind, (id_, name) in kept.items()),
    )


def write_categories(chosen: Mapping[TaxKind, Category]) -> str:
    """The categories as the key keeps them, by kind of VAT; empty without any."""
    return write_kinds({kind: (each.id, each.name[:200]) for kind, each in chosen.items()})
