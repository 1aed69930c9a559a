"""Back-up and restore by the command line: exactly once, though the store has become older."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from collections import Counter
from contextlib import closing

import pytest

from so24.installation import open_installation
from so24.people.logins import close_session, open_session, verify
from so24.reasons import Reason
from so24.sandbox.books.seed import OSLO
from so24.sandbox.wire.faults import Fault
from so24.vault import new_secret_key
from tests.cli.conftest import CommandLine
from tests.cli.test_processes import started
from tests.conftest import wait_until
from tests.sources.report_files import line

pytestmark = pytest.mark.slow

EARLY, LATE, QUEUED = ["1001", "1002"], ["1003", "1004"], "1005"


def booked(so24: CommandLine) -> Counter[str]:
    """How many invoiced orders the office's own books hold for each reference."""
    orders = so24.office.books()[OSLO]["orders"]
    return Counter(each["ReferenceNumber"] for each in orders if each["OrderStatus"] == "Invoiced")


def export(so24: CommandLine, *numbers: str) -> dict[str, str]:
    """What an export of these documents ends as."""
    lines = so24("export", *numbers, "--wait", "--json").json
    return {each["number"]: each["state"] for each in lines}


def test_what_was_exported_after_the_backup_is_recognised_and_never_booked_twice(
    so24: CommandLine,
) -> None:
    so24.get_ready(*EARLY, *LATE, QUEUED)
    assert set(export(so24, *EARLY).values()) == {"transferred"}
    so24.well("export", QUEUED)
    so24.well("db", "backup", "copy.bak")
    assert set(export(so24, *LATE, QUEUED).values()) == {"transferred"}
    once = {f"RM-10-{number}": 1 for number in (*EARLY, *LATE, QUEUED)}
    assert booked(so24) == once

    assert "1 run that was under way is stopped" in so24.well("db", "restore", "copy.bak").err
    found = export(so24, *EARLY, *LATE, QUEUED)
    found |= export(so24, *EARLY, *LATE, QUEUED)

    assert booked(so24) == once
    assert found == dict.fromkeys(EARLY, "transferred") | dict.fromkeys([*LATE, QUEUED], "exists")
    for each in so24("receipt", "--all", "--json").json:
        assert each["invoice_id"] is not None
        assert each["number"] in EARLY or "The total agrees." in each["reason"]
    so24.well("history", "verify")


@pytest.mark.long
def test_what_the_backup_shows_in_the_middle_of_invoicing_is_confirmed(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.office.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))
    with started("export", "--all", "--wait", SO24_SETTLE_SECONDS="60"):
        wait_until(lambda: booked(so24) == {"RM-10-1001": 1})
        so24.well("db", "backup", "copy.bak")
    assert export(so24, "1001") == {"1001": "transferred"}
    so24.well("db", "restore", "copy.bak")
    assert export(so24, "1001") == {"1001": "transferred"}
    assert booked(so24) == {"RM-10-1001": 1}


