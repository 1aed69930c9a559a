"""A lane: a run's part for one key, worked through until nothing of it is open.

::

    wait until an earlier write has settled
    | session, guard            so24.keys.access
    | customers, products       customers, products
    | key fields                key_lists         the company's own lists, where a key carries them
    | credited orders           credited_orders   what credit notes credit
    | look up                   look_up           every pass begins by looking
    | draft                     draft             intent first, then the call
    | bind, compare             bind              one order per document, for ever
    | invoice, confirm          invoice           only the bound order is ever booked

A pass may end anywhere (crash, lost answer, cancelled run); the next one looks first, so running a
lane again is safe. Nothing is kept in memory between passes but how long trouble has lasted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Mapping

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import (
    BadRequest,
    LoginRefused,
    NotSent,
    OfficeError,
    Refused,
    RunCancelled,
    SessionLost,
    Throttled,
    Unknown,
    WrongCompany,
    WrongUse,
)
from so24.installation import Installation
from so24.keys.access import open_office
from so24.office.values import Order
from so24.reasons import WAITING, Reason
from so24.store.documents.documents import load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.runs import is_cancelled
from so24.store.transfers.transfers import LaneName, Move, note_transfers, open_of_lane
from so24.transfer.lane.bind import bind_and_compare
from so24.transfer.lane.credited_orders import (
    block_uncreditable,
    hold_back_credit_notes,
    read_originals,
)
from so24.transfer.lane.customers import recall_customers, resolve_customers
from so24.transfer.lane.draft import prepare_drafts, send_drafts
from so24.transfer.lane.invoice import confirm_orders, invoice_orders
from so24.transfer.lane.key_lists import hold_back, read_key_lists
from so24.transfer.lane.lane_document import (
    Item,
    begin_item,
    tell_gone,
    tell_known,
    tell_left,
)
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.lane.look_up import look_up, read_bindings
from so24.transfer.lane.products import recall_products, resolve_products
from so24.transfer.lane.waiting import MayCall, RetryWait, always
from so24.transfer.order.what_is_there import BOOKED, INACTIVE


def work_lane(
    installation: Installation,
    name: LaneName,
    ids: Collection[int],
    may_call: MayCall = always,
) -> None:
    """Work through these transfers of the lane until none is open or nothing more can be tried.

    A credit note whose invoice is open in another part of the run stays open as well. ``may_call``
    is asked before each call. Problems of single documents and of the key end up in the transfers;
    nothing is raised but bugs, a lost database and :class:`LeaseLost`.
    """
    _Lane(installation, name, ids, may_call).work()


class _Lane:
    def __init__(
        self,
        installation: Installation,
        name: LaneName,
        ids: Collection[int],
        may_call: MayCall,
    ) -> None:
        self.may_call = may_call
        self.installation = installation
        self.name = name
        self.ids = ids
        self.look_only = False
        self.singly: set[Hashable] = set()
        self.batch_size = installation.settings.batch_size
        self.retry_wait = RetryWait(installation.settings.patience, self._note)

    def work(self) -> None:
        rows = self._open_rows()
        while rows:
            try:
                self._take_up(rows)
                before = {row.id: row.state for row in rows}
                if not self._pass(self._journey(rows)):
                    return
                rows = self._open_rows()
                if {row.id: row.state for row in rows} != before:
                    self.retry_wait.renew()
                elif not self.retry_wait.wait(None):
                    self._give_up(Reason.NOT_ANSWERING, "")
                    return
                continue
            except RunCancelled:
                self.look_only = True
            except (LoginRefused, WrongCompany, WrongUse) as refusal:
                self._end_with_login(refusal)
                return
            except (NotSent, Throttled, Unknown, SessionLost, Refused, BadRequest) as trouble:
                if not self.retry_wait.wait(trouble):
                    self._give_up(_reason_of(trouble), str(trouble))
                    return
            rows = self._open_rows()

    def _open_rows(self) -> list[Transfer]:
        with self.installation.db.reading() as session:
            self.look_only = self.look_only or is_cancelled(session, self.name.run_id)
            return open_of_lane(session, self.name, self.ids)

    def _take_up(self, rows: list[Transfer]) -> None:
        """Wait until every write that lost its answer has settled, and call those unknown."""
        written = [row.sent_at for row in rows if row.sent_at is not None]
        if written:
            settle = dt.timedelta(seconds=self.installation.settings.settle)
            self.retry_wait.rest_until(max(written) + settle)

    def _journey(self, rows: list[Transfer]) -> Journey:
        with self.installation.db.reading() as session:
            key = key_of_lane(session, self.name.key_id)
            documents = {
                document.invoice_id: document
                for document in load_documents(session, [row.invoice_id for row in rows])
            }
        items = [begin_item(row, documents[row.invoice_id]) for row in rows]
        actor = f"lane {self.name.key_id}"
        return Journey(self.installation, key, items, actor, self.batch_size, self.singly)

    def _pass(self, journey: Journey) -> bool:
        """Whether there was anything to work on; credit notes may have to wait for invoices."""
        if self.look_only and not self._stop_unsent(journey):
            return False
        self._start(journey)
        if not self.look_only:
            hold_back_credit_notes(journey, self.name.run_id)
        if not journey.items:
            return False
        recall_customers(journey)
        recall_products(journey)
        journey.is_stopped = self._is_stopped
        try:
            opened = open_office(
                self.installation, self.name.key_id, before_call=lambda _: self.may_call()
            )
            with opened.office as journey.office:
                reach("after guard", journey.key.id)
                self._go_on(journey)
                if self.look_only:
                    self._look(journey)
                else:
                    self._send(journey)
        finally:
            journey.ahead.close()
            self.batch_size = journey.batch_size
        return True

    def _look(self, journey: Journey) -> None:
        """See what became of the documents of a stopped run; those not booked end here."""
        resolve_customers(journey, create=False)
        look_up(journey)
        bound = confirm_orders(journey)
        ends: dict[Item, Move] = {}
        for item in journey.items:
            order = _find_left(item, bound)
            if order and order.status in BOOKED:
                continue  # without its invoice's number, which a later look brings
            if order is not None:
                ends[item] = _stop(item, order.order_id, tell_left(order.order_id, order.status))
            else:
                ends[item] = _stop(item, None, tell_gone(item.order_id) if item.order_id else "")
        journey.move(ends)

    def _send(self, journey: Journey) -> None:
        journey.office.use_waits(journey.ahead.begin)
        resolve_customers(journey, create=True)
        resolve_products(journey, create=True)
        read_key_lists(journey)
        read_originals(journey)
        prepare_drafts(journey)
        look_up(journey)
        hold_back(journey)
        block_uncreditable(journey)
        send_drafts(journey)
        bind_and_compare(journey)
        invoice_orders(journey)
        confirm_orders(journey)

    def _start(self, journey: Journey) -> None:
        """Those that a dead worker left in mid-write are being looked up."""
        left = [item for item in journey.items if item.is_half_written]
        journey.move({item: journey.look_up_later("") for item in left})

    def _go_on(self, journey: Journey) -> None:
        """Those that waited for the key are being looked up: somebody has mended it."""
        waited = [item for item in journey.items if item.reason in WAITING.values()]
        journey.move({item: journey.look_up_later("") for item in waited})

    def _is_stopped(self, session: Session) -> bool:
        return not self.look_only and is_cancelled(session, self.name.run_id)

    def _stop_unsent(self, journey: Journey) -> bool:
        """Cancel what was never sent; returns whether anything is left to be looked up."""
        read_bindings(journey)  # a draft may be of an earlier run
        unsent = [item for item in journey.items if not item.may_be_there]
        journey.move({item: _stop(item, None, "") for item in unsent})
        return bool(journey.items)

    def _end_with_login(self, refusal: Exception) -> None:
        """The key cannot be used: a person mends it. What may have been sent waits, unknown."""
        if isinstance(refusal, WrongCompany):
            reason = Reason.WRONG_COMPANY
        else:
            reason = (
                Reason.LOGIN_REFUSED if isinstance(refusal, LoginRefused) else Reason.KEY_UNUSABLE
            )
        self._end(State.LOGIN, reason, str(refusal), in_flight=WAITING[reason])

    def _give_up(self, reason: Reason, words: str) -> None:
        self._end(State.NOT_SENT, reason, words)

    def _end(
        self, state: State, reason: Reason, words: str, in_flight: Reason = Reason.LOOKING_UP
    ) -> None:
        """End what is certain, by what the store knows of it; the rest stays to be looked up.

        ``in_flight`` says what the look-up waits for.
        """
        journey = self._journey(self._open_rows())
        read_bindings(journey)
        unsure = {item for item in journey.items if self._is_unsure(item)}
        journey.move(
            {
                item: journey.look_up_later(words, in_flight)
                for item in unsure
                if item.state is not State.UNKNOWN or _waits_otherwise(item, in_flight)
            }
        )
        ends: dict[Item, Move] = {}
        for item in journey.items:
            if item not in unsure:
                told = " ".join(part for part in (words, tell_known(item)) if part)
                end = Move(state, reason, told)
                ends[item] = _stop(item, item.order_id, told) if self.look_only else end
        journey.move(ends)

    def _is_unsure(self, item: Item) -> bool:
        """Whether only a look tells what to say; of a stopped run, whether its order is booked."""
        half = item.is_half_written or item.state is State.UNKNOWN
        return half or (self.look_only and item.may_be_booked)

    def _note(self, note: str) -> None:
        ids = {row.row_id for row in self._open_rows()}
        self.installation.db.insisting(lambda session: note_transfers(session, ids, note))


def _reason_of(trouble: OfficeError) -> Reason:
    if isinstance(trouble, Throttled):
        return Reason.THROTTLED
    refusals = Refused | BadRequest | SessionLost
    return Reason.OFFICE_REFUSES if isinstance(trouble, refusals) else Reason.UNREACHABLE


def _find_left(item: Item, bound: Mapping[int, Order]) -> Order | None:
    """The order that a look has found of a document: the bound one, by its id, else a draft."""
    if item.binding is not None:
        order = bound.get(item.binding.order_id)
        return order if order and order.status != INACTIVE else None
    return item.judgement.order if item.judgement else None


def _stop(item: Item, order_id: int | None, words: str) -> Move:
    """The end of a document of a stopped run, of which this order is left in 24SevenOffice."""
    if order_id is not None:
        values = {"order_id": order_id}
        return Move(State.CANCELLED, Reason.CANCELLED_DRAFT, words, values)
    reason = Reason.CANCELLED_ABSENT if item.may_be_there else Reason.CANCELLED
    return Move(State.CANCELLED, reason, words)


def _waits_otherwise(item: Item, in_flight: Reason) -> bool:
    """Whether a document begins to wait for its key by this, or no longer does."""
    waiting = WAITING.values()
    return item.reason is not in_flight and (item.reason in waiting or in_flight in waiting)
