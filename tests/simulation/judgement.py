"""What the judge is shown: the office's books as they are, and the receipts as they are printed."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from so24.store.transfers.transfer_list import TransferFilter, list_transfers
from so24.transfer.receipt import as_record
from tests.simulation.books import INVOICED, Order
from tests.simulation.evidence import NEVER, Books, Entry
from tests.simulation.server import Server
from tests.simulation.site import SERIES, Site


def print_receipts(site: Site) -> list[Any]:
    """The receipts of an installation, which become a part of the history."""
    with site.db.reading() as session:
        lines = list_transfers(session, TransferFilter())
    printed = json.dumps([as_record(line) for line in lines])
    site.scheduler.tell(printed)
    return list(json.loads(printed))


def read_books(server: Server, touched: Collection[tuple[int, int]]) -> Books:
    """All orders; ``touched`` are those (company, number) that a hand has changed."""
    entries = [
        _enter(client, order, (client, order.record["OrderId"]) in touched)
        for client, order in server.orders()
    ]
    companies = {series: client for client, series in SERIES.items()}
    return Books(entries, companies, server.habits.need_person)


def _enter(client: int, order: Order, by_hand: bool) -> Entry:
    return Entry(
        company=client,
        number=order.record["OrderId"],
        born=order.born,
        status=order.record["OrderStatus"],
        invoice=order.record["InvoiceId"],
        total=order.record["OrderTotalIncVat"],
        invoiced_by=order.invoiced_by,
        by_hand=by_hand,
        date_moved=order.date_moved,
        nameless=order.nameless,
        same_as=order.same_as,
        since=order.past[0][0],
        booked_at=_booked_at(order),
        withheld=order.withheld > 0,
        shown_at=NEVER if order.shown_at is None else order.shown_at,
    )


def _booked_at(order: Order) -> float:
    booked = (at for at, record in order.past if record and record["OrderStatus"] == INVOICED)
    return next(booked, NEVER)
