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
from collections.abc import Collection, Hashable

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
from so24.reasons import WAITING
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
from so24.transfer.lane.lane_document import Item, begin_item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.lane.look_up import look_up
from so24.transfer.lane.products import recall_products, resolve_products
from so24.transfer.lane.waiting import MayCall, RetryWait, always

_IN_FLIGHT = (State.INVOICING, State.UNKNOWN)


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
                    self._give_up("not_answering", "")
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
        try:

            def before_call(operation: str) -> None:
                self._check_cancelled(operation)
                self.may_call()  # last: what is before may wait for the database

            opened = open_office(self.installation, self.name.key_id, before_call=before_call)
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
        resolve_customers(journey, create=False)
        look_up(journey)
        confirm_orders(journey)
        self._stop_looked_up(journey)

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
        moves: dict[Item, Move] = {}
        for item in journey.items:
            if item.payload_hash and item.state in (State.PREPARING, State.INVOICING):
                moves[item] = journey.look_up_later("")
        journey.move(moves)

    def _go_on(self, journey: Journey) -> None:
        """Those that waited for the key are being looked up: somebody has mended it."""
        waited = [item for item in journey.items if item.reason in WAITING.values()]
        journey.move({item: journey.look_up_later("") for item in waited})

    def _check_cancelled(self, operation: str) -> None:
        if self.look_only or not operation.startswith("Save"):
            return
        with self.installation.db.reading() as session:
            if is_cancelled(session, self.name.run_id):
                raise RunCancelled("The run was stopped.")

    def _stop_unsent(self, journey: Journey) -> bool:
        """Cancel what was never sent; returns whether anything is left to be looked up."""
        unsent = [item for item in journey.items if not item.payload_hash]
        journey.move({item: Move(State.CANCELLED, "cancelled") for item in unsent})
        return bool(journey.items)

    def _stop_looked_up(self, journey: Journey) -> None:
        """Cancel what was looked up and found not to be invoiced; drafts stay and are named."""
        for item in list(journey.items):
            seen = item.judgement.order if item.judgement else None
            order_id = item.order_id or (seen.order_id if seen else None)
            if order_id is None:
                journey.move({item: Move(State.CANCELLED, "cancelled")})
                continue
            words = f"Draft order {order_id} stays in 24SevenOffice, not invoiced."
            values = {"order_id": order_id}
            journey.move({item: Move(State.CANCELLED, "cancelled_draft", words, values)})

    def _end_with_login(self, refusal: Exception) -> None:
        """The key cannot be used: a person mends it. What may have been sent waits, unknown."""
        if isinstance(refusal, WrongCompany):
            reason = "wrong_company"
        else:
            reason = "login_refused" if isinstance(refusal, LoginRefused) else "key_unusable"
        self._end(State.LOGIN, reason, str(refusal), in_flight=WAITING[reason])

    def _give_up(self, reason: str, words: str) -> None:
        self._end(State.NOT_SENT, reason, words)

    def _end(self, state: State, reason: str, words: str, in_flight: str = "looking_up") -> None:
        journey = self._journey(self._open_rows())
        certain = [item for item in journey.items if not self._is_uncertain(item)]
        uncertain = [item for item in journey.items if self._is_uncertain(item)]
        if self.look_only:
            state, reason = State.CANCELLED, "cancelled"
        journey.move({item: Move(state, reason, words) for item in certain})
        journey.move(
            {
                item: journey.look_up_later(words, in_flight)
                for item in uncertain
                if item.state is not State.UNKNOWN or self._waits_otherwise(item, in_flight)
            }
        )

    @staticmethod
    def _waits_otherwise(item: Item, in_flight: str) -> bool:
        """Whether it begins to wait for its key by this, or no longer does."""
        waiting = WAITING.values()
        return item.reason != in_flight and (item.reason in waiting or in_flight in waiting)

    @staticmethod
    def _is_uncertain(item: Item) -> bool:
        preparing = item.state is State.PREPARING and bool(item.payload_hash)
        return preparing or item.state in _IN_FLIGHT

    def _note(self, note: str) -> None:
        ids = {row.id for row in self._open_rows() if row.id is not None}
        self.installation.db.insisting(lambda session: note_transfers(session, ids, note))


def _reason_of(trouble: OfficeError) -> str:
    if isinstance(trouble, Throttled):
        return "throttled"
    refusals = Refused | BadRequest | SessionLost
    return "office_refuses" if isinstance(trouble, refusals) else "unreachable"
