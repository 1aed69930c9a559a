"""People: who presses the button and stops runs, and hands inside 24SevenOffice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.exc import IntegrityError

from so24.errors import So24Error
from so24.store.database.engine import OUTAGES
from so24.transfer.runs import retryable, start_run, stop_run
from tests.simulation.beginning import enter_same
from tests.simulation.books import DRAFT, FOR_APPROVAL, INACTIVE, INVOICED, Ledger, Order
from tests.simulation.jobs import Jobs
from tests.simulation.schedule import Scheduler
from tests.simulation.server import Server
from tests.simulation.site import Site


class Clerk:
    """Somebody at one installation's dashboard."""

    def __init__(self, site: Site, jobs: Jobs) -> None:
        self.site = site
        self.jobs = jobs
        self.runs = [site.pressed.run_id]

    def press(self, documents: Sequence[int]) -> None:
        """Export these documents."""
        self._act("press", lambda: self._keep(start_run(self.site.desk, documents, self._enqueue)))

    def press_unfinished(self) -> None:
        """Export again whatever is not transferred and not in transfer."""
        self.press(self.unfinished())

    def unfinished(self) -> list[int]:
        """The documents that are not transferred and not in transfer."""
        rows = self.site.query(
            "select distinct invoice_id from transfer where invoice_id not in (select invoice_id "
            "from transfer where state in ('queued','preparing','drafted','compared','invoicing',"
            "'unknown','transferred')) order by invoice_id"
        )
        return [row[0] for row in rows]

    def stop(self) -> None:
        """Stop the newest run."""
        if self.runs:
            self._act("stop", lambda: stop_run(self.site.desk, self.runs[-1]))

    def can_retry(self) -> bool:
        """Whether the newest run offers to try again."""
        return bool(self.runs) and bool(retryable(self.site.desk, self.runs[-1]))

    @property
    def _enqueue(self) -> Callable[..., None]:
        return self.jobs.enqueue_lane

    def _keep(self, run_id: str) -> None:
        self.runs.append(run_id)

    def _act(self, what: str, act: Callable[[], object]) -> None:
        self.site.scheduler.tell(what)
        try:
            act()
        except (So24Error, IntegrityError, *OUTAGES) as refusal:
            self.site.scheduler.tell(f"{what}: {type(refusal).__name__}")


class Hand:
    """A person inside 24SevenOffice, who acts on one of our orders or customers."""

    def __init__(self, server: Server, scheduler: Scheduler) -> None:
        self.server = server
        self.scheduler = scheduler
        self.touched: set[tuple[int, int]] = set()
        self.deeds: dict[str, Callable[[Ledger, Order], None]] = {
            "a hand invoices": self._invoice,
            "a hand deletes": self._delete,
            "a hand edits": self._edit,
            "a hand sets inactive": self._set_inactive,
            "a hand merges customers": self._merge,
            "a hand enters the same": self._enter,
        }

    def do(self, deed: str) -> bool:
        """Do it to a random order that it can be done to; False where there is none."""
        choice = [
            (client, order)
            for client, order in self.server.orders()
            if order.record["OrderStatus"] in (DRAFT, FOR_APPROVAL) and order.born
        ]
        if deed == "a hand merges customers":
            choice = [(client, order) for client, order in self.server.orders() if order.born]
        if not choice or self.server.habits.quiet:
            return False
        client, order = self.scheduler.draw(deed).choice(choice)
        self.scheduler.tell(f"{deed}: order {order.record['OrderId']} in {client}")
        self.server.habits.note(deed)
        self.touched.add((client, order.record["OrderId"]))
        self.deeds[deed](self.server.ledgers[client], order)
        return True

    def approve(self) -> None:
        """The accountant invoices what waits for approval.

        Whoever approves an order that a hand has changed books what that hand made of it.
        """
        for client, order in self.server.orders():
            if order.record["OrderStatus"] == FOR_APPROVAL:
                self.scheduler.tell(f"approves order {order.record['OrderId']} in {client}")
                self._invoice(self.server.ledgers[client], order)
                if (client, order.record["OrderId"]) not in self.touched:
                    order.invoiced_by = order.born

    def _invoice(self, ledger: Ledger, order: Order) -> None:
        ledger.change(order, self.scheduler.time, OrderStatus=INVOICED)

    def _delete(self, ledger: Ledger, order: Order) -> None:
        ledger.delete(order, self.scheduler.time)

    def _edit(self, ledger: Ledger, order: Order) -> None:
        rows = [dict(row) for row in order.record["InvoiceRows"]]
        rows[0]["Price"] += 1
        total = order.record["OrderTotalIncVat"] + 1
        ledger.change(order, self.scheduler.time, InvoiceRows=rows, OrderTotalIncVat=total)

    def _set_inactive(self, ledger: Ledger, order: Order) -> None:
        ledger.change(order, self.scheduler.time, OrderStatus=INACTIVE)

    def _merge(self, ledger: Ledger, order: Order) -> None:
        """The customer's card is merged into another one, with all its orders."""
        old = order.record["CustomerId"]
        if old not in ledger.companies:
            return
        new = max(ledger.companies) + 1
        ledger.companies[new] = {**ledger.companies.pop(old), "Id": new, "DateChanged": self._now()}
        for each in ledger.orders.values():
            if each.record["CustomerId"] == old:
                self.touched.add((ledger.client, each.record["OrderId"]))
                each.record = {**each.record, "CustomerId": new}
                each.past.append((self.scheduler.time, each.record))

    def _enter(self, ledger: Ledger, order: Order) -> None:
        """A hand enters and invoices the same document by itself, as it was issued."""
        draw = self.scheduler.draw("a hand enters the same")
        card = order.record["CustomerId"]
        issued = order.past[0][1] or order.record
        record = {**issued, "ReferenceNumber": order.born, "CustomerId": card}
        enter_same(ledger, draw, record, self.scheduler.time)

    def _now(self) -> dt.datetime:
        return self.scheduler.now()
