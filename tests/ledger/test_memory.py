"""What reconciliations have said is remembered: what is new, what is gone, what still stands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.language.reader import speaking
from so24.language.telling import tell
from so24.ledger.keeping import keep_result, past_results
from so24.ledger.memory import (
    NEWEST_KEPT,
    change_of,
    find_superfluous,
    still_apart,
    with_changes,
)
from so24.ledger.read import reconcile_period
from so24.ledger.reconcile import Verdict
from so24.ledger.sentences import tell_apart, tell_change, tell_earlier, tell_reading
from so24.people.desk import Desk
from so24.store.ledger.results import (
    MOST_APART,
    KeptDifference,
    KeptResult,
    KeptSum,
    kept_results,
)
from so24.store.tables.ledger_tables import LedgerResult, Witness
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import ADMIN, World

OCTOBER = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
NOVEMBER = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
BOTH = OCTOBER[0], NOVEMBER[1]
LONG_AGO = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)


def difference(number: int, day: dt.date | None = NOVEMBER[0]) -> KeptDifference:
    """A line that does not agree."""
    amount = Decimal(number)
    return KeptDifference(
        number, str(number), f"RM-10-{number}", "differs", day, amount, None, "NOK"
    )


def result(
    number: int,
    *apart: KeptDifference,
    period: tuple[dt.date, dt.date] = NOVEMBER,
    witness: Witness = Witness.OFFICE,
    unlisted: int = 0,
    at: dt.datetime = LONG_AGO,
) -> KeptResult:
    """A result that is kept; the higher number is the newer one."""
    return KeptResult(
        number, 1, "Nord (1)", witness, *period, at + dt.timedelta(minutes=number), "ada", 9,
        len(apart) + unlisted, (), apart, (), "",
    )  # fmt: skip


def test_the_difference_to_the_one_before_is_new_gone_and_as_before() -> None:
    change = change_of(
        result(2, difference(1), difference(3)), [result(1, difference(1), difference(2))]
    )
    assert change is not None
    assert change.new == (difference(3),)
    assert change.gone == (difference(2),)
    assert change.same == (difference(1),)


def test_the_same_period_counts_more_than_a_newer_one_that_shares_days() -> None:
    older = [result(2, period=BOTH), result(1, difference(1))]
    change = change_of(result(3, difference(1)), older)
    assert change is not None
    assert change.before.id == 1


def test_of_another_period_only_the_days_of_both_are_compared() -> None:
    before = result(1, difference(1, OCTOBER[0]), difference(2), period=BOTH)
    change = change_of(result(2, difference(2)), [before])
    assert change is not None
    assert (change.new, change.gone, change.same) == ((), (), (difference(2),))
    assert (change.first, change.last) == NOVEMBER


def test_another_witness_another_company_and_other_days_are_not_compared() -> None:
    assert change_of(result(2), [result(1, witness=Witness.SAFT)]) is None
    assert change_of(result(2), [result(1, period=OCTOBER)]) is None


def test_what_is_not_listed_in_full_is_not_compared() -> None:
    assert change_of(result(2, difference(1)), [result(1, unlisted=1)]) is None


def test_what_did_not_agree_stands_until_its_days_are_reconciled_again() -> None:
    october = result(1, difference(1, OCTOBER[0]), period=OCTOBER)
    [standing] = still_apart([result(2), october])
    assert (standing.count, standing.earlier) == (1, 1)
    assert (standing.first, standing.last) == OCTOBER
    assert still_apart([result(3, period=OCTOBER), result(2), october]) == []


def test_a_line_with_a_date_outside_its_period_is_answered_by_the_same_period() -> None:
    moved = result(1, difference(1, NOVEMBER[0]), period=OCTOBER)
    assert still_apart([result(2, period=OCTOBER), moved]) == []


def test_each_witness_speaks_for_itself() -> None:
    found = still_apart([result(2, witness=Witness.SAFT), result(1, difference(1))])
    assert [each.witness for each in found] == [Witness.OFFICE]


def test_a_mark_is_of_the_differences_and_not_of_when_they_were_seen() -> None:
    [first] = still_apart([result(1, difference(1), difference(2))])
    [again] = still_apart([result(2, difference(2), difference(1)), result(1, difference(1))])
    [other] = still_apart([result(2, difference(1))])
    assert first.mark == again.mark != other.mark


def test_old_results_are_thinned_to_one_a_month_and_those_that_still_say_something() -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    first = result(1, difference(1, OCTOBER[0]), period=OCTOBER, at=start)
    results = [first] + [
        result(number, at=start + dt.timedelta(days=number * 3)) for number in range(2, 101)
    ]
    newest_first = results[::-1]
    gone = set(find_superfluous(newest_first))
    kept = [each for each in newest_first if each.id not in gone]
    assert kept[:NEWEST_KEPT] == newest_first[:NEWEST_KEPT]
    assert kept[-1] == first
    months = [(each.read_at.year, each.read_at.month) for each in kept[NEWEST_KEPT:-1]]
    assert len(months) == len(set(months))
    assert find_superfluous(kept) == []


@pytest.mark.both
def test_each_reading_is_kept_with_sums_and_what_differs(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    order_id = enter_twin(world, world.add_invoices(department, 4))
    desk = Desk(world.installation, ADMIN)
    reconcile_period(desk, *NOVEMBER)
    [newest] = past_results(desk)
    assert newest.change is None
    [apart] = newest.result.apart
    assert (apart.there, apart.verdict) == (str(order_id), str(Verdict.ONLY_OFFICE))
    [total] = newest.result.sums
    assert total.currency == "NOK"
    assert total.theirs - total.ours == apart.theirs
    reconcile_period(desk, *NOVEMBER)
    newest, before = past_results(desk)
    assert before.result.read_at < newest.result.read_at
    assert newest.change is not None
    assert (newest.change.new, newest.change.gone) == ((), ())
    assert "Differences since" in tell_change(newest)
    assert "0 new, 0 gone, 1 as before" in tell_reading(newest)
    with speaking("nb"):
        assert "0 nye, 0 borte, 1 som før" in tell(tell_reading(newest))


@pytest.mark.both
def test_so_many_differences_are_kept_and_of_the_rest_their_count(world: World) -> None:
    row = LedgerResult(
        client_id=1, company="Nord (1)", date_from=NOVEMBER[0], date_to=NOVEMBER[1], read_by="ada",
        orders=5_000, differences=MOST_APART + 5,
    )  # fmt: skip
    with world.installation.db.writing() as session:
        apart = [difference(number) for number in range(MOST_APART + 5)]
        sums = [KeptSum("NOK", Decimal("1.10"), Decimal("1.00"))]
        keep_result(session, world.installation.settings, row, sums=sums, apart=apart)
    with world.installation.db.reading() as session:
        [kept] = kept_results(session)
    assert (len(kept.apart), kept.unlisted) == (MOST_APART, 5)
    assert kept.sums == (KeptSum("NOK", Decimal("1.10"), Decimal("1.00")),)
    [standing] = still_apart([kept])
    assert standing.count == MOST_APART + 5


@pytest.mark.both
def test_results_go_when_nothing_asks_for_them_any_more(world: World) -> None:
    settings = world.installation.settings
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=366 * (settings.keep_years + 2))
    with world.installation.db.writing() as session:
        for at in (old, dt.datetime.now(dt.UTC)):
            row = LedgerResult(
                client_id=1, company="", date_from=NOVEMBER[0], date_to=NOVEMBER[1], read_by="ada",
                read_at=at,
            )  # fmt: skip
            keep_result(session, settings, row, sums=(), apart=())
        assert [each.read_at > old for each in kept_results(session)] == [True]


def test_what_earlier_days_said_is_told_beside_the_newest_result() -> None:
    results = [result(2, difference(2)), result(1, difference(1, OCTOBER[0]), period=OCTOBER)]
    [standing] = still_apart(results)
    assert tell_apart(standing).startswith("2 lines of Nord (1) do not agree")
    assert tell_earlier(standing).startswith("Nord (1): 1 line of other days did not agree")
    [alone] = still_apart(results[:1])
    assert tell_earlier(alone) == ""
    assert tell_change(with_changes(results)[0]) == ""
