"""Transfers beside their documents: columns rather than whole rows, filtered in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.language.said import join_said, said_before, say
from so24.reasons import COMMANDS, WAITING, Reason, ReasonCard
from so24.stated_total import tell_stated_total
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY, Since, tell_retry
from so24.store.database.dialects import among
from so24.store.keys.keys import label_company
from so24.store.payments.stated import has_payment, payment_join, payment_state
from so24.store.tables.document_tables import Asks, Customer, Invoice
from so24.store.tables.ground import enum_column, now
from so24.store.tables.key_tables import Department, Key
from so24.store.tables.payment_tables import Payment, PaymentState
from so24.store.tables.transfer_tables import LIVE, OPEN, Run, State, Transfer
from so24.store.transfers.search import means_text

# endings that only say that another transfer of the document was there first
IN_THE_WAY = (Reason.IN_OTHER_RUN, Reason.ALREADY_TRANSFERRED)
WAITS = frozenset(WAITING.values())  # reasons of what is in transfer until its key is mended


def standing_join() -> sa.ColumnElement[bool]:
    """Joins a document's row with the transfer that tells how it stands."""
    return col(Transfer.id) == _standing()


def standing_transfers(session: Session, invoice_ids: Iterable[int]) -> dict[int, Transfer]:
    """The transfers that tell how these documents stand, by invoice id; nothing for one unsent."""
    statement = sa.select(Transfer).join(Invoice, standing_join())
    rows = session.execute(statement.where(among(Invoice.id, invoice_ids))).scalars()
    return {row.invoice_id: row for row in rows}


def _standing() -> sa.ScalarSelect[Any]:
    """The transfer that tells how a document stands: its live one, else its newest."""
    inner = sa.orm.aliased(Transfer)
    return (
        sa.select(col(inner.id))
        .where(col(inner.invoice_id) == col(Invoice.id))
        .order_by(
            col(inner.state).in_(LIVE).desc(),
            col(inner.reason).in_(IN_THE_WAY),
            col(inner.id).desc(),
        )
        .limit(1)
        .correlate(Invoice)
        .scalar_subquery()
    )


def department_name() -> sa.ColumnElement[str]:
    """A department's name, or its number where it has none."""
    return sa.case((col(Department.name) != "", col(Department.name)), else_=col(Department.number))


def open_question() -> sa.ColumnElement[str]:
    """What is asked of a person about a document; empty where nothing is, or it is excluded.

    With the customer joined: what is asked about a list is asked of the customer's documents that
    are neither in transfer nor transferred.
    """
    return sa.case(*((asked, question) for asked, question, _ in _questions()), else_="")


def is_anothers_order() -> sa.ColumnElement[bool]:
    """That a person has said that the order that a transfer has found is another document."""
    order = sa.literal(",").concat(sa.cast(col(Transfer.order_id), sa.String)).concat(",")
    others = sa.literal(",").concat(col(Invoice.other_orders)).concat(",")
    return sa.and_(
        col(Transfer.reason) == Reason.EXISTS_PROBABLY,
        sa.func.coalesce(others.contains(order), sa.false()),
    )


def _own(column: Any) -> sa.ColumnElement[Any]:
    """What a transfer has found in 24SevenOffice; nothing where that is another document's."""
    return sa.case((sa.not_(is_anothers_order()), column))


def asks() -> sa.ColumnElement[Any]:
    """What that question is about."""
    kinds = ((asked, sa.literal(kind.value)) for asked, _, kind in _questions())
    found: sa.ColumnElement[Any] = sa.case(*kinds, else_="")
    return sa.type_coerce(found, enum_column(Asks))


