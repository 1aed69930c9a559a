"""How documents stand now, by sets: what decides whether a person is needed, counted and listed.

Documents that stand alike are one group, so that a hundred thousand of them are a few rows.
Settled ones – transferred, and nothing asked about them – are in no group.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.reasons import CREDIT_QUESTIONS, NUMBER_REASONS, OF_ITS_SOURCE, Reason
from so24.store.database.dialects import among
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Key, Numbers
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.said_cards import card_said_since
from so24.store.transfers.said_products import answered_products
from so24.store.transfers.transfer_list import (
    IN_THE_WAY,
    is_anothers_order,
    open_question,
    standing_join,
)

# reasons of which something else tells whether they still hold: another transfer, the document
TOLD_OTHERWISE = (
    *IN_THE_WAY,
    Reason.HELD,
    Reason.DATE_ASSUMED,
    Reason.CHANGED_AFTER_EXPORT,
    Reason.EXCLUDED,
)


@dataclass(frozen=True)
class StandingFacts:
    """What decides whether a document needs a person; ``state`` is None where it was never sent.

    ``asked``: a person has to say what it is, or whose. ``declared``: what its reason asks for has
    been said or mended since – that the order found is another document, what a credit note
    credits, which card is the customer's, what the customer lacked – and by that it can go.
    ``changed``: its source states it otherwise since it was exported. ``left_out``: it is excluded
    from export, or its details are purged. ``tried_later``: so24 sends it again by itself.
    """

    state: State | None
    reason: Reason = Reason.NONE
    asked: bool = False
    date_assumed: bool = False
    changed: bool = False
    declared: bool = False
    tried_later: bool = False
    left_out: bool = False


@dataclass(frozen=True)
class StandingGroup:
    """Documents of one department and currency that stand alike; ``oldest`` is an invoice date."""

    standing: StandingFacts
    department_id: int
    currency: str
    count: int
    amount: Decimal
    oldest: dt.date


@dataclass(frozen=True)
class DocumentNow:
    """How one document stands, by which transfer and which run; None for one never sent.

    ``ids`` are order and invoice in 24SevenOffice and ``office_total`` the total there, by that
    transfer; ``left_out_for`` is why it is excluded.
    """

    standing: StandingFacts
    department_id: int
    transfer_id: int | None
    run_id: str | None
    ids: tuple[int | None, int | None]
    left_out_for: str
    office_total: Decimal | None = None


def group_standings(session: Session, answered: Collection[int] = ()) -> list[StandingGroup]:
    """All documents that are neither settled nor left out, in groups of those that stand alike.

    ``answered`` here and below: the documents of which what blocked them is gone, see
    :func:`list_answered`.
    """
    facts = [*_facts(answered), col(Invoice.department_id), col(Invoice.currency)]
    statement = sa.select(
        *facts,
        sa.func.count(col(Invoice.id)),
        sa.func.sum(col(Invoice.total)),
        sa.func.min(col(Invoice.invoice_date)),
    )
    rows = session.execute(_joined(statement).where(*_unsettled()).group_by(*facts))
    count = len(_facts(answered))
    return [StandingGroup(_read(row[:count]), *row[count:]) for row in rows]


def standings_of(
    session: Session, invoice_ids: Iterable[int], answered: Collection[int] = ()
) -> dict[int, DocumentNow]:
    """How these documents stand, by invoice id; those that are left out too."""
    statement = sa.select(
        *_facts(answered),
        left_out(),
        col(Invoice.id),
        col(Invoice.department_id),
        col(Transfer.id),
        col(Transfer.run_id),
        col(Transfer.order_id),
        col(Transfer.office_invoice_id),
        col(Invoice.excluded_reason),
        col(Transfer.office_total),
    )
    rows = session.execute(_joined(statement).where(among(Invoice.id, invoice_ids)))
    found: dict[int, DocumentNow] = {}
    for *facts, invoice_id, department, transfer, run, order, invoice, why, total in rows:
        found[invoice_id] = DocumentNow(
            _read(facts), department, transfer, run, (order, invoice), why, total
        )
    return found


@dataclass(frozen=True)
class StandingKinds:
    """Some kinds of standing, in some departments: a condition on documents."""

    signatures: frozenset[str] = frozenset()
    answered: frozenset[int] = frozenset()

    @classmethod
    def of(cls, groups: Iterable[StandingGroup], answered: Collection[int] = ()) -> StandingKinds:
        """The kinds of these groups, of whatever currency."""
        found = (_write_signature(each.standing, each.department_id) for each in groups)
        return cls(frozenset(found), frozenset(answered))

    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        """That a document stands so; for statements that join customer and standing transfer."""
        yield from _unsettled()
        yield among(_signature(self.answered), self.signatures)


def list_alike(
    session: Session, wanted: StandingKinds, *, limit: int | None, offset: int = 0
) -> list[int]:
    """The ids of the documents that stand so, the oldest first."""
    statement = (
        _joined(sa.select(col(Invoice.id)))
        .where(*wanted.conditions())
        .order_by(col(Invoice.invoice_date), col(Invoice.id))
    )
    return list(session.execute(statement.limit(limit).offset(offset)).scalars())


def list_answered(session: Session) -> list[int]:
    """The blocked documents of which this store may show that what blocked them is gone.

    The newest first. What a plan has found, another plan tells; so does what a person has said of
    what 24SevenOffice has shown: the credited invoice's number, the customer's card, the product.
    """
    statement = (
        sa.select(col(Invoice.id))
        .select_from(Transfer)
        .join(Invoice, col(Invoice.id) == col(Transfer.invoice_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .outerjoin(Key, col(Key.id) == col(Transfer.key_id))
        .where(col(Transfer.state) == State.BLOCKED, standing_join(), ~left_out())
        .where(
            sa.or_(_may_pass_a_plan(), _number_entered_since(), card_said_since(), _key_mended())
        )
        .order_by(col(Transfer.id).desc())
    )
    return [*session.execute(statement).scalars(), *answered_products(session)]


def left_out() -> sa.ColumnElement[bool]:
    """That a document is not to be sent at all: it is excluded, or its details are purged."""
    return sa.or_(col(Invoice.excluded), col(Invoice.purged_at).is_not(None))


def _joined(statement: sa.Select[Any]) -> sa.Select[Any]:
    return (
        statement.select_from(Invoice)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .outerjoin(Transfer, standing_join())
    )


def _unsettled() -> Iterator[sa.ColumnElement[bool]]:
    """Neither left out, nor transferred without anything that is asked or told about it."""
    inner = sa.orm.aliased(Transfer)
    transferred = col(inner.state) == State.TRANSFERRED
    waits = col(inner.reason) == Reason.WAITS_APPROVAL
    looked_at = col(inner.look_again_at).is_not(None)  # all that wait are, and few others
    yield ~left_out()
    yield sa.or_(
        ~col(Invoice.id).in_(sa.select(col(inner.invoice_id)).where(transferred)),
        col(Invoice.id).in_(sa.select(col(inner.invoice_id)).where(transferred, waits, looked_at)),
        col(Invoice.changed_after_export),
        *(each != "" for each in _own_questions()),
    )


def _own_questions() -> Iterator[Any]:
    for name in ("held", "resembles", "redated", "whose"):
        yield col(getattr(Invoice, name))


def _facts(answered: Collection[int]) -> list[Any]:
    """The columns of a :class:`StandingFacts`, but for the last one."""
    return [
        col(Transfer.state),
        sa.func.coalesce(col(Transfer.reason), Reason.NONE),
        sa.or_(open_question() != "", col(Invoice.held) != ""),
        col(Invoice.date_assumed),
        col(Invoice.changed_after_export),
        _declared(answered),
        col(Transfer.retry_at).is_not(None),
    ]


def _declared(answered: Collection[int]) -> sa.ColumnElement[bool]:
    return sa.case(
        (col(Transfer.reason) == Reason.EXISTS_PROBABLY, is_anothers_order()),
        else_=among(Invoice.id, answered) if answered else sa.false(),
    )


def _may_pass_a_plan() -> sa.ColumnElement[bool]:
    """That a plan blocked it for what is not known to be as it was: a plan has no key by then."""
    complete = (col(Customer.name), col(Customer.address), col(Customer.postal_code))
    reason = col(Transfer.reason)
    return sa.and_(
        col(Transfer.key_id).is_(None),
        reason.not_in(TOLD_OTHERWISE),
        sa.or_(
            reason != Reason.CUSTOMER_INCOMPLETE,
            sa.and_(*(each != "" for each in (*complete, col(Customer.city)))),
        ),
        sa.or_(reason.not_in(OF_ITS_SOURCE), col(Invoice.updated_at) > col(Transfer.updated_at)),
    )


def _key_mended() -> sa.ColumnElement[bool]:
    """That its key has by now what it lacked: a category, or no need of RecMan's numbers."""
    return sa.or_(
        sa.and_(col(Transfer.reason) == Reason.NO_CATEGORY, col(Key.category_id).is_not(None)),
        sa.and_(col(Transfer.reason).in_(NUMBER_REASONS), col(Key.numbers) == Numbers.OWN),
    )


