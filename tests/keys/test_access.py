"""A stored key opens its own company and nothing else, with as few logins as can be."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest

from so24.errors import (
    ConfigurationError,
    LeaseLost,
    LoginRefused,
    NotSent,
    Throttled,
    Unknown,
    WrongCompany,
    WrongUse,
)
from so24.installation import Installation, open_installation
from so24.keys import access, credentials, upkeep
from so24.keys.change import change_key
from so24.keys.credentials import NewKey
from so24.keys.key_settings import PASSWORD
from so24.office.transport import Deadlines
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.identities import expire_sessions
from so24.sandbox.books.seed import BERGEN, OSLO
from so24.sandbox.runner import Control, SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.settings import Settings
from so24.store.keys.keys import known_key
from so24.store.people.audit import latest_events
from so24.store.people.origins import WORKER
from so24.store.tables.ground import now


@pytest.fixture
def control(office: SandboxServer) -> Control:
    """Counts and switches of the sandbox."""
    return Control(office.address)


@pytest.fixture
def key_id(connected: Installation, admin: Actor, oslo_key: NewKey, control: Control) -> int:
    """A stored key; what was called to add it is not counted."""
    added = credentials.add_key(Desk(connected, admin), oslo_key)
    control.reset_calls()
    return added.id


@pytest.fixture
def second_process(connected: Installation) -> Iterator[Installation]:
    """Another process on the same installation."""
    opened = open_installation(connected.settings)
    yield opened
    opened.close()


def let_the_pause_pass(installation: Installation, key_id: int) -> None:
    """As if the last login had been an hour ago."""
    with installation.db.writing() as session:
        known_key(session, key_id).last_login_at = now() - dt.timedelta(hours=1)


def change_password_there(office: SandboxServer) -> None:
    """Somebody changes the account's password in 24SevenOffice."""
    with office.sandbox.books.transaction():
        office.sandbox.books.change("update account set password = 'changed-there'")


def test_a_stored_session_is_proven_by_one_call(
    connected: Installation, key_id: int, control: Control
) -> None:
    opened = access.open_office(connected, key_id, origin=WORKER)
    opened.office.close()
    assert opened.reached.identity.client_id == OSLO
    assert control.calls()["operations"] == {"GetIdentity": 1}


def test_a_lost_session_is_replaced_by_one_login_and_the_new_one_is_kept(
    connected: Installation, second_process: Installation, key_id: int, control: Control
) -> None:
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)
    access.open_office(connected, key_id, origin=WORKER).office.close()
    access.open_office(second_process, key_id, origin=WORKER).office.close()
    operations = control.calls()["operations"]
    assert operations == {"Login": 1, "GetIdentity": 3}


@pytest.mark.both
def test_two_processes_log_in_at_most_once_within_the_pause(
    connected: Installation, second_process: Installation, key_id: int, control: Control
) -> None:
    let_the_pause_pass(connected, key_id)
    control.set(expire_sessions=True)
    access.open_office(connected, key_id, origin=WORKER).office.close()
    control.set(expire_sessions=True)
    for installation in (second_process, connected):
        with pytest.raises(Throttled, match="less than 60 seconds ago") as early:
            access.open_office(installation, key_id, origin=WORKER)
        assert early.value.until is not None
        assert now() < early.value.until <= now() + dt.timedelta(seconds=60)
    assert control.calls()["operations"]["Login"] == 1


def test_a_refused_login_is_not_repeated_forgets_the_session_and_names_the_key(
    connected: Installation, key_id: int, office: SandboxServer, control: Control
) -> None:
    change_password_there(office)
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)
    with pytest.raises(LoginRefused, match=r"Key “Oslo” .*could not log in.*replaces its password"):
        access.open_office(connected, key_id, origin=WORKER)
    with pytest.raises(LoginRefused, match="does not try again by itself"):
        access.open_office(connected, key_id, origin=WORKER)
    assert control.calls()["operations"]["Login"] == 1
    with connected.db.reading() as session:
        assert known_key(session, key_id).session_sealed == ""
        actions = [event.action for event in latest_events(session)]
    assert "login to 24SevenOffice refused" in actions


