"""People are told once of what went wrong, and once that it is well again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from so24.alerts.choices import choose_mail, choose_webhook, drop_choice, list_choices, try_choice
from so24.alerts.delivery import deliver
from so24.alerts.watching import watch
from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.keys.upkeep import disable_key
from so24.ledger.keeping import keep_result
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.ledger.results import KeptDifference
from so24.store.tables.alert_tables import Alert, AlertDelivery, AlertKind
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.ledger_tables import LedgerResult
from so24.store.tables.people_tables import Role, User
from so24.store.tables.transfer_tables import Run
from so24.transfer.schedules.rules import Bounds
from so24.transfer.schedules.settings import set_export, stop_export
from so24.transfer.schedules.times import read_times
from tests.alerts.receivers import Hook, MailBox, hook_here, mail_here  # noqa: F401 - fixtures
from tests.transfer.world import World

ALL = tuple(AlertKind)
FIA = Actor("fia", Role.FINANCE)


@pytest.fixture
def told(world: World, mail: MailBox, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which fia is told of everything by e-mail, in bokmål."""
    settings = world.installation.settings
    for name, value in {
        "smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_tls": "none",
        "mail_from": "so24@example.com", "webhook_hosts": "127.0.0.1",
        "public_url": "https://so24.example.com",
    }.items():  # fmt: skip
        monkeypatch.setattr(settings, name, value)
    with world.installation.db.writing() as session:
        session.add(User(name="fia", role=Role.FINANCE, password_hash="", language="nb"))
        session.add(User(name="ann", role=Role.ANALYST, password_hash=""))
    choose_mail(Desk(world.installation, FIA), "fia@example.com", ALL)
    return world


def look(installation: Installation) -> None:
    """One look, and the sending of all that it has queued."""
    queued: list[int] = []
    watch(installation, lambda _session, delivery_id: queued.append(delivery_id))
    for each in queued:
        deliver(installation, each)


def set_key_refused(world: World, moment: dt.datetime | None) -> None:
    with world.installation.db.writing() as session:
        session.execute(sa.update(Key).values(login_refused_at=moment, refusal="no"))


@pytest.fixture
def key(told: World) -> World:
    """With a key that works."""
    told.add_key([told.add_department()], name="Oslo")
    return told


def test_a_key_that_stops_is_told_once_and_its_recovery_once(key: World, mail: MailBox) -> None:
    look(key.installation)
    assert mail.mails == []
    set_key_refused(key, now())
    for _ in range(3):
        look(key.installation)
    [first] = mail.mails
    assert first["To"] == "fia@example.com"
    assert "Oslo" in first.get_content()
    assert "https://so24.example.com/credentials" in first.get_content()
    set_key_refused(key, None)
    for _ in range(3):
        look(key.installation)
    assert len(mail.mails) == 2
    set_key_refused(key, now())
    look(key.installation)
    assert len({each["Message-ID"] for each in mail.mails}) == 3


def test_a_message_is_in_the_language_of_its_reader(key: World, mail: MailBox) -> None:
    set_key_refused(key, now())
    look(key.installation)
    assert mail.mails[0]["Subject"] == "so24: En nøkkel virker ikke"


def test_a_run_that_ended_with_problems_is_told_once_and_one_that_went_well_is_not(
    told: World, mail: MailBox
) -> None:
    keyless = told.add_invoices(told.add_department("30"), 2, first=2001)
    department = told.add_department()
    told.add_key([department])
    told.export(told.add_invoices(department, 1))
    look(told.installation)
    assert mail.mails == []
    run_id = told.start(keyless)
    for _ in range(2):
        look(told.installation)
    [only] = mail.mails
    assert "2" in only.get_content()
    assert run_id in only.get_content()


def test_documents_that_wait_for_long_are_told_and_that_they_went_on(
    told: World, mail: MailBox
) -> None:
    department = told.add_department()
    told.add_key([department])
    run_id = told.start(told.add_invoices(department, 1))
    look(told.installation)
    assert mail.mails == []
    with told.installation.db.writing() as session:
        session.execute(sa.update(Run).values(created_at=now() - dt.timedelta(hours=2)))
    look(told.installation)
    assert len(mail.mails) == 1
    told.work(run_id)
    look(told.installation)
    assert len(mail.mails) == 2


def test_a_ledger_that_differs_is_told_and_that_it_agrees_again(told: World, mail: MailBox) -> None:
    for differences in (2, 2, 0, 0):
        with told.installation.db.writing() as session:
            session.add(reading(differences))
        look(told.installation)
    assert len(mail.mails) == 2


def test_a_ledger_that_differs_otherwise_is_told_anew_and_not_as_agreeing(
    told: World, mail: MailBox
) -> None:
    for numbers in ((1, 2), (1, 2), (2, 3), ()):
        row = reading(len(numbers))
        apart = [
            KeptDifference(each, str(each), f"RM-10-{each}", "differs", None, None, None, "NOK")
            for each in numbers
        ]
        with told.installation.db.writing() as session:
            keep_result(session, told.installation.settings, row, sums=(), apart=apart)
        look(told.installation)
    first, otherwise, again = (each.get_content() for each in mail.mails)
    assert "1 nye, 1 borte, 1 som før" in otherwise
    assert "Før:" in again
    assert "Før:" not in first + otherwise


