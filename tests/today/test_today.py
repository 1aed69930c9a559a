"""What needs whom now, in the store: piles, their lists, and how each can come to nothing."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from so24.errors import WrongUse
from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.invoices.declarations import declare_same
from so24.keys.upkeep import disable_key, enable_key
from so24.ledger.read import reconcile_period
from so24.ledger.sentences import tell_reading
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import ACCOUNTANT, FINANCE, WAIT, Reason
from so24.reasons import ADMIN as ADMINISTRATOR
from so24.sandbox.runner import SandboxServer
from so24.states import Since, State
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Department
from so24.store.tables.transfer_tables import Run, Transfer
from so24.store.transfers.standings import StandingFacts, standings_of
from so24.today.lists import list_pile
from so24.today.piles import PileName, places_of
from so24.today.sentences import PILE_TITLES, PROBLEMS, tell_beginning, tell_stuck
from so24.today.today import Today, read_today
from so24.transfer.circumstances import causes_now
from so24.transfer.problems import find_problem
from so24.transfer.receipt import read_receipt
from so24.transfer.review import read_findings
from so24.transfer.runs import plan_selection, retryable
from tests.transfer.by_hand import enter_twin
from tests.transfer.jobs.test_parked_keys import set_password
from tests.transfer.world import ADMIN, DAY, World

SOME_REASONS = (
    Reason.NONE, Reason.WAITS_APPROVAL, Reason.WAITS_APPROVAL, Reason.NO_LINES, Reason.NO_CATEGORY,
    Reason.EXISTS_PROBABLY, Reason.CREDIT_UNLINKED, Reason.ORDER_GONE, Reason.CANCELLED_DRAFT,
    Reason.WAITS_FOR_PASSWORD, Reason.UNREACHABLE,
)  # fmt: skip


def today_of(world: World) -> Today:
    """What needs whom in this world."""
    return read_today(Desk(world.installation, ADMIN))


def problems(world: World) -> dict[PileName, int]:
    """How many open problems there are, by whose they are; none is left out."""
    piles = today_of(world).piles
    return {name: piles.of(name).count for name in PROBLEMS if piles.of(name).count}


def test_a_new_installation_is_told_where_to_begin_each_role_what_it_may_do(
    installation: Installation, admin: Actor, finance: Actor, analyst: Actor
) -> None:
    found = read_today(Desk(installation, analyst))
    assert found.last_import is None
    assert not found.beginning.is_over
    for actor, own in ((admin, 3), (finance, 1), (analyst, 0)):
        told = list(tell_beginning(found, actor))
        assert len(told) == 3
        mine = [each for each in told if each.startswith(("Activate", "Add", "Import"))]
        assert len(mine) == own


def test_a_department_without_a_key_is_the_administrators_until_there_is_one(world: World) -> None:
    department = world.add_department("30")
    ids = world.add_invoices(department, 2)
    assert problems(world) == {PileName.ADMINISTRATOR: 2}
    run_id = world.start(ids)
    assert problems(world) == {PileName.ADMINISTRATOR: 2}
    [stuck] = today_of(world).departments
    assert (stuck.label, stuck.reason, stuck.waiting.count) == (
        "30 Department 30", Reason.NO_KEY, 2,
    )  # fmt: skip
    world.add_key([department])
    assert problems(world) == {}
    assert today_of(world).departments == ()
    assert [line.since for line in world.receipt(run_id)] == [Since.MENDED] * 2
    assert retryable(Desk(world.installation, ADMIN), run_id) == ids


def test_what_can_be_sent_now_is_a_pile_of_its_own_and_no_place_says_otherwise(
    world: World,
) -> None:
    department = world.add_department("30")
    ids = world.add_invoices(department, 2)
    run_id = world.start(ids)
    desk = Desk(world.installation, ADMIN)
    assert causes_now(desk, ids) == dict.fromkeys(ids, Reason.NO_KEY)
    assert today_of(world).piles.of(PileName.SENDABLE).count == 0
    world.add_key([department])
    assert causes_now(desk, ids) == dict.fromkeys(ids, Reason.NONE)
    assert today_of(world).piles.of(PileName.SENDABLE).count == 2
    listed, count = list_pile(desk, PileName.SENDABLE)
    assert ([each.row.id for each in listed], count) == (ids, 2)
    assert {each.cause for each in listed} == {None}
    tally = read_receipt(desk, run_id).tally
    assert (tally.sendable, tally.settled, tally.errors) == (2, 0, 0)
    again = world.start(ids)
    assert today_of(world).piles.of(PileName.SENDABLE).count == 0  # under way
    tally = read_receipt(desk, run_id).tally
    assert (tally.sendable, tally.settled, tally.elsewhere) == (0, 0, 2)
    world.work(again)
    assert read_receipt(desk, run_id).tally.settled == 2
    assert today_of(world).piles.of(PileName.SENDABLE).count == 0


def test_a_disabled_key_is_to_be_enabled_and_counts_once_however_many_departments_go_by_it(
    world: World,
) -> None:
    served = [world.add_department("30"), world.add_department("31")]
    keyless = world.add_department("40")
    key_id = world.add_key(served)
    desk = Desk(world.installation, ADMIN)
    disable_key(desk, key_id)
    ids = [world.add_invoices(each, 1, first=100 * each)[0] for each in (*served, keyless)]
    found = today_of(world)
    assert [each.reason for each in found.departments] == [
        Reason.KEY_DISABLED, Reason.KEY_DISABLED, Reason.NO_KEY,
    ]  # fmt: skip
    assert found.stuck == 2
    assert tell_stuck(found) == (
        "1 key, by which 2 departments would go; 1 department without a key"
    )
    planned = {each.invoice_id: each for each in plan_selection(desk, ids)}
    assert [planned[each].reason for each in ids] == [
        Reason.KEY_DISABLED, Reason.KEY_DISABLED, Reason.NO_KEY,
    ]  # fmt: skip
    assert "Key: key oslo" in planned[ids[0]].words
    assert read_findings(desk, ids[:1])[ids[0]][0].reason is Reason.KEY_DISABLED
    enable_key(desk, key_id)
    assert [each.reason for each in today_of(world).departments] == [Reason.NO_KEY]


def test_who_has_to_act_is_named_as_on_the_receipt(world: World) -> None:
    for reason in Reason:
        if reason.card.doubt or reason.card.who not in (FINANCE, ADMINISTRATOR, ACCOUNTANT, WAIT):
            continue
        problem = find_problem(StandingFacts(State.BLOCKED, reason))
        if problem is not None:
            assert PILE_TITLES[PileName(problem.whose.value)] == reason.card.who


def test_what_a_later_run_has_transferred_is_no_problem_on_any_receipt(world: World) -> None:
    department = world.add_department("30")
    ids = world.add_invoices(department, 2)
    first = world.start(ids)
    world.add_key([department])
    world.export(ids)
    receipt = read_receipt(Desk(world.installation, ADMIN), first)
    assert (receipt.tally.errors, receipt.tally.settled, receipt.tally.sendable) == (0, 2, 0)
    assert all(
        "Another run has transferred it: order" in each.explanation for each in receipt.lines
    )
    assert retryable(Desk(world.installation, ADMIN), first) == []
    again = world.start(ids)  # somebody ticks them all the same
    told = read_receipt(Desk(world.installation, ADMIN), again)
    assert (told.tally.errors, told.tally.settled) == (0, 2)
    assert problems(world) == {}
    assert today_of(world).piles.of(PileName.UNSENT).count == 0


def test_what_another_run_has_tried_in_vain_is_told_there_and_asked_for_once(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 1, customers=1)
    with world.installation.db.writing() as session:
        session.get_one(Customer, 1).address = ""
    first, second = world.start(ids), world.start(ids)
    desk = Desk(world.installation, ADMIN)
    [line] = world.receipt(first)
    assert line.since is Since.TRIED_AGAIN
    assert "whose receipt says what to do: The customer is incomplete." in line.since_words
    assert (line.is_problem, line.may_retry) == (False, False)
    tally = read_receipt(desk, first).tally
    assert (tally.elsewhere, tally.errors, tally.settled) == (1, 0, 0)
    assert read_receipt(desk, second).tally.errors == 1
    assert problems(world) == {PileName.FINANCE: 1}


def test_what_a_person_has_decided_is_no_problem_and_not_to_be_sent(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 5)
    enter_twin(world, ids)
    run_id = world.start([ids[3]])
    world.work(run_id)
    assert problems(world) == {PileName.FINANCE: 1}
    assert today_of(world).piles.of(PileName.UNSENT).count == 2
    declare_same(Desk(world.installation, ADMIN), ids[3])
    assert problems(world) == {}
    assert today_of(world).piles.of(PileName.UNSENT).count == 1
    [line] = world.receipt(run_id)
    assert (line.since, line.may_retry) == (Since.LEFT_OUT, False)
    set_excluded(Desk(world.installation, ADMIN), [ids[3]], None)
    assert problems(world) == {PileName.FINANCE: 1}  # taken in again, it is asked anew


def test_a_run_is_under_way_until_it_has_ended(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 3)
    run_id = world.start(ids)
    [run] = today_of(world).runs
    assert (run.run_id, run.progress.count, run.started_by) == (run_id, "0/3", "ada")
    world.work(run_id)
    assert today_of(world).runs == ()


def test_a_key_that_was_refused_is_named_with_what_waits_for_it(
    world: World, sandbox: SandboxServer
) -> None:
    department = world.add_department()
    world.add_key([department])
    set_password(sandbox, "another")
    world.export(world.add_invoices(department, 2))
    found = today_of(world)
    [key] = found.keys
    assert key.name == "key oslo"
    assert "replaces its password" in key.words
    assert problems(world) == {PileName.ADMINISTRATOR: 2}


def test_the_last_reading_of_a_ledger_is_told_with_what_it_said(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    world.export(world.add_invoices(department, 2))
    desk = Desk(world.installation, ADMIN)
    assert today_of(world).readings == ()
    for _ in range(2):
        reconcile_period(desk, DAY, DAY + dt.timedelta(days=30))
    [reading] = today_of(world).readings
    result = reading.result
    assert (result.orders, result.differences, result.read_by) == (2, 0, "ada")
    assert "2 of 2 agree; drafts are not counted" in tell_reading(reading)
    with pytest.raises(WrongUse):
        reconcile_period(desk, DAY + dt.timedelta(days=30), DAY)


@pytest.mark.slow
@pytest.mark.both
@pytest.mark.made_up
def test_each_list_has_just_the_documents_that_the_rule_puts_there(
    installation: Installation, finance: Actor
) -> None:
    """The counts are made by sets, the lists by conditions: both must be the rule's own."""
    ids = make_any_documents(installation, random.Random(24), count=120)  # noqa: S311 - any will do
    desk = Desk(installation, finance)
    found = read_today(desk)
    with installation.db.reading() as session:
        now_ = standings_of(session, ids)
    places = {each: places_of(now_[each].standing, Reason.NO_KEY) for each in ids}
    left_out = {each for each in ids if now_[each].standing.left_out}
    for name in PileName:
        wanted = {
            each for each in ids if each not in left_out and name in {p for p, _ in places[each]}
        }
        if name is PileName.SENDABLE:  # nothing can be sent where no department has a key
            assert not wanted
            assert not found.piles.of(name).count
            continue
        assert wanted, f"no document lies in {name}"
        listed, count = list_pile(desk, name)
        assert {each.row.id for each in listed} == wanted
        assert count == len(wanted) == found.piles.of(name).count
        assert sum(each.row.total for each in listed) == found.piles.of(name).sums["NOK"]
        dates = [each.row.invoice_date for each in listed]
        assert dates == sorted(dates)
        assert found.piles.of(name).oldest == dates[0]
        for cause, pile in found.piles.causes_of(name)[:1]:
            part, count = list_pile(desk, name, cause, limit=3)
            assert (count, len(part)) == (pile.count, min(3, pile.count))
            assert {each.cause for each in part} == {cause}


