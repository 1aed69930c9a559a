"""A lane's step around what its key carries: read the lists it needs, hold back what cannot go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sqlmodel import Session

from so24.errors import Refused
from so24.keys.key_fields import KeyField, key_fields_of
from so24.language.said import join_said
from so24.store.keys.keys import mapped_departments
from so24.store.tables.transfer_tables import State
from so24.store.transfers.transfers import Move
from so24.transfer.checks.key import check_choice, check_found, list_left_out
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order.key_fields import KeyLists, wanted_lists
from so24.transfer.order.what_is_there import Presence

T = TypeVar("T")


def read_key_fields(lane_pass: LanePass, session: Session) -> None:
    """Know what travels with the orders, as far as the store knows it."""
    departments = mapped_departments(session, lane_pass.key.row_id)
    lane_pass.key_lists = KeyLists(key_fields_of(lane_pass.key), departments)


def read_key_lists(lane_pass: LanePass) -> None:
    """Read the company's own lists that the key's fields need, each where a document needs it.

    A list that 24SevenOffice refuses to give concerns the documents that need it, not the lane.
    """
    key_fields, lists = lane_pass.key_lists.fields, lane_pass.office.lists
    wanted = {
        field for doc in lane_pass.documents for field in wanted_lists(doc.document, key_fields)
    }
    if not wanted:
        return
    refused: dict[KeyField, str] = {}

    def read(field: KeyField, call: Callable[[], list[T]]) -> tuple[T, ...]:
        try:
            return tuple(call()) if field in wanted else ()
        except Refused as refusal:
            refused[field] = refusal.words
            return ()

    lane_pass.key_lists = replace(
        lane_pass.key_lists,
        projects=read(KeyField.PROJECT, lists.projects),
        employees=read(KeyField.OUR_REFERENCE, lists.employees),
        currencies=read(KeyField.CURRENCY, lists.currencies),
        refused=refused,
    )


def hold_back(lane_pass: LanePass) -> None:
    """Block what would be sent now and cannot go as the key wants it; note what is left out.

    What was sent before is no longer a matter of this step: an order that is there goes on.
    """
    key_lists = lane_pass.key_lists
    blocked: dict[LaneDocument, Move] = {}
    for doc in lane_pass.documents:
        choice = next(check_choice(doc.document, key_lists.fields), None)
        fault = choice or check_found(doc.document, key_lists)
        if fault is not None and _is_absent(doc):
            blocked[doc] = Move(State.BLOCKED, fault.reason, fault.words)
        else:
            left_out = list_left_out(doc.document, key_lists)
            doc.remark = join_said([doc.remark, left_out])
    lane_pass.move(blocked)


def _is_absent(doc: LaneDocument) -> bool:
    match = doc.match
    return not doc.binding and match is not None and match.presence is Presence.ABSENT
