"""Two workers tell people each thing once, and a worker killed over a message loses none."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from so24.alerts.choices import choose_mail, choose_webhook
from so24.installation import open_installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.alert_tables import AlertDelivery, AlertKind
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Role, User
from tests.alerts.receivers import Hook, MailBox, hook_here, mail_here  # noqa: F401 - fixtures
from tests.machines.conftest import KEYS, Machines
from tests.recovery.processes import await_truth, kill

pytestmark = pytest.mark.slow

FIA = Actor("fia", Role.FINANCE)


@pytest.fixture
def told(machines: Machines, mail: MailBox, hook: Hook) -> Iterator[Machines]:
    """A site whose keys have all stopped, and fia, who is told of keys by mail and webhook."""
    changes = {
        "smtp_host": "127.0.0.1", "smtp_port": mail.port, "smtp_tls": "none",
        "mail_from": "so24@example.com", "webhook_hosts": "127.0.0.1",
    }  # fmt: skip
    settings = machines.installation.settings.model_copy(update=changes)
    names = {f"SO24_{name.upper()}": str(value) for name, value in changes.items()}
    with closing(open_installation(settings)) as installation:
        with installation.db.writing() as session:
            session.add(User(name="fia", role=Role.FINANCE, password_hash=""))
            session.execute(sa.update(Key).values(login_refused_at=now(), refusal="no"))
        choose_mail(Desk(installation, FIA), "fia@example.com", [AlertKind.KEY])
        choose_webhook(Desk(installation, FIA), hook.address, [AlertKind.KEY])
        yield replace(machines, environment=machines.environment | names)


def ids_of(box: MailBox) -> Counter[str]:
    """How often each message has come."""
    return Counter(str(each["Message-ID"]) for each in box.mails)


def count_ended(site: Machines) -> int:
    """How many messages were sent, by the database's word."""
    with site.installation.db.reading() as session:
        ended = sa.select(sa.func.count()).where(AlertDelivery.ended_at.is_not(None))  # type: ignore[union-attr]
        return int(session.execute(ended).scalar_one())


def test_two_workers_send_each_message_once(told: Machines, mail: MailBox, hook: Hook) -> None:
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(told.worker())
        told.await_workers(2)
        await_truth(lambda: count_ended(told) == 2 * KEYS, "all messages sent")
    assert sorted(ids_of(mail).values()) == [1] * KEYS
    assert sorted(Counter(hook.keys).values()) == [1] * KEYS


def test_a_worker_that_is_killed_over_a_message_loses_none(
    told: Machines, mail: MailBox, hook: Hook
) -> None:
    killed: list[subprocess.Popen[str]] = []

    def strike() -> None:
        if not killed:  # the mail has come, and its worker never hears of it
            killed.append(first)
            kill(first)

    mail.on_mail = strike
    with told.worker() as first:
        await_truth(lambda: bool(killed), "the first mail")
    with told.installation.db.writing() as session:
        long_ago = now() - dt.timedelta(minutes=15)
        session.execute(
            sa.update(AlertDelivery)
            .where(AlertDelivery.ended_at.is_(None))  # type: ignore[union-attr]
            .values(begun_at=long_ago, next_at=long_ago)
        )
    with told.worker():
        await_truth(lambda: count_ended(told) == 2 * KEYS, "all messages sent")
    counts = ids_of(mail)
    assert len(counts) == KEYS
    assert max(counts.values()) == 2  # the one whose sending was cut off, under its own id
    assert len(set(hook.keys)) == KEYS