def _questions() -> Iterator[tuple[Any, Any, Asks]]:
    """When what is asked, and about what, the first to be answered first."""
    yield col(Invoice.excluded), sa.literal(""), Asks.NOTHING
    for question, kind in (
        (col(Invoice.resembles), Asks.DOCUMENT),
        (col(Invoice.redated), Asks.DATE),
        (col(Invoice.whose), Asks.FIRM),
    ):
        yield question != "", question, kind
    inner = sa.orm.aliased(Transfer)
    live = col(Invoice.id).in_(sa.select(col(inner.invoice_id)).where(col(inner.state).in_(LIVE)))
    yield sa.and_(col(Customer.question) != "", ~live), col(Customer.question), Asks.LIST


@dataclass(frozen=True)
class ReceiptLine:
    """A transfer beside its document, as it stands on a receipt, with the words that people read.

    Amounts are in ``currency``, ``updated_at`` is aware UTC. ``customer_card`` is the card that the
    document went to or would go to, and by what it was found; empty where no pass came so far.
    ``stated_total`` is the source's own. Order, invoice and total in 24SevenOffice are never those
    of another document, as far as anybody has said that they are.
    ``payment`` is what 24SevenOffice had stated at ``payment_read_at`` (aware UTC).
    ``company_id`` and ``company_name`` are the company of its key, None and empty without a key.
    ``question`` is what is asked of a person now, whatever has become of the document, and ``asks``
    what that is about. ``retry_at`` is when it is tried again by itself (aware UTC), if it is, and
    ``retries`` how often that was begun before. ``since`` is what has become of it since, and
    ``since_words`` how, as far as a receipt has asked.
    """

    transfer_id: int
    invoice_id: int
    run: str
    kind: str
    series: str
    number: str
    department: str
    customer: str
    key: str
    state: State
    reason: Reason
    words: str
    note: str
    order_id: int | None
    office_invoice_id: int | None
    total: Decimal
    office_total: Decimal | None
    currency: str
    changed_after_export: bool
    user: str
    updated_at: dt.datetime
    customer_card: str = ""
    stated_total: Decimal | None = None
    question: str = ""
    asks: Asks = Asks.NOTHING
    customer_number: str = ""
    invoice_date: dt.date | None = None
    kid: str = ""
    retry_at: dt.datetime | None = None
    retries: int = 0
    due_date: dt.date | None = None
    payment: PaymentState = PaymentState.NONE
    paid_on: dt.date | None = None
    payment_read_at: dt.datetime | None = None
    company_id: int | None = None
    company_name: str = ""
    since: Since = Since.NOTHING
    since_words: str = ""

    @property
    def status(self) -> str:
        """The state in words, with its mark; what has become of it since goes before."""
        if self.reason is Reason.WOULD_BE_SENT:
            return say("would be sent")
        if self.reason is Reason.NOT_LOOKED_UP:
            return say("not looked up")
        if self.since:
            return self.since
        if self.waits:
            return WAITS_FOR_KEY
        if self.tried_later:
            return TRIED_LATER
        if self.reason is Reason.WAITS_APPROVAL:
            return FOR_APPROVAL
        return STATUS_WORDS[self.state]

    @property
    def company(self) -> str:
        """The company of its key with its number, as lists name it; empty without a key."""
        if self.company_id is None:
            return ""
        return label_company(self.company_name or self.key, self.company_id)

    @property
    def card(self) -> ReasonCard | None:
        """The card of the reason, where there is one."""
        return self.reason.card if self.reason.card.title else None

    @property
    def waits(self) -> bool:
        """Whether it is in transfer and goes on only after a person has mended its key."""
        return self.state.is_open and self.reason in WAITS

    @property
    def tried_later(self) -> bool:
        """Whether so24 tries it again by itself, so that it needs nobody before."""
        planned = self.state is State.NOT_SENT and self.retry_at is not None
        return planned and not self.since and not self.question

    @property
    def retry_words(self) -> str:
        """When it is tried again by itself, as a sentence; empty where it is not."""
        if self.retry_at is None or not self.tried_later:
            return ""
        return tell_retry(self.retry_at, self.retries, now())

    @property
    def explanation(self) -> str:
        """Cause, remedy and particulars in one line."""
        changed = join_said((self._changed, self._untold_question))
        words, note = said_before(self.words), said_before(self.note)
        if self.card is None:
            return join_said((words or note, self._stated, changed, self.since_words))
        words, note = _end_sentence(words), _end_sentence(note)
        parts = [self.card.sentence, words, note, self._stated, changed]
        if self.since:
            parts.append(self.since_words)
        elif self.tried_later:
            parts.append(self.retry_words)
        elif self.waits or not self.state.is_live:
            parts.append(say("{remedy} ({who})", remedy=self.card.remedy, who=self.card.who))
        return join_said(parts)

    @property
    def command(self) -> str:
        """The command that settles what keeps it, where a screen has a field or a page for that."""
        return "" if self.state.is_open else COMMANDS.get(self.reason, "")

    @property
    def may_retry(self) -> bool:
        """Whether *Retry* makes sense for this document."""
        if self.since:
            return self.since is Since.MENDED
        return not self.state.is_live and self.reason.card.retry

    @property
    def is_problem(self) -> bool:
        """Whether it has not come to a good end, and nothing has become of it since."""
        if self.tried_later:
            return False
        return self.waits or (not self.state.is_live and not self.since)

    @property
    def _stated(self) -> str:
        """That the source's total is another than the ledger's, or than ours as long as it is."""
        if self.reason is Reason.TOTALS_DISAGREE:
            return ""
        total = self.total if self.office_total is None else self.office_total
        return tell_stated_total(self.stated_total, total, self.currency)

    @property
    def _untold_question(self) -> str:
        """The question, unless the words have it already."""
        return self.question if self.question and self.question not in self.words else ""

    @property
    def _changed(self) -> str:
        """That the document is another one in RecMan now, unless its card says so already."""
        if not self.changed_after_export or self.reason is Reason.CHANGED_AFTER_EXPORT:
            return ""
        return Reason.CHANGED_AFTER_EXPORT.card.sentence


