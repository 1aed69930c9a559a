"""The month and the company that an evidence pack is of."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.keys.access import open_office
from so24.language.said import say
from so24.office.values import Order
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import label_company, living_keys
from so24.store.tables.key_tables import Key, KeyState

_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Month:
    """A month by its invoice dates."""

    year: int
    month: int

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True)
class Company:
    """A company in 24SevenOffice; ``key_id`` is a usable key to it, None where there is none."""

    client_id: int
    name: str
    key_id: int | None

    @property
    def label(self) -> str:
        """Its name and Organization ID."""
        return label_company(self.name, self.client_id)


def read_month(text: str) -> Month:
    """The month that is written ``2026-11``; raises :class:`WrongUse` for anything else."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1900:
        raise WrongUse(say("Write the month as year and month, such as 2026-11."))
    return Month(int(found[1]), int(found[2]))


def list_companies(desk: Desk) -> list[Company]:
    """The companies that a key was ever made for, by name; raises :class:`NotAllowed`."""
    with desk.reading(Permission.GET_EVIDENCE) as session:
        found: dict[int, Key] = {}
        for key in living_keys(session):
            best = found.get(key.client_id)
            if best is None or (best.state, key.state) == (KeyState.DISABLED, KeyState.USABLE):
                found[key.client_id] = key
    companies = [
        Company(
            key.client_id,
            key.client_name or key.name,
            key.row_id if key.state is KeyState.USABLE else None,
        )
        for key in found.values()
    ]
    return sorted(companies, key=lambda each: (each.name, each.client_id))


def choose_company(desk: Desk, client_id: int | None) -> Company:
    """The company with this Organization ID, or the only one there is; else :class:`WrongUse`."""
    known = list_companies(desk)
    chosen = [each for each in known if client_id in (None, each.client_id)]
    if not chosen:
        raise WrongUse(say("No key reaches the company {id}.", id=client_id or "–"))
    if len(chosen) > 1:
        names = ", ".join(each.label for each in chosen)
        raise WrongUse(say("Say for which company: {companies}.", companies=names))
    return chosen[0]


def read_orders(desk: Desk, company: Company, order_ids: list[int]) -> list[Order]:
    """These orders as 24SevenOffice shows them now; none where no key reaches the company.

    Raises :class:`NotAllowed`, and what opening the office and the calls raise.
    """
    desk.require(Permission.GET_EVIDENCE)
    if company.key_id is None or not order_ids:
        return []
    origin = desk.actor.origin
    with open_office(desk.installation, company.key_id, origin=origin).office as office:
        return office.ledger_orders(order_ids)