def reading(differences: int) -> LedgerResult:
    day = dt.date(2026, 11, 1)
    return LedgerResult(
        client_id=1, company="Nord (1)", date_from=day, date_to=day, read_by="fia", orders=9,
        differences=differences,
    )  # fmt: skip


def test_a_schedule_that_is_held_is_told_once_and_that_it_goes_on(
    key: World, mail: MailBox
) -> None:
    desk = Desk(key.installation, Actor("os:kari", Role.ADMIN))
    set_export(desk, 1, read_times("daily 06:30"), Bounds(1, Decimal(1)))
    look(key.installation)
    assert mail.mails == []
    disable_key(desk, 1)
    for _ in range(2):
        look(key.installation)
    [first] = mail.mails
    assert first["Subject"] == "so24: En tidsplan må sees på"
    assert "Eksport med nøkkelen «Oslo»: ingenting gjøres." in first.get_content()
    stop_export(desk, 1)
    for _ in range(2):
        look(key.installation)
    assert len(mail.mails) == 2


def test_a_server_that_is_away_is_tried_again_later(key: World, mail: MailBox) -> None:
    mail.refusing = True
    set_key_refused(key, now())
    look(key.installation)
    [choice] = list_choices(Desk(key.installation, FIA))
    assert choice.failure == "The SMTP server refused it (code 451)."
    mail.refusing = False
    look(key.installation)
    assert mail.mails == []
    with key.installation.db.writing() as session:
        session.execute(sa.update(AlertDelivery).values(next_at=now()))
    look(key.installation)
    assert len(mail.mails) == 1


def test_two_processes_never_send_one_message_both(key: World, mail: MailBox) -> None:
    set_key_refused(key, now())
    queued: list[int] = []

    def enqueue(_session: Session, delivery_id: int) -> None:
        queued.append(delivery_id)

    watch(key.installation, enqueue)
    watch(key.installation, enqueue)
    assert len(queued) == 1
    assert [deliver(key.installation, queued[0]) for _ in range(3)] == [True, False, False]
    assert len(mail.mails) == 1


def test_what_a_process_was_killed_over_is_sent_under_the_same_id(
    key: World, mail: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_key_refused(key, now())
    queued: list[int] = []
    watch(key.installation, lambda _session, each: queued.append(each))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("so24.alerts.delivery.end_sent", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(key.installation, queued[0])
    assert deliver(key.installation, queued[0]) is False
    with key.installation.db.writing() as session:
        long_ago = now() - dt.timedelta(minutes=5)
        session.execute(sa.update(AlertDelivery).values(begun_at=long_ago))
    assert deliver(key.installation, queued[0]) is True
    assert len({each["Message-ID"] for each in mail.mails}) == 1


def test_a_webhook_gets_json_and_its_address_is_shown_to_nobody(key: World, hook: Hook) -> None:
    desk = Desk(key.installation, FIA)
    choose_webhook(desk, hook.address, [AlertKind.KEY])
    set_key_refused(key, now())
    look(key.installation)
    [body] = hook.bodies
    assert body["text"].startswith("*En nøkkel virker ikke*")
    assert body["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert hook.keys == [next(iter(hook.keys))]
    shown = list_choices(desk)[1].shown
    assert "secret" not in shown
    with key.installation.db.reading() as session:
        stored = session.execute(sa.text("select address_sealed from alert_choice")).scalars().all()
    assert not any("secret" in each for each in stored)


def test_a_trial_says_whether_it_arrived(told: World, mail: MailBox, hook: Hook) -> None:
    desk = Desk(told.installation, FIA)
    [choice] = list_choices(desk)
    assert try_choice(desk, choice.id) == ""
    assert len(mail.mails) == 1
    hook.status = 500
    webhook = choose_webhook(desk, hook.address, ALL)
    assert try_choice(desk, webhook) == "The webhook answered with HTTP 500."


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.com/x", "begins with https"),
        ("https://user:word@127.0.0.1/x", "no user name"),
        ("https://169.254.169.254/latest", "may not write to"),
        ("ftp://127.0.0.1/", "begins with https"),
        ("", "begins with https"),
    ],
    ids=str,
)
def test_a_webhook_goes_only_where_an_administrator_lets_it(
    told: World, address: str, words: str
) -> None:
    with pytest.raises(WrongUse, match=words):
        choose_webhook(Desk(told.installation, FIA), address, ALL)


def test_nobody_sees_or_drops_the_choices_of_others(told: World) -> None:
    [choice] = list_choices(Desk(told.installation, FIA))
    other = Desk(told.installation, Actor("ann", Role.ANALYST))
    assert list_choices(other) == []
    with pytest.raises(NotAllowed):
        list_choices(other, "fia")
    with pytest.raises(WrongUse, match="no such choice"):
        drop_choice(other, choice.id)
    drop_choice(Desk(told.installation, FIA), choice.id)
    assert list_choices(Desk(told.installation, FIA)) == []


def test_who_is_not_active_is_told_nothing(key: World, mail: MailBox) -> None:
    with key.installation.db.writing() as session:
        session.execute(sa.update(User).values(active=False))
    set_key_refused(key, now())
    look(key.installation)
    assert mail.mails == []
    with key.installation.db.reading() as session:
        assert len(session.exec(select(Alert)).all()) == 1
