"""The look around: what it finds on either database, and what it is worth to the exit code."""

from __future__ import annotations

import datetime as dt
import fcntl
import re
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest

from so24.cli.health.surroundings import (
    LITTLE_SPACE,
    NO_SPACE,
    PROBE,
    HealthFinding,
    exit_code,
    judge_clock,
    judge_space,
    look_at_company_login,
    look_at_recman,
    look_at_web,
)
from so24.sandbox.books.seed import OSLO
from so24.settings import Settings
from so24.store.upkeep.upkeep import Offset
from so24.vault import new_secret_key
from tests.cli.conftest import VENDOR, CommandLine
from tests.people.company_login.standin import serving

pytestmark = pytest.mark.slow


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
    assert exit_code(HealthFinding("x", each, "") for each in standings) == code


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


@pytest.mark.parametrize(
    ("given", "standings"),
    [
        ({}, ["note", "ok"]),
        ({"hosts": "so24.example.com"}, ["ok", "ok"]),
        ({"hosts": "localhost, *"}, ["warning", "ok"]),
        ({"tls_cookie": False}, ["note", "warning"]),
        ({"tls_cookie": True}, ["note", "ok"]),
    ],
)
def test_how_a_live_dashboard_may_be_reached_is_told(
    settings: Settings, given: dict[str, Any], standings: list[str]
) -> None:
    live = settings.model_copy(update={"mode": "live", **given})
    assert [each.standing for each in look_at_web(live)] == standings
    assert look_at_web(settings.model_copy(update=given)) == []


def test_the_company_login_is_off_or_answers_or_a_person_has_to_see_to_it(
    settings: Settings,
) -> None:
    assert look_at_company_login(settings).standing == "note"
    with serving() as provider:
        given = {"oidc_issuer": provider.issuer, "hosts": "so24.example.com"}
        company = settings.model_copy(update=given)
        found = look_at_company_login(company)
        assert (found.standing, found.subject) == ("ok", "company login")
        assert "http://so24.example.com/so24/company/back" in found.words
        provider.keys = []
        assert "no key for RS256 or ES256" in look_at_company_login(company).words
    silent = look_at_company_login(company)
    assert (silent.standing, "unreached" in silent.words) == ("warning", True)


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


