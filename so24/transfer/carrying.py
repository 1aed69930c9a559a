"""A lane's step around what its key carries: read the lists it needs, hold back what cannot go."""

from __future__ import annotations

from dataclasses import replace

from so24.keys.carrying import carrying_of
from so24.store.department_map import mapped_departments
from so24.store.transfer_tables import State
from so24.store.transfers import Move
from so24.transfer.carrying_checks import check_choice, check_found, list_left_out
from so24.transfer.extras import Extras, wanted_lists
from so24.transfer.journey import Item, Journey
from so24.transfer.judge import Finding


def recall_extras(journey: Journey) -> None:
    """Know what travels with the orders, as far as the store knows it."""
    key_id = journey.key.id or 0
    departments = journey.read(lambda session: mapped_departments(session, key_id))
    journey.extras = Extras(carrying_of(journey.key), departments)


def learn_extras(journey: Journey) -> None:
    """Know what travels with the orders; a list is read only where a document needs it."""
    recall_extras(journey)
    carrying, lists = journey.extras.carrying, journey.office.lists
    wanted = {name for item in journey.items for name in wanted_lists(item.document, carrying)}
    journey.extras = replace(
        journey.extras,
        projects=tuple(lists.projects()) if "projects" in wanted else (),
        employees=tuple(lists.employees()) if "employees" in wanted else (),
        currencies=tuple(lists.currencies()) if "currencies" in wanted else (),
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
