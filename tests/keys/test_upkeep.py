"""What can be changed on a key, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.keys import access, credentials, departments, options, rules, upkeep
from so24.keys.carrying import Carried
from so24.keys.credentials import NewKey
from so24.people.roles import Actor
from so24.sandbox.runner import SandboxServer
from so24.store.people.audit import latest_events
from so24.store.tables.key_tables import Key, KeyMode, KeyState
from so24.store.tables.transfer_tables import State
from tests.keys.documents import put_invoice, put_transfer


@pytest.fixture
def key_id(connected: Installation, admin: Actor, oslo_key: NewKey) -> int:
    """The key Oslo for all departments."""
    return credentials.add_key(connected, admin, oslo_key).id


@pytest.mark.both
def test_a_key_is_renamed_unless_another_has_the_name(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    ten = departments.add_department(connected, admin, "10")
    other = replace(oslo_key, name="Ten", all_departments=False, department_ids=(ten,))
    credentials.add_key(connected, admin, other)
    with pytest.raises(WrongUse, match="There is a key named “ten” already"):
        upkeep.rename_key(connected, admin, key_id, "ten")
    upkeep.rename_key(connected, admin, key_id, "OSLO")
    assert [key.name for key in upkeep.list_keys(connected, admin)] == ["OSLO", "Ten"]


def test_rescoping_into_an_overlap_changes_nothing(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    ten = departments.add_department(connected, admin, "10", "Oslo")
    twenty = departments.add_department(connected, admin, "20", "Bergen")
    other = replace(oslo_key, name="Ten", all_departments=False, department_ids=(ten,))
    other_id = credentials.add_key(connected, admin, other).id
    before = upkeep.list_keys(connected, admin)
    with pytest.raises(WrongUse, match="both serve all departments"):
        upkeep.rescope_key(connected, admin, other_id, all_departments=True)
    with pytest.raises(WrongUse, match="both serve department 10 Oslo"):
        upkeep.rescope_key(
            connected, admin, key_id, all_departments=False, department_ids=(ten, twenty)
        )
    with pytest.raises(WrongUse, match="at least one"):
        upkeep.rescope_key(connected, admin, key_id, all_departments=False)
    assert upkeep.list_keys(connected, admin) == before
    upkeep.rescope_key(connected, admin, key_id, all_departments=False, department_ids=(twenty,))
    assert upkeep.key_named(connected, admin, "Oslo").scope == "20 Bergen"


def test_a_disabled_key_leaves_room_and_cannot_come_back_into_an_overlap(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    upkeep.disable_key(connected, admin, key_id)
    credentials.add_key(connected, admin, replace(oslo_key, name="Second"))
    with pytest.raises(WrongUse, match="“Oslo” and “Second” both serve all departments"):
        upkeep.enable_key(connected, admin, key_id)
    assert upkeep.key_named(connected, admin, "Oslo").state is KeyState.DISABLED
    upkeep.delete_key(connected, admin, upkeep.key_named(connected, admin, "Second").id)
    upkeep.enable_key(connected, admin, key_id)
    (key,) = upkeep.list_keys(connected, admin)
    assert (key.name, key.state, key.overlap) == ("Oslo", KeyState.USABLE, False)


@pytest.mark.both
def test_deleting_wipes_the_password_and_frees_the_name(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    upkeep.delete_key(connected, admin, key_id)
    with connected.db.reading() as session:
        row = session.get(Key, key_id)
    assert row is not None
    assert (row.state, row.password_sealed, row.session_sealed) == (KeyState.DELETED, "", "")
    assert upkeep.list_keys(connected, admin) == []
    credentials.add_key(connected, admin, oslo_key)


def test_a_key_that_open_transfers_need_is_not_deleted(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    ten = departments.add_department(connected, admin, "10")
    put_transfer(connected, put_invoice(connected, ten, "1"), State.TRANSFERRED, key_id)
    put_transfer(connected, put_invoice(connected, ten, "2"), State.UNKNOWN, key_id)
    with pytest.raises(WrongUse, match=r"“Oslo” cannot be deleted while .* \(1\)"):
        upkeep.delete_key(connected, admin, key_id)
    access.open_office(connected, key_id).office.close()


@pytest.mark.parametrize("tolerance", ["-0.01", "1.01", "0.005", "NaN", "Infinity"])
def test_a_tolerance_is_small_and_has_two_decimals(
    connected: Installation, admin: Actor, key_id: int, tolerance: str
) -> None:
    with pytest.raises(WrongUse, match="0,00 to 1,00"):
        rules.set_tolerance(connected, admin, key_id, Decimal(tolerance))


def test_mode_and_tolerance_are_kept_and_audited(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    assert upkeep.key_named(connected, admin, "Oslo").tolerance == Decimal("0.00")
    rules.set_mode(connected, admin, key_id, KeyMode.APPROVAL)
    rules.set_tolerance(connected, admin, key_id, Decimal("0.05"))
    key = upkeep.key_named(connected, admin, "Oslo")
    assert (key.mode, key.tolerance) == (KeyMode.APPROVAL, Decimal("0.05"))
    with connected.db.reading() as session:
        newest = [(event.action, event.detail) for event in latest_events(session, limit=2)]
    assert newest == [("key tolerance set", "0.05"), ("key mode set", "approval")]


def test_the_rules_of_a_key_stay_as_confirmed_while_its_documents_are_in_transfer(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    ten = departments.add_department(connected, admin, "10")
    put_transfer(connected, put_invoice(connected, ten, "1"), State.QUEUED, key_id)
    changes: list[Callable[[], None]] = [
        lambda: rules.set_mode(connected, admin, key_id, KeyMode.APPROVAL),
        lambda: rules.set_tolerance(connected, admin, key_id, Decimal("0.05")),
        lambda: rules.set_category(connected, admin, key_id, None),
        lambda: options.set_carried(connected, admin, key_id, [Carried.PROJECT]),
        lambda: options.set_tax_codes(connected, admin, key_id, {}),
        lambda: options.set_departments(connected, admin, key_id, {}),
    ]
    before = upkeep.key_named(connected, admin, "Oslo")
    for change in changes:
        with pytest.raises(WrongUse, match=r"“Oslo” is in use: 1 of its documents are in transfer"):
            change()
    assert upkeep.key_named(connected, admin, "Oslo") == before


def test_an_unknown_key_gets_a_sentence_that_names_the_known_ones(
    connected: Installation, admin: Actor, key_id: int, office: SandboxServer
) -> None:
    with pytest.raises(WrongUse, match=r"no key “Bergen”\. Keys: “Oslo”\."):
        upkeep.key_named(connected, admin, "Bergen")
    with pytest.raises(WrongUse, match="does not exist any more"):
        upkeep.rename_key(connected, admin, 999, "Anything")


def test_a_key_of_the_sandbox_sends_credit_notes_and_the_switch_is_audited(
    connected: Installation, admin: Actor, analyst: Actor, key_id: int
) -> None:
    assert upkeep.key_named(connected, admin, "Oslo").credit_notes
    rules.set_credit_notes(connected, admin, key_id, False)
    assert not upkeep.key_named(connected, admin, "Oslo").credit_notes
    rules.set_credit_notes(connected, admin, key_id, True)
    with pytest.raises(NotAllowed):
        rules.set_credit_notes(connected, analyst, key_id, False)
    with connected.db.reading() as session:
        newest = [(event.action, event.detail) for event in latest_events(session, limit=2)]
    assert newest == [("key credit notes set", "on"), ("key credit notes set", "off")]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_new_key_sends_credit_notes_or_not_as_it_is_told(
    connected: Installation, admin: Actor, oslo_key: NewKey, wanted: bool
) -> None:
    credentials.add_key(connected, admin, replace(oslo_key, credit_notes=wanted))
    assert upkeep.key_named(connected, admin, "Oslo").credit_notes is wanted
