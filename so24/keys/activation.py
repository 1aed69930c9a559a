"""The activation: the one switch of the Marketplace; without it no new run begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.installation import Installation
from so24.language.said import said_before, say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys.keys import activation_row
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Activation


@dataclass(frozen=True)
class ActivationStatus:
    """Whether the integration is active, and who changed that last, when and at what price."""

    active: bool
    changed_at: dt.datetime | None = None
    changed_by: str = ""
    price: str = ""


def activation(installation: Installation) -> ActivationStatus:
    """How the activation stands; everybody may know."""
    with installation.db.reading() as session:
        row = activation_row(session)
    if row is None:
        return ActivationStatus(active=False)
    return ActivationStatus(row.active, row.changed_at, row.changed_by, row.price)


def activate(desk: Desk) -> ActivationStatus:
    """Activate the integration at the price in the settings; twice is the same as once."""
    return _switch(desk, active=True)


def deactivate(desk: Desk) -> ActivationStatus:
    """Stop new runs; keys, invoices, receipts and work already under way are kept."""
    return _switch(desk, active=False)


def _switch(desk: Desk, *, active: bool) -> ActivationStatus:
    desk.require(Permission.ACTIVATE)
    price = desk.settings.price
    with desk.writing(Permission.ACTIVATE) as session:
        row = activation_row(session) or Activation(active=False)
        if row.active != active:
            row.active, row.changed_at, row.changed_by = active, now(), desk.actor.name
            row.price = price
            session.add(row)
            action = say("integration activated") if active else say("integration deactivated")
            desk.record(
                session, action, "24SevenOffice", say("Price: {price}", price=said_before(price))
            )
    return activation(desk.installation)
