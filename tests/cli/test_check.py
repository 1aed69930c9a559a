"""The look around: what it finds on either database, and what it is worth to the exit code."""

from __future__ import annotations

import datetime as dt
import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import psycopg
import pytest

from so24.cli.finding import Finding, exit_code
from so24.cli.office_check import judge_clock
from so24.settings import new_secret_key
from so24.store.inspection import Offset
from tests.cli.conftest import CommandLine


def findings(so24: CommandLine, code: int = 0) -> dict[str, dict[str, Any]]:
    """What `check` finds, by subject."""
    said = so24("check", "--json")
    assert said.code == code, said
    return {each["subject"]: each for each in said.json}


@pytest.mark.parametrize(
    ("standings", "code"),
    [((), 0), (("ok", "note"), 0), (("ok", "warning"), 1), (("warning", "fault", "ok"), 2)],
)
def test_the_worst_finding_decides_the_exit_code(standings: tuple[Any, ...], code: int) -> None:
    assert exit_code(Finding("x", each, "") for each in standings) == code


@pytest.mark.parametrize(
    ("least", "most", "standing"),
    [
        (-1.2, 0.3, "ok"),
        (1.9, 3.1, "ok"),  # may be within two seconds: nobody is told off for a slow answer
        (2.1, 3.3, "warning"),
        (-9.0, -8.0, "warning"),
        (61.0, 62.0, "fault"),
        (-3600.0, -3599.0, "fault"),
    ],
)
def test_a_clock_is_judged_by_the_least_it_must_be_off(
    least: float, most: float, standing: str
) -> None:
    assert judge_clock(Offset(least, most), "their").standing == standing


def test_the_database_the_engine_and_the_secrets_are_told(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("export", "--all", "--wait")
    found = findings(so24)
    assert found["migrations"]["standing"] == "ok"
    assert found["database"]["words"].startswith("SQLite 3.")
    assert "can be written" in found["database"]["words"]
    assert found["engine"]["words"].endswith(" 0 jobs under way")
    assert found["key material"]["words"] == "opens all 2 stored secrets"
    assert found["clock"]["standing"] == "ok"
    assert "database clock" not in found


def test_documents_that_nobody_works_on_are_a_warning(so24: CommandLine) -> None:
    so24.get_ready("1001")
    assert findings(so24)["jobs"]["standing"] == "note"
    so24.well("export", "--all")
    assert "1 documents wait" in findings(so24, 1)["jobs"]["words"]
    with (so24.folder / "data" / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = findings(so24)
    assert found["jobs"]["words"] == "a process runs them; 1 documents in transfer"
    assert found["engine"]["words"].endswith(" 1 jobs under way")


def test_secrets_sealed_with_another_key_are_a_fault(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.add_key()
    monkeypatch.setenv("SO24_SECRET_KEYS", new_secret_key())
    assert "opens 0 of 2" in findings(so24, 2)["key material"]["words"]


def test_a_database_of_a_newer_version_is_a_fault_and_used_by_no_command(so24: CommandLine) -> None:
    so24.get_ready("1001")
    with closing(sqlite3.connect(so24.folder / "data" / "so24.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer so24" in findings(so24, 2)["migrations"]["words"]
    assert "newer so24" in so24.refused("invoices")


def test_a_check_changes_no_row(so24: CommandLine) -> None:
    so24.get_ready("1001")
    before = dump(so24)
    findings(so24)
    assert dump(so24) == before


@pytest.mark.parametrize(
    ("ahead", "code", "standing"), [(0, 0, "ok"), (20, 1, "warning"), (-3600, 2, "fault")]
)
def test_the_offices_clock_is_read_from_any_answer(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch, ahead: int, code: int, standing: str
) -> None:
    with answering(lambda: format_datetime(
        dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead), usegmt=True
    )) as address:  # fmt: skip
        monkeypatch.setenv("SO24_OFFICE_URL", address)
        assert findings(so24, code)["clock"]["standing"] == standing


def test_an_answer_without_a_usable_date_is_only_noted(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(lambda: "yesterday") as address:
        monkeypatch.setenv("SO24_OFFICE_URL", address)
        assert findings(so24)["clock"]["standing"] == "note"


def test_on_postgresql_every_worker_is_told_with_its_age(
    so24: CommandLine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_DATABASE_URL", postgres_url)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute(
            "INSERT INTO worker (id, seen, version) VALUES"
            " ('alive:1', now() - interval '3 s', 'so24-lane-1'),"
            " ('silent:2', now() - interval '90 s', 'so24-lane-1'),"
            " ('older:3', now() - interval '4 s', 'so24-lane-0')"
        )
    said = so24("check", "--json")
    workers = [each["words"] for each in said.json if each["subject"] == "worker"]
    assert [each.partition(" was")[0] for each in workers] == ["alive:1", "older:3", "silent:2"]
    assert "heard of 3 s ago" in workers[0]
    assert "another version" in workers[1]
    assert "it is dead" in workers[2]
    found = findings(so24)
    assert found["database"]["words"].startswith("PostgreSQL ")
    assert found["engine"]["standing"] == "ok"
    assert found["database clock"]["standing"] == "ok"
    assert found["jobs"]["standing"] == "ok"


def test_a_postgresql_database_that_may_only_be_read_is_a_fault(
    so24: CommandLine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = "?options=-c%20default_transaction_read_only%3Don"
    monkeypatch.setenv("SO24_DATABASE_URL", postgres_url + options)
    assert "cannot be written" in findings(so24, 2)["database"]["words"]


def dump(so24: CommandLine) -> list[str]:
    """The whole content of the database."""
    with closing(sqlite3.connect(so24.folder / "data" / "so24.db")) as database:
        return list(database.iterdump())


@contextmanager
def answering(date: Callable[[], str]) -> Iterator[str]:
    """A server that refuses everything, with this date."""

    class Refusing(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(403)
            self.send_header("Date", date())
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
