"""Passwords are proven before they are kept, and no secret stands anywhere in clear."""

from __future__ import annotations

import pytest

from so24.errors import LoginRefused, WrongUse
from so24.installation import Installation, open_installation
from so24.keys import access, credentials, upkeep
from so24.keys.change import change_key, read_choices
from so24.keys.credentials import NewKey
from so24.keys.key_settings import PASSWORD
from so24.keys.product_settings import CATEGORY
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control, SandboxServer
from so24.settings import Settings
from so24.store.people.origins import WORKER
from tests.keys.traces import audited, everything_kept, logins


def test_secrets_stand_nowhere_in_clear(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    added = credentials.add_key(Desk(connected, admin), oslo_key)
    opened = access.open_office(connected, added.id, origin=WORKER)
    session = opened.office.session
    assert session
    opened.office.close()
    shown = repr((oslo_key, added, upkeep.list_keys(Desk(connected, admin)), audited(connected)))
    for secret in (oslo_key.password, session):
        assert secret not in shown
        assert secret.encode() not in everything_kept(connected)
    assert added.trial.password_sealed not in shown
    with pytest.raises(LoginRefused) as refused:
        change_key(Desk(connected, admin), added.id, PASSWORD.to("hunter2-hunter2"))
    assert "hunter2" not in f"{refused.value!r} {refused.value.__context__!r}"
    assert b"hunter2" not in everything_kept(connected)


def test_a_new_password_is_kept_only_if_it_opens_the_company(
    connected: Installation, admin: Actor, office: SandboxServer, oslo_key: NewKey
) -> None:
    key_id = credentials.add_key(Desk(connected, admin), oslo_key).id
    before = upkeep.list_keys(Desk(connected, admin))
    with pytest.raises(LoginRefused):
        change_key(Desk(connected, admin), key_id, PASSWORD.to("wrong"))
    assert upkeep.list_keys(Desk(connected, admin)) == before
    books = office.sandbox.books
    with books.transaction():
        books.change("update account set password = ?", "quite-new")
    done = change_key(Desk(connected, admin), key_id, PASSWORD.to("quite-new"))
    assert done == ("Password: replaced",)
    Control(office.address).set(expire_sessions=True)
    assert ("ada", "key password replaced", "Oslo") in audited(connected)


def test_a_stored_key_is_tested_with_a_login_where_the_pause_allows(
    settings: Settings, office: SandboxServer, admin: Actor, oslo_key: NewKey
) -> None:
    change = {"office_url": office.address, "login_pause_seconds": 0}
    installation = open_installation(settings.model_copy(update=change))
    key_id = credentials.add_key(Desk(installation, admin), oslo_key).id
    assert credentials.try_key(Desk(installation, admin), key_id).identity.client_id == OSLO
    assert logins(office) == 2
    books = office.sandbox.books
    with books.transaction():
        books.change("update account set password = ?", "changed-there")
    with pytest.raises(LoginRefused, match="Key “Oslo”"):
        credentials.try_key(Desk(installation, admin), key_id)
    installation.close()


def test_within_the_pause_a_key_is_tested_with_its_session(
    connected: Installation, office: SandboxServer, admin: Actor, oslo_key: NewKey
) -> None:
    key_id = credentials.add_key(Desk(connected, admin), oslo_key).id
    assert credentials.try_key(Desk(connected, admin), key_id).identity.client_id == OSLO
    assert logins(office) == 1


def test_the_category_must_be_one_of_the_accounts_own(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    key_id = credentials.add_key(Desk(connected, admin), oslo_key).id
    assert [each.id for each in read_choices(Desk(connected, admin), key_id).categories] == [
        1,
        2,
        3,
    ]
    change_key(Desk(connected, admin), key_id, CATEGORY.to("2"))
    assert upkeep.key_named(Desk(connected, admin), "oslo").category_name == "Food 15 %"
    with pytest.raises(WrongUse, match=r"No category is called “Wine”.*Services 25 % \(1\)"):
        change_key(Desk(connected, admin), key_id, CATEGORY.to("Wine"))
    change_key(Desk(connected, admin), key_id, CATEGORY.to(None))
    assert upkeep.key_named(Desk(connected, admin), str(key_id)).category_id is None


def test_what_is_searched_for_secrets_holds_what_is_none(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    credentials.add_key(Desk(connected, admin), oslo_key)
    assert oslo_key.username.encode() in everything_kept(connected)