@pytest.mark.long
def test_a_restored_run_sends_nothing_by_itself(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("export", "--all")
    so24.well("db", "backup", "copy.bak")
    so24.well("db", "restore", "copy.bak")
    with started("worker") as process:
        assert process.stderr is not None
        process.stderr.readline()  # it runs the jobs, and finds none
        assert so24("receipt", "--all", "--json").json[0]["state"] == "cancelled"
    assert so24.saves() == 0
    assert export(so24, "1001") == {"1001": "transferred"}


def test_nobody_claims_that_a_document_queued_in_the_backup_was_not_sent(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("export", "--all")
    so24.well("db", "backup", "copy.bak")
    assert export(so24, "1001") == {"1001": "transferred"}
    so24.well("db", "restore", "copy.bak")
    [line] = so24("receipt", "--all", "--json").json
    assert line["state"] == "cancelled"
    card = Reason.RESTORED.card
    assert line["reason"] == f"{card.title}. {card.remedy} ({card.who})"
    assert "not known" in card.title
    assert card.retry
    assert export(so24, "1001") == {"1001": "exists"}
    assert booked(so24) == {"RM-10-1001": 1}


@pytest.mark.long
def test_a_draft_that_the_backup_shows_is_not_taken_for_one_still(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.office.arm(Fault("lost_after", "SaveInvoices", only="invoicing"))
    with started("export", "--all", "--wait", SO24_SETTLE_SECONDS="60"):
        wait_until(lambda: booked(so24) == {"RM-10-1001": 1})
    with closing(sqlite3.connect(so24.folder / "data" / "so24.db")) as database, database:
        database.execute("UPDATE transfer SET state = 'compared', reason = ''")
    so24.well("db", "backup", "copy.bak")
    so24.well("db", "restore", "copy.bak")
    [line] = so24("receipt", "--all", "--json").json
    assert line["reason"] == Reason.RESTORED_LOOKING_UP.card.sentence
    assert export(so24, "1001") == {"1001": "transferred"}


def test_a_backup_is_for_its_owner_only_and_overwrites_nothing_unasked(so24: CommandLine) -> None:
    so24.get_ready("1001")
    file = so24.folder / "copy.bak"
    mask = os.umask(0)
    try:
        so24.well("db", "backup", "copy.bak")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    so24.well("deactivate")
    assert "--force" in so24.refused("db", "backup", "copy.bak")
    assert file.read_bytes() == before
    so24.well("db", "backup", "--force", "copy.bak")
    assert file.read_bytes() != before


def test_a_backup_opens_no_password_without_the_key_material(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.get_ready("1001")
    assert "SO24_SECRET_KEYS" in so24.well("db", "backup", "copy.bak").err
    content = (so24.folder / "copy.bak").read_bytes()
    material = os.environ["SO24_SECRET_KEYS"]
    assert b"sandbox-oslo" not in content
    assert material.encode() not in content
    monkeypatch.setenv("SO24_SECRET_KEYS", new_secret_key())
    assert "does not open the password of Oslo" in so24.well("db", "restore", "copy.bak").err
    monkeypatch.setenv("SO24_SECRET_KEYS", material)
    assert "does not open" not in so24.well("db", "restore", "copy.bak").err


def test_nobody_restores_while_a_process_runs_jobs(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("db", "backup", "copy.bak")
    with (so24.folder / "data" / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "runs the jobs" in so24.refused("db", "restore", "copy.bak")
    so24.well("db", "restore", "copy.bak")


def test_a_login_that_was_ended_after_the_backup_does_not_come_back(so24: CommandLine) -> None:
    so24.well("users", "add", "kari", "--role", "finance")
    installation = open_installation()
    try:
        secret = open_session(installation, "kari")
        so24.well("db", "backup", "copy.bak")
        close_session(installation, secret)
        so24.well("db", "restore", "copy.bak")
        assert verify(installation, secret) is None
    finally:
        installation.close()


@pytest.mark.long
def test_what_is_replaced_is_kept_and_can_be_restored_itself(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("db", "backup", "copy.bak")
    so24.well("import", so24.write_report(line(number="1002")))
    so24.well("db", "restore", "copy.bak")
    assert len(so24.well("invoices", "--json").json) == 1
    [kept] = (so24.folder / "data").glob("so24.db.before-*")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    so24.well("db", "restore", str(kept))
    assert len(so24.well("invoices", "--json").json) == 2


def test_a_database_that_cannot_be_read_is_moved_aside(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("db", "backup", "copy.bak")
    data = so24.folder / "data"
    for each in data.glob("so24.db*"):
        each.write_bytes(b"nonsense" * 1000)
    so24.well("db", "restore", "copy.bak")
    assert len(so24.well("invoices", "--json").json) == 1
    kept = sorted(data.glob("so24.db.before-*"))
    assert kept[0].read_bytes().startswith(b"nonsense")


def test_a_history_that_is_broken_in_the_backup_is_told(so24: CommandLine) -> None:
    so24.get_ready("1001")
    export(so24, "1001")
    so24.well("db", "backup", "copy.bak")
    with closing(sqlite3.connect(so24.folder / "copy.bak")) as copy, copy:
        copy.execute("UPDATE transfer_event SET words = 'forged' WHERE sequence = 1")
    said = so24("db", "restore", "copy.bak")
    assert said.code == 1
    assert "was changed" in said.out
    assert "is broken" in said.err


def test_a_backup_of_the_other_kind_of_database_is_refused(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("db", "backup", "copy.bak")
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("SO24_DATABASE_URL", "postgresql+psycopg://so24@127.0.0.1:1/so24")
        assert "a back-up of SQLite" in so24.refused("db", "restore", "copy.bak")