# what a transfer's status may be in the history, in the order of its way
STATUSES = (
    *(words for state, words in STATUS_WORDS.items() if state is State.TRANSFERRED),
    FOR_APPROVAL,
    TRIED_LATER,
    WAITS_FOR_KEY,
    *(words for state, words in STATUS_WORDS.items() if state is not State.TRANSFERRED),
)


def shown_status() -> sa.ColumnElement[str]:
    """The status in SQL, with the document and its customer joined: as the line itself says it.

    What has become of a document since, only a receipt asks.
    """
    planned = sa.and_(col(Transfer.state) == State.NOT_SENT, col(Transfer.retry_at).is_not(None))
    return sa.case(
        (sa.and_(col(Transfer.state).in_(OPEN), col(Transfer.reason).in_(WAITS)), WAITS_FOR_KEY),
        (sa.and_(planned, open_question() == ""), TRIED_LATER),
        (col(Transfer.reason) == Reason.WAITS_APPROVAL, FOR_APPROVAL),
        *((col(Transfer.state) == state, words) for state, words in STATUS_WORDS.items()),
        else_="",
    )


@dataclass(frozen=True)
class TransferFilter:
    """Which transfers; empty fields do not restrict. The period is of the last change, UTC.

    ``statuses`` are words of :data:`STATUSES`. What ``text`` means says
    :mod:`so24.store.transfers.search`.
    """

    run_id: str = ""
    invoice_ids: frozenset[int] = frozenset()
    statuses: frozenset[str] = frozenset()
    department_ids: frozenset[int] = frozenset()
    users: frozenset[str] = frozenset()
    payments: frozenset[PaymentState] = frozenset()
    changed_from: dt.datetime | None = None
    changed_before: dt.datetime | None = None
    latest_only: bool = False
    text: str = ""
    limit: int | None = None


