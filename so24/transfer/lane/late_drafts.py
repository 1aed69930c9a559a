"""Looks at transfers that have ended: at what landed late, and at orders that wait for approval.

A lost write may land long after its lane has ended: such drafts are retired. An order for approval
is invoiced by the accountant, some time: until then it is looked at again and again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlmodel import Session

from so24.crashpoints import reach
from so24.errors import OfficeError, WrongUse
from so24.installation import Installation
from so24.keys.access import open_office
from so24.keys.routing import why_parked
from so24.language.said import join_said, say
from so24.office.gateway import Office
from so24.office.values import Order
from so24.reasons import Reason
from so24.store.documents.documents import Document, load_documents
from so24.store.keys.keys import key_of_lane
from so24.store.links.links import bind_orders, bindings, customer_links
from so24.store.people.origins import WORKER
from so24.store.tables.ground import now
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.lost_writes import (
    end_looks,
    newest_endings,
    note_late_drafts,
    plan_looks,
    sent_beside,
)
from so24.store.transfers.transfers import live_transfers, transfers_by_ids, waiting_transfers
from so24.transfer.lane.invoice import follow_approvals
from so24.transfer.lane.lane_document import tell_booked_too
from so24.transfer.lane.look_up import retire_orders, since_oldest
from so24.transfer.lane.waiting import (
    LAST_FAILED_LOOK_AFTER,
    LAST_LOOK_AFTER,
    LONGEST_APPROVAL_WAIT,
    After,
    Cause,
    MayCall,
    SoFar,
    always,
    next_attempt,
)
from so24.transfer.order.mapping import reference_of
from so24.transfer.order.what_is_there import BOOKED, Match, Presence, is_of_another, match_orders

TOLD_BOOKED = (State.TRANSFERRED, State.EXISTS)  # such a transfer names the order that is booked
LOOKED_AT_BESIDE = 2  # times as long after a write as it is looked for by itself
NEVER_LOOKED = say(
    "24SevenOffice could not be looked at for so long that so24 no longer looks whether a write "
    "whose answer was lost has landed late."
)


def sweep_late_drafts(
    installation: Installation, key_id: int, ids: Sequence[int], may_call: MayCall = always
) -> int:
    """Look at these finished transfers' customers once more and retire drafts of ours.

    A draft that is bound stays unless a hand has invoiced the document, and so does a document that
    is in transfer again: its lane looks itself. An order that is invoiced by now, though its
    transfer had ended otherwise, is noted. The same is done for what else was sent to these
    customers lately, for the same call shows it. Further looks follow at longer and longer
    distances, the last one a day after the write; one that does not come to its end is planned
    anew, and of a key that is parked by now as soon as that is mended. Where an order waits for
    approval, all of the key that do are looked at as well, for as long as they do. Returns how many
    drafts were seen.
    """
    sweep = _Sweep(installation, key_id, ids)
    try:
        seen = sweep.run(may_call)
    except (OfficeError, WrongUse):
        if sweep.is_parked():
            sweep.stay_due()
        else:
            sweep.plan_next_look(Cause.NOT_LOOKED)
        return 0
    sweep.plan_next_look(Cause.MAY_LAND)
    return seen


def when_to_look(row: Transfer, cause: Cause) -> dt.datetime | None:
    """When the write of this transfer is to be looked for next; None for never."""
    waits = row.reason is Reason.WAITS_APPROVAL
    if waits and cause is Cause.MAY_LAND:
        cause = Cause.MAY_BE_APPROVED
    gone = now() - row.sent_at if row.sent_at else LAST_FAILED_LOOK_AFTER
    following = next_attempt(cause, SoFar(gone=gone, endless=waits), None)
    return now() + following.wait if isinstance(following, After) else None


class _Sweep:
    def __init__(self, installation: Installation, key_id: int, ids: Sequence[int]) -> None:
        self.installation = installation
        self.key_id = key_id
        self.actor = f"sweep of key {key_id}"  # in English: who wrote it, a code
        self.booked: dict[int, str] = {}
        self.released: dict[int, int] = {}
        with installation.db.reading() as session:
            self.key = key_of_lane(session, key_id)
            organization = self.key.client_id
            due = transfers_by_ids(session, ids)
            waits = any(row.reason is Reason.WAITS_APPROVAL for row in due)
            self.waiting = waiting_transfers(session, key_id) if waits else []
            self.due = [row for row in due if _may_land(row)]
            due_documents = load_documents(session, [row.invoice_id for row in self.due])
            beside = self._list_beside(session, due_documents)
            others = load_documents(session, [each.invoice_id for each in beside])
            rows = {row.invoice_id: row for row in (*beside, *self.due)}
            live = live_transfers(session, list(rows))
            # the live transfer speaks for the document, else the one that lost the write; a
            # document that is in transfer again has a lane of its own, which looks itself
            self.rows = {
                each: live.get(each, row)
                for each, row in rows.items()
                if each not in live or not live[each].state.is_open
            }
            self.documents = [
                each for each in (*due_documents, *others) if each.invoice_id in self.rows
            ]
            # what a later run has said of the document is read as how it stands by now
            self.newest = newest_endings(session, list(self.rows))
            customers = [each.invoice.customer_id for each in self.documents]
            linked = customer_links(session, organization, customers)
            # a refusal drops the link, and its transfer keeps the card that its orders lie on; a
            # credit note may have gone to the card of the invoice that it credits
            self.cards = {
                each.invoice_id: {
                    card
                    for card in (
                        linked.get(each.invoice.customer_id),
                        self.rows[each.invoice_id].company_id,
                    )
                    if card
                }
                for each in self.documents
            }
            self.bound = bindings(session, organization, list(self.rows))
            self.named = self._list_named(organization)

    def _list_beside(self, session: Session, due: Sequence[Document]) -> list[Transfer]:
        """The latest of each other document that was sent to these customers lately.

        Its own looks may have been shown less than this one is.
        """
        customers = {each.invoice.customer_id for each in due}
        since = now() - LOOKED_AT_BESIDE * LAST_LOOK_AFTER
        known = {each.invoice_id for each in due}
        sent = sent_beside(session, self.key_id, customers, since) if customers else []
        return [*{row.invoice_id: row for row in sent if row.invoice_id not in known}.values()]

    def run(self, may_call: MayCall) -> int:
        known = [
            each
            for each in self.documents
            if self.cards[each.invoice_id] or self.named[each.invoice_id]
        ]
        if not known and not self.waiting:
            return 0
        opened = open_office(
            self.installation,
            self.key_id,
            origin=WORKER,
            before_call=lambda _: may_call(),
            for_jobs=True,
        )
        with opened.office as office:
            follow_approvals(self.installation, self.key, office, self.waiting, self.actor)
            drafts = self._find_drafts(known, office) if known else {}
            reach("after another look", self.key_id)
            words = retire_orders(office, drafts)
        for transfer_id, sentence in self.booked.items():
            words[transfer_id] = join_said([words.get(transfer_id, ""), sentence])
        reach("after late drafts retired", self.key_id)
        self.installation.db.insisting(lambda session: self._record(session, words))
        return sum(len(orders) for _, orders in drafts.values())

    def plan_next_look(self, cause: Cause) -> None:
        """Plan what follows this look, for each write by its age, or note that none follows.

        The look at a document that is in transfer again stays planned in any case. An order for
        approval that was just held for deleted may have been hidden only: it is looked for once
        more, however long ago it was sent.
        """
        with self.installation.db.reading() as session:
            due = transfers_by_ids(session, [row.row_id for row in self.due])
            waited = transfers_by_ids(session, [row.row_id for row in self.waiting])
        gone = [row.row_id for row in waited if row.reason is Reason.ORDER_GONE]
        soon = now() + 2 * dt.timedelta(seconds=self.installation.settings.settle)
        moments: dict[int, dt.datetime | None] = {}
        over: list[int] = []
        for row in due:
            moment, rests = when_to_look(row, cause), row.invoice_id in self.rows
            if moment is not None or (rests and cause is not Cause.NOT_LOOKED):
                moments[row.row_id] = moment
            elif rests and row.row_id not in gone:
                over.append(row.row_id)
        once_more = dict.fromkeys(gone, soon)
        self._note({**moments, **self._plan_approvals(cause), **once_more}, over)

    def is_parked(self) -> bool:
        """Whether somebody has to mend the key before it can look, as it is by now."""
        with self.installation.db.reading() as session:
            key = key_of_lane(session, self.key_id)
        return why_parked(key, self.installation.vault) is not None

    def stay_due(self) -> None:
        """Leave the looks planned for at once: they are taken when the key is parked no longer."""
        self._note({row.row_id: now() for row in (*self.due, *self.waiting)})

    def _plan_approvals(self, cause: Cause) -> dict[int, dt.datetime | None]:
        """Look at all that wait for approval together, as soon as the youngest of them wants."""
        with self.installation.db.reading() as session:
            waiting = waiting_transfers(session, self.key_id) if self.waiting else []
        if not waiting:
            return {}
        youngest = max(waiting, key=lambda row: row.sent_at or row.created_at)
        return dict.fromkeys((row.row_id for row in waiting), when_to_look(youngest, cause))

    def _note(self, moments: Mapping[int, dt.datetime | None], over: Collection[int] = ()) -> None:
        """Plan the looks at these transfers (by id), at once; there is none for those ``over``."""

        def note(session: Session) -> None:
            plan_looks(session, moments)
            if over:
                end_looks(session, over, NEVER_LOOKED, self.actor)

        self.installation.db.insisting(note)

    def _list_named(self, organization: int) -> dict[int, frozenset[int]]:
        """The orders that are each document's, bound or released, wherever they lie by now."""
        named: dict[int, set[int]] = {invoice_id: set() for invoice_id in self.rows}
        for row in self.due:
            ours = row.organization_id == organization and row.state is not State.EXISTS
            if ours and row.order_id and row.invoice_id in named:
                named[row.invoice_id].add(row.order_id)
        for invoice_id, binding in self.bound.items():
            named[invoice_id].add(binding.order_id)
        return {invoice_id: frozenset(orders) for invoice_id, orders in named.items()}

    def _find_drafts(
        self, known: Sequence[Document], office: Office
    ) -> dict[int, tuple[Document, Sequence[Order]]]:
        orders = self._read_orders(known, office)
        of_card: dict[int, list[Order]] = defaultdict(list)
        for order in orders.values():
            of_card[order.customer_id or 0].append(order)
        drafts: dict[int, tuple[Document, Sequence[Order]]] = {}
        for document in known:
            cards = sorted(self.cards[document.invoice_id])
            on_cards = {order.order_id: order for card in cards for order in of_card[card]}
            own = {
                each: orders[each]
                for each in sorted(self.named[document.invoice_id])
                if each in orders and not is_of_another(document.invoice, orders[each])
            }
            bound = self._find_own(document.invoice_id, own)
            found = match_orders(document.invoice, cards, bound, ({**on_cards, **own}).values())
            stray = list(found.second_drafts)
            if bound is None and found.order is not None and found.order.status == "Draft":
                stray.append(found.order)
            row = self.rows[document.invoice_id]
            if stray:
                drafts[row.row_id] = (document, stray)
            self._note_booked(row, found)
            reference = reference_of(document.invoice)
            referring = {
                order.order_id: order
                for order in on_cards.values()
                if (order.reference or "").strip() == reference
            }
            self._note_booked_too(row, {**referring, **own}.values())
        return drafts

    def _find_own(self, invoice_id: int, own: Mapping[int, Order]) -> int | None:
        """The order of a document: the bound one, else one held for deleted that is booked."""
        binding = self.bound.get(invoice_id)
        if binding is not None:
            return binding.order_id
        return next((each for each, order in own.items() if order.status in BOOKED), None)

    def _read_orders(self, known: Sequence[Document], office: Office) -> dict[int, Order]:
        """The orders by id on the documents' cards, and those that are theirs and lie elsewhere.

        A customer's card may have been merged into another one, with all its orders.
        """
        since = since_oldest(each.invoice.invoice_date for each in known)
        cards = sorted(set().union(*self.cards.values()))
        seen = office.orders_of_customers(cards, since) if cards else []
        sent = {row.invoice_id for row in self.due} & self.named.keys()
        named = set().union(*(self.named[each] for each in sent))
        elsewhere = sorted(named - {order.order_id for order in seen})
        more = office.orders(elsewhere, rows=False) if elsewhere else []
        office.check_company()
        return {order.order_id: order for order in (*seen, *more)}

    def _record(self, session: Session, words: Mapping[int, str]) -> None:
        """Note what was seen; a booked order that was held for deleted is bound again.

        So whoever exports its document again finds it booked.
        """
        note_late_drafts(session, words, self.actor)
        bind_orders(session, self.key.client_id, self.released)

    def _note_booked(self, row: Transfer, found: Match) -> None:
        """An invoicing that landed after its transfer had ended must not be a secret."""
        order = found.order if found.presence in (Presence.BOOKED, Presence.EXISTS) else None
        if order is None or order.status not in BOOKED or row.state in TOLD_BOOKED:
            return
        words = say(
            "Order {order} is invoiced by now, as invoice {invoice}. Export the document again to "
            "have that confirmed; it is not sent twice.",
            order=order.order_id,
            invoice=order.invoice_id,
        )
        self._tell(row, words)
        newest = self.newest.get(row.invoice_id, row)
        if newest.state not in TOLD_BOOKED and newest.office_invoice_id != order.invoice_id:
            self._tell(newest, words)
        if row.invoice_id not in self.bound and order.order_id in self.named[row.invoice_id]:
            self.released[row.invoice_id] = order.order_id

    def _note_booked_too(self, row: Transfer, ours: Iterable[Order]) -> None:
        """Where the transfer tells of one booking, another of our orders may be booked as well.

        As when the document was sent again, or a hand had invoiced it beside ours.
        """
        if row.state not in TOLD_BOOKED:
            return
        for order in ours:
            if order.status in BOOKED and order.order_id != row.order_id:
                released = order.order_id in self.named[row.invoice_id]
                self._tell(row, tell_booked_too(order, released=released and row.state.is_live))

    def _tell(self, row: Transfer, words: str) -> None:
        """Add these words to what the transfer says, once."""
        if words not in row.words and words not in self.booked.get(row.row_id, ""):
            self.booked[row.row_id] = join_said([self.booked.get(row.row_id, ""), words])


def _may_land(row: Transfer) -> bool:
    """Whether a write of this transfer may have landed late; a look follows the last deadline."""
    gone = now() - row.sent_at if row.sent_at else LAST_LOOK_AFTER
    return row.reason is not Reason.WAITS_APPROVAL or gone < LAST_LOOK_AFTER + LONGEST_APPROVAL_WAIT