def refuse_the_login(connected: Installation, key_id: int, office: SandboxServer) -> None:
    """Let 24SevenOffice refuse the key's password; the pause after that login passes."""
    change_password_there(office)
    expire_sessions(office.sandbox.books)
    let_the_pause_pass(connected, key_id)
    with pytest.raises(LoginRefused):
        access.open_office(connected, key_id, origin=WORKER)
    let_the_pause_pass(connected, key_id)


def test_a_refused_password_is_tried_by_no_process_again(
    connected: Installation,
    second_process: Installation,
    key_id: int,
    office: SandboxServer,
    control: Control,
) -> None:
    refuse_the_login(connected, key_id, office)
    for installation in (connected, second_process) * 2:
        with pytest.raises(LoginRefused, match=r"Key “Oslo” .*could not log in on"):
            access.open_office(installation, key_id, origin=WORKER)
    assert control.calls()["operations"]["Login"] == 1


def test_a_replaced_password_lets_the_key_be_used_again(
    connected: Installation, admin: Actor, key_id: int, office: SandboxServer
) -> None:
    refuse_the_login(connected, key_id, office)
    change_key(Desk(connected, admin), key_id, PASSWORD.to("changed-there"))
    access.open_office(connected, key_id, origin=WORKER).office.close()


def test_a_persons_test_may_log_in_with_a_refused_password_and_frees_the_key_where_it_succeeds(
    connected: Installation, admin: Actor, key_id: int, office: SandboxServer, control: Control
) -> None:
    refuse_the_login(connected, key_id, office)
    with pytest.raises(LoginRefused):
        credentials.try_key(Desk(connected, admin), key_id)
    assert control.calls()["operations"]["Login"] == 2
    let_the_pause_pass(connected, key_id)
    with office.sandbox.books.transaction():
        office.sandbox.books.change("update account set password = 'sandbox-oslo'")
    with pytest.raises(LoginRefused):
        access.open_office(connected, key_id, origin=WORKER)
    credentials.try_key(Desk(connected, admin), key_id)
    access.open_office(connected, key_id, origin=WORKER).office.close()


def test_the_refusal_of_an_old_password_does_not_park_the_key_with_its_new_one(
    connected: Installation, admin: Actor, key_id: int, office: SandboxServer, control: Control
) -> None:
    change_password_there(office)
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)

    def replace_before_the_login(operation: str) -> None:
        if operation == "Login":
            change_key(Desk(connected, admin), key_id, PASSWORD.to("changed-there"))

    with pytest.raises(LoginRefused):
        access.open_office(connected, key_id, origin=WORKER, before_call=replace_before_the_login)
    access.open_office(connected, key_id, origin=WORKER).office.close()


def test_one_login_at_a_time_is_under_way_though_there_is_no_pause(
    settings: Settings, connected: Installation, key_id: int, office: SandboxServer
) -> None:
    change_password_there(office)
    expire_sessions(office.sandbox.books)
    unhurried = {"office_url": office.address, "login_pause_seconds": 0.0}
    processes = [open_installation(settings.model_copy(update=unhurried)) for _ in range(4)]
    control = Control(office.address)
    control.set(latency_ms=100)
    told: list[Exception] = []

    def open_once(installation: Installation) -> None:
        with pytest.raises((LoginRefused, Throttled)) as refusal:
            access.open_office(installation, key_id, origin=WORKER)
        told.append(refusal.value)

    threads = [threading.Thread(target=open_once, args=(each,)) for each in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in processes:
        each.close()
    assert len(told) == 4
    assert control.calls()["operations"]["Login"] == 1


def test_a_login_that_a_worker_may_not_make_does_not_count(
    connected: Installation, key_id: int, control: Control
) -> None:
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)

    def lose_the_lease(operation: str) -> None:
        if operation == "Login":
            raise LeaseLost("another worker may have taken over")

    with pytest.raises(LeaseLost):
        access.open_office(connected, key_id, origin=WORKER, before_call=lose_the_lease)
    access.open_office(connected, key_id, origin=WORKER).office.close()


def test_a_login_that_never_left_does_not_count(
    settings: Settings, connected: Installation, key_id: int
) -> None:
    with connected.db.writing() as session:
        known_key(session, key_id).session_sealed = ""
    let_the_pause_pass(connected, key_id)
    dead = open_installation(settings.model_copy(update={"office_url": "http://127.0.0.1:9"}))
    for _ in range(2):
        with pytest.raises(NotSent):
            access.open_office(dead, key_id, origin=WORKER)
    dead.close()
    access.open_office(connected, key_id, origin=WORKER).office.close()