def list_transfers(session: Session, wanted: TransferFilter) -> list[ReceiptLine]:
    """The transfers of a filter, newest run first, in RecMan's order within a run."""
    if wanted == TransferFilter(run_id=wanted.run_id):  # a receipt, which is read again and again
        rows = session.execute(_transfers(of_run=bool(wanted.run_id)), {"run": wanted.run_id})
    else:
        conditions = transfer_conditions(wanted)
        statement = _in_order(_transfer_columns().where(*conditions), of_run=bool(wanted.run_id))
        rows = session.execute(statement.limit(wanted.limit))
    return [ReceiptLine(*row) for row in rows.all()]


@cache
def _transfers(*, of_run: bool) -> sa.Select[Any]:
    """All transfers, or those of the run that is given."""
    of_it = (col(Transfer.run_id) == sa.bindparam("run"),) if of_run else ()
    return _in_order(_transfer_columns().where(*of_it), of_run=of_run)


def _in_order(statement: sa.Select[Any], *, of_run: bool) -> sa.Select[Any]:
    return statement.order_by(col(Transfer.id) if of_run else col(Transfer.id).desc())


@cache
def _transfer_columns() -> sa.Select[Any]:
    columns = (
        sa.select(
            col(Transfer.id),
            col(Transfer.invoice_id),
            col(Transfer.run_id),
            sa.cast(col(Invoice.kind), sa.String),
            col(Invoice.series),
            col(Invoice.number),
            department_name(),
            col(Customer.name),
            sa.func.coalesce(col(Key.name), ""),
            col(Transfer.state),
            col(Transfer.reason),
            col(Transfer.words),
            col(Transfer.note),
            _own(col(Transfer.order_id)),
            _own(col(Transfer.office_invoice_id)),
            col(Invoice.total),
            _own(col(Transfer.office_total)),
            col(Invoice.currency),
            col(Invoice.changed_after_export),
            col(Run.created_by),
            col(Transfer.updated_at),
            col(Transfer.card),
            col(Invoice.stated_total),
            open_question(),
            asks(),
            col(Customer.number),
            col(Invoice.invoice_date),
            col(Invoice.kid),
            col(Transfer.retry_at),
            col(Transfer.retries),
            col(Invoice.due_date),
            payment_state(),
            col(Payment.paid_on),
            col(Payment.read_at),
            col(Key.client_id),
            sa.func.coalesce(col(Key.client_name), ""),
        )
        .join(Invoice, col(Invoice.id) == col(Transfer.invoice_id))
        .join(Run, col(Run.id) == col(Transfer.run_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(Department, col(Department.id) == col(Invoice.department_id))
        .outerjoin(Key, col(Key.id) == col(Transfer.key_id))
        .outerjoin(Payment, payment_join())
    )
    return cast("sa.Select[Any]", columns)


def transfer_conditions(wanted: TransferFilter) -> Sequence[sa.ColumnElement[bool]]:
    """The filter in SQL, for statements that join :class:`Run`, the document and its customer."""
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.run_id:
        conditions.append(col(Transfer.run_id) == wanted.run_id)
    if wanted.invoice_ids:
        conditions.append(among(Transfer.invoice_id, wanted.invoice_ids))
    if wanted.statuses:
        conditions.append(among(shown_status(), wanted.statuses))
    if wanted.department_ids:
        conditions.append(among(Invoice.department_id, wanted.department_ids))
    if wanted.users:
        conditions.append(among(Run.created_by, wanted.users))
    conditions.extend(_changed_within(wanted))
    if wanted.payments:
        conditions.extend((col(Transfer.state) == State.TRANSFERRED, has_payment(wanted.payments)))
    if wanted.text:
        conditions.append(means_text(wanted.text))
    if wanted.latest_only:
        conditions.append(standing_join())
    return conditions


def _changed_within(wanted: TransferFilter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.changed_from:
        yield col(Transfer.updated_at) >= wanted.changed_from
    if wanted.changed_before:
        yield col(Transfer.updated_at) < wanted.changed_before


def _end_sentence(text: str) -> str:
    ended = not text or text.endswith((".", "!", "?", "…", ":", ";"))
    return text if ended else say("{sentence}.", sentence=text)
