"""A lane's step around what its key carries: read the lists it needs, hold back what cannot go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from so24.errors import Refused
from so24.keys.key_fields import KeyField, key_fields_of
from so24.store.keys.keys import mapped_departments
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.checks.key_fields import check_choice, check_found, list_left_out
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.lane_pass import Journey
from so24.transfer.order.key_fields import KeyLists, wanted_lists
from so24.transfer.order.what_is_there import Presence

T = TypeVar("T")


def read_key_fields(journey: Journey) -> None:
    """Know what travels with the orders, as far as the store knows it."""
    key_id = journey.key.row_id
    departments = journey.read(lambda session: mapped_departments(session, key_id))
    journey.key_lists = KeyLists(key_fields_of(journey.key), departments)


def read_key_lists(journey: Journey) -> None:
    """Know what travels with the orders; a list is read only where a document needs it.

    A list that 24SevenOffice refuses to give concerns the documents that need it, not the lane.
    """
    read_key_fields(journey)
    key_fields, lists = journey.key_lists.fields, journey.office.lists
    wanted = {field for item in journey.items for field in wanted_lists(item.document, key_fields)}
    refused: dict[KeyField, str] = {}

    def read(field: KeyField, call: Callable[[], list[T]]) -> tuple[T, ...]:
        try:
            return tuple(call()) if field in wanted else ()
        except Refused as refusal:
            refused[field] = str(refusal)
            return ()

    journey.key_lists = replace(
        journey.key_lists,
        projects=read(KeyField.PROJECT, lists.projects),
        employees=read(KeyField.OUR_REFERENCE, lists.employees),
        currencies=read(KeyField.CURRENCY, lists.currencies),
        refused=refused,
    )


def hold_back(journey: Journey) -> None:
    """Block what would be sent now and cannot go as the key wants it; note what is left out.

    What was sent before is no longer a matter of this step: an order that is there goes on.
    """
    blocked: dict[Item, Move] = {}
    for item in journey.items:
        document, key_lists = item.document, journey.key_lists
        choice = next(check_choice(document, key_lists.fields), None)
        fault = choice or check_found(document, key_lists)
        if fault is not None and _is_absent(item):
            blocked[item] = Move(State.BLOCKED, fault.reason, fault.words)
        else:
            left_out = list_left_out(document, key_lists)
            item.remark = " ".join(part for part in (item.remark, left_out) if part)
    journey.move(blocked)


def _is_absent(item: Item) -> bool:
    judgement = item.judgement
    return not item.binding and judgement is not None and judgement.presence is Presence.ABSENT
