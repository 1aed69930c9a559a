"""Our product numbers beside 24SevenOffice's products, for each company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.store.database.dialects import among, among_given, insert_on, listed
from so24.store.tables.transfer_tables import FoundBy, ProductLink

_LINKS: sa.Table = ProductLink.__table__  # type: ignore[attr-defined] # SQLModel hides it
_OF_NUMBERS = (
    ProductLink.organization_id == sa.bindparam("organization"),
    among_given(ProductLink.product_number, "numbers"),
)
_STILL = (
    _LINKS.c.organization_id == sa.bindparam("organization"),
    _LINKS.c.product_number == sa.bindparam("ours"),
    _LINKS.c.product_id == sa.bindparam("was"),
)
_DROP = sa.delete(_LINKS).where(*_STILL)
_LINKED = select(ProductLink).where(*_OF_NUMBERS)
_DENIED = select(ProductLink.product_number).where(
    *_OF_NUMBERS, col(ProductLink.product_id).is_(None)
)


@dataclass(frozen=True)
class LinkedProduct:
    """The product that a number of ours is linked to, as it was last read, and by what.

    ``number`` and ``vat_rate`` (per cent, None where it was not told) are its own in 24SevenOffice.
    ``read_at`` is when a lane has last seen it there, None where the next one is to look.
    """

    id: int
    by: FoundBy = FoundBy.UNKNOWN
    number: str = ""
    name: str = ""
    vat_rate: Decimal | None = None
    read_at: dt.datetime | None = None

    def __str__(self) -> str:
        """The product as people read it, and by what it was found."""
        return self.by.describe(" ".join(filter(None, (str(self.id), self.number, self.name))))


def linked_products(
    session: Session, organization_id: int, numbers: Iterable[str]
) -> dict[str, LinkedProduct]:
    """The products by product number, of those numbers that are linked."""
    rows = session.exec(_LINKED, params=_asked(organization_id, numbers))
    return {
        row.product_number: LinkedProduct(
            row.product_id,
            FoundBy(row.found_by),
            row.number_there,
            row.name,
            row.vat_rate,
            row.read_at,
        )
        for row in rows
        if row.product_id is not None
    }


def denied_products(session: Session, organization_id: int, numbers: Iterable[str]) -> set[str]:
    """Of these numbers those of which a person has said that no product there is meant."""
    return set(session.exec(_DENIED, params=_asked(organization_id, numbers)))


def _asked(organization_id: int, numbers: Iterable[str]) -> dict[str, object]:
    return {"organization": organization_id, "numbers": listed(numbers)}


def link_products(
    session: Session, organization_id: int, links: Mapping[str, LinkedProduct]
) -> None:
    """Remember products by number; a link to a product that exists already stays as it is."""
    if not links:
        return
    named = {"organization_id": organization_id, "said_by": "", "said_why": ""}
    rows = [
        {**named, "product_number": ours, **product_values(product)}
        for ours, product in links.items()
    ]
    session.connection().execute(_link_on(session.get_bind().dialect.name), rows)


@cache
def _link_on(dialect: str) -> sa.Insert:
    insert = insert_on(dialect, _LINKS)
    return insert.on_conflict_do_update(
        index_elements=["organization_id", "product_number"],
        set_={name: insert.excluded[name] for name in product_values(None)},
        where=_LINKS.c.product_id.is_(None),
    )


@cache
def _replace() -> sa.Update:
    """Sets the columns of a link to the values that are given as new ones."""
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in product_values(None)}
    return sa.update(_LINKS).where(*_STILL).values(values)


def replace_products(
    session: Session,
    organization_id: int,
    changes: Mapping[str, tuple[LinkedProduct, LinkedProduct | None]],
) -> None:
    """Note what linked products are by now in place of what they were, by number; None: no link.

    A number that has been linked to another product since is left alone.
    """
    for ours, (was, new) in changes.items():
        still = {"organization": organization_id, "ours": ours, "was": was.id}
        if new is None:
            session.execute(_DROP, still)
        else:
            values = {f"new_{name}": value for name, value in product_values(new).items()}
            session.execute(_replace(), {**still, **values})


def look_again(session: Session, organization_id: int, numbers: Iterable[str]) -> None:
    """Have the next lane look what has become of the products that these are linked to."""
    session.execute(
        sa.update(ProductLink)
        .where(
            col(ProductLink.organization_id) == organization_id,
            among(ProductLink.product_number, numbers),
        )
        .values(read_at=None)
    )


def forget_products(session: Session, organization_id: int, numbers: Iterable[str]) -> None:
    """Drop links, so that the products are looked up again.

    What a person has said stays; the product is looked at again.
    """
    numbers = tuple(numbers)
    session.execute(
        sa.delete(ProductLink).where(
            col(ProductLink.organization_id) == organization_id,
            among(ProductLink.product_number, numbers),
            col(ProductLink.said_at).is_(None),
        )
    )
    look_again(session, organization_id, numbers)


def product_values(product: LinkedProduct | None) -> dict[str, object]:
    """The columns that a link keeps of its product, no longer than they may be."""
    kept = product or LinkedProduct(0)
    return {
        "product_id": product.id if product else None,
        "found_by": kept.by.value,
        "number_there": kept.number[:100],
        "name": kept.name[:125],
        "vat_rate": kept.vat_rate,
        "read_at": kept.read_at,
    }
