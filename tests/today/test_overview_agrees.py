"""The invoice overview counts as *Today* does: one rule says what is open and what may go."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from so24.installation import Installation
from so24.invoices.declarations import declare_credited
from so24.invoices.overview import list_documents, sum_documents
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.states import Since, State
from so24.store.documents.overview import InvoiceFilter
from so24.store.transfers.standings import standings_of
from so24.today.lists import list_pile
from so24.today.piles import PileName
from so24.today.sentences import PROBLEMS
from so24.today.today import read_today
from so24.transfer.circumstances import problem_kinds
from so24.transfer.runs import retryable
from tests.today.test_today import make_any_documents, problems
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, World

pytestmark = pytest.mark.slow


@pytest.mark.both
@pytest.mark.made_up
def test_the_overview_counts_what_today_counts_in_every_state(
    installation: Installation, finance: Actor
) -> None:
    ids = make_any_documents(installation, random.Random(7), count=200)  # noqa: S311 - any will do
    desk = Desk(installation, finance)
    with installation.db.reading() as session:
        now = standings_of(session, ids)
    assert {each.standing.state for each in now.values()} == {None, *State}
    piles = read_today(desk).piles
    shown = InvoiceFilter(problems=True, standing=problem_kinds(desk))
    listed = {each.row.id for name in PROBLEMS for each in list_pile(desk, name)[0]}
    assert {row.id for row in list_documents(desk, shown)} == listed
    unsent = InvoiceFilter(unsent=True)
    for wanted, names in ((shown, PROBLEMS), (unsent, (PileName.UNSENT,))):
        [found] = sum_documents(desk, wanted)
        assert found.documents == sum(piles.of(name).count for name in names)
        assert found.total == sum(
            (piles.of(name).sums.get("NOK", Decimal(0)) for name in names), Decimal(0)
        )
    out = {row.id for row in list_documents(desk, InvoiceFilter(left_out=True))}
    assert out == {each for each in ids if now[each].standing.left_out}
    assert out.isdisjoint(row.id for row in list_documents(desk, InvoiceFilter(asked=True)))


def test_an_entered_number_settles_a_credit_note_only_where_it_can_work(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 2)
    world.export(ids[:1])
    note = add_credit_note(world, ids[0], credited_number="0987", share="2")
    run_id = world.start([note])
    world.work(run_id)
    desk = Desk(world.installation, ADMIN)

    def settled() -> bool:
        [line] = world.receipt(run_id)
        shown = InvoiceFilter(problems=True, standing=problem_kinds(desk))
        open_now = bool(list_documents(desk, shown))
        assert open_now == bool(problems(world)) == (line.since is Since.NOTHING)
        assert retryable(desk, run_id)
        return not open_now

    assert not settled()
    declare_credited(desk, note, 10001)  # that invoice is smaller than what is credited
    assert not settled()
    declare_credited(desk, note, 4711)  # nobody knows it here: 24SevenOffice has the last word
    assert settled()
    run_id = world.start([note])
    world.work(run_id)
    assert not settled()
    declare_credited(desk, note, 4711)  # the very number that is not there
    assert not settled()
    declare_credited(desk, note, 4712)
    assert settled()
    declare_credited(desk, note, None)
    assert not settled()
