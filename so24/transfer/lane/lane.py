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
from dataclasses import replace

from so24.crashpoints import reach
from so24.errors import (
    BadRequest,
    LoginRefused,
    NotSent,
    OfficeError,
    Refused,
    RunCancelled,
    SessionLost,
    So24Error,
    Throttled,
    Unknown,
    WrongCompany,
    WrongUse,
)
from so24.installation import Installation
from so24.keys.access import open_office
from so24.language.said import join_said
from so24.office.values import Order
from so24.reasons import WAITING, Reason
from so24.store.documents.documents import load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.people.origins import WORKER
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.runs import is_cancelled
from so24.store.transfers.transfers import LaneName, Move, note_transfers, open_of_lane
from so24.transfer.lane.bind import bind_and_compare
from so24.transfer.lane.credited_orders import (
    block_faulty,
    find_card_owners,
    hold_back_credit_notes,
    read_credited_orders,
)
from so24.transfer.lane.customers import resolve_customers
from so24.transfer.lane.draft import prepare_drafts, send_drafts, tell_strange_answers
from so24.transfer.lane.invoice import confirm_orders, invoice_orders
from so24.transfer.lane.key_lists import hold_back, read_key_fields, read_key_lists
from so24.transfer.lane.lane_document import (
    LaneDocument,
    begin_document,
    tell_gone,
    tell_known,
    tell_unbooked,
)
from so24.transfer.lane.lane_pass import LanePass, Purpose
from so24.transfer.lane.look_up import look_up, read_bindings
from so24.transfer.lane.products import resolve_products
from so24.transfer.lane.same_numbers import agree_on_numbers, wait_in_order
from so24.transfer.lane.store_recorder import StoreRecorder
from so24.transfer.lane.waiting import (
    ZERO,
    After,
    Cause,
    MayCall,
    RetryWait,
    SoFar,
    always,
    may_pass,
    next_attempt,
)
from so24.transfer.order.mapping import with_default_product
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


