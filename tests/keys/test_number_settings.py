"""A key takes RecMan's numbers only where they can be held; other keys of its company are named."""

from __future__ import annotations

from typing import Any

import pytest

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.change import Change, change_key
from so24.keys.key_settings import MODE, read_settings
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS, tell_sharing
from so24.keys.upkeep import list_keys
from so24.people.desk import Desk
from so24.store.tables.key_tables import Key, KeyMode, KeyState, Numbers
from so24.store.tables.transfer_tables import State, Transfer
from tests.transfer.world import ADMIN, CLIENT, World

SAME = (NUMBERS.to(Numbers.SAME), NEXT_NUMBER.to("1001"))


@pytest.fixture
def key_id(world: World) -> int:
    return world.add_key([world.add_department()], name="Oslo")


def change(installation: Installation, key_id: int, *changes: Change) -> None:
    change_key(Desk(installation, ADMIN), key_id, *changes)


def test_recmans_numbers_need_the_next_one(world: World, key_id: int) -> None:
    with pytest.raises(WrongUse, match="need the next number"):
        change(world.installation, key_id, NUMBERS.to(Numbers.SAME))
    change(world.installation, key_id, *SAME)
    with pytest.raises(WrongUse, match="need the next number"):
        change(world.installation, key_id, NEXT_NUMBER.to(""))


def test_recmans_numbers_and_approval_exclude_each_other_whichever_comes_first(
    world: World, key_id: int
) -> None:
    change(world.installation, key_id, MODE.to(KeyMode.APPROVAL))
    with pytest.raises(WrongUse, match="waits for approval"):
        change(world.installation, key_id, *SAME)
    change(world.installation, key_id, MODE.to(KeyMode.INVOICE), *SAME)
    with pytest.raises(WrongUse, match="waits for approval"):
        change(world.installation, key_id, MODE.to(KeyMode.APPROVAL))
    change(world.installation, key_id, MODE.to(KeyMode.APPROVAL), NUMBERS.to(Numbers.OWN))


def test_so24_counts_on_from_what_a_person_has_said(world: World, key_id: int) -> None:
    def next_number() -> str:
        return NEXT_NUMBER.of(read_settings(Desk(world.installation, ADMIN), key_id))

    ids = world.add_invoices(1, 3)
    assert next_number() == ""
    world.control.edit("set_invoice_series", CLIENT, number=1001)
    change(world.installation, key_id, *SAME)
    assert next_number() == "1001"
    world.export(ids[:2])
    assert next_number() == "1003"
    change(world.installation, key_id, NEXT_NUMBER.to("50"))  # the series was set back
    assert next_number() == "50"


def test_what_was_only_found_there_does_not_move_what_comes_next(world: World, key_id: int) -> None:
    [first] = world.add_invoices(1, 1)
    world.control.edit("set_invoice_series", CLIENT, number=1001)
    change(world.installation, key_id, *SAME)
    [row] = world.export([first])
    with world.installation.db.writing() as session:
        found = session.get_one(Transfer, row.row_id)
        found.state, found.office_invoice_id = State.EXISTS, 90001
    values = read_settings(Desk(world.installation, ADMIN), key_id)
    assert NEXT_NUMBER.of(values) == "1001"


def test_keys_of_one_company_are_told_to_disturb_each_other(world: World, key_id: int) -> None:
    other = world.add_key([world.add_department("20")], name="Bergen")
    assert not any(each.sharing for each in list_keys(Desk(world.installation, ADMIN)))
    change(world.installation, key_id, *SAME)
    told = {each.name: each.sharing for each in list_keys(Desk(world.installation, ADMIN))}
    assert "Key “Bergen” invoices in the same company by own numbers" in told["Oslo"]
    assert told["Bergen"] == ""
    change(world.installation, other, *SAME)
    told = {each.name: each.sharing for each in list_keys(Desk(world.installation, ADMIN))}
    assert all("must make one sequence in RecMan" in each for each in told.values())


@pytest.mark.parametrize(
    "apart", [{"client_id": 2}, {"state": KeyState.DISABLED}, {"state": KeyState.DELETED}]
)
def test_a_key_of_another_company_or_one_that_is_not_used_disturbs_nobody(
    apart: dict[str, Any],
) -> None:
    key, other = make_key(1), make_key(2, **apart)
    assert tell_sharing(key, [key, other]) == ""


def make_key(key_id: int, **changes: Any) -> Key:
    """A key with RecMan's numbers that nobody has stored."""
    values: dict[str, Any] = {
        "id": key_id, "name": f"key {key_id}", "organization_id": 1, "client_id": 1,
        "username": "a", "password_sealed": "", "numbers": Numbers.SAME,
    }  # fmt: skip
    return Key(**(values | changes))
