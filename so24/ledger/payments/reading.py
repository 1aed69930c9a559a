"""Reads a portion of what 24SevenOffice states of a company's payments: a thousand orders a call.

A reading goes on where it was left, for what it has stored bears its own moment: it may be killed,
or cut into portions between which the lanes of the company have their turn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlmodel import Session

from so24.dates import OSLO
from so24.errors import OfficeError, Throttled, WrongUse
from so24.installation import Installation
from so24.keys.access import open_office
from so24.ledger.payments.states import judge_payment
from so24.office.gateway import MOST_IDS, Office
from so24.office.values import OrderPayment
from so24.store.keys.keys import key_of_lane
from so24.store.payments.readings import known_reading
from so24.store.payments.stated import (
    BookedInvoice,
    booked_invoices,
    count_booked,
    forget_payments,
    store_payments,
)
from so24.store.people.origins import WORKER
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.payment_tables import Payment, PaymentReading
from so24.transfer.order.what_is_there import BOOKED

PORTION = 5 * MOST_IDS
# what costs no more requests than the list of what has changed is read as a whole
FEW = 2 * MOST_IDS
OVERLAP = dt.timedelta(minutes=15)  # for clocks that differ, and for what was written meanwhile
WHOLE_EVERY = dt.timedelta(hours=24)
AGAIN_AFTER = dt.timedelta(minutes=15)  # what has failed, or was lost with its job

Enqueue = Callable[[Session, int], None]  # a job for a key, in the caller's transaction


def read_portion(
    installation: Installation, key_id: int, may_call: Callable[[], None], go_on: Enqueue
) -> int:
    """Read what is left of the company's reading that is under way, or a portion of it.

    ``may_call`` is asked before each call and may raise; ``go_on`` queues the next portion. Returns
    how many invoices were read: none where no reading is under way. What a call raises is noted,
    and tried again later; a login that was refused parks the key, which then is not used.
    """
    with installation.db.reading() as session:
        key = key_of_lane(session, key_id)
        reading = known_reading(session, key.client_id)
        if reading is None or reading.begun_at is None:
            return 0
        left = booked_invoices(session, key.client_id, reading.begun_at)
        booked = count_booked(session, key.client_id)
    whole = reading.whole or booked <= FEW or reading.read_at is None
    try:
        portion, more = _read(installation, key, reading, left, may_call, whole=whole)
    except (OfficeError, WrongUse) as error:
        again = error.until if isinstance(error, Throttled) else None
        _note_failure(installation, key, error.words, again or now() + AGAIN_AFTER)
        return 0
    if more:
        with installation.db.lane_writing() as session:
            go_on(session, key_id)
    else:
        _note_end(installation, key, whole=whole)
    return portion


def _read(
    installation: Installation,
    key: Key,
    reading: PaymentReading,
    left: Sequence[BookedInvoice],
    may_call: Callable[[], None],
    *,
    whole: bool,
) -> tuple[int, bool]:
    """How many invoices were read and stored, and whether there are more."""
    if not left and whole:
        return 0, False
    opened = open_office(
        installation,
        key.row_id,
        origin=WORKER,
        before_call=lambda _: may_call(),
        for_jobs=True,
    )
    with opened.office as office:
        if not whole and reading.read_at is not None:
            changed = set(office.order_ids_changed_since(reading.read_at - OVERLAP))
            left = [each for each in left if each.order_id in changed or not each.is_read]
            if not left:
                office.check_company()
        portion = left[:PORTION]
        for start in range(0, len(portion), MOST_IDS):
            _read_chunk(installation, key, office, portion[start : start + MOST_IDS])
    return len(portion), len(left) > len(portion)


def _read_chunk(
    installation: Installation, key: Key, office: Office, invoices: Sequence[BookedInvoice]
) -> None:
    moment = now()
    stated = {each.order_id: each for each in office.payments([i.order_id for i in invoices])}
    office.check_company()
    rows, gone = [], []
    for each in invoices:
        found = stated.get(each.order_id)
        if found is None or found.status not in BOOKED:
            gone.append(each.invoice_id)
        else:
            rows.append(_payment_of(key, each, found, moment))
    with installation.db.lane_writing() as session:
        store_payments(session, rows)
        forget_payments(session, gone)
        reading = known_reading(session, key.client_id, locked=True)
        if reading is not None:
            reading.stored += 1
            reading.next_at = now() + AGAIN_AFTER


def _payment_of(
    key: Key, invoice: BookedInvoice, found: OrderPayment, moment: dt.datetime
) -> Payment:
    as_of = moment.astimezone(OSLO).date()
    return Payment(
        invoice_id=invoice.invoice_id,
        organization_id=key.client_id,
        order_id=invoice.order_id,
        state=judge_payment(found.paid_on, invoice.due_date, as_of),
        paid_on=found.paid_on,
        read_at=moment,
    )


def _note_failure(installation: Installation, key: Key, words: str, again: dt.datetime) -> None:
    """The reading stays begun, so that it goes on where it was."""
    with installation.db.lane_writing() as session:
        reading = known_reading(session, key.client_id, locked=True)
        if reading is not None:
            reading.failure, reading.wanted_by, reading.next_at = words, "", again


def _note_end(installation: Installation, key: Key, *, whole: bool) -> None:
    hours = dt.timedelta(hours=installation.settings.payments_hours)
    with installation.db.lane_writing() as session:
        reading = known_reading(session, key.client_id, locked=True)
        if reading is None or reading.begun_at is None:
            return
        reading.read_at = reading.begun_at
        if whole:
            reading.whole_at = reading.begun_at
        reading.next_at = reading.begun_at + hours
        reading.begun_at, reading.whole = None, False
        reading.failure, reading.wanted_by = "", ""