def _number_entered_since() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Invoice.credited_office_id) > 0,  # found by an index, which "is not null" is not
        col(Transfer.reason).in_(CREDIT_QUESTIONS),
        sa.or_(
            # which are said of no number that was entered
            col(Transfer.reason).in_((Reason.CREDIT_UNLINKED, Reason.CREDIT_ORIGINAL)),
            col(Invoice.credited_entered_at) > col(Transfer.updated_at),
        ),
    )


def _signature(answered: Collection[int]) -> Any:
    """All facts and the department as one text, so that any number of them is one condition."""
    state, reason, *flags = _facts(answered)
    parts = [
        sa.func.coalesce(sa.cast(state, sa.String), ""),
        sa.cast(reason, sa.String),
        *(sa.case((flag, "1"), else_="0") for flag in flags),
        sa.cast(col(Invoice.department_id), sa.String),
    ]
    text: Any = parts[0]
    for part in parts[1:]:
        text = text.concat("|").concat(part)
    return text


def _write_signature(standing: StandingFacts, department_id: int) -> str:
    """The same text of facts that have been read."""
    flags = (
        standing.asked,
        standing.date_assumed,
        standing.changed,
        standing.declared,
        standing.tried_later,
    )
    facts = [standing.state or "", standing.reason, *("1" if each else "0" for each in flags)]
    return "|".join([*facts, str(department_id)])


def _read(row: Sequence[Any]) -> StandingFacts:
    state, reason, *flags = row
    return StandingFacts(state, reason, *map(bool, flags))
