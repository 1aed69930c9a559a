"""The protocol broken on purpose, one rule at a time: which part, by what, among which habits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from so24.keys import access
from so24.office import gateway, outcomes
from so24.store.transfers import transfers
from so24.transfer.jobs import worker
from so24.transfer.lane import draft, invoice, lane, late_drafts, look_up
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.store_recorder import StoreRecorder
from tests.simulation import stand_ins


@dataclass(frozen=True)
class Patch:
    """One thing of the product, and what is put in its place."""

    where: Any
    name: str
    broken: Any


LOST = ("lost after the write", "lost before the write", "late write", "cut answer")
APART = ("taken over while it lives", "two workers at one lane", "stalls", "crashes")
BESIDE = ("two workers at one lane", "stalls")
REFUSED = ("half of a batch", "item refused", "fault")
STOPPED = ("stops", "crashes", *LOST)


@dataclass(frozen=True)
class Fault:
    """What is broken, and the habits among which it is looked for."""

    patches: Sequence[Patch]
    habits: tuple[str, ...]


def _fault(habits: tuple[str, ...], *patches: tuple[Any, str, Any]) -> Fault:
    return Fault([Patch(*each) for each in patches], habits)


def _matching(habits: tuple[str, ...], broken: Any) -> Fault:
    return _fault(habits, (look_up, "match_orders", broken), (late_drafts, "match_orders", broken))


FAULTS: Mapping[str, Fault] = {
    "each order is bound anew, whoever wrote first": _fault(
        BESIDE,
        (transfers, "bind_orders", stand_ins.bind_anew),
        (LanePass, "intend", stand_ins.intend_whatever_others_do),
    ),
    "the order beside the bound one is invoiced": _fault(
        (), (invoice, "map_change", stand_ins.change_the_next)
    ),
    "outcomes are given to the documents in reverse": _fault(
        (), (LanePass, "save", stand_ins.save_reversed)
    ),
    "a late draft is said to be set inactive and is not": _fault(
        (*LOST, "stops"),
        (look_up, "retire_orders", stand_ins.say_retired),
        (late_drafts, "retire_orders", stand_ins.say_retired),
    ),
    "no intent is committed before a call": _fault(
        STOPPED, (LanePass, "intend", stand_ins.intend_in_memory)
    ),
    "no intent is committed before invoicing": _fault(
        STOPPED, (LanePass, "intend", stand_ins.intend_drafts_only)
    ),
    "who loses the compare-and-set writes too": _fault(
        BESIDE, (LanePass, "intend", stand_ins.intend_whatever_others_do)
    ),
    "moves overwrite what another worker wrote": _fault(
        (*APART, *LOST), (StoreRecorder, "record", stand_ins.record_over_others)
    ),
    "the company is not compared": _fault(
        (), (access, "prove_company", stand_ins.believe_the_session)
    ),
    "a lost draft counts as not sent": _fault(
        LOST, (draft, "lose_answer", stand_ins.end_as_not_sent)
    ),
    "a lost invoicing counts as refused": _fault(
        LOST, (invoice, "lose_answer", stand_ins.end_as_refused)
    ),
    "a refused batch is sent singly without looking": _fault(
        REFUSED, (draft, "refuse_batch", stand_ins.send_singly_at_once)
    ),
    "a lost call is repeated at once": _fault(LOST, (LanePass, "save", stand_ins.save_again)),
    "what was asked for is called transferred": _fault(
        ("item refused",), (invoice, "_confirm", stand_ins.call_transferred)
    ),
    "second drafts are never set inactive": _fault(
        LOST,
        (look_up, "retire_second_drafts", stand_ins.nothing),
        (late_drafts, "retire_orders", lambda *_: {}),
    ),
    "nobody looks for late drafts": _fault(
        (*LOST, "stops"), (worker, "due_for_another_look", lambda *_: {})
    ),
    "no later look is planned": _fault(
        (*LOST, "stops"),
        (LanePass, "next_look", stand_ins.plan_no_look),
        (late_drafts, "when_to_look", lambda *_: None),
    ),
    "nobody takes up what a job has left": _fault(
        ("the office is away", *LOST), (worker, "_take_up_lanes", stand_ins.nothing)
    ),
    "orders for approval are not followed": _fault(
        ("orders for approval",), (late_drafts, "follow_approvals", stand_ins.nothing)
    ),
    "what exists is left open": _fault(
        ("a hand enters the same", "a hand invoices", *LOST),
        (look_up, "_leave_existing", stand_ins.nothing),
    ),
    "answers are taken in the order they came": _fault(
        ("reordered answer",),
        (outcomes, "_in_sent_order", stand_ins.as_they_came),
        (outcomes, "_check_pair", stand_ins.nothing),
    ),
    "an answer that lacks items refuses these": _fault(
        ("cut answer",),
        (outcomes, "match_outcomes", stand_ins.pad_outcomes),
        (gateway, "match_outcomes", stand_ins.pad_outcomes),
    ),
    "orders are sent as invoiced": _fault(
        LOST, (draft, "write_drafts", stand_ins.invoice_in_one_call)
    ),
    "only what changed in the last minute is looked at": _fault(
        (*LOST, "stops", "crashes"),
        (look_up, "since_oldest", stand_ins.since_a_minute),
        (late_drafts, "since_oldest", stand_ins.since_a_minute),
    ),
    "invoicing creates an order in the place of the bound one": _fault(
        (), (invoice, "write_invoicing", stand_ins.create_instead_of_change)
    ),
    "a stopped run is not looked at": _fault(
        STOPPED, (lane._Lane, "_look", stand_ins.stop_without_looking)
    ),
    "the bound draft is set inactive as a second one": _matching(
        LOST, stand_ins.retire_the_bound_one_too
    ),
    "a stopped run counts as never sent": _fault(
        STOPPED, (LaneDocument, "may_be_there", stand_ins.NEVER)
    ),
    "a write in mid-call is not seen as one": _fault(
        STOPPED, (LaneDocument, "is_half_written", stand_ins.NEVER)
    ),
    "any draft of ours is taken for the document's": _matching(LOST, stand_ins.match_any_of_ours),
}
