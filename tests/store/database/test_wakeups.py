"""A worker learns at once that something was queued, by whichever process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import sqlalchemy as sa

from so24.installation import Installation
from so24.store.database.engine import Database
from so24.store.database.wakeups import FileWatch, Listener, announce, hush, open_watch
from so24.store.people.audit import record
from so24.store.people.origins import COMMAND_LINE

pytestmark = pytest.mark.both

LONG = 20.0  # seconds that no wait may take where something was queued
SOON = 5.0


@pytest.fixture
def watch(installation: Installation) -> Iterator[FileWatch | Listener]:
    """What a worker waits with, after all that was queued before."""
    opened = open_watch(installation.db)
    while opened.wait(0.05):
        pass
    yield opened
    opened.close()


def queue(db: Database) -> None:
    """Write something and announce it, as a press of the button does."""
    with db.writing() as session:
        announce(session, db.url)
        record(session, "ada", "something is queued", "test", origin=COMMAND_LINE)


def wait_long(watch: FileWatch | Listener) -> tuple[bool, float]:
    begun = time.monotonic()
    heard = watch.wait(LONG)
    return heard, time.monotonic() - begun


def test_what_this_process_queues_ends_the_wait(
    installation: Installation, watch: FileWatch | Listener
) -> None:
    queue(installation.db)
    heard, seconds = wait_long(watch)
    assert heard
    assert seconds < SOON


def test_what_another_process_queues_ends_the_wait(
    installation: Installation, watch: FileWatch | Listener
) -> None:
    # a SQLite file under another name is what it is for another process: no ring is shared
    url = installation.db.url.replace("/so24.db", "/./so24.db")
    other = Database(url)
    queue(other)
    other.dispose()
    heard, seconds = wait_long(watch)
    assert heard
    assert seconds < SOON


def test_what_is_written_at_every_click_ends_no_wait_but_the_next_word_does(
    installation: Installation, watch: FileWatch | Listener
) -> None:
    with installation.db.writing() as session:
        hush(session)
        record(session, "ada", "something is ticked", "test", origin=COMMAND_LINE)
    assert not watch.wait(0.6)
    with installation.db.writing() as session:
        hush(session)
        record(session, "ada", "something is ticked", "test", origin=COMMAND_LINE)
    queue(installation.db)
    assert watch.wait(LONG)


def test_nothing_is_announced_before_it_is_committed(
    installation: Installation, watch: FileWatch | Listener
) -> None:
    with suppress(ZeroDivisionError), installation.db.writing() as session:
        announce(session, installation.db.url)
        record(session, "ada", "something is queued", "test", origin=COMMAND_LINE)
        raise ZeroDivisionError
    assert not watch.wait(0.3)


def test_a_wait_is_ended_to_stop(watch: FileWatch | Listener) -> None:
    watch.wake()
    assert wait_long(watch)[1] < SOON


def test_a_listener_that_was_cut_off_listens_again(
    installation: Installation, watch: FileWatch | Listener
) -> None:
    if isinstance(watch, FileWatch):
        assert installation.db.embedded
        return
    with installation.db.writing() as session:
        session.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    installation.db.dispose()
    watch.wait(0.05)
    assert watch.wait(LONG), "whatever was queued meanwhile is looked for"
    queue(installation.db)
    assert watch.wait(LONG)
