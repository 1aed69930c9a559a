"""What a key carries is chosen by administrators, from what the account has, and audited."""

from __future__ import annotations

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.keys.change import change_key, read_choices
from so24.keys.credentials import NewKey, add_key
from so24.keys.departments import add_department
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import (
    FIELDS,
    OFFICE_DEPARTMENTS,
    SCOPE,
    TAX_CODES,
    UPDATE_CUSTOMERS,
    Scope,
    read_settings,
)
from so24.keys.upkeep import read_department_map
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.runner import Control, SandboxServer
from so24.store.people.audit import latest_events


def audited(installation: Installation) -> list[tuple[str, str, str]]:
    """Action, subject and detail of everything that was audited."""
    with installation.db.reading() as session:
        return [(each.action, each.subject, each.detail) for each in latest_events(session)]


@pytest.fixture
def key_id(connected: Installation, admin: Actor, oslo_key: NewKey) -> int:
    return add_key(Desk(connected, admin), oslo_key).id


def test_a_new_key_carries_what_is_documented(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    chosen = read_settings(Desk(connected, admin), key_id)
    assert FIELDS.of(chosen) == (KeyField.KID, KeyField.YOUR_REFERENCE)
    assert (TAX_CODES.of(chosen), UPDATE_CUSTOMERS.of(chosen)) == ({}, False)


def test_fields_are_chosen_as_a_whole(connected: Installation, admin: Actor, key_id: int) -> None:
    change_key(Desk(connected, admin), key_id, FIELDS.to({KeyField.PROJECT, KeyField.KID}))
    assert FIELDS.of(read_settings(Desk(connected, admin), key_id)) == (
        KeyField.KID,
        KeyField.PROJECT,
    )
    assert ("key fields chosen", "Oslo", "KID, Project") in audited(connected)
    change_key(Desk(connected, admin), key_id, FIELDS.to(()))
    assert FIELDS.of(read_settings(Desk(connected, admin), key_id)) == ()


def test_blocking_missing_projects_needs_the_project(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    with pytest.raises(WrongUse, match="carries the project"):
        change_key(Desk(connected, admin), key_id, FIELDS.to({KeyField.PROJECT_MUST_EXIST}))


def test_tax_codes_are_the_accounts_own_and_of_their_rate(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    with pytest.raises(WrongUse, match=r"no tax code 99\. Its codes: 3, 31, 33, 5\."):
        change_key(Desk(connected, admin), key_id, TAX_CODES.to({"25": 99}))
    with pytest.raises(WrongUse, match=r"is for 15 %, not for 25 %"):
        change_key(Desk(connected, admin), key_id, TAX_CODES.to({"25": 31}))
    assert TAX_CODES.of(read_settings(Desk(connected, admin), key_id)) == {}
    change_key(Desk(connected, admin), key_id, TAX_CODES.to({"15": 31, "25.00": 3}))
    assert TAX_CODES.of(read_settings(Desk(connected, admin), key_id)) == {"25": 3, "15": 31}
    assert ("key tax codes chosen", "Oslo", "15 % = 31, 25 % = 3") in audited(connected)


def test_leaving_vat_to_24sevenoffice_needs_no_call(
    connected: Installation, admin: Actor, key_id: int, office: SandboxServer
) -> None:
    control = Control(office.address)
    control.reset_calls()
    change_key(Desk(connected, admin), key_id, TAX_CODES.to({}))
    change_key(Desk(connected, admin), key_id, OFFICE_DEPARTMENTS.to({}))
    read_settings(Desk(connected, admin), key_id)
    read_department_map(Desk(connected, admin), key_id)
    assert control.calls()["operations"] == {}


def test_departments_are_chosen_from_the_accounts_own_list_and_kept_with_their_names(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    ours = add_department(Desk(connected, admin), "10", "Helse", "10")
    with pytest.raises(WrongUse, match=r"no department 99\. It has: .*Bergen \(3\)"):
        change_key(Desk(connected, admin), key_id, OFFICE_DEPARTMENTS.to({ours: 99}))
    change_key(Desk(connected, admin), key_id, OFFICE_DEPARTMENTS.to({ours: 3}))
    (mapped,) = read_department_map(Desk(connected, admin), key_id)
    assert (mapped.label, mapped.office_id, mapped.office_name) == ("10 Helse", 3, "Bergen")
    assert ("key departments mapped", "Oslo", "10 = Bergen (3)") in audited(connected)
    change_key(Desk(connected, admin), key_id, OFFICE_DEPARTMENTS.to({}))
    (mapped,) = read_department_map(Desk(connected, admin), key_id)
    assert mapped.office_id is None


def test_only_departments_that_the_key_is_for_are_mapped(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    ours, others = (add_department(Desk(connected, admin), number) for number in ("10", "20"))
    change_key(Desk(connected, admin), key_id, SCOPE.to(Scope(False, (ours,))))
    with pytest.raises(WrongUse, match="Key “Oslo” is not for department 20"):
        change_key(Desk(connected, admin), key_id, OFFICE_DEPARTMENTS.to({ours: 3, others: 2}))


def test_the_accounts_choices_are_read_on_demand(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    choices = read_choices(Desk(connected, admin), key_id)
    assert "Stavanger" in {each.name for each in choices.departments}
    assert {each.code for each in choices.tax_codes} == {3, 31, 33, 5}


def test_customer_updates_are_off_until_somebody_allows_them(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    change_key(Desk(connected, admin), key_id, UPDATE_CUSTOMERS.to(True))
    assert UPDATE_CUSTOMERS.of(read_settings(Desk(connected, admin), key_id))
    assert ("key customer updates", "Oslo", "on") in audited(connected)


def test_only_administrators_choose(connected: Installation, finance: Actor, key_id: int) -> None:
    with pytest.raises(NotAllowed):
        change_key(Desk(connected, finance), key_id, FIELDS.to(()))
    with pytest.raises(NotAllowed):
        read_settings(Desk(connected, finance), key_id)
    with pytest.raises(NotAllowed):
        read_department_map(Desk(connected, finance), key_id)
    with pytest.raises(NotAllowed):
        change_key(Desk(connected, finance), key_id, UPDATE_CUSTOMERS.to(True))
