"""A number that a person enters: what so24 has booked under it itself is known before any look."""

from __future__ import annotations

import pytest

from so24.errors import WrongUse
from so24.people.desk import Desk
from so24.states import Since
from so24.store.tables.document_tables import Invoice
from so24.transfer.plan.entered import enter_credited
from so24.transfer.receipt import read_standing
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, World


@pytest.fixture
def ids(world: World) -> list[int]:
    """Two booked invoices of two customers."""
    department = world.add_department()
    world.add_key([department])
    ids = world.add_invoices(department, 2)
    world.export(ids)
    return ids


def number_there(world: World, invoice_id: int) -> int:
    """The number that a document was booked under."""
    line = read_standing(Desk(world.installation, ADMIN), invoice_id)
    assert line
    number = line.office_invoice_id
    assert number
    return number


def entered(world: World, note: int) -> int | None:
    with world.installation.db.reading() as session:
        row = session.get(Invoice, note)
        assert row
        return row.credited_office_id


def test_another_customers_invoice_is_refused_by_name_and_not_saved(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0], credited_number="0987")
    with pytest.raises(WrongUse, match=r"is invoice 10-1002 here.*belongs to another customer"):
        enter_credited(Desk(world.installation, ADMIN), note, number_there(world, ids[1]))
    assert entered(world, note) is None


def test_a_credit_note_is_no_invoice_to_credit(world: World, ids: list[int]) -> None:
    first = add_credit_note(world, ids[0], share="0.5")
    world.export([first])
    note = add_credit_note(world, ids[0], number="9002", credited_number="0987", share="0.5")
    with pytest.raises(WrongUse, match="is credit note 10-9001 here"):
        enter_credited(Desk(world.installation, ADMIN), note, number_there(world, first))
    assert entered(world, note) is None


def test_the_customers_own_invoice_is_taken_and_named(world: World, ids: list[int]) -> None:
    note = add_credit_note(world, ids[0], credited_number="0987")
    desk, number = Desk(world.installation, ADMIN), number_there(world, ids[0])
    assert "That is invoice 10-1001 here" in enter_credited(desk, note, number)
    assert entered(world, note) == number


def test_a_number_that_nobody_knows_here_is_taken_and_only_a_look_is_promised(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0], credited_number="0987")
    run_id = world.start([note])
    world.work(run_id)
    told = enter_credited(Desk(world.installation, ADMIN), note, 4711)
    assert "looks it up before anything is sent" in told
    assert entered(world, note) == 4711
    [line] = world.receipt(run_id)
    assert line.since is Since.MENDED
    assert "Retry looks that up in 24SevenOffice before anything is sent" in line.explanation