def test_a_run_at_a_standstill_is_a_warning_though_a_process_runs_the_jobs(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.get_ready("1001")
    so24.well("export", "--all")
    monkeypatch.setattr("so24.transfer.standstill.REACTION_SECONDS", -10_000.0)
    said = so24("check")
    assert "1 in transfer, and nothing of it has moved since" in said.out


def test_on_demand_orders_that_are_not_known_here_are_a_warning(so24: CommandLine) -> None:
    so24.get_ready("1001")
    so24.well("export", "--all", "--wait")
    assert "is asked by --orders" in findings(so24)["orders"]["words"]
    assert "all orders with our references are known here" in so24("check", "--orders").out
    books = so24.office.books()[OSLO]
    [order] = books["orders"]
    sold = {
        "product_number": books["products"][0]["No"],
        "name": "Work",
        "quantity": "1",
        "price": "100",
    }
    so24.office.edit(
        "create_order", OSLO, customer_id=order["CustomerId"], rows=[sold], reference="RM-99-7"
    )
    said = so24("check", "--orders")
    assert said.code == 1
    assert "RM-99-7" in said.out


def test_no_key_is_called_usable_whose_password_cannot_be_read(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.add_key()
    monkeypatch.setenv("SO24_SECRET_KEYS", new_secret_key())
    said = so24("check", "--json")
    words = [each["words"] for each in said.json if each["subject"] == "keys"]
    assert words == [
        "“Oslo”: its password was sealed with another key",
        "0 of 1 keys are usable",
    ]


def test_a_disk_that_takes_no_more_is_a_fault(so24: CommandLine) -> None:
    so24.get_ready("1001")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (so24.folder / "data" / "so24.db").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(size, PROBE // 2), before[1]))
    try:
        found = findings(so24, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "cannot be used: File too large" in found["data folder"]["words"]
    assert findings(so24)["data folder"]["standing"] == "ok"


@pytest.mark.parametrize(
    ("free", "standing"),
    [(NO_SPACE - 1, "fault"), (NO_SPACE, "warning"), (LITTLE_SPACE, "ok")],
)
def test_the_free_space_is_judged(free: int, standing: str) -> None:
    assert judge_space(Path("data"), free).standing == standing


def test_a_megabyte_tried_on_postgresql_is_taken_back(
    so24: CommandLine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_DATABASE_URL", postgres_url)
    assert "can be written" in findings(so24)["database"]["words"]
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT to_regclass('so24_check')").fetchone() == (None,)


def test_a_check_of_nothing_makes_nothing(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SO24_MODE", "SO24_SECRET_KEYS", "SO24_COOKIE_KEY"):
        monkeypatch.delenv(name)
    so24.forget_database()
    found = findings(so24)
    assert "the first command makes it" in found["database"]["words"]
    assert list(so24.folder.iterdir()) == [so24.folder / "data"]
    assert list((so24.folder / "data").iterdir()) == []


@pytest.mark.parametrize("mode", ["sandbox", "live"])
def test_a_data_folder_that_cannot_be_made_is_a_fault_and_no_database_is_promised(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("SO24_MODE", mode)
    if mode == "sandbox":
        monkeypatch.delenv("SO24_SECRET_KEYS")
    monkeypatch.setenv("SO24_DATA_DIR", "/proc/so24")
    assert "The data folder cannot be used" in so24.refused("users", "list")
    found = findings(so24, 2)
    assert "SO24_DATA_DIR" in found["data folder"]["words"]
    assert "cannot be made" in found["database"]["words"]


def test_a_live_installation_that_was_left_on_a_stand_in_is_warned_of(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert findings(so24)["24SevenOffice"]["standing"] == "ok"
    monkeypatch.setattr(VENDOR, "https://vendor.invalid")
    found = findings(so24, 1)["24SevenOffice"]
    assert found["standing"] == "warning"
    assert "is not the vendor's" in found["words"]


def test_a_live_installation_that_reads_from_a_stand_in_of_recman_is_warned_of(
    settings: Settings,
) -> None:
    elsewhere = {"mode": "live", "recman_url": "http://127.0.0.1:8715"}
    [found] = look_at_recman(settings.model_copy(update=elsewhere))
    assert (found.subject, found.standing) == ("RecMan address", "warning")
    assert "is not RecMan's" in found.words
    assert look_at_recman(settings.model_copy(update={"mode": "live"})) == []
    assert look_at_recman(settings.model_copy(update={**elsewhere, "mode": "sandbox"})) == []


def test_a_database_file_in_a_folder_that_is_not_there_is_a_fault(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_DATABASE_URL", f"sqlite:///{so24.folder}/nowhere/so24.db")
    assert "cannot be made" in so24.refused("users", "list")
    assert "its folder does not exist" in findings(so24, 2)["database"]["words"]


def test_a_misspelt_setting_is_a_warning_with_the_one_that_is_meant(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_READ_SECOND", "5")
    assert "SO24_READ_SECONDS is meant?" in findings(so24, 1)["setting"]["words"]
    (so24.folder / ".env").write_text("SO24_BATCHSIZE=7\n")
    monkeypatch.delenv("SO24_READ_SECOND")
    assert "SO24_BATCHSIZE is no setting" in findings(so24, 1)["setting"]["words"]


def test_an_option_that_postgresql_does_not_know_is_one_sentence(
    so24: CommandLine, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_DATABASE_URL", f"{postgres_url}?nonsense=1")
    assert "nonsense" in so24.refused("users", "list")
    assert "nonsense" in findings(so24, 2)["database"]["words"]


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


def test_a_database_of_a_version_between_two_releases_is_told_as_that(so24: CommandLine) -> None:
    so24.get_ready("1001")
    with closing(sqlite3.connect(so24.folder / "data" / "so24.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0007'")
    assert "between two releases" in findings(so24, 2)["migrations"]["words"]
    assert "begin in another data folder" in so24.refused("invoices")


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
        monkeypatch.setattr(VENDOR, address)
        assert findings(so24, code)["clock"]["standing"] == standing


def test_an_answer_without_a_usable_date_is_only_noted(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(lambda: "yesterday") as address:
        monkeypatch.setenv("SO24_OFFICE_URL", address)
        monkeypatch.setattr(VENDOR, address)
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
            " ('older:3', now() - interval '4 s', 'so24-lane-0'),"
            " ('forgotten:4', now() - interval '25 h', 'so24-lane-1')"
        )
    said = so24("check", "--json")
    workers = [each["words"] for each in said.json if each["subject"] == "worker"]
    assert [each.partition(" was")[0] for each in workers] == ["alive:1", "older:3", "silent:2"]
    assert 3 <= int(re.search(r"was heard of (\d+) s ago", workers[0])[1]) < 90  # type: ignore[index]
    assert "another version" in workers[1]
    assert "it is dead" in workers[2]
    assert workers[2].endswith("it is named here for a day at most")
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
