"""When the payments of a company are read: every few hours, and when somebody presses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.routing import why_parked
from so24.language.said import join_said, say
from so24.ledger.payments.reading import AGAIN_AFTER, WHOLE_EVERY, Enqueue
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import activation_row, name_company
from so24.store.payments import readings as store
from so24.store.payments.stated import PaymentSum, booked_companies, sum_payments
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.payment_tables import PaymentReading
from so24.store.transfers import workers
from so24.store.transfers.ledger import usable_keys


def queue_due(installation: Installation, enqueue: Enqueue) -> None:
    """Begin the readings that are due, and take up those that were left; by one process of all.

    Nothing is due where the schedule is turned off, the integration is not activated, or no key of
    the company is usable: one that is disabled, or that waits for a person, is not used.
    """
    if not installation.settings.payments_hours:
        return
    moment = now()
    with installation.db.lane_writing() as session:
        activation = activation_row(session)
        if not workers.lead(session) or activation is None or not activation.active:
            return
        free, _ = _keys_to_read(installation, session)
        for key in free:
            reading = store.reading_of(session, key.client_id, name_company(key), moment)
            if reading.next_at <= moment:
                _begin(reading, moment, whole=False)
                enqueue(session, key.row_id)


def read_payments_now(desk: Desk, enqueue: Enqueue) -> int:
    """Queue a reading of all invoices of each company at once; how many companies there are.

    Raises :class:`NotAllowed`, and :class:`WrongUse` where no key can be used.
    """
    moment = now()
    with desk.writing(Permission.SEE_LEDGER) as session:
        free, parked = _keys_to_read(desk.installation, session)
        if not free:
            raise WrongUse(
                join_said(parked)
                or say(
                    "There is no usable key to read with. A System Administrator adds one under "
                    "Credentials."
                )
            )
        for key in free:
            reading = store.reading_of(session, key.client_id, name_company(key), moment)
            _begin(reading, moment, whole=True)
            reading.wanted_by, reading.failure = desk.actor.name, ""
            enqueue(session, key.row_id)
    return len(free)


def list_readings(desk: Desk) -> Sequence[PaymentReading]:
    """How far the payments of each company are read, by its name."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return store.payment_readings(session)


def companies_with_invoices(desk: Desk) -> frozenset[int]:
    """The companies, by Organization ID, that have booked invoices: no others are read."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return booked_companies(session)


def sum_unpaid(desk: Desk) -> list[PaymentSum]:
    """The booked invoices that are not known to be paid, by what was read, and by currency."""
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        return sum_payments(session)


def _begin(reading: PaymentReading, moment: dt.datetime, *, whole: bool) -> None:
    """Begin a reading, or let the one go on that is under way; it is queued again if it is lost."""
    if reading.begun_at is None:
        reading.begun_at = moment
        due = reading.whole_at is None or moment - reading.whole_at >= WHOLE_EVERY
        reading.whole = whole or due
    reading.next_at = moment + AGAIN_AFTER


def _keys_to_read(installation: Installation, session: Session) -> tuple[list[Key], list[str]]:
    """A key for each company that can be read, and why the others cannot be used."""
    free: dict[int, Key] = {}
    parked: list[str] = []
    for key in usable_keys(session):
        why = why_parked(key, installation.vault)
        if why is None:
            free.setdefault(key.client_id, key)
        else:
            parked.append(why.words)
    return list(free.values()), parked