def look_before_sending(lane_pass: LanePass) -> list[str]:
    """Find out all that a lane must know before its first draft.

    A preview takes the very same steps. Documents that cannot be sent, or are there already, leave
    the pass. Returns the product numbers that 24SevenOffice did not have.
    """
    resolve_customers(lane_pass)
    absent = resolve_products(lane_pass)
    read_key_lists(lane_pass)
    read_credited_orders(lane_pass)
    if lane_pass.purpose is Purpose.SEND:
        prepare_drafts(lane_pass)
    look_up(lane_pass)
    hold_back(lane_pass)
    block_faulty(lane_pass)
    agree_on_numbers(lane_pass)
    return absent


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
        self.refusals: dict[int, str] = {}
        self.batch_size = installation.settings.batch_size
        self.retry_wait = RetryWait(installation.settings.patience, self._note)

    def work(self) -> None:
        rows = self._open_rows()
        while rows:
            try:
                self._take_up(rows)
                before = {row.id: row.state for row in rows}
                if not self._pass(self._begin(rows)):
                    return
                rows = self._open_rows()
                if {row.id: row.state for row in rows} != before:
                    self.retry_wait.renew()
                elif not self.retry_wait.wait(None):
                    self._give_up(None)
                    return
                continue
            except RunCancelled:
                self.look_only = True
            except (LoginRefused, WrongCompany, WrongUse) as refusal:
                self._end_with_login(refusal)
                return
            except (NotSent, Throttled, Unknown, SessionLost, Refused, BadRequest) as trouble:
                if not self.retry_wait.wait(trouble):
                    self._give_up(trouble)
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
            # a clock that was set back must not make of this rest as long a one
            self.retry_wait.rest_until(min(max(written), now()) + settle)

    def _begin(self, rows: list[Transfer]) -> LanePass:
        installation = self.installation
        with installation.db.reading() as session:
            key = key_of_lane(session, self.name.key_id)
            papers = {
                document.invoice_id: with_default_product(document, key.default_product)
                for document in load_documents(session, [row.invoice_id for row in rows])
            }
            lane_pass = LanePass(
                key,
                [begin_document(row, papers[row.invoice_id]) for row in rows],
                StoreRecorder(
                    installation.db, key.client_id, self.name.run_id, f"lane {self.name.key_id}"
                ),
                dt.timedelta(seconds=installation.settings.settle),
                self.batch_size,
                self.singly,
                self.refusals,
                Purpose.LOOK if self.look_only else Purpose.SEND,
            )
            find_card_owners(lane_pass, session)
            lane_pass.read_links(session)
            read_key_fields(lane_pass, session)
        return lane_pass

    def _pass(self, lane_pass: LanePass) -> bool:
        """Whether there was anything to work on; credit notes may have to wait for invoices."""
        if self.look_only and not self._stop_unsent(lane_pass):
            return False
        self._start(lane_pass)
        if not self.look_only:
            planned = list(lane_pass.documents)
            hold_back_credit_notes(lane_pass, self.name.run_id)
            wait_in_order(lane_pass, planned, self.name)
        if not lane_pass.documents:
            return False
        try:
            opened = open_office(
                self.installation,
                self.name.key_id,
                origin=WORKER,
                before_call=lambda _: self.may_call(),
                for_jobs=True,
            )
            with opened.office as lane_pass.office:
                reach("after guard", lane_pass.key.id)
                self._go_on(lane_pass)
                if self.look_only:
                    self._look(lane_pass)
                else:
                    self._send(lane_pass)
        finally:
            lane_pass.written_ahead.close()
            self.batch_size = lane_pass.batch_size
        return True

    def _look(self, lane_pass: LanePass) -> None:
        """See what became of the documents of a stopped run; those not booked end here."""
        resolve_customers(lane_pass)
        look_up(lane_pass)
        bound = confirm_orders(lane_pass)
        strange = tell_strange_answers(lane_pass)
        ends: dict[LaneDocument, Move] = {}
        for doc in lane_pass.documents:
            order = _find_left(doc, bound)
            if order and order.status in BOOKED:
                continue  # without its invoice's number, which a later look brings
            if order is not None:
                ends[doc] = _stop(
                    doc, order.order_id, tell_unbooked(doc, order.order_id, order.status)
                )
            elif doc.id in strange:
                ends[doc] = Move(State.CANCELLED, Reason.CANCELLED_UNSEEN, strange[doc.id])
            else:
                ends[doc] = _stop(doc, None, tell_gone(doc.order_id) if doc.order_id else "")
        lane_pass.move(ends)

    def _send(self, lane_pass: LanePass) -> None:
        lane_pass.office.use_waits(lane_pass.written_ahead.begin)
        look_before_sending(lane_pass)
        send_drafts(lane_pass)
        bind_and_compare(lane_pass)
        invoice_orders(lane_pass)
        confirm_orders(lane_pass)

    def _start(self, lane_pass: LanePass) -> None:
        """Those that a dead worker left in mid-write are being looked up.

        One whose answer another worker has noted meanwhile is no such: it is taken up as it is.
        """
        left = [doc for doc in lane_pass.documents if doc.is_half_written]
        lane_pass.move({doc: lane_pass.look_up_later(doc, "") for doc in left})

    def _go_on(self, lane_pass: LanePass) -> None:
        """Those that waited for the key are being looked up: somebody has mended it."""
        waited = [doc for doc in lane_pass.documents if doc.reason in WAITING.values()]
        lane_pass.move({doc: lane_pass.look_up_later(doc, "") for doc in waited})

    def _stop_unsent(self, lane_pass: LanePass) -> bool:
        """Cancel what was never sent; returns whether anything is left to be looked up."""
        read_bindings(lane_pass)  # a draft may be of an earlier run
        unsent = [doc for doc in lane_pass.documents if not doc.may_be_there]
        lane_pass.move({doc: _stop(doc, None, "") for doc in unsent})
        return bool(lane_pass.documents)

    def _end_with_login(self, refusal: So24Error) -> None:
        """The key cannot be used: a person mends it. What may have been sent waits, unknown."""
        if isinstance(refusal, WrongCompany):
            reason = Reason.WRONG_COMPANY
        else:
            reason = (
                Reason.LOGIN_REFUSED if isinstance(refusal, LoginRefused) else Reason.KEY_UNUSABLE
            )
        self._end(State.LOGIN, reason, refusal.words, in_flight=WAITING[reason])

    def _give_up(self, trouble: OfficeError | None) -> None:
        """Nothing more is tried in this lane; None: 24SevenOffice does not show what was sent."""
        words = "" if trouble is None else trouble.words
        self._end(State.NOT_SENT, _reason_of(trouble), words, trouble=trouble)

    def _end(
        self,
        state: State,
        reason: Reason,
        words: str,
        in_flight: Reason = Reason.LOOKING_UP,
        trouble: OfficeError | None = None,
    ) -> None:
        """End what is certain, by what the store knows of it; the rest stays to be looked up.

        ``in_flight`` says what the look-up waits for. Where the ``trouble`` may pass, the end says
        when the document is tried again by itself.
        """
        lane_pass = self._begin(self._open_rows())
        read_bindings(lane_pass)
        unsure = {doc for doc in lane_pass.documents if self._is_unsure(doc)}
        lane_pass.move(
            {
                doc: lane_pass.look_up_later(doc, words, in_flight)
                for doc in unsure
                if doc.state is not State.UNKNOWN or _waits_otherwise(doc, in_flight)
            }
        )
        ends: dict[LaneDocument, Move] = {}
        for doc in lane_pass.documents:
            if doc not in unsure:
                told = join_said([words, tell_known(doc)])
                end = Move(state, reason, told, self._plan_retry(doc, trouble))
                end = _stop(doc, doc.order_id, told) if self.look_only else end
                # one that another worker has taken further meanwhile is left to it
                ends[doc] = replace(end, comes_from=doc.state)
        lane_pass.move(ends)

    def _plan_retry(
        self, doc: LaneDocument, trouble: OfficeError | None
    ) -> Mapping[str, dt.datetime]:
        """When the document is tried again by itself, as a value of its end; empty for never."""
        wanted = self.installation.settings.retry_by_itself and bool(doc.confirmed_hash)
        if not wanted or not may_pass(trouble):
            return {}
        until = trouble.until if isinstance(trouble, Throttled) else None
        announced = max(until - now(), ZERO) if until else ZERO
        so_far = SoFar(attempts=doc.retries, announced=announced)
        following = next_attempt(Cause.GIVEN_UP, so_far, None)
        return {"retry_at": now() + following.wait} if isinstance(following, After) else {}

    def _is_unsure(self, doc: LaneDocument) -> bool:
        """Whether only a look tells what to say; of a stopped run, whether its order is booked."""
        half = doc.is_half_written or doc.state is State.UNKNOWN
        return half or (self.look_only and doc.may_be_booked)

    def _note(self, note: str) -> None:
        ids = {row.row_id for row in self._open_rows()}
        self.installation.db.insisting(lambda session: note_transfers(session, ids, note))


