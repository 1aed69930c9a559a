"""The protocol broken on purpose, one rule at a time: which part, by what, among which habits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from so24.keys import access
from so24.office import gateway, outcomes
from so24.store.transfers import lost_writes, transfers
from so24.transfer.jobs import housekeeping
from so24.transfer.lane import bind, draft, invoice, lane, late_drafts, look_up
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.store_recorder import StoreRecorder
from so24.transfer.order import what_is_there
from tests.simulation import processes
from tests.simulation.broken import looks, parts


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
TWO = ("two installations",)
MOVED = ("session moved",)
ENTERED = ("it was entered before", "a hand enters the same")


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
        (transfers, "bind_orders", parts.bind_anew),
        (LanePass, "intend", parts.intend_whatever_others_do),
    ),
    "the order beside the bound one is invoiced": _fault(
        (), (invoice, "map_change", parts.change_the_next)
    ),
    "outcomes are given to the documents in reverse": _fault(
        (), (LanePass, "save", parts.save_reversed)
    ),
    "a late draft is said to be set inactive and is not": _fault(
        (*LOST, "stops"),
        (look_up, "retire_orders", parts.say_retired),
        (late_drafts, "retire_orders", parts.say_retired),
    ),
    "no intent is committed before a call": _fault(
        STOPPED, (LanePass, "intend", parts.intend_in_memory)
    ),
    "no intent is committed before invoicing": _fault(
        STOPPED, (LanePass, "intend", parts.intend_drafts_only)
    ),
    "who loses the compare-and-set writes too": _fault(
        BESIDE, (LanePass, "intend", parts.intend_whatever_others_do)
    ),
    "moves overwrite what another worker wrote": _fault(
        (*APART, *LOST), (StoreRecorder, "record", parts.record_over_others)
    ),
    "the company is not compared": _fault((), (access, "prove_company", parts.believe_the_session)),
    "a lost draft counts as not sent": _fault(LOST, (draft, "lose_answer", parts.end_as_not_sent)),
    "a lost invoicing counts as refused": _fault(
        LOST, (invoice, "lose_answer", parts.end_as_refused)
    ),
    "a refused batch is sent singly without looking": _fault(
        REFUSED,
        (draft, "refuse_batch", parts.send_singly_at_once),
        (bind, "look_again", looks.read_back_only),  # which would find the second drafts
    ),
    "a lost call is repeated at once": _fault(LOST, (LanePass, "save", parts.save_again)),
    "what was asked for is called transferred": _fault(
        ("item refused",), (invoice, "_confirm", parts.call_transferred)
    ),
    "second drafts are never set inactive": _fault(
        LOST,
        (look_up, "_retire_second_drafts", parts.nothing),
        (late_drafts, "retire_orders", lambda *_: {}),
    ),
    "nobody looks for late drafts": _fault(
        (*LOST, "stops"), (housekeeping, "due_for_another_look", lambda *_: {})
    ),
    "no later look is planned": _fault(
        (*LOST, "stops"),
        (LanePass, "next_look", parts.plan_no_look),
        (late_drafts, "when_to_look", lambda *_: None),
    ),
    "nobody takes up what a job has left": _fault(
        ("the office is away", *LOST), (housekeeping, "_take_up_lanes", parts.nothing)
    ),
    "orders for approval are not followed": _fault(
        ("orders for approval",), (late_drafts, "follow_approvals", parts.nothing)
    ),
    "what exists is left open": _fault(
        ("a hand enters the same", "a hand invoices", *LOST),
        (look_up, "_leave_existing", parts.nothing),
    ),
    "answers are taken in the order they came": _fault(
        ("reordered answer",),
        (outcomes, "_in_sent_order", parts.as_they_came),
        (outcomes, "_check_pair", parts.nothing),
    ),
    "an answer that lacks items refuses these": _fault(
        ("cut answer",),
        (outcomes, "match_outcomes", parts.pad_outcomes),
        (gateway, "match_outcomes", parts.pad_outcomes),
        (LanePass, "next_look", parts.plan_no_look),  # which would find them
    ),
    "orders are sent as invoiced": _fault(LOST, (draft, "write_drafts", parts.invoice_in_one_call)),
    "only what changed in the last minute is looked at": _fault(
        (*LOST, "stops", "crashes"),
        (look_up, "since_oldest", parts.since_a_minute),
        (late_drafts, "since_oldest", parts.since_a_minute),
    ),
    "invoicing creates an order in the place of the bound one": _fault(
        (), (invoice, "write_invoicing", parts.create_instead_of_change)
    ),
    "a stopped run is not looked at": _fault(
        STOPPED, (lane._Lane, "_look", parts.stop_without_looking)
    ),
    "the bound draft is set inactive as a second one": _matching(
        LOST, parts.retire_the_bound_one_too
    ),
    "a stopped run counts as never sent": _fault(
        STOPPED, (LaneDocument, "may_be_there", parts.NEVER)
    ),
    "a write in mid-call is not seen as one": _fault(
        STOPPED, (LaneDocument, "is_half_written", parts.NEVER)
    ),
    "any draft of ours is taken for the document's": _matching(LOST, parts.match_any_of_ours),
    "nobody looks again after the drafts": _fault(TWO, (bind, "look_again", looks.read_back_only)),
    "who holds the higher draft keeps it": _matching(TWO, looks.never_give_way),
    "two installations leave their second drafts": _fault(
        TWO,
        (look_up, "_retire_second_drafts", parts.nothing),
        (late_drafts, "retire_orders", lambda *_: {}),
    ),
    "an order that is given up or gone stays bound": _fault(
        (*TWO, "stops", "a hand deletes", "a hand sets inactive"),
        (look_up, "_gives_way", looks.give_way_without_release),
        (StoreRecorder, "release", lambda *_: False),
    ),
    "a second draft beside it does not stop the bound one": _fault(
        (*TWO, "ids at random", "reads lag", "item refused", "stalls"),
        (bind, "_see_bound", looks.invoice_beside_another),
    ),
    "the company is not proven before a write": _fault(
        MOVED, (gateway.Office, "_save", looks.save_unproven)
    ),
    "the company is not proven before invoicing": _fault(
        MOVED, (gateway.Office, "_save", looks.invoice_unproven)
    ),
    "the company is not proven after the confirmation": _fault(
        MOVED,
        (lane, "confirm_orders", looks.confirm_unproven),
        (invoice, "is_of_another", lambda *_: False),
    ),
    "a refused invoicing is not looked at": _fault(
        ("fault after the write", "item refused after the write"),
        (invoice, "_invoice_batch", looks.refuse_unseen),
    ),
    "a refusal is believed before the order is seen anew": _fault(
        ("fault after the write", "item refused after the write", "reads lag"),
        (invoice, "_confirm", looks.refuse_at_once),
    ),
    "a job that no thread works is never given back": _fault(
        ("full disks",), (processes, "give_back_dropped", lambda *_: frozenset())
    ),
    "an order in another series is another document": _matching(
        ENTERED, looks.read_without_other_series
    ),
    "an invoice that is a day off is another document": _fault(
        ENTERED, (what_is_there, "DAY_OFF", dt.timedelta())
    ),
    "drafts are sent for as long as none is seen": _fault(
        ("references rewritten", "references dropped"),
        (lost_writes.Attempts, "are_enough", parts.NEVER),
    ),
    "a later look knows orders by their card only": _fault(
        ("late write", "stops", "a hand merges customers", "lost after the write"),
        (late_drafts._Sweep, "_list_named", looks.name_no_order),
    ),
    "a moved date is not told": _fault(("dates moved",), (invoice, "tell_moved", lambda *_: "")),
}
