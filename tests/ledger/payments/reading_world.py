"""Acts of the tests about payments: queue what is due, read it, and see what is known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.invoices.overview import list_documents
from so24.ledger.payments.reading import read_portion
from so24.ledger.payments.schedule import queue_due, read_payments_now
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.ground import now
from so24.store.tables.payment_tables import Payment, PaymentReading, PaymentState
from so24.store.tables.transfer_tables import Transfer
from tests.transfer.world import ADMIN, CLIENT, World


class Queue(list[int]):
    """The keys for which a portion is queued, as the engine would hold them."""

    def __call__(self, _session: Session, key_id: int) -> None:
        self.append(key_id)

    def work(self, world: World, may_call: Callable[[], None] = lambda: None) -> int:
        """Work all that is queued, and what that queues; how many invoices were read."""
        count = 0
        while self:
            count += read_portion(world.installation, self.pop(0), may_call, self)
        return count


def read_due(world: World) -> int:
    """Queue what is due by the schedule and read it; how many invoices were read."""
    queue = Queue()
    queue_due(world.installation, queue)
    return queue.work(world)


def read_now(world: World) -> int:
    """Press, and read; how many invoices were read."""
    queue = Queue()
    read_payments_now(Desk(world.installation, ADMIN), queue)
    return queue.work(world)


def let_hours_pass(world: World, hours: float) -> None:
    """Let everything that was read and planned lie so many hours further back."""
    gone = dt.timedelta(hours=hours)
    with world.installation.db.writing() as session:
        for row in session.exec(select(PaymentReading)):
            row.next_at -= gone
            row.begun_at = row.begun_at and row.begun_at - gone
            row.read_at = row.read_at and row.read_at - gone
            row.whole_at = row.whole_at and row.whole_at - gone
        for payment in session.exec(select(Payment)):
            payment.read_at -= gone


def forget_how_few_there_are(world: World) -> None:
    """Note that a whole reading has just been, so that the next one reads what has changed."""
    with world.installation.db.writing() as session:
        session.execute(sa.update(PaymentReading).values(whole_at=now()))


def rows_of(world: World, wanted: InvoiceFilter | None = None) -> dict[str, InvoiceRow]:
    """The rows of the overview by number."""
    rows = list_documents(Desk(world.installation, ADMIN), wanted or InvoiceFilter())
    return {row.number: row for row in rows}


def states_of(world: World) -> dict[str, PaymentState]:
    """The states of payment by number."""
    return {number: row.payment for number, row in rows_of(world).items()}


def order_of(world: World, invoice_id: int) -> int:
    """The order of a transferred document."""
    with world.installation.db.reading() as session:
        statement = select(Transfer.order_id).where(col(Transfer.invoice_id) == invoice_id)
        order_id = session.exec(statement).one()
    assert order_id is not None
    return order_id


def pay(world: World, invoice_id: int, **how: object) -> None:
    """Pay an invoice by hand."""
    world.control.edit("pay_order", CLIENT, order_id=order_of(world, invoice_id), **how)


def reading(world: World) -> PaymentReading:
    """How far the one company is read."""
    with world.installation.db.reading() as session:
        return session.exec(select(PaymentReading)).one()


def calls_made(world: World) -> Counter[str]:
    """The calls since this was asked last, by operation."""
    counted = Counter(world.control.calls()["operations"])
    world.control.reset_calls()
    return counted
