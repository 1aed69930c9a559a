"""A key that takes RecMan's numbers books a document under its own number, or not at all.

The sandbox's series is set and disturbed, as an accountant and other hands do it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from so24 import crashpoints
from so24.keys.change import change_key
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.history.verification import verify_history
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Numbers
from so24.store.tables.transfer_tables import State, Transfer
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.transfers import LaneName, open_of_lane
from so24.transfer.lane.batches import in_chunks
from so24.transfer.lane.draft import lose_answer
from so24.transfer.lane.lane import work_lane
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.preview.preview import look_up, preview_run
from so24.transfer.runs import stop_run
from tests.transfer.by_hand import enter_twin
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference, drafts_left

pytestmark = pytest.mark.slow

RARER = ("lost_before", "late")
TRANSFERRED = (State.TRANSFERRED, "")
BEHIND = (State.BLOCKED, "number_behind")


@pytest.fixture
def department(world: World) -> int:
    return world.add_department()


@pytest.fixture
def key(world: World, department: int) -> int:
    """A key with RecMan's numbers; the sandbox's series is set to 1001, where they begin."""
    key = world.add_key([department])
    world.control.edit("set_invoice_series", CLIENT, number=1001)
    take_numbers(world, key, 1001)
    return key


@pytest.fixture
def ids(world: World, department: int, key: int) -> list[int]:
    """Invoices 1001 to 1005."""
    return world.add_invoices(department, 5)


def take_numbers(world: World, key: int, number: int) -> None:
    changes = NUMBERS.to(Numbers.SAME), NEXT_NUMBER.to(str(number))
    change_key(Desk(world.installation, ADMIN), key, *changes)


def ends(rows: Sequence[Transfer]) -> list[tuple[State, str]]:
    return [(row.state, row.reason) for row in rows]


def numbers_there(world: World) -> dict[str, int]:
    """The invoice numbers in the sandbox's own books, by our references."""
    return {
        each["ReferenceNumber"]: each["InvoiceId"]
        for each in world.control.books()[CLIENT]["orders"]
        if each["OrderStatus"] == "Invoiced" and each.get("ReferenceNumber")
    }


def renumber(world: World, invoice_id: int, number: str, series: str = "10") -> None:
    with world.installation.db.writing() as session:
        row = session.get_one(Invoice, invoice_id)
        row.number, row.series = number, series


# -- the numbers agree -------------------------------------------------------------------


def test_each_document_is_booked_under_its_own_number(world: World, ids: list[int]) -> None:
    rows = world.export(list(reversed(ids)))
    assert ends(rows) == [TRANSFERRED] * 5
    assert numbers_there(world) == {f"RM-10-{number}": number for number in range(1001, 1006)}
    assert [row.office_invoice_id for row in rows] == [1001, 1002, 1003, 1004, 1005]


@pytest.mark.both
def test_a_second_run_goes_on_where_the_first_has_ended(world: World, ids: list[int]) -> None:
    world.export(ids[:2])
    assert ends(world.export(ids[2:])) == [TRANSFERRED] * 3
    assert numbers_there(world)["RM-10-1005"] == 1005


def test_numbers_are_ordered_and_compared_as_numbers_not_as_texts(
    world: World, key: int, ids: list[int]
) -> None:
    world.control.edit("set_invoice_series", CLIENT, number=9)
    change_key(Desk(world.installation, ADMIN), key, NEXT_NUMBER.to("9"))
    for invoice_id, number in zip(ids[:3], ("10", "011", "9"), strict=True):
        renumber(world, invoice_id, number)
    assert ends(world.export(ids[:3])) == [TRANSFERRED] * 3
    assert numbers_there(world) == {"RM-10-9": 9, "RM-10-10": 10, "RM-10-011": 11}


def test_the_first_of_a_lane_goes_alone_and_at_most_ten_by_one_call_after_it(
    world: World, department: int, key: int
) -> None:
    ids = world.add_invoices(department, 24)
    world.control.reset_calls()
    assert ends(world.export(ids)) == [TRANSFERRED] * 24
    # drafts and invoicing of the first; drafts of the others, and three calls that invoice them;
    # customers and products were made before
    assert world.control.calls()["operations"]["SaveInvoices"] == 2 + 1 + 3


