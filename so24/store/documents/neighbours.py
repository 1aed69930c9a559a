"""Documents beside others: a customer's usual total, the same again, the same number again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.letters import fold
from so24.store.database.dialects import among
from so24.store.documents.documents import without_zeros
from so24.store.tables.document_tables import DocumentKind, Invoice

_BETWEEN = "\n"  # no number of a source has a line break


class Habit(NamedTuple):
    """Whose documents of which kind and currency are compared with each other."""

    customer_id: int
    kind: DocumentKind
    currency: str


@dataclass(frozen=True)
class UsualTotal:
    """The median of a customer's totals (of two middle ones the lower), and of how many."""

    documents: int
    median: Decimal


@dataclass(frozen=True)
class Others:
    """Documents that are like another one: the name of one of them, and how many there are."""

    name: str
    count: int


class Series(NamedTuple):
    """A number series of one kind of documents."""

    series: str
    kind: DocumentKind


def usual_totals(session: Session, customer_ids: Iterable[int]) -> dict[Habit, UsualTotal]:
    """The usual totals of these customers, over all their documents."""
    found: dict[Habit, UsualTotal] = {}
    habit = (col(Invoice.customer_id), col(Invoice.kind), col(Invoice.currency))
    ranked = (
        sa.select(
            *habit,
            col(Invoice.total),
            sa.func.row_number()
            .over(partition_by=habit, order_by=col(Invoice.total))
            .label("place"),
            sa.func.count().over(partition_by=habit).label("documents"),
        )
        .where(among(Invoice.customer_id, customer_ids))
        .subquery()
    )
    middle = sa.select(ranked).where(ranked.c.place == (ranked.c.documents + 1) // 2)
    for customer_id, kind, currency, median, _, documents in session.execute(middle):
        found[Habit(customer_id, kind, currency)] = UsualTotal(documents, median)
    return found


def documents_alike(session: Session, invoice_ids: Iterable[int]) -> dict[int, Others]:
    """Other documents with the same customer, date and total, by invoice id.

    Of the same kind and currency; neither a document that is excluded nor one of nought counts, nor
    one that waits for a person to say whether it is the same.
    """
    other = sa.orm.aliased(Invoice)
    same = ("customer_id", "kind", "currency", "total", "invoice_date")
    alike = (
        sa.select(
            col(Invoice.id).label("invoice_id"),
            sa.func.min(col(other.id)).label("first_id"),
            sa.func.count().label("others"),
        )
        .join(other, sa.and_(*(getattr(other, name) == getattr(Invoice, name) for name in same)))
        .where(
            among(Invoice.id, invoice_ids),
            col(Invoice.total) != Decimal("0.00"),
            col(other.id) != col(Invoice.id),
            ~col(other.excluded),
            col(other.resembles) == "",
        )
        .group_by(col(Invoice.id))
        .subquery()
    )
    columns = (alike.c.invoice_id, col(Invoice.series), col(Invoice.number), alike.c.others)
    rows = session.execute(sa.select(*columns).join(Invoice, col(Invoice.id) == alike.c.first_id))
    return {each: Others(f"{series}-{number}", count) for each, series, number, count in rows}


def numbers_alike(session: Session, invoices: Sequence[Invoice]) -> dict[int, Others]:
    """Other documents with the same number but for leading zeros, by invoice id.

    Of the same series and kind; a document that is excluded does not count, nor one that waits for
    a person to say whether it is the same.
    """
    rows: dict[tuple[Series, str], list[str]] = defaultdict(list)
    number = col(Invoice.number)
    # of two such numbers one begins with a nought, so that few rows are looked at closely
    folded = col(Invoice.number_folded)  # is in an index, which a part of a number is not
    begins = sa.and_(folded >= "0", folded < "1", number.like("0%"))
    bare = [each.number.lstrip("0") for each in invoices]
    padded = [each.number.lstrip("0") for each in invoices if each.number.startswith("0")]
    conditions = [sa.and_(begins, among(without_zeros(number), bare))]
    if padded:
        conditions.append(sa.and_(among(folded, map(fold, padded)), among(number, padded)))
    for condition in conditions:
        for series, kind, found in session.execute(
            sa.select(col(Invoice.series), col(Invoice.kind), number).where(
                condition, ~col(Invoice.excluded), col(Invoice.resembles) == ""
            )
        ):
            rows[Series(series, kind), found.lstrip("0")].append(found)
    others: dict[int, Others] = {}
    for each in invoices:
        alike = rows.get((Series(each.series, each.kind), each.number.lstrip("0")), [])
        names = sorted({found for found in alike if found != each.number})
        if names:
            others[each.row_id] = Others(f"{each.series}-{names[0]}", len(names))
    return others


def all_numbers(session: Session) -> dict[Series, list[str]]:
    """The numbers of all documents, whatever became of them."""
    # joined by the database: a row for each of a hundred thousand would take a second
    rows = session.execute(
        sa.select(
            col(Invoice.series),
            col(Invoice.kind),
            sa.func.aggregate_strings(col(Invoice.number), _BETWEEN),
        ).group_by(col(Invoice.tenant), col(Invoice.kind), col(Invoice.series))
    )
    found: dict[Series, list[str]] = defaultdict(list)
    for series, kind, joined in rows:
        found[Series(series, kind)] += joined.split(_BETWEEN)
    return dict(found)
