"""Keys are tested before they are kept, guarded by their company, and never show a secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from so24.errors import LoginRefused, NotAllowed, NotSent, Unknown, WrongCompany, WrongUse
from so24.installation import Installation, open_installation
from so24.keys import access, account, credentials, departments, upkeep
from so24.keys.credentials import NewKey
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.seed import BERGEN, OSLO, STAVANGER, STRAY
from so24.sandbox.runner import Control, SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.settings import Settings
from so24.store.people.origins import WORKER
from so24.store.tables.key_tables import KeyMode
from tests.keys.traces import audited, logins


@pytest.mark.both
def test_adding_a_key_tells_the_company_and_keeps_the_session_for_the_first_lane(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    added = credentials.add_key(Desk(connected, admin), replace(oslo_key, category="services 25 %"))
    assert added.company.client_name == "Nordlys Bemanning AS"
    assert added.category is not None
    assert added.category.id == 1
    with access.open_office(connected, added.id, origin=WORKER).office as opened:
        assert opened.account.current_identity().client_id == OSLO
    assert logins(office) == 1
    (key,) = upkeep.list_keys(Desk(connected, admin))
    assert (key.name, key.client_id, key.client_name, key.scope) == (
        "Oslo",
        OSLO,
        "Nordlys Bemanning AS",
        "All departments",
    )
    assert (key.category_name, key.password_set_by, key.pinned_by) == ("Services 25 %", "ada", "")
    assert key.last_used_at is not None
    assert ("ada", "key added", "Oslo") in audited(connected)


def test_a_key_of_an_account_that_has_to_switch_says_so(
    connected: Installation, admin: Actor
) -> None:
    new = NewKey("Bergen", BERGEN, "bergen@sandbox.example", "sandbox-bergen", all_departments=True)
    added = credentials.add_key(Desk(connected, admin), new)
    assert added.trial.switched
    assert added.company.client_id == BERGEN


def test_a_company_closed_for_maintenance_still_takes_a_key_without_category(
    connected: Installation, admin: Actor
) -> None:
    new = NewKey(
        "Sør", STAVANGER, "stavanger@sandbox.example", "sandbox-stavanger", all_departments=True
    )
    with pytest.raises(WrongUse, match="cannot be checked now"):
        credentials.add_key(Desk(connected, admin), replace(new, category=1))
    added = credentials.add_key(Desk(connected, admin), new)
    assert added.trial.categories == ()
    assert "could not be read" in added.trial.categories_problem


def test_a_refused_login_saves_nothing(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    with pytest.raises(LoginRefused):
        credentials.add_key(Desk(connected, admin), replace(oslo_key, password="not-this-one"))
    assert upkeep.list_keys(Desk(connected, admin)) == []
    assert logins(office) == 1
    assert ("ada", "account tested", f"Organization ID {OSLO}") in audited(connected)


def test_an_account_of_another_company_saves_nothing_and_asks_for_nothing_to_be_saved(
    connected: Installation, admin: Actor, office: SandboxServer
) -> None:
    new = NewKey(
        "Bergen", BERGEN, "oslo@sandbox.example", "sandbox-oslo",
        all_departments=True, category="Services 25 %",
    )  # fmt: skip
    with pytest.raises(WrongCompany, match=f"Nordlys Bemanning AS \\({OSLO}\\)"):
        credentials.add_key(Desk(connected, admin), new)
    assert upkeep.list_keys(Desk(connected, admin)) == []
    operations = Control(office.address).calls()["operations"]
    assert set(operations) == {"Login", "GetIdentities", "GetIdentity"}


def test_a_key_is_pinned_to_another_company_only_when_that_company_is_given(
    connected: Installation, admin: Actor
) -> None:
    new = NewKey("Stray", 10000042, "stray@sandbox.example", "sandbox-stray", all_departments=True)
    with pytest.raises(WrongCompany):
        credentials.add_key(Desk(connected, admin), new)
    with pytest.raises(WrongCompany):
        credentials.add_key(Desk(connected, admin), replace(new, pinned_client_id=OSLO))
    credentials.add_key(Desk(connected, admin), replace(new, pinned_client_id=STRAY))
    (key,) = upkeep.list_keys(Desk(connected, admin))
    assert (key.organization_id, key.client_id, key.pinned_by) == (10000042, STRAY, "ada")
    assert ("ada", "key pinned to another company", "Stray") in audited(connected)


def test_saving_after_a_test_needs_no_second_login(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    trial = account.try_account(Desk(connected, admin), OSLO, oslo_key.username, oslo_key.password)
    added = credentials.add_key(Desk(connected, admin), replace(oslo_key, password=""), trial)
    assert logins(office) == 1
    access.open_office(connected, added.id, origin=WORKER).office.close()
    assert logins(office) == 1


def test_an_earlier_test_proves_nothing_for_another_password(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    trial = account.try_account(Desk(connected, admin), OSLO, oslo_key.username, oslo_key.password)
    with pytest.raises(LoginRefused):
        credentials.add_key(Desk(connected, admin), replace(oslo_key, password="other"), trial)
    assert upkeep.list_keys(Desk(connected, admin)) == []


def test_an_earlier_test_whose_session_has_ended_is_done_again(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    trial = account.try_account(Desk(connected, admin), OSLO, oslo_key.username, oslo_key.password)
    Control(office.address).set(expire_sessions=True)
    credentials.add_key(Desk(connected, admin), replace(oslo_key, password=""), trial)
    assert logins(office) == 2


def test_an_unreachable_office_saves_nothing(
    settings: Settings, admin: Actor, oslo_key: NewKey
) -> None:
    dead = settings.model_copy(update={"office_url": "http://127.0.0.1:9"})
    installation = open_installation(dead)
    with pytest.raises(NotSent):
        credentials.add_key(Desk(installation, admin), oslo_key)
    assert upkeep.list_keys(Desk(installation, admin)) == []
    installation.close()


def test_only_a_system_administrator_manages_keys(
    connected: Installation, finance: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    with pytest.raises(NotAllowed):
        credentials.add_key(Desk(connected, finance), oslo_key)
    with pytest.raises(NotAllowed):
        upkeep.list_keys(Desk(connected, finance))
    with pytest.raises(NotAllowed):
        upkeep.delete_key(Desk(connected, finance), 1)
    assert logins(office) == 0


def test_two_usable_keys_for_the_same_departments_are_refused_before_any_login(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    first = departments.add_department(Desk(connected, admin), "10", "Oslo")
    credentials.add_key(Desk(connected, admin), oslo_key)
    specific = replace(oslo_key, name="Ten", all_departments=False, department_ids=(first,))
    credentials.add_key(Desk(connected, admin), specific)
    with pytest.raises(WrongUse, match="“Oslo” and “Second” both serve all departments"):
        credentials.add_key(Desk(connected, admin), replace(oslo_key, name="Second"))
    with pytest.raises(WrongUse, match="“Ten” and “Third” both serve department 10 Oslo"):
        credentials.add_key(Desk(connected, admin), replace(specific, name="Third"))
    assert logins(office) == 2
    assert [key.name for key in upkeep.list_keys(Desk(connected, admin))] == ["Oslo", "Ten"]


def test_a_key_brings_along_the_departments_that_do_not_exist_yet(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    found = departments.find_departments(Desk(connected, admin), ["40"])
    scope = replace(oslo_key, all_departments=False, new_departments=found.new_numbers)
    with pytest.raises(LoginRefused):
        credentials.add_key(Desk(connected, admin), replace(scope, password="wrong"))
    assert departments.list_departments(Desk(connected, admin)) == []
    credentials.add_key(Desk(connected, admin), scope)
    (department,) = departments.list_departments(Desk(connected, admin))
    assert (department.number, department.series, department.key_name) == ("40", "40", "Oslo")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "  "}, "needs a name"),
        ({"username": ""}, "e-mail address"),
        ({"username": "a b"}, "e-mail address"),
        ({"password": ""}, "must not be empty"),
        ({"password": "two\nlines"}, "line breaks"),
        ({"all_departments": False}, "at least one"),
        ({"department_ids": (1,)}, "not both"),
        ({"all_departments": False, "department_ids": (77,)}, "does not exist"),
    ],
)
def test_input_that_cannot_be_gets_a_sentence_and_no_call(
    connected: Installation,
    admin: Actor,
    office: SandboxServer,
    oslo_key: NewKey,
    change: dict[str, object],
    sentence: str,
) -> None:
    with pytest.raises(WrongUse, match=sentence):
        credentials.add_key(Desk(connected, admin), replace(oslo_key, **change))  # type: ignore[arg-type] # any field
    assert Control(office.address).calls()["requests"] == 0


def test_a_key_for_approval_keeps_that_mode(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    credentials.add_key(Desk(connected, admin), replace(oslo_key, mode=KeyMode.APPROVAL))
    assert upkeep.key_named(Desk(connected, admin), "Oslo").mode is KeyMode.APPROVAL


def test_a_fault_after_the_login_saves_nothing(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    office.faults.arm(Fault("html", "GetIdentity"))
    with pytest.raises(Unknown):
        credentials.add_key(Desk(connected, admin), oslo_key)
    assert upkeep.list_keys(Desk(connected, admin)) == []
