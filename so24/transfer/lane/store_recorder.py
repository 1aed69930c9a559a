"""What a lane's pass keeps in the store: its moves, and what 24SevenOffice was seen to have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlmodel import Session

from so24.store.database.engine import Database
from so24.store.documents.credits import Credited, read_credited
from so24.store.evidence.sent_orders import Sending, keep_sent
from so24.store.links.links import (
    Binding,
    LinkedCard,
    forget_customer,
    keep_cards,
    link_customers,
    linked_cards,
    release_order,
)
from so24.store.links.product_links import (
    LinkedProduct,
    forget_products,
    link_products,
    linked_products,
    replace_products,
)
from so24.store.tables.document_tables import Invoice
from so24.store.transfers.runs import is_cancelled
from so24.store.transfers.transfers import Move, Recorded, move_transfers

T = TypeVar("T")


@dataclass(frozen=True)
class StoreRecorder:
    """Records a pass in the store, each call in one transaction; ``actor`` is for the history.

    A database that is away is waited for.
    """

    db: Database
    organization_id: int
    run_id: str
    actor: str

    def read(self, work: Callable[[Session], T]) -> T:
        """Run a query in a reading session."""
        with self.db.reading() as session:
            return work(session)

    def read_credited(self, credit_notes: Sequence[Invoice]) -> dict[int, Credited]:
        """What each of these credit notes credits as far as the store knows, by its id."""
        return self.read(lambda session: read_credited(session, credit_notes))

    def link_cards(self, found: Mapping[int, LinkedCard]) -> dict[int, LinkedCard]:
        """Link customers to cards seen in 24SevenOffice; returns their links as they stand."""

        def link(session: Session) -> dict[int, LinkedCard]:
            link_customers(session, self.organization_id, found)
            return linked_cards(session, self.organization_id, found)

        return self.db.insisting(link) if found else {}

    def keep_cards(self, cards: Mapping[int, LinkedCard]) -> None:
        """Note how linked cards stand now."""
        if cards:
            self.db.insisting(lambda session: keep_cards(session, self.organization_id, cards))

    def link_products(self, found: Mapping[str, LinkedProduct]) -> dict[str, LinkedProduct]:
        """Link product numbers to products seen there; returns their links as they stand."""

        def link(session: Session) -> dict[str, LinkedProduct]:
            link_products(session, self.organization_id, found)
            return linked_products(session, self.organization_id, found)

        return self.db.insisting(link) if found else {}

    def replace_products(
        self, changes: Mapping[str, tuple[LinkedProduct, LinkedProduct | None]]
    ) -> None:
        """Note what linked products are by now, unless somebody has linked them otherwise since."""
        if changes:
            organization_id = self.organization_id
            self.db.insisting(lambda session: replace_products(session, organization_id, changes))

    def forget_links(self, customer_id: int, numbers: Collection[str]) -> None:
        """Drop the links of this customer and these products, so that they are looked up again."""

        def forget(session: Session) -> None:
            forget_customer(session, self.organization_id, customer_id)
            forget_products(session, self.organization_id, numbers)

        self.db.insisting(forget)

    def release(self, binding: Binding) -> bool:
        """Unbind an order; False where the document is bound otherwise by now."""
        return self.db.insisting(lambda s: release_order(s, self.organization_id, binding))

    def record(
        self,
        moves: Mapping[int, Move],
        sent_before: Mapping[int, dt.datetime | None],
        intended: Collection[int] = (),
        sending: Sequence[Sending] = (),
    ) -> Recorded:
        """Move these transfers (by id) and bind what was drafted, as ``move_transfers`` says.

        Those ``intended`` are about to be written; they are left out where the run was stopped.
        ``sending`` is what goes out by that.
        """

        def move(session: Session) -> Recorded:
            stopped = bool(intended) and is_cancelled(session, self.run_id)
            if not stopped:
                keep_sent(session, sending)
            going = {each: moves[each] for each in moves if not stopped or each not in intended}
            recorded = move_transfers(
                session,
                going,
                self.actor,
                sent_before=sent_before,
                organization_id=self.organization_id,
            )
            return replace(recorded, stopped=stopped)

        return self.db.insisting(move)
