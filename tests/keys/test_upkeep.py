"""What can be changed on a key, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.keys import access, credentials, departments, upkeep
from so24.keys.change import change_key
from so24.keys.credentials import NewKey
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import (
    CREDIT_NOTES,
    FIELDS,
    MODE,
    NAME,
    OFFICE_DEPARTMENTS,
    SCOPE,
    TAX_CODES,
    TOLERANCE,
    Scope,
)
from so24.keys.product_settings import CATEGORY
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.runner import SandboxServer
from so24.store.people.audit import latest_events
from so24.store.people.origins import WORKER
from so24.store.tables.key_tables import Key, KeyMode, KeyState
from so24.store.tables.transfer_tables import State
from tests.keys.documents import put_invoice, put_transfer


@pytest.fixture
def key_id(connected: Installation, admin: Actor, oslo_key: NewKey) -> int:
    """The key Oslo for all departments."""
    return credentials.add_key(Desk(connected, admin), oslo_key).id


@pytest.mark.both
def test_a_key_is_renamed_unless_another_has_the_name(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    ten = departments.add_department(Desk(connected, admin), "10")
    other = replace(oslo_key, name="Ten", all_departments=False, department_ids=(ten,))
    credentials.add_key(Desk(connected, admin), other)
    with pytest.raises(WrongUse, match="There is a key named “ten” already"):
        change_key(Desk(connected, admin), key_id, NAME.to("ten"))
    change_key(Desk(connected, admin), key_id, NAME.to("OSLO"))
    assert [key.name for key in upkeep.list_keys(Desk(connected, admin))] == ["OSLO", "Ten"]


def test_rescoping_into_an_overlap_changes_nothing(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    ten = departments.add_department(Desk(connected, admin), "10", "Oslo")
    twenty = departments.add_department(Desk(connected, admin), "20", "Bergen")
    other = replace(oslo_key, name="Ten", all_departments=False, department_ids=(ten,))
    other_id = credentials.add_key(Desk(connected, admin), other).id
    before = upkeep.list_keys(Desk(connected, admin))
    with pytest.raises(WrongUse, match="both serve all departments"):
        change_key(Desk(connected, admin), other_id, SCOPE.to(Scope(True)))
    with pytest.raises(WrongUse, match="both serve department 10 Oslo"):
        change_key(Desk(connected, admin), key_id, SCOPE.to(Scope(False, (ten, twenty))))
    with pytest.raises(WrongUse, match="at least one"):
        change_key(Desk(connected, admin), key_id, SCOPE.to(Scope(False)))
    assert upkeep.list_keys(Desk(connected, admin)) == before
    change_key(Desk(connected, admin), key_id, SCOPE.to(Scope(False, (twenty,))))
    assert upkeep.key_named(Desk(connected, admin), "Oslo").scope == "20 Bergen"


def test_a_disabled_key_leaves_room_and_cannot_come_back_into_an_overlap(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    upkeep.disable_key(Desk(connected, admin), key_id)
    credentials.add_key(Desk(connected, admin), replace(oslo_key, name="Second"))
    with pytest.raises(WrongUse, match="“Oslo” and “Second” both serve all departments"):
        upkeep.enable_key(Desk(connected, admin), key_id)
    assert upkeep.key_named(Desk(connected, admin), "Oslo").state is KeyState.DISABLED
    upkeep.delete_key(Desk(connected, admin), upkeep.key_named(Desk(connected, admin), "Second").id)
    upkeep.enable_key(Desk(connected, admin), key_id)
    (key,) = upkeep.list_keys(Desk(connected, admin))
    assert (key.name, key.state, key.overlap) == ("Oslo", KeyState.USABLE, False)


@pytest.mark.both
def test_deleting_wipes_the_password_and_frees_the_name(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int
) -> None:
    upkeep.delete_key(Desk(connected, admin), key_id)
    with connected.db.reading() as session:
        row = session.get(Key, key_id)
    assert row is not None
    assert (row.state, row.password_sealed, row.session_sealed) == (KeyState.DELETED, "", "")
    assert upkeep.list_keys(Desk(connected, admin)) == []
    credentials.add_key(Desk(connected, admin), oslo_key)


def test_a_key_that_open_transfers_need_is_not_deleted(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    ten = departments.add_department(Desk(connected, admin), "10")
    put_transfer(connected, put_invoice(connected, ten, "1"), State.TRANSFERRED, key_id)
    put_transfer(connected, put_invoice(connected, ten, "2"), State.UNKNOWN, key_id)
    with pytest.raises(WrongUse, match=r"“Oslo” cannot be deleted while .* \(1\)"):
        upkeep.delete_key(Desk(connected, admin), key_id)
    access.open_office(connected, key_id, origin=WORKER).office.close()


@pytest.mark.parametrize("tolerance", ["-0.01", "1.01", "0.005", "NaN", "Infinity"])
def test_a_tolerance_is_small_and_has_two_decimals(
    connected: Installation, admin: Actor, key_id: int, tolerance: str
) -> None:
    with pytest.raises(WrongUse, match="0,00 to 1,00"):
        change_key(Desk(connected, admin), key_id, TOLERANCE.to(Decimal(tolerance)))


def test_mode_and_tolerance_are_kept_and_audited(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    assert upkeep.key_named(Desk(connected, admin), "Oslo").tolerance == Decimal("0.00")
    change_key(Desk(connected, admin), key_id, MODE.to(KeyMode.APPROVAL))
    change_key(Desk(connected, admin), key_id, TOLERANCE.to(Decimal("0.05")))
    key = upkeep.key_named(Desk(connected, admin), "Oslo")
    assert (key.mode, key.tolerance) == (KeyMode.APPROVAL, Decimal("0.05"))
    with connected.db.reading() as session:
        newest = [(event.action, event.detail) for event in latest_events(session, limit=2)]
    assert newest == [("key tolerance set", "0.05"), ("key mode set", "approval")]


def test_the_rules_of_a_key_stay_as_confirmed_while_its_documents_are_in_transfer(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    ten = departments.add_department(Desk(connected, admin), "10")
    put_transfer(connected, put_invoice(connected, ten, "1"), State.QUEUED, key_id)
    changes: list[Callable[[], object]] = [
        lambda: change_key(Desk(connected, admin), key_id, MODE.to(KeyMode.APPROVAL)),
        lambda: change_key(Desk(connected, admin), key_id, TOLERANCE.to(Decimal("0.05"))),
        lambda: change_key(Desk(connected, admin), key_id, CATEGORY.to(None)),
        lambda: change_key(Desk(connected, admin), key_id, FIELDS.to([KeyField.PROJECT])),
        lambda: change_key(Desk(connected, admin), key_id, TAX_CODES.to({})),
        lambda: change_key(Desk(connected, admin), key_id, OFFICE_DEPARTMENTS.to({})),
    ]
    before = upkeep.key_named(Desk(connected, admin), "Oslo")
    for change in changes:
        with pytest.raises(WrongUse, match=r"“Oslo” is in use: 1 of its documents are in transfer"):
            change()
    assert upkeep.key_named(Desk(connected, admin), "Oslo") == before


def test_an_unknown_key_gets_a_sentence_that_names_the_known_ones(
    connected: Installation, admin: Actor, key_id: int, office: SandboxServer
) -> None:
    with pytest.raises(WrongUse, match=r"no key “Bergen”\. Keys: “Oslo”\."):
        upkeep.key_named(Desk(connected, admin), "Bergen")
    with pytest.raises(WrongUse, match="does not exist any more"):
        change_key(Desk(connected, admin), 999, NAME.to("Anything"))


def test_a_key_of_the_sandbox_sends_credit_notes_and_the_switch_is_audited(
    connected: Installation, admin: Actor, analyst: Actor, key_id: int
) -> None:
    assert upkeep.key_named(Desk(connected, admin), "Oslo").credit_notes
    change_key(Desk(connected, admin), key_id, CREDIT_NOTES.to(False))
    assert not upkeep.key_named(Desk(connected, admin), "Oslo").credit_notes
    change_key(Desk(connected, admin), key_id, CREDIT_NOTES.to(True))
    with pytest.raises(NotAllowed):
        change_key(Desk(connected, analyst), key_id, CREDIT_NOTES.to(False))
    with connected.db.reading() as session:
        newest = [(event.action, event.detail) for event in latest_events(session, limit=3)]
    assert newest[0][0] == "change refused"
    assert newest[1:] == [("key credit notes set", "on"), ("key credit notes set", "off")]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_new_key_sends_credit_notes_or_not_as_it_is_told(
    connected: Installation, admin: Actor, oslo_key: NewKey, wanted: bool
) -> None:
    credentials.add_key(Desk(connected, admin), replace(oslo_key, credit_notes=wanted))
    assert upkeep.key_named(Desk(connected, admin), "Oslo").credit_notes is wanted


@pytest.mark.parametrize(("mode", "first"), [("sandbox", "invoice"), ("live", "approval")])
def test_for_a_new_key_of_real_books_it_is_proposed_that_the_accountant_sees_the_orders_first(
    connected: Installation, mode: str, first: str
) -> None:
    connected.settings.mode = mode  # type: ignore[assignment] # one of two words
    assert credentials.first_mode(connected) == first


@pytest.mark.parametrize("again", ["Østfold", "østfold", "ØSTFOLD"])
def test_a_name_is_taken_whatever_the_case_of_its_letters(
    connected: Installation, admin: Actor, oslo_key: NewKey, key_id: int, again: str
) -> None:
    change_key(Desk(connected, admin), key_id, NAME.to("Østfold"))
    ten = departments.add_department(Desk(connected, admin), "10")
    other = replace(oslo_key, name=again, all_departments=False, department_ids=(ten,))
    with pytest.raises(WrongUse, match=f"There is a key named “{again}” already"):
        credentials.add_key(Desk(connected, admin), other)
    second = credentials.add_key(Desk(connected, admin), replace(other, name="Ten")).id
    with pytest.raises(WrongUse, match=f"There is a key named “{again}” already"):
        change_key(Desk(connected, admin), second, NAME.to(again))
    assert upkeep.key_named(Desk(connected, admin), again).id == key_id


def test_keys_are_listed_in_the_order_of_norwegian_letters(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    names = ["Ås", "østfold", "Ærø", "zoo", "Aa", "École"]
    for number, name in enumerate(names):
        own = departments.add_department(Desk(connected, admin), str(number))
        new = replace(oslo_key, name=name, all_departments=False, department_ids=(own,))
        credentials.add_key(Desk(connected, admin), new)
    listed = [key.name for key in upkeep.list_keys(Desk(connected, admin))]
    assert listed == ["Aa", "École", "zoo", "Ærø", "østfold", "Ås"]