def test_credit_notes_go_in_the_order_of_their_numbers(world: World, ids: list[int]) -> None:
    renumber(world, ids[4], "1006")
    notes = [
        add_credit_note(world, ids[0], number="1002", share="0.4"),
        add_credit_note(world, ids[3], number="1005", share="0.4"),
    ]
    rows = world.export([*notes, ids[0], *ids[2:]])
    assert ends(rows) == [TRANSFERRED] * 6
    assert numbers_there(world) == {
        "RM-10-1001": 1001,
        "RC-10-1002": 1002,
        "RM-10-1003": 1003,
        "RM-10-1004": 1004,
        "RC-10-1005": 1005,
        "RM-10-1006": 1006,
    }
    assert drafts_left(world) == 0


# -- what does not fit is refused before anything is booked or drafted -------------------


def test_a_gap_is_refused_and_what_stands_behind_it_stays(world: World, ids: list[int]) -> None:
    without_1003 = [*ids[:2], *ids[3:]]
    run = world.start(without_1003)
    gap = (State.BLOCKED, "number_gap")
    assert ends(world.work(run)) == [TRANSFERRED, TRANSFERRED, gap, BEHIND]
    *_, refused, behind = world.receipt(run)
    assert "1003 is expected next; this is number 1004 (missing: 1003)." in (refused.explanation)
    assert "First comes invoice 10-1004." in behind.explanation
    assert drafts_left(world) == 0
    assert ends(world.export(ids[2:])) == [TRANSFERRED] * 3


@pytest.mark.parametrize(
    ("number", "series", "words"),
    [
        ("A-17", "10", "“A-17” is no number that 24SevenOffice can give."),
        ("2147483648", "10", "“2147483648” is no number that 24SevenOffice can give."),
        ("5001", "20", "1003 is expected next; this is number 5001 of series 20."),
    ],
)
def test_a_document_of_another_series_is_refused(
    world: World, ids: list[int], number: str, series: str, words: str
) -> None:
    world.export(ids[:2])
    renumber(world, ids[2], number, series)
    [row] = world.export(ids[2:3])
    assert ends([row]) == [(State.BLOCKED, "number_series")]
    assert row.words == words
    assert drafts_left(world) == 0


def test_credit_notes_with_a_counter_of_their_own_are_of_another_series(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0], number="9001", share="0.4")
    rows = {row.invoice_id: row for row in world.export([note, *ids])}
    assert ends([rows[each] for each in ids]) == [TRANSFERRED] * 5
    assert ends([rows[note]]) == [(State.BLOCKED, "number_series")]


def test_a_credit_note_that_stands_before_its_own_invoice_is_told_and_holds_nobody_for_ever(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0], number="7", share="0.4")
    rows = {row.invoice_id: row for row in world.export([note, *ids])}
    assert ends([rows[note]]) == [(State.BLOCKED, "credit_original_open")]
    assert ends([rows[each] for each in ids]) == [TRANSFERRED] * 5


def test_an_invoice_by_hand_before_the_lane_takes_a_number_and_all_stay(
    world: World, ids: list[int]
) -> None:
    world.export(ids[:2])
    hand = world.control.edit("invoice_by_hand", CLIENT)
    rows = world.export(ids[2:])
    assert ends(rows) == [(State.BLOCKED, "number_passed"), BEHIND, BEHIND]
    assert rows[0].words == f"Invoice 1003 in 24SevenOffice is order {hand['OrderId']}."
    assert drafts_left(world) == 0
    # the accountant has entered the very document: it is left out, and the others go on
    assert ends(world.export(ids[3:])) == [TRANSFERRED] * 2
    assert numbers_there(world)["RM-10-1005"] == 1005