def make_any_documents(installation: Installation, dice: random.Random, count: int) -> list[int]:
    """Documents that stand in every way, whether that can come about or not; no key serves them."""
    ids = []
    with installation.db.writing() as session:
        department = Department(number="10", name="Oslo", series="10")
        customers = [
            Customer(tenant="recman", number=str(each), name="Fjord AS", question=question)
            for each, question in enumerate(("", "", "Another firm?"))
        ]
        runs = [Run(created_by="fia"), Run(created_by="fia")]
        session.add_all([department, *customers, *runs])
        session.flush()
        for number in range(count):
            state = dice.choice([None, *State, State.TRANSFERRED])
            reason = dice.choice(SOME_REASONS)
            invoice = Invoice(
                tenant="recman", kind=DocumentKind.INVOICE, series="10", number=str(number),
                department_id=department.row_id, customer_id=dice.choice(customers).row_id,
                invoice_date=DAY + dt.timedelta(days=dice.randrange(90)), currency="NOK",
                net=Decimal(80), vat=Decimal(20), total=Decimal(100 + number), fingerprint="f",
                held=dice.choice(["", "", "", "What is it?"]),
                resembles=dice.choice(["", "", "", "The same?"]),
                date_assumed=dice.random() < 0.2, changed_after_export=dice.random() < 0.2,
                excluded=dice.random() < 0.1, other_orders=dice.choice(["", "77", "7,77"]),
                credited_office_id=dice.choice([None, 5]),
                purged_at=now() if dice.random() < 0.05 else None,
            )  # fmt: skip
            session.add(invoice)
            session.flush()
            ids.append(invoice.row_id)
            for run in runs if state is not None else ():
                ends = State.BLOCKED if run is runs[0] else state
                session.add(
                    Transfer(
                        run_id=run.id, invoice_id=invoice.row_id, state=ends, reason=reason,
                        order_id=dice.choice([7, 77, None]),
                        look_again_at=now() if reason is Reason.WAITS_APPROVAL else None,
                        retry_at=now() if ends is State.NOT_SENT and number % 2 else None,
                    )
                )  # fmt: skip
    return ids
