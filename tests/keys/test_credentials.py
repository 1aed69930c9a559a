"""Keys are tested before they are kept, guarded by their company, and never show a secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from so24.errors import LoginRefused, NotAllowed, NotSent, Unknown, WrongCompany, WrongUse
from so24.installation import Installation, open_installation
from so24.keys import access, account, credentials, departments, upkeep
from so24.keys.credentials import NewKey
from so24.people.roles import Actor
from so24.sandbox.control import Control
from so24.sandbox.faults import Fault
from so24.sandbox.runner import SandboxServer
from so24.sandbox.seed import BERGEN, OSLO, STAVANGER, STRAY
from so24.settings import Settings
from so24.store.audit import latest_events
from so24.store.key_tables import KeyMode


def logins(office: SandboxServer) -> int:
    """How many times anybody logged in."""
    return int(Control(office.address).calls()["operations"].get("Login", 0))


def audited(installation: Installation) -> list[tuple[str, str, str]]:
    """Actor, action and subject of the audit trail, oldest first."""
    with installation.db.reading() as session:
        events = latest_events(session)
    return [(event.actor, event.action, event.subject) for event in reversed(events)]


def everything_kept(installation: Installation) -> bytes:
    """All bytes of the data folder: database, its log, and whatever else is there."""
    folder = installation.settings.data_dir
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_adding_a_key_tells_the_company_and_keeps_the_session_for_the_first_lane(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    added = credentials.add_key(connected, admin, replace(oslo_key, category="services 25 %"))
    assert added.company.client_name == "Nordlys Bemanning AS"
    assert added.category is not None
    assert added.category.id == 1
    with access.open_office(connected, added.id).office as opened:
        assert opened.current_identity().client_id == OSLO
    assert logins(office) == 1
    (key,) = upkeep.list_keys(connected, admin)
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
    added = credentials.add_key(connected, admin, new)
    assert added.trial.switched
    assert added.company.client_id == BERGEN


def test_a_company_closed_for_maintenance_still_takes_a_key_without_category(
    connected: Installation, admin: Actor
) -> None:
    new = NewKey(
        "Sør", STAVANGER, "stavanger@sandbox.example", "sandbox-stavanger", all_departments=True
    )
    with pytest.raises(WrongUse, match="cannot be checked now"):
        credentials.add_key(connected, admin, replace(new, category=1))
    added = credentials.add_key(connected, admin, new)
    assert added.trial.categories == ()
    assert "could not be read" in added.trial.categories_problem


def test_a_refused_login_saves_nothing(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    with pytest.raises(LoginRefused):
        credentials.add_key(connected, admin, replace(oslo_key, password="not-this-one"))
    assert upkeep.list_keys(connected, admin) == []
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
        credentials.add_key(connected, admin, new)
    assert upkeep.list_keys(connected, admin) == []
    operations = Control(office.address).calls()["operations"]
    assert set(operations) == {"Login", "GetIdentities", "GetIdentity"}


def test_a_key_is_pinned_to_another_company_only_when_that_company_is_given(
    connected: Installation, admin: Actor
) -> None:
    new = NewKey("Stray", 10000042, "stray@sandbox.example", "sandbox-stray", all_departments=True)
    with pytest.raises(WrongCompany):
        credentials.add_key(connected, admin, new)
    with pytest.raises(WrongCompany):
        credentials.add_key(connected, admin, replace(new, pinned_client_id=OSLO))
    credentials.add_key(connected, admin, replace(new, pinned_client_id=STRAY))
    (key,) = upkeep.list_keys(connected, admin)
    assert (key.organization_id, key.client_id, key.pinned_by) == (10000042, STRAY, "ada")
    assert ("ada", "key pinned to another company", "Stray") in audited(connected)


def test_saving_after_a_test_needs_no_second_login(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    trial = account.try_account(connected, admin, OSLO, oslo_key.username, oslo_key.password)
    added = credentials.add_key(connected, admin, replace(oslo_key, password=""), trial)
    assert logins(office) == 1
    access.open_office(connected, added.id).office.close()
    assert logins(office) == 1


def test_an_earlier_test_proves_nothing_for_another_password(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    trial = account.try_account(connected, admin, OSLO, oslo_key.username, oslo_key.password)
    with pytest.raises(LoginRefused):
        credentials.add_key(connected, admin, replace(oslo_key, password="other"), trial)
    assert upkeep.list_keys(connected, admin) == []


def test_an_earlier_test_whose_session_has_ended_is_done_again(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    trial = account.try_account(connected, admin, OSLO, oslo_key.username, oslo_key.password)
    Control(office.address).set(expire_sessions=True)
    credentials.add_key(connected, admin, replace(oslo_key, password=""), trial)
    assert logins(office) == 2


def test_secrets_stand_nowhere_in_clear(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    added = credentials.add_key(connected, admin, oslo_key)
    opened = access.open_office(connected, added.id)
    session = opened.office.session
    assert session
    opened.office.close()
    shown = repr((oslo_key, added, upkeep.list_keys(connected, admin), audited(connected)))
    for secret in (oslo_key.password, session):
        assert secret not in shown
        assert secret.encode() not in everything_kept(connected)
    assert added.trial.password_sealed not in shown
    with pytest.raises(LoginRefused) as refused:
        credentials.replace_password(connected, admin, added.id, "hunter2-hunter2")
    assert "hunter2" not in f"{refused.value!r} {refused.value.__context__!r}"
    assert b"hunter2" not in everything_kept(connected)


def test_an_unreachable_office_saves_nothing(
    settings: Settings, admin: Actor, oslo_key: NewKey
) -> None:
    dead = settings.model_copy(update={"office_url": "http://127.0.0.1:9"})
    installation = open_installation(dead)
    with pytest.raises(NotSent):
        credentials.add_key(installation, admin, oslo_key)
    assert upkeep.list_keys(installation, admin) == []
    installation.close()


def test_only_a_system_administrator_manages_keys(
    connected: Installation, finance: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    with pytest.raises(NotAllowed):
        credentials.add_key(connected, finance, oslo_key)
    with pytest.raises(NotAllowed):
        upkeep.list_keys(connected, finance)
    with pytest.raises(NotAllowed):
        upkeep.delete_key(connected, finance, 1)
    assert logins(office) == 0


def test_two_usable_keys_for_the_same_departments_are_refused_before_any_login(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    first = departments.add_department(connected, admin, "10", "Oslo")
    credentials.add_key(connected, admin, oslo_key)
    specific = replace(oslo_key, name="Ten", all_departments=False, department_ids=(first,))
    credentials.add_key(connected, admin, specific)
    with pytest.raises(WrongUse, match="“Oslo” and “Second” both serve all departments"):
        credentials.add_key(connected, admin, replace(oslo_key, name="Second"))
    with pytest.raises(WrongUse, match="“Ten” and “Third” both serve department 10 Oslo"):
        credentials.add_key(connected, admin, replace(specific, name="Third"))
    assert logins(office) == 2
    assert [key.name for key in upkeep.list_keys(connected, admin)] == ["Oslo", "Ten"]


def test_a_key_brings_along_the_departments_that_do_not_exist_yet(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    found = departments.find_departments(connected, admin, ["40"])
    scope = replace(oslo_key, all_departments=False, new_departments=found.new_numbers)
    with pytest.raises(LoginRefused):
        credentials.add_key(connected, admin, replace(scope, password="wrong"))
    assert departments.list_departments(connected, admin) == []
    credentials.add_key(connected, admin, scope)
    (department,) = departments.list_departments(connected, admin)
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
        credentials.add_key(connected, admin, replace(oslo_key, **change))  # type: ignore[arg-type] # any field
    assert Control(office.address).calls()["requests"] == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234567", 1234567),
        (" 1234567@voucher.24sevenoffice.com\n", 1234567),
        ("1234567@Voucher.24SevenOffice.com", 1234567),
        ("1 234 567", 1234567),
    ],
)
def test_an_organization_id_is_read_as_people_paste_it(text: str, number: int) -> None:
    assert account.read_organization_id(text) == number


@pytest.mark.parametrize(
    "text", ["", "  ", "0", "NO1234", "12x", "-5", "1.5", "1@example.com", "9" * 19, "١٢٣"]
)
def test_what_is_no_organization_id_gets_a_sentence_with_the_way_to_find_it(text: str) -> None:
    with pytest.raises(WrongUse, match=r"digits only.*Administration > Settings > Retrieval"):
        account.read_organization_id(text)


def test_a_new_password_is_kept_only_if_it_opens_the_company(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    key_id = credentials.add_key(connected, admin, oslo_key).id
    before = upkeep.list_keys(connected, admin)
    with pytest.raises(LoginRefused):
        credentials.replace_password(connected, admin, key_id, "wrong")
    assert upkeep.list_keys(connected, admin) == before
    books = office.sandbox.books
    with books.transaction():
        books.change("update account set password = ?", "quite-new")
    trial = credentials.replace_password(connected, admin, key_id, "quite-new")
    assert trial.reached is not None
    Control(office.address).set(expire_sessions=True)
    assert ("ada", "key password replaced", "Oslo") in audited(connected)


def test_a_stored_key_is_tested_with_a_login_where_the_pause_allows(
    settings: Settings, office: SandboxServer, admin: Actor, oslo_key: NewKey
) -> None:
    change = {"office_url": office.address, "login_pause_seconds": 0}
    installation = open_installation(settings.model_copy(update=change))
    key_id = credentials.add_key(installation, admin, oslo_key).id
    assert credentials.try_key(installation, admin, key_id).identity.client_id == OSLO
    assert logins(office) == 2
    books = office.sandbox.books
    with books.transaction():
        books.change("update account set password = ?", "changed-there")
    with pytest.raises(LoginRefused, match="Key “Oslo”"):
        credentials.try_key(installation, admin, key_id)
    installation.close()


def test_within_the_pause_a_key_is_tested_with_its_session(
    connected: Installation, office: SandboxServer, admin: Actor, oslo_key: NewKey
) -> None:
    key_id = credentials.add_key(connected, admin, oslo_key).id
    assert credentials.try_key(connected, admin, key_id).identity.client_id == OSLO
    assert logins(office) == 1


def test_the_category_must_be_one_of_the_accounts_own(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    key_id = credentials.add_key(connected, admin, oslo_key).id
    assert [each.id for each in credentials.categories_of(connected, admin, key_id)] == [1, 2, 3]
    upkeep.set_category(connected, admin, key_id, "2")
    assert upkeep.key_named(connected, admin, "oslo").category_name == "Food 15 %"
    with pytest.raises(WrongUse, match=r"No category is called “Wine”.*Services 25 % \(1\)"):
        upkeep.set_category(connected, admin, key_id, "Wine")
    upkeep.set_category(connected, admin, key_id, None)
    assert upkeep.key_named(connected, admin, str(key_id)).category_id is None


def test_a_key_for_approval_keeps_that_mode(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    credentials.add_key(connected, admin, replace(oslo_key, mode=KeyMode.APPROVAL))
    assert upkeep.key_named(connected, admin, "Oslo").mode is KeyMode.APPROVAL


def test_a_fault_after_the_login_saves_nothing(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    office.faults.arm(Fault("html", "GetIdentity"))
    with pytest.raises(Unknown):
        credentials.add_key(connected, admin, oslo_key)
    assert upkeep.list_keys(connected, admin) == []


def test_the_data_folder_holds_something_to_search(connected: Installation) -> None:
    assert Path(connected.settings.data_dir / "so24.db").is_file()
    assert b"office_key" in everything_kept(connected)