def test_an_invoice_by_hand_between_two_calls_stops_before_the_next_one(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    world.export(ids[:1])
    sandbox.faults.arm(Fault("by_hand", "SaveInvoices", only="draft", nth=2))
    rows = world.export(ids[1:])
    assert ends(rows) == [TRANSFERRED, (State.BLOCKED, "number_passed"), BEHIND, BEHIND]
    assert "Invoice 1003 in 24SevenOffice is order " in rows[1].words
    assert all("stays in 24SevenOffice, not invoiced." in row.words for row in rows[1:])
    assert numbers_there(world) == {"RM-10-1001": 1001, "RM-10-1002": 1002}
    assert drafts_left(world) == 3


# -- what only the booking shows stops the lane there ------------------------------------


def test_a_series_that_is_wrong_at_the_first_costs_one_document_and_the_others_are_not_sent(
    world: World, ids: list[int]
) -> None:
    world.control.edit("set_invoice_series", CLIENT, number=10201)
    run = world.start(ids)
    passed = (State.BLOCKED, "number_passed")
    differs = (State.DIFFERS, "number_differs")
    assert ends(world.work(run)) == [differs, passed, BEHIND, BEHIND, BEHIND]
    first, second, *_ = world.receipt(run)
    assert "It is invoice 10201 in 24SevenOffice, and RecMan's number is 1001." in (
        first.explanation
    )
    assert "enters that for the key under Credentials" in first.reason.card.remedy
    assert "10202 is expected next; this is number 1002." in second.explanation
    assert booked_by_reference(world) == {"RM-10-1001": 1}
    assert drafts_left(world) == 0


def test_once_the_series_is_set_and_said_the_rest_goes(
    world: World, key: int, ids: list[int]
) -> None:
    world.control.edit("set_invoice_series", CLIENT, number=10201)
    world.export(ids)
    world.control.edit("set_invoice_series", CLIENT, number=1002)
    change_key(Desk(world.installation, ADMIN), key, NEXT_NUMBER.to("1002"))
    assert ends(world.export(ids[1:])) == [TRANSFERRED] * 4
    assert numbers_there(world)["RM-10-1005"] == 1005


def test_with_own_numbers_chosen_a_retry_counts_the_booked_document_as_transferred(
    world: World, key: int, ids: list[int]
) -> None:
    world.control.edit("set_invoice_series", CLIENT, number=10201)
    world.export(ids)
    assert ends(world.export(ids[:1])) == [(State.DIFFERS, "number_differs")]
    change_key(Desk(world.installation, ADMIN), key, NUMBERS.to(Numbers.OWN))
    [row, *rest] = world.export(ids)
    assert (row.state, row.reason, row.office_invoice_id) == (*TRANSFERRED, 10201)
    assert ends(rest) == [TRANSFERRED] * 4
    assert booked_by_reference(world) == dict.fromkeys(numbers_there(world), 1)


def test_a_hand_between_the_look_and_the_call_is_told_of_and_nothing_goes_after_it(
    world: World, sandbox: SandboxServer, department: int, key: int
) -> None:
    ids = world.add_invoices(department, 14)
    sandbox.faults.arm(Fault("by_hand", "SaveInvoices", only="invoicing", nth=2))
    rows = world.export(ids)
    assert ends(rows[:1]) == [TRANSFERRED]
    assert ends(rows[1:11]) == [(State.DIFFERS, "number_differs")] * 10
    assert ends(rows[11:]) == [(State.BLOCKED, "number_passed"), BEHIND, BEHIND]
    assert set(booked_by_reference(world).values()) == {1}


# -- the protocol holds all the same -----------------------------------------------------


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize(
    "kind", ["lost_after", *(pytest.param(each, marks=pytest.mark.long) for each in RARER)]
)
def test_a_lost_answer_neither_books_twice_nor_out_of_order(
    world: World, sandbox: SandboxServer, ids: list[int], kind: str, nth: int
) -> None:
    sandbox.faults.arm(Fault(kind, "SaveInvoices", only="invoicing", nth=nth))
    assert ends(world.export(ids)) == [TRANSFERRED] * 5
    assert numbers_there(world) == {f"RM-10-{number}": number for number in range(1001, 1006)}
    assert drafts_left(world) == 0
    with world.installation.db.reading() as session:
        assert verify_history(session).breaks == ()


class Killed(BaseException):
    """The worker is gone."""


STRUCK = ("after draft answer", "after compare", "after invoicing intent", "after invoicing answer",
          "before confirm", "after confirm")  # fmt: skip


@pytest.mark.parametrize("point", STRUCK)
@pytest.mark.parametrize(
    ("nth", "first"),
    [
        pytest.param(1, 1001, marks=pytest.mark.long),
        pytest.param(1, 10201, marks=pytest.mark.long),
        (2, 1001),
    ],
)
def test_a_worker_that_is_killed_leaves_what_the_next_one_takes_up_by_the_same_rule(
    world: World, ids: list[int], point: str, nth: int, first: int
) -> None:
    world.control.edit("set_invoice_series", CLIENT, number=first)
    reached = Counter[str]()

    def strike(name: str, key_id: int | None) -> None:
        reached[name] += 1
        if name == point and reached[name] == nth:
            raise Killed

    run = world.start(ids)
    crashpoints.arm(strike)
    try:
        with pytest.raises(Killed):
            world.work(run)
    finally:
        crashpoints.arm(None)
    states = [row.state for row in world.work(run)]
    if first == 1001:
        assert states == [State.TRANSFERRED] * 5
        assert sorted(numbers_there(world).values()) == [1001, 1002, 1003, 1004, 1005]
    else:
        assert states == [State.DIFFERS, *[State.BLOCKED] * 4]
        assert numbers_there(world) == {"RM-10-1001": 10201}
    assert set(booked_by_reference(world).values()) == {1}
    assert drafts_left(world) == 0


def parts_of(world: World, run: str, size: int) -> tuple[LaneName, list[list[int]]]:
    """The run's one lane, and its transfers in parts as the engine works them."""
    with world.installation.db.reading() as session:
        [lane] = open_lanes(session)
        return lane, [
            list(part)
            for part in in_chunks([row.row_id for row in open_of_lane(session, lane)], size)
        ]


def test_the_parts_of_a_lane_follow_each_other_credit_notes_among_them(
    world: World, ids: list[int]
) -> None:
    renumber(world, ids[4], "1006")
    note = add_credit_note(world, ids[3], number="1005", share="0.4")
    run = world.start([note, *ids])
    lane, parts = parts_of(world, run, 2)
    for part in parts:
        work_lane(world.installation, lane, part)
    assert ends(world.work(run)) == [TRANSFERRED] * 6
    assert numbers_there(world)["RC-10-1005"] == 1005


def test_a_part_waits_while_one_before_it_is_still_in_transfer(
    world: World, ids: list[int]
) -> None:
    run = world.start(ids)
    lane, (first, *rest) = parts_of(world, run, 2)
    for part in rest:
        work_lane(world.installation, lane, part)
    assert numbers_there(world) == {}
    with world.installation.db.reading() as session:
        assert len(open_of_lane(session, lane)) == 5
    for part in (first, *rest):
        work_lane(world.installation, lane, part)
    assert ends(world.work(run)) == [TRANSFERRED] * 5


def test_a_stopped_run_says_what_was_booked_under_which_number(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    world.control.edit("set_invoice_series", CLIENT, number=10201)
    sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))
    run = world.start(ids)
    with stopped_meanwhile(world, run):
        rows = world.work(run)
    assert ends(rows[:1]) == [(State.DIFFERS, "number_differs")]
    assert {row.state for row in rows[1:]} == {State.CANCELLED}
    assert booked_by_reference(world) == {"RM-10-1001": 1}


