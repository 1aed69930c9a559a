"""The history tells what an order was sent as: for certain, or one of several, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from so24.reasons import Reason
from so24.store.history.events import append_events
from so24.store.tables.transfer_tables import State
from so24.store.transfers.lost_writes import ADOPTED, SENDING, payloads_of
from so24.store.transfers.runs import NewTransfer, create_run
from so24.store.transfers.transfers import transfers_of_run
from tests.transfer.world import CLIENT, World

Told = tuple[State, str, int | None, str]  # state, reason, order, payload


def sent(payload: str) -> Told:
    """The intent to send a draft."""
    return State.PREPARING, SENDING, None, payload


def answered(order_id: int, payload: str) -> Told:
    """The answer names the order that was made."""
    return State.DRAFTED, "", order_id, payload


def adopted(order_id: int, payload: str = "") -> Told:
    """A draft was found."""
    return State.DRAFTED, ADOPTED, order_id, payload


def refused(payload: str) -> Told:
    """Nothing was made."""
    return State.REFUSED, "refused_order", None, payload


def ask(world: World, told: Sequence[Told], organization_id: int = CLIENT) -> frozenset[str]:
    """What order 7 of a document with this history was sent as."""
    [invoice_id] = world.add_invoices(world.add_department(), 1)
    with world.installation.db.writing() as session:
        new = NewTransfer(invoice_id, State.QUEUED, organization_id=CLIENT)
        run = create_run(session, "ada", [new])
        [row] = transfers_of_run(session, run.id)
        for state, reason, order_id, payload in told:
            row.state, row.reason = state, Reason.stored(reason)
            row.order_id, row.payload_hash = order_id, payload
            append_events(session, [row.model_dump()], "lane")
    with world.installation.db.reading() as session:
        return payloads_of(session, organization_id, {invoice_id: 7})[invoice_id]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([], set()),
        ([sent("a"), answered(7, "a")], {"a"}),
        ([sent("a"), answered(7, "a"), adopted(7)], {"a"}),
        ([sent("a"), adopted(7, "a")], {"a"}),
        ([sent("a")], {"a"}),
        ([sent("a"), sent("b"), adopted(7, "b")], {"a", "b"}),
        ([sent("a"), sent("b"), answered(7, "b")], {"b"}),
        ([sent("a"), refused("a"), sent("b"), adopted(7, "b")], {"b"}),
        ([sent("a"), answered(6, "a"), sent("b"), adopted(7, "b")], {"b"}),
        ([sent("a"), adopted(7, "a"), sent("b"), answered(8, "b")], {"a"}),
    ],
)
def test_an_order_was_sent_as_its_answer_says_else_as_what_got_no_answer(
    world: World, told: list[Told], found: set[str]
) -> None:
    assert ask(world, told) == found


@pytest.mark.both
def test_what_was_sent_to_another_company_says_nothing(world: World) -> None:
    assert ask(world, [sent("a"), answered(7, "a")], organization_id=CLIENT + 1) == frozenset()
