"""What 24SevenOffice holds of a period, beside what so24 has: read afresh, compared one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.access import open_office
from so24.language.said import say, say_count
from so24.ledger.keeping import difference_of, keep_result
from so24.ledger.reconcile import FINE, LedgerLine, reconcile, sum_lines
from so24.office.gateway import MOST_IDS
from so24.office.values import Order
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import name_company
from so24.store.ledger.results import KeptSum
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.ledger_tables import LedgerResult
from so24.store.transfers import ledger as store
from so24.store.transfers.ledger import OurDocument, UnreadCompany
from so24.transfer.order.mapping import OUR_REFERENCES, reference_of
from so24.transfer.order.what_is_there import INACTIVE

# an order may be registered some time before the date that it bears
MARGIN = dt.timedelta(days=31)
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True)
class LedgerKey:
    """A key through which a company's books can be read; one for each company."""

    key_id: int
    company: str


def ledger_keys(desk: Desk) -> list[LedgerKey]:
    """One usable key for each company that there is a usable key for."""
    desk.require(Permission.SEE_LEDGER)
    return [LedgerKey(key.row_id, name_company(key)) for key in _keys(desk.installation, None)]


def unread_companies(desk: Desk, date_from: dt.date, date_to: dt.date) -> list[UnreadCompany]:
    """The companies that :func:`reconcile_period` cannot read, for want of a usable key."""
    with desk.reading(Permission.SEE_LEDGER) as session:
        return store.unread_companies(session, date_from, date_to)


def reconcile_period(
    desk: Desk,
    date_from: dt.date,
    date_to: dt.date,
    key_id: int | None = None,
) -> list[LedgerLine]:
    """Read the orders of a period (both days included) and put our documents beside them.

    ``key_id`` None reads every company that there is a usable key for. Raises :class:`NotAllowed`,
    :class:`WrongUse` for a period that cannot be or a key that is not there, and what opening the
    office and the calls raise.
    """
    desk.require(Permission.SEE_LEDGER)
    if date_from > date_to:
        raise WrongUse(say("The period ends before it begins."))
    if date_to - date_from > LONGEST:
        raise WrongUse(say("The period is longer than a year; read it in parts."))
    keys = _keys(desk.installation, key_id)
    if not keys:
        raise WrongUse(
            say(
                "There is no usable key to read with. A System Administrator adds one under "
                "Credentials."
            )
        )
    read = {key.client_id: (key, _read(desk, key, date_from, date_to)) for key in keys}
    with desk.writing(Permission.SEE_LEDGER) as session:
        for key, lines in read.values():
            sums = sum_lines(lines)
            counted = sum(each.lines for each in sums)
            row = LedgerResult(
                client_id=key.client_id,
                company=name_company(key),
                date_from=date_from,
                date_to=date_to,
                read_by=desk.actor.name,
                orders=counted,
                differences=counted - sum(each.agreeing for each in sums),
            )
            apart = (difference_of(each) for each in lines if each.verdict not in FINE)
            kept = (KeptSum(each.currency, each.office, each.ours) for each in sums)
            keep_result(session, desk.settings, row, sums=kept, apart=apart)
    return list(chain.from_iterable(lines for _, lines in read.values()))


def tell_unknown_orders(desk: Desk, key_id: int) -> str:
    """The sentence that the key's company has orders with our references that are not known here.

    Another installation sends there, or this one was restored from an older back-up. Looked at are
    the newest thousand orders of a month. Empty where all are known; raises what calls raise.
    """
    desk.require(Permission.SEE_LEDGER)
    [key] = _keys(desk.installation, key_id)
    since = now() - MARGIN
    with open_office(desk.installation, key.row_id, origin=desk.actor.origin).office as office:
        newest = sorted(office.order_ids_since(since))[-MOST_IDS:]
        orders = [each for each in office.ledger_orders(newest) if each.status != INACTIVE]
    first = since.date() - LONGEST
    ours = _our_documents(desk.installation, key, first, now().date(), newest)
    known = {reference_of(each.invoice) for each in ours}
    bound = {each.order_id for each in ours}
    unknown = [
        each
        for each in orders
        if (each.reference or "").startswith(OUR_REFERENCES)
        and (each.reference or "").strip() not in known
        and each.order_id not in bound
    ]
    if not unknown:
        return ""
    last = unknown[-1]
    return say_count(
        "{company} has an order with references of so24 that this installation does not know, the "
        "newest is order {order}, {reference}. Another installation may send to this company, or "
        "this one was restored from a back-up: import what is missing before anything is exported.",
        "{company} has {number} orders with references of so24 that this installation does not "
        "know, the newest is order {order}, {reference}. Another installation may send to this "
        "company, or this one was restored from a back-up: import what is missing before anything "
        "is exported.",
        len(unknown),
        company=name_company(key),
        order=last.order_id,
        reference=last.reference,
    )


def _keys(installation: Installation, key_id: int | None) -> list[Key]:
    with installation.db.reading() as session:
        usable = store.usable_keys(session)
    if key_id is None:
        return list({key.client_id: key for key in reversed(usable)}.values())[::-1]
    chosen = [key for key in usable if key.id == key_id]
    if not chosen:
        raise WrongUse(
            say("This key does not exist any more, or it is disabled. Choose another one.")
        )
    return chosen


def _read(desk: Desk, key: Key, date_from: dt.date, date_to: dt.date) -> list[LedgerLine]:
    installation = desk.installation
    ours = _our_documents(installation, key, date_from, date_to, ())
    known = [each.order_id for each in ours if each.order_id and each.expected]
    with open_office(installation, key.row_id, origin=desk.actor.origin).office as office:
        since = dt.datetime.combine(date_from - MARGIN, dt.time(), dt.UTC)
        orders = office.ledger_orders(sorted({*office.order_ids_since(since), *known}))
    read = [order.order_id for order in orders]
    ours = _our_documents(installation, key, date_from, date_to, read)
    expected = {each.order_id for each in ours if each.expected}
    wanted = [
        order
        for order in orders
        if order.order_id in expected or _is_between(order, date_from, date_to)
    ]
    return reconcile(wanted, ours, company=name_company(key), tolerance=key.tolerance)


def _our_documents(
    installation: Installation,
    key: Key,
    date_from: dt.date,
    date_to: dt.date,
    order_ids: Sequence[int],
) -> list[OurDocument]:
    with installation.db.reading() as session:
        return store.our_documents(session, key.client_id, date_from, date_to, MARGIN, order_ids)


def _is_between(order: Order, date_from: dt.date, date_to: dt.date) -> bool:
    day = order.date_invoiced or order.date_ordered
    return day is not None and date_from <= day <= date_to
