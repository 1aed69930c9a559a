"""Details whose time is over, and customers of whom nothing has to be kept.

A document's year is that of its date, of when it came in, or of its latest transfer, whichever is
the latest; ``SO24_KEEP_YEARS`` after its end nothing asks for the details any more, as with
originals (:mod:`so24.sources.originals.retention`). What keeps it from being sent again stays, and
so do history, anchors, audit trail and the heads of days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.dates import moments_of, today
from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.language.said import say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.documents.intake import customers_by_number
from so24.store.upkeep import details as store
from so24.store.upkeep.details import KeepingLimits, OldDetails


@dataclass(frozen=True)
class OverdueDetails:
    """What a purge would blank; ``year`` is the latest of which nothing has to be kept."""

    year: int
    old: OldDetails

    def __bool__(self) -> bool:
        return bool(self.old)


def find_overdue_details(desk: Desk) -> OverdueDetails:
    """What a purge would blank today. Raises :class:`NotAllowed`."""
    with desk.reading(Permission.PURGE_DETAILS) as session:
        limits = _limits(desk.settings)
        return OverdueDetails(limits.day.year - 1, store.find_old_details(session, limits))


def purge_overdue_details(desk: Desk, shown: OverdueDetails) -> OverdueDetails:
    """Blank the details of what was shown and is overdue still; returns what went, audited.

    Raises :class:`NotAllowed`.
    """
    with desk.writing(Permission.PURGE_DETAILS) as session:
        found = store.find_old_details(session, _limits(desk.settings))
        gone = OldDetails(
            _both(shown.old.documents, found.documents),
            _both(shown.old.customers, found.customers),
            _both(shown.old.imports, found.imports),
        )
        if gone:
            store.purge_details(session, gone)
            desk.record(
                session, say("details purged"), f"until {shown.year}", describe_details(gone)
            )
    return OverdueDetails(shown.year, gone)


def forget_customer(desk: Desk, number: str) -> None:
    """Blank a customer of whom no document has to be kept, but for the number; audited.

    The list of customers brings it again if it is still in there. Raises :class:`NotAllowed`, and
    :class:`WrongUse` where there is no such customer, or a document of it is kept in full.
    """
    desk.require(Permission.PURGE_DETAILS)
    number = tidy_identifier(number)
    with desk.writing(Permission.PURGE_DETAILS) as session:
        row = customers_by_number(session, desk.settings.tenant, [number]).get(number)
        if row is None:
            raise WrongUse(say("There is no customer {customer}.", customer=number))
        kept = store.count_full_documents(session, row.row_id)
        if kept:
            raise WrongUse(
                say(
                    "Customer {customer} is kept: {kept} documents of it have to be, for {years} "
                    "years after the end of their year. `so24 kept purge` takes those whose time "
                    "is over.",
                    customer=number,
                    kept=kept,
                    years=desk.settings.keep_years,
                )
            )
        store.forget_customers(session, [row.row_id])
        desk.record(session, say("customer forgotten"), f"customer {number}")


def describe_details(old: OldDetails) -> str:
    """How many documents, customers and imports they are."""
    return say(
        "{documents} documents, {customers} customers, {imports} imports",
        documents=len(old.documents),
        customers=len(old.customers),
        imports=len(old.imports),
    )


def _limits(settings: Settings) -> KeepingLimits:
    day = today()
    first = dt.date(day.year - settings.keep_years, 1, 1)
    return KeepingLimits(
        first, _begin(first), _begin(day - dt.timedelta(settings.keep_refused_days))
    )


def _begin(day: dt.date) -> dt.datetime:
    begins, _ = moments_of(day, None)
    if begins is None:
        raise TypeError("a day has a beginning")
    return begins


def _both(shown: tuple[int, ...], found: tuple[int, ...]) -> tuple[int, ...]:
    still = set(found)
    return tuple(each for each in shown if each in still)