def test_a_login_without_an_answer_counts(
    connected: Installation, key_id: int, office: SandboxServer, control: Control
) -> None:
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)
    office.faults.arm(Fault("lost_after", "Login"))
    with pytest.raises(Unknown):
        access.open_office(connected, key_id, origin=WORKER)
    with pytest.raises(Throttled):
        access.open_office(connected, key_id, origin=WORKER)


def test_the_account_is_switched_to_the_keys_company_after_each_login(
    connected: Installation, admin: Actor, control: Control
) -> None:
    new = NewKey("Bergen", BERGEN, "bergen@sandbox.example", "sandbox-bergen", all_departments=True)
    key_id = credentials.add_key(Desk(connected, admin), new).id
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)
    opened = access.open_office(connected, key_id, origin=WORKER)
    assert opened.reached.switched
    assert opened.office.account.current_identity().client_id == BERGEN
    opened.office.close()
    again = access.open_office(connected, key_id, origin=WORKER)
    assert not again.reached.switched, "the stored session works in the company already"
    again.office.close()


def test_a_key_whose_account_lost_its_company_is_refused_and_saves_nothing(
    connected: Installation, admin: Actor, office: SandboxServer, control: Control
) -> None:
    new = NewKey("Bergen", BERGEN, "bergen@sandbox.example", "sandbox-bergen", all_departments=True)
    key_id = credentials.add_key(Desk(connected, admin), new).id
    with office.sandbox.books.transaction():
        office.sandbox.books.change("update identity set is_disabled = 1 where client = ?", BERGEN)
    control.set(expire_sessions=True)
    let_the_pause_pass(connected, key_id)
    control.reset_calls()
    for _ in range(2):
        with pytest.raises(WrongCompany, match="Fjordglimt Vikar AS \\(10000002, disabled\\)"):
            access.open_office(connected, key_id, origin=WORKER)
        seen = control.calls()["requests"]
    operations = control.calls()["operations"]
    assert operations["Login"] == 1, "the session of the wrong company is kept and not renewed"
    assert not [name for name in operations if name.startswith("Save")]
    with pytest.raises(WrongCompany):
        access.open_office(connected, key_id, origin=WORKER)
    assert control.calls()["requests"] == seen, "a parked key calls nothing"
    with office.sandbox.books.transaction():
        office.sandbox.books.change("update identity set is_disabled = 0 where client = ?", BERGEN)
    let_the_pause_pass(connected, key_id)
    credentials.try_key(Desk(connected, admin), key_id)
    access.open_office(connected, key_id, origin=WORKER).office.close()


def test_a_disabled_key_still_opens_for_work_under_way_and_a_deleted_one_does_not(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    upkeep.disable_key(Desk(connected, admin), key_id)
    access.open_office(connected, key_id, origin=WORKER).office.close()
    upkeep.delete_key(Desk(connected, admin), key_id)
    with pytest.raises(WrongUse, match="does not exist any more"):
        access.open_office(connected, key_id, origin=WORKER)


def test_before_call_is_told_of_every_request(connected: Installation, key_id: int) -> None:
    seen: list[str] = []
    opened = access.open_office(connected, key_id, origin=WORKER, before_call=seen.append)
    opened.office.categories()
    opened.office.close()
    assert seen == ["GetIdentity", "GetCategories"]


def test_all_gateways_of_an_account_share_one_pace(connected: Installation) -> None:
    first = access.shared_pace(connected, "Oslo@sandbox.example")
    assert access.shared_pace(connected, "oslo@sandbox.example") is first
    assert access.shared_pace(connected, "bergen@sandbox.example") is not first


def test_the_settings_deadlines_are_the_gateways(connected: Installation) -> None:
    assert access.deadlines(connected.settings) == Deadlines(connect=5, read=10, total=10)


def test_without_the_sandbox_running_the_sentence_says_how_to_start_it(
    installation: Installation,
) -> None:
    with pytest.raises(ConfigurationError, match="so24 sandbox"):
        access.office_for(installation, "oslo@sandbox.example", "sandbox-oslo")
