"""Nights of schedules on a stepped clock: what comes in, what goes, and what waits for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from so24.invoices.decisions import set_excluded
from so24.keys.activation import activate, deactivate
from so24.keys.upkeep import disable_key, enable_key
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.sources.inbox.watch import Inbox
from so24.sources.recman.connection import confirm_map, connect
from so24.states import State
from so24.store.people.audit import latest_events
from so24.store.people.origins import UNKNOWN
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Role, User
from so24.store.tables.schedule_tables import OccasionEnd
from so24.store.tables.transfer_tables import (
    HistoryAnchor,
    OrderLink,
    Run,
    SentOrder,
    Transfer,
    TransferEvent,
)
from so24.store.upkeep.backup import settle_down
from so24.transfer.runs import stop_run
from so24.transfer.schedules import working
from so24.transfer.schedules.rules import Bounds
from so24.transfer.schedules.sentences import tell_last_time, tell_trouble
from so24.transfer.schedules.settings import set_export, set_fetch, stop_export
from so24.transfer.schedules.standing import read_left, read_schedules, schedule_actor
from so24.transfer.schedules.times import read_times
from tests.sources.acts import DATED
from tests.sources.inbox.conftest import drop
from tests.sources.recman.papers import invoice, line, scopes, stand_in
from tests.sources.recman.standin import KEY, StandIn, serving
from tests.sources.report_files import as_report
from tests.sources.report_files import line as report_line
from tests.transfer.jobs.test_parked_keys import set_password
from tests.transfer.schedules.nights import Nights, add_clean, begin_nights, finance_of
from tests.transfer.world import World, booked_by_reference

pytestmark = pytest.mark.slow  # seconds each

WIDE = Bounds(100, Decimal("1000000.00"))
BY = "schedule:key oslo (ada)"


@pytest.fixture
def nights(world: World, monkeypatch: pytest.MonkeyPatch) -> Nights:
    """Monday evening; nothing is set yet."""
    return begin_nights(world, monkeypatch)


@pytest.fixture
def department(world: World, nights: Nights) -> int:
    """A department with a key of its own, which is sent by on Mon–Fri at 06:30."""
    made = world.add_department()
    set_export(nights.desk, world.add_key([made]), read_times("mon-fri 06:30"), WIDE)
    return made


@pytest.fixture
def recman(world: World, nights: Nights) -> Iterator[StandIn]:
    """A RecMan that is connected and confirmed, and has two invoices."""
    with serving(stand_in(invoice("1001"), invoice("1002", line("2000.00")))) as served:
        world.installation.settings.recman_url = served.address
        connect(nights.desk, KEY)
        confirm_map(nights.desk)
        yield served


@pytest.fixture
def folder(world: World, nights: Nights, tmp_path: Path) -> Iterator[Path]:
    """A drop folder that is watched."""
    made = tmp_path / "inbox"
    made.mkdir()
    nights.inbox = Inbox(world.installation, made)
    yield made
    nights.inbox.close()


def runs_of(world: World) -> list[Run]:
    with world.installation.db.reading() as session:
        return list(session.exec(select(Run).order_by(col(Run.created_at))).all())


def edit_user(world: World, **values: object) -> None:
    with world.installation.db.writing() as session:
        session.execute(sa.update(User).values(**values))


@pytest.mark.slow
def test_a_week_of_fetch_drop_folder_and_export(
    world: World, nights: Nights, department: int, recman: StandIn, folder: Path
) -> None:
    set_fetch(nights.desk, read_times("daily 06:00"))
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:00", "fetched", 0, 0), ("Tue 01 06:30", "started", 2, 0)]
    assert booked_by_reference(world) == {"RM-10-1001": 1, "RM-10-1002": 1}

    drop(folder, "lines.xlsx", as_report(report_line(DATED, number="1003")))
    nights.go_to("2026-12-02 07:00")
    assert nights.told()[2:] == [
        ("Wed 02 06:00", "fetched", 0, 0), ("Wed 02 06:30", "started", 1, 0),
    ]  # fmt: skip
    assert booked_by_reference(world)["RM-10-1003"] == 1

    recman.scopes |= scopes(
        invoice("1001"), invoice("1002", line("2000.00")),
        invoice("1004", line("4000.00")), invoice("1005", line("500.00"), companyId="72"),
    )  # fmt: skip
    nights.go_to("2026-12-03 07:00")
    assert nights.told()[4:] == [
        ("Thu 03 06:00", "fetched", 0, 1), ("Thu 03 06:30", "started", 1, 1),
    ]  # fmt: skip
    export = read_schedules(nights.desk)[1]
    [left] = read_left(finance_of(world), export.id)
    assert (left.number, "organization number" in left.why.lower()) == ("10-1005", True)
    assert "1 document was left for people." in tell_last_time(export)

    set_excluded(finance_of(world), [left.invoice_id], "Entered by hand")
    assert read_left(finance_of(world), export.id) == []  # nobody has to see to it any more
    nights.go_to("2026-12-07 07:00")
    assert [each for each in nights.told()[6:] if each[1] != "fetched"] == [
        ("Fri 04 06:30", "quiet", 0, 0), ("Mon 07 06:30", "quiet", 0, 0),
    ]  # fmt: skip
    assert [each[0] for each in nights.told()[6:] if each[1] == "fetched"] == [
        "Fri 04 06:00", "Sat 05 06:00", "Sun 06 06:00", "Mon 07 06:00",
    ]  # fmt: skip
    export = read_schedules(nights.desk)[1]
    assert tell_last_time(export) == "07.12.2026 06:30: there was nothing to send, 2 times now."
    assert read_left(finance_of(world), export.id) == []
    assert set(booked_by_reference(world).values()) == {1}


def test_run_history_and_audit_trail_say_whose_wish_it_was(
    world: World, nights: Nights, department: int
) -> None:
    add_clean(world, department, 2, first=1001)
    nights.go_to("2026-12-01 07:00")
    [run] = runs_of(world)
    assert run.created_by == BY
    assert nights.occasions()[0].run_id == run.id
    with world.installation.db.reading() as session:
        first = session.exec(select(TransferEvent).order_by(col(TransferEvent.id))).first()
        assert first is not None
        assert first.actor == BY
        events = {each.action: each for each in latest_events(session)}
    assert (events["export"].actor, events["export"].source) == (BY, "schedule")
    assert events["schedule of exports set"].actor == "ada"
    assert "Mon–Fri 06:30, at most 100 documents" in events["schedule of exports set"].detail
    assert {line.user for line in world.receipt(run.id)} == {BY}


@pytest.mark.parametrize(
    ("first", "due"),
    [
        ("2026-10-24 20:00", "Sun 25 02:30"),  # 02:30 comes twice
        ("2027-03-27 20:00", "Sun 28 03:30"),  # 02:30 does not come
    ],
)
def test_a_night_in_which_the_clocks_change_is_one_night(
    world: World, nights: Nights, department: int, first: str, due: str
) -> None:
    nights.at = dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC)
    set_export(nights.desk, 1, read_times("daily 02:30"), WIDE)
    add_clean(world, department, 1, first=1001)
    nights.go_to(f"{nights.at.date() + dt.timedelta(days=1)} 12:00")
    assert nights.told() == [(due, "started", 1, 0)]
    assert booked_by_reference(world) == {"RM-10-1001": 1}


def test_what_was_tried_before_is_never_sent_by_itself(
    world: World, sandbox: SandboxServer, nights: Nights, department: int
) -> None:
    tried = add_clean(world, department, 1, first=1001)
    sandbox.faults.arm(Fault("fault", "GetInvoices", times=0, text="Not for you"))
    world.export(tried)
    sandbox.faults.clear()
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "quiet", 0, 0)]
    assert booked_by_reference(world) == {}


def test_more_than_the_bound_sends_nothing_and_asks(
    world: World, nights: Nights, department: int
) -> None:
    set_export(nights.desk, 1, read_times("mon-fri 06:30"), Bounds(2, WIDE.amount))
    add_clean(world, department, 3, first=1001)
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "over", 0, 3)]
    assert runs_of(world) == []
    assert "3 documents of" in tell_trouble(nights.view())
    set_export(nights.desk, 1, read_times("mon-fri 06:30"), WIDE)  # a person has seen to it
    assert tell_trouble(nights.view()) == ""
    nights.go_to("2026-12-02 07:00")
    assert nights.told()[1:] == [("Wed 02 06:30", "started", 3, 0)]


def test_an_order_that_may_be_the_document_leaves_it_for_people(
    world: World, nights: Nights, department: int
) -> None:
    world.export(add_clean(world, department, 1, first=1001))
    again = add_clean(world, department, 1, first=1002)
    with world.installation.db.writing() as session:  # as if another system had sent the first one
        for table in (TransferEvent, Transfer, OrderLink, SentOrder, HistoryAnchor):
            session.execute(sa.delete(table))
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "started", 1, 1)]
    [left] = read_left(finance_of(world), nights.view().id)
    assert (left.number, left.why.startswith("Will not be sent: there already.")) == (
        "10-1001", True,
    )  # fmt: skip
    [run] = [each for each in runs_of(world) if each.created_by == BY]
    assert [line.invoice_id for line in world.receipt(run.id)] == again


def test_a_refused_key_holds_the_schedule_until_it_is_mended(
    world: World, sandbox: SandboxServer, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    set_password(sandbox, "changed")
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "held", 0, 0)]
    assert runs_of(world) == []
    assert "could not log in" in tell_trouble(nights.view())
    set_password(sandbox, "sandbox-oslo")
    with world.installation.db.writing() as session:  # as a test of the key does
        session.execute(sa.update(Key).values(login_refused_at=None, refusal=""))
    assert tell_trouble(nights.view()) == ""
    nights.go_to("2026-12-02 07:00")
    assert nights.told()[1:] == [("Wed 02 06:30", "started", 1, 0)]


@pytest.mark.parametrize(
    ("stop", "mend", "why"),
    [
        (
            lambda nights: disable_key(nights.desk, 1),
            lambda nights: enable_key(nights.desk, 1),
            "is disabled",
        ),
        (
            lambda nights: deactivate(nights.desk),
            lambda nights: activate(nights.desk),
            "not activated",
        ),
        (
            lambda nights: edit_user(nights.world, active=False),
            lambda nights: edit_user(nights.world, active=True),
            "no active user",
        ),
        (
            lambda nights: edit_user(nights.world, role=Role.FINANCE),
            lambda nights: edit_user(nights.world, role=Role.ADMIN),
            "no System Administrator any more",
        ),
        (
            lambda nights: edit_user(nights.world, name="eva"),
            lambda nights: edit_user(nights.world, name="ada"),
            "no active user",
        ),
    ],
    ids=["key", "activation", "deactivated", "role", "gone"],
)
def test_what_a_person_has_stopped_stays_stopped_and_is_told(
    world: World, nights: Nights, department: int, stop: object, mend: object, why: str
) -> None:
    add_clean(world, department, 1, first=1001)
    stop(nights)  # type: ignore[operator] # one of the above
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "held", 0, 0)]
    assert why in tell_trouble(nights.view())
    assert booked_by_reference(world) == {}
    mend(nights)  # type: ignore[operator] # as above
    nights.go_to("2026-12-02 07:00")
    assert nights.told()[1:] == [("Wed 02 06:30", "started", 1, 0)]


@pytest.mark.slow
def test_a_run_of_which_nothing_came_through_is_not_repeated_next_night(
    world: World, sandbox: SandboxServer, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    sandbox.faults.arm(Fault("fault", "SaveInvoices", times=0, text="Not for you"))
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "started", 1, 0)]
    sandbox.faults.clear()
    add_clean(world, department, 1, first=1002)
    nights.go_to("2026-12-02 07:00")
    assert nights.told()[1:] == [("Wed 02 06:30", "held", 0, 0)]
    assert "1 document of its last run was not transferred" in tell_trouble(nights.view())
    set_export(nights.desk, 1, read_times("mon-fri 06:30"), WIDE)
    nights.go_to("2026-12-03 07:00")
    assert nights.told()[2:] == [("Thu 03 06:30", "started", 1, 0)]
    assert booked_by_reference(world) == {"RM-10-1002": 1}


def test_a_run_that_somebody_stops_holds_the_schedule(
    world: World, nights: Nights, department: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_clean(world, department, 1, first=1001)
    with monkeypatch.context() as patched:
        patched.setattr(nights, "work_lanes", lambda: None)
        nights.go_to("2026-12-01 07:00")
    [run] = runs_of(world)
    stop_run(finance_of(world), run.id)
    nights.work_lanes()
    assert "fia has stopped its last run" in tell_trouble(nights.view())


def test_24sevenoffice_that_is_away_is_asked_again_until_it_is_there(
    world: World, sandbox: SandboxServer, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    world.installation.settings.patience_seconds = 0.1
    sandbox.faults.arm(Fault("html", times=0, status=503))
    nights.go_to("2026-12-01 08:00", step=dt.timedelta(minutes=30))
    assert nights.told() == [("Tue 01 06:30", "", 0, 0)]
    assert "under way" in tell_last_time(nights.view())
    sandbox.faults.clear()
    nights.go_to("2026-12-01 08:30")
    assert nights.told() == [("Tue 01 06:30", "started", 1, 0)]
    assert len(nights.occasions()) == 1


def test_what_could_not_be_looked_at_for_six_hours_is_given_up_and_told(
    world: World, sandbox: SandboxServer, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    world.installation.settings.patience_seconds = 0.05
    sandbox.faults.arm(Fault("html", times=0, status=503))
    nights.go_to("2026-12-01 14:00", step=dt.timedelta(hours=2))
    assert nights.told() == [("Tue 01 06:30", "failed", 0, 0)]
    assert "given up after six hours" in tell_trouble(nights.view())


def test_a_machine_that_was_off_does_it_on_return_or_tells_that_it_was_missed(
    world: World, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    nights.go_to("2026-12-03 08:00", step=dt.timedelta(days=9))  # off since Monday
    nights.tick()
    assert nights.told() == [
        ("Tue 01 06:30", "missed", 0, 0),
        ("Wed 02 06:30", "missed", 0, 0),
        ("Thu 03 06:30", "started", 1, 0),
    ]
    nights.go_to("2026-12-04 18:00", step=dt.timedelta(days=9))
    nights.tick()
    assert nights.told()[3:] == [("Fri 04 06:30", "missed", 0, 0)]
    assert "so24 did not run then" in tell_trouble(nights.view())


def test_a_schedule_that_is_off_does_nothing_and_one_set_anew_begins_from_then(
    world: World, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    stop_export(nights.desk, 1)
    nights.go_to("2026-12-03 07:00", step=dt.timedelta(hours=1))
    assert nights.told() == []
    set_export(nights.desk, 1, read_times("mon-fri 06:30"), WIDE)
    nights.go_to("2026-12-04 07:00", step=dt.timedelta(hours=1))
    assert nights.told() == [("Fri 04 06:30", "started", 1, 0)]


def test_after_a_restore_nothing_is_done_by_itself_until_somebody_sets_it(
    world: World, nights: Nights, department: int
) -> None:
    add_clean(world, department, 1, first=1001)
    with world.installation.db.writing() as session:
        settle_down(session, "os:kari", "a back-up", UNKNOWN)
    nights.go_to("2026-12-01 07:00")
    assert (nights.told(), nights.view().active) == ([], False)


def test_a_document_that_changes_between_the_preview_and_the_run_is_looked_at_again(
    world: World, nights: Nights, department: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first] = add_clean(world, department, 1, first=1001)

    def change_once(point: str, _key: int | None) -> None:
        if point == "schedule judged" and not changed:
            changed.append(point)
            with world.installation.db.writing() as session:
                session.get_one(Invoice, first).due_date = dt.date(2026, 12, 24)

    changed: list[str] = []
    monkeypatch.setattr(working, "reach", change_once)
    nights.go_to("2026-12-01 06:35")
    assert nights.told() == [("Tue 01 06:30", "", 0, 0)]
    assert runs_of(world) == []
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:30", "started", 1, 0)]
    assert nights.occasions()[0].ending is OccasionEnd.STARTED
    with world.installation.db.reading() as session:
        assert {each.state for each in session.exec(select(Transfer))} == {State.TRANSFERRED}


def test_a_fetch_that_recman_refuses_is_tried_three_times_and_told(
    world: World, nights: Nights, recman: StandIn
) -> None:
    set_fetch(nights.desk, read_times("daily 06:00"))
    recman.refused_scopes.add("invoice")
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:00", "failed", 0, 0)]
    assert nights.occasions()[0].attempts == 3
    assert tell_trouble(nights.view()).startswith("Fetch from RecMan: ")


def test_a_fetch_over_which_a_process_was_killed_is_done_again_and_lands_once(
    world: World, nights: Nights, recman: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def kill(point: str, _key: int | None) -> None:
        if point == "schedule fetched":
            raise Killed

    set_fetch(nights.desk, read_times("daily 06:00"))
    with monkeypatch.context() as struck:
        struck.setattr(working, "reach", kill)
        with pytest.raises(Killed):
            nights.go_to("2026-12-01 07:00")
    nights.go_to("2026-12-01 07:00")
    assert nights.told() == [("Tue 01 06:00", "fetched", 0, 0)]
    assert nights.occasions()[0].attempts == 2
    with world.installation.db.reading() as session:
        numbers = sorted(each.number for each in session.exec(select(Invoice)))
    assert numbers == ["1001", "1002"]


def test_a_desk_of_the_schedule_may_no_more_than_finance(world: World, nights: Nights) -> None:
    actor = schedule_actor("K" * 80, "a" * 64)
    assert len(actor.name) == 96
    assert actor.name.endswith("(" + "a" * 64 + ")")
    desk = Desk(world.installation, actor)
    assert desk.actor.may(Permission.EXPORT)
    assert not desk.actor.may(Permission.MANAGE_KEYS)