def _reason_of(trouble: OfficeError | None) -> Reason:
    if trouble is None:
        return Reason.NOT_ANSWERING
    if isinstance(trouble, Throttled):
        return Reason.THROTTLED
    refusals = Refused | BadRequest | SessionLost
    return Reason.OFFICE_REFUSES if isinstance(trouble, refusals) else Reason.UNREACHABLE


def _find_left(doc: LaneDocument, bound: Mapping[int, Order]) -> Order | None:
    """The order that a look has found of a document: the bound one, by its id, else a draft."""
    if doc.binding is not None:
        order = bound.get(doc.binding.order_id)
        return order if order and order.status != INACTIVE else None
    return doc.match.order if doc.match else None


def _stop(doc: LaneDocument, order_id: int | None, words: str) -> Move:
    """The end of a document of a stopped run, of which this order is left in 24SevenOffice."""
    if order_id is not None:
        values = {"order_id": order_id}
        return Move(State.CANCELLED, Reason.CANCELLED_DRAFT, words, values)
    reason = Reason.CANCELLED_ABSENT if doc.may_be_there else Reason.CANCELLED
    return Move(State.CANCELLED, reason, words)


def _waits_otherwise(doc: LaneDocument, in_flight: Reason) -> bool:
    """Whether a document begins to wait for its key by this, or no longer does."""
    waiting = WAITING.values()
    return doc.reason is not in_flight and (doc.reason in waiting or in_flight in waiting)