@contextmanager
def stopped_meanwhile(world: World, run: str) -> Iterator[None]:
    """A person stops the run while its first answer is being lost."""

    def lose(lane_pass: LanePass, documents: list[LaneDocument], words: str) -> None:
        stop_run(Desk(world.installation, ADMIN), run)
        lose_answer(lane_pass, documents, words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("so24.transfer.lane.invoice.lose_answer", lose)
        yield


def test_a_document_that_is_there_already_leaves_its_number_to_be(
    world: World, key: int, ids: list[int]
) -> None:
    enter_twin(world, ids)  # 1004 by hand, under that number
    rows = world.export(ids[3:])
    assert ends(rows) == [(State.EXISTS, "exists_probably"), TRANSFERRED]
    assert numbers_there(world)["RM-10-1005"] == 1005


def test_a_draft_that_differs_stops_what_stands_behind_it(
    world: World, sandbox: SandboxServer, ids: list[int]
) -> None:
    world.export(ids[:1])
    with world.installation.db.writing() as session:
        session.get_one(Invoice, ids[2]).total += 1
    rows = world.export(ids[1:])
    assert ends(rows)[0] == TRANSFERRED
    assert rows[1].state is not State.TRANSFERRED
    assert ends(rows[2:]) == [(State.BLOCKED, "number_gap"), BEHIND]
    assert "RM-10-1004" not in numbers_there(world)


def test_a_preview_tells_before_the_press_which_numbers_do_not_fit(
    world: World, ids: list[int]
) -> None:
    chosen = [ids[0], *ids[2:]]
    desk = Desk(world.installation, ADMIN)
    [lane] = preview_run(desk, chosen).lanes
    seen = look_up(desk, lane)
    fine = [each.invoice_id for each in seen.forecasts if each.outcome.is_fine]
    assert fine == ids[:1]
    gap, *behind = [each for each in seen.forecasts if not each.outcome.is_fine]
    assert "1002 is expected next; this is number 1003" in gap.words
    assert all(Reason.NUMBER_BEHIND.card.title in each.words for each in behind)


def test_a_preview_says_that_the_numbers_are_recmans(
    world: World, key: int, ids: list[int]
) -> None:
    desk = Desk(world.installation, ADMIN)
    shown = preview_run(desk, ids[:1]).shown
    assert ("Numbers", "the same as RecMan's") in shown.documents[0].details
    change_key(desk, key, NUMBERS.to(Numbers.OWN))
    assert "Numbers" not in dict(preview_run(desk, ids[:1]).shown.documents[0].details)
