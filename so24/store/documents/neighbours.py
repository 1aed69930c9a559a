"""Documents beside others: a customer's usual total, the same again, the same number again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.letters import fold
from so24.store.database.dialects import among_given, listed
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
    rows = session.execute(_middle_totals(), {"ids": listed(customer_ids)})
    for customer_id, kind, currency, median, _, documents in rows:
        found[Habit(customer_id, kind, currency)] = UsualTotal(documents, median)
    return found


@cache
def _middle_totals() -> sa.Select[Any]:
    """The totals in the middle of those of the customers that are given."""
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
        .where(among_given(Invoice.customer_id, "ids"))
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place == (ranked.c.documents + 1) // 2)


def documents_alike(session: Session, invoice_ids: Iterable[int]) -> dict[int, Others]:
    """Other documents with the same customer, date and total, by invoice id.

    Of the same kind and currency; neither a document that is excluded nor one of nought counts, nor
    one that waits for a person to say whether it is the same.
    """
    rows = session.execute(_alike(), {"ids": listed(invoice_ids)})
    return {each: Others(f"{series}-{number}", count) for each, series, number, count in rows}


@cache
def _alike() -> sa.Select[Any]:
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
            among_given(Invoice.id, "ids"),
            col(Invoice.total) != Decimal("0.00"),
            col(other.id) != col(Invoice.id),
            ~col(other.excluded),
            col(other.resembles) == "",
        )
        .group_by(col(Invoice.id))
        .subquery()
    )
    columns = (alike.c.invoice_id, col(Invoice.series), col(Invoice.number), alike.c.others)
    return sa.select(*columns).join(Invoice, col(Invoice.id) == alike.c.first_id)


def numbers_alike(session: Session, invoices: Sequence[Invoice]) -> dict[int, Others]:
    """Other documents with the same number but for leading zeros, by invoice id.

    Of the same series and kind; a document that is excluded does not count, nor one that waits for
    a person to say whether it is the same.
    """
    rows: dict[tuple[Series, str], list[str]] = defaultdict(list)
    bare = [each.number.lstrip("0") for each in invoices]
    padded = [each.number.lstrip("0") for each in invoices if each.number.startswith("0")]
    questions = [(_with_zeros(), {"numbers": listed(bare)})]
    if padded:
        given = {"numbers": listed(padded), "folded": listed(map(fold, padded))}
        questions.append((_without_zeros(), given))
    for question, given in questions:
        for series, kind, found in session.execute(question, given):
            rows[Series(series, kind), found.lstrip("0")].append(found)
    others: dict[int, Others] = {}
    for each in invoices:
        alike = rows.get((Series(each.series, each.kind), each.number.lstrip("0")), [])
        names = sorted({found for found in alike if found != each.number})
        if names:
            others[each.row_id] = Others(f"{each.series}-{names[0]}", len(names))
    return others


@cache
def _with_zeros() -> sa.Select[Any]:
    """The numbers that begin with a nought and are given without it."""
    # of two such numbers one begins with a nought, so that few rows are looked at closely
    folded = col(Invoice.number_folded)  # is in an index, which a part of a number is not
    begins = sa.and_(folded >= "0", folded < "1", col(Invoice.number).like("0%"))
    return _numbers().where(begins, among_given(without_zeros(col(Invoice.number)), "numbers"))


@cache
def _without_zeros() -> sa.Select[Any]:
    """The very numbers that are given."""
    given = among_given(Invoice.number_folded, "folded"), among_given(Invoice.number, "numbers")
    return _numbers().where(*given)


def _numbers() -> sa.Select[Any]:
    columns = (col(Invoice.series), col(Invoice.kind), col(Invoice.number))
    numbers = sa.select(*columns).where(~col(Invoice.excluded), col(Invoice.resembles) == "")
    return cast("sa.Select[Any]", numbers)


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
