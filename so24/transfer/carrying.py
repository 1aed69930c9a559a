"""A lane's step around what its key carries: read the lists it needs, hold back what cannot go."""

from __future__ import annotations

from collections.abc import Callable

from so24.keys.carrying import carrying_of
from so24.store.department_map import mapped_departments
from so24.store.transfer_tables import State
from so24.store.transfers import Move
from so24.transfer.carrying_checks import check_choice, check_found, list_left_out
from so24.transfer.extras import Extras, wants_currency, wants_employee, wants_project
from so24.transfer.journey import Item, Journey
from so24.transfer.judge import Finding


def learn_extras(journey: Journey) -> None:
    """Know what travels with the orders; a list is read only where a document needs it."""
    carrying = carrying_of(journey.key)
    lists = journey.office.lists

    def wanted(wants: Callable[..., bool]) -> bool:
        return any(wants(item.document, carrying) for item in journey.items)

    key_id = journey.key.id or 0
    journey.extras = Extras(
        carrying,
        journey.read(lambda session: mapped_departments(session, key_id)),
        tuple(lists.projects()) if wanted(wants_project) else (),
        tuple(lists.employees()) if wanted(wants_employee) else (),
        tuple(lists.currencies()) if wanted(wants_currency) else (),
    )


def hold_back(journey: Journey) -> None:
    """Block what would be sent now and cannot go as the key wants it; note what is left out.

    What was sent before is no longer a matter of this step: an order that is there goes on.
    """
    blocked: dict[Item, Move] = {}
    for item in journey.items:
        document, extras = item.document, journey.extras
        item.remark = " ".join(
            part for part in (item.remark, list_left_out(document, extras)) if part
        )
        if item.binding or not item.judgement or item.judgement.finding is not Finding.ABSENT:
            continue
        fault = next(check_choice(document, extras.carrying), None) or check_found(document, extras)
        if fault is not None:
            blocked[item] = Move(State.BLOCKED, fault.reason, fault.words)
    journey.move(blocked)
